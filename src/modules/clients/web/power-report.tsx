import { Link } from '@tanstack/react-router';
import { FileText, Send, Share2 } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import type { Output } from '#web/kit/api.ts';
import { base64Of } from '#web/kit/base64.ts';
import { Button } from '#web/kit/button.tsx';
import { Dialog } from '#web/kit/dialog.tsx';
import { Field, Input } from '#web/kit/field.tsx';
import { useForm } from '#web/kit/form.ts';
import { Facts } from '#web/kit/panel.tsx';
import { useAct } from '#web/kit/query.ts';
import { Note } from '#web/kit/states.tsx';

type Report = Output<'reports.create_power'>;

/** A log in, its figures and advice at once, and a mail with the PDF: two steps of one dialog. */
export function PowerReportDialog({ clientId, email, onClose }: { clientId: string; email: string | null; onClose: () => void }) {
  const [made, setMade] = useState<Report | null>(null);
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={made === null ? 'Power report' : made.title}
      description={made === null ? 'A CSV with timestamp and any of ane_, cpu_, gpu_ and total_power_mw, cpu_energy_mj.' : undefined}
    >
      {made === null ? (
        <LogForm clientId={clientId} onMade={setMade} onClose={onClose} />
      ) : (
        <Result report={made} email={email} onClose={onClose} />
      )}
    </Dialog>
  );
}

function LogForm({ clientId, onMade, onClose }: { clientId: string; onMade: (report: Report) => void; onClose: () => void }) {
  const form = useForm({ title: 'Power report' });
  const [file, setFile] = useState<File | null>(null);
  const [packing, setPacking] = useState(false);
  const create = useAct('reports.create_power', { quiet: true, refresh: ['reports', 'clients'], onDone: onMade });
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (file === null) return;
    setPacking(true);
    try {
      // A log shrinks to a fifth on its way.
      const packed = await new Response(file.stream().pipeThrough(new CompressionStream('gzip'))).blob();
      const csv = await base64Of(new File([packed], file.name));
      create.mutate({ client_id: clientId, title: form.values.title, csv_gzip_base64: csv }, { onError: form.setError });
    } finally {
      setPacking(false);
    }
  };
  const fault = form.fault('csv') ?? form.fault('csv_gzip_base64');
  return (
    <form onSubmit={(event) => void submit(event)} className="space-y-4">
      {form.error === null || fault !== undefined || form.fault('title') !== undefined ? null : (
        <Note tone="bad">{form.error.message}</Note>
      )}
      <Field label="Power log" error={fault}>
        {(control) => (
          <Input
            {...control}
            type="file"
            className="h-auto py-1.5"
            accept=".csv,text/csv"
            required
            onChange={(event) => {
              setFile(event.target.files?.[0] ?? null);
              form.setError(null);
            }}
          />
        )}
      </Field>
      <Field label="Title" error={form.fault('title')}>
        {(control) => <Input {...control} {...form.text('title')} required maxLength={200} />}
      </Field>
      <div className="flex justify-end gap-2 pt-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button kind="primary" type="submit" busy={packing || create.isPending} disabled={file === null}>
          Make the report
        </Button>
      </div>
    </form>
  );
}

function Result({ report, email, onClose }: { report: Report; email: string | null; onClose: () => void }) {
  const { figures } = report;
  const send = useAct('reports.send', {
    refresh: ['reports', 'checkins'],
    done: ({ started, to }) => (started ? `On its way to ${to}; a check-in follows in 30 days.` : `It went to ${to} before.`),
    onDone: onClose,
  });
  return (
    <div className="space-y-4">
      <Facts
        rows={[
          ['Energy', <span key="energy" className="num">{`${figures.energy_wh.toFixed(2)} Wh`}</span>],
          ['Mean', <span key="mean" className="num">{`${(figures.total.mean_mw / 1000).toFixed(2)} W`}</span>],
          ['Measured', <span key="rows" className="num">{`${(figures.covered_seconds / 3600).toFixed(1)} h`}</span>],
        ]}
      />
      {figures.recommendations.length === 0 ? (
        <p className="text-sm text-ink-2">Nothing stands out: no rule speaks for this log.</p>
      ) : (
        <ul className="space-y-3 text-sm">
          {figures.recommendations.map((advice) => (
            <li key={advice.rule} className="border-l-2 border-accent pl-3">
              <p className="font-medium">{advice.says}</p>
              <p className="text-ink-2">
                {advice.because} <span className="text-ink-3">Rule: {advice.rule}</span>
              </p>
            </li>
          ))}
        </ul>
      )}
      <p className="break-words text-sm text-ink-2">
        {email === null
          ? 'The client has no address: add one on the person, then it can be mailed.'
          : `By mail it goes to ${email} with the PDF, and the next check-in comes in 30 days.`}
      </p>
      <div className="flex flex-wrap justify-end gap-2">
        {report.document_id === null ? null : (
          <Button asChild>
            <Link to="/documents/$documentId" params={{ documentId: report.document_id }}>
              <Share2 /> Look at it, share it
            </Link>
          </Button>
        )}
        <Button asChild>
          <a href={`/api/reports/${report.id}/pdf`} target="_blank" rel="noreferrer">
            <FileText /> PDF
          </a>
        </Button>
        <Button kind="primary" busy={send.isPending} disabled={email === null} onClick={() => send.mutate({ report_id: report.id })}>
          <Send /> Mail it
        </Button>
      </div>
    </div>
  );
}
