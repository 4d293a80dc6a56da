import { useNavigate } from '@tanstack/react-router';
import { FileText, Plus, Send, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Button } from '#web/kit/button.tsx';
import { Confirm } from '#web/kit/confirm.tsx';
import { Panel } from '#web/kit/panel.tsx';
import { useAct, useList } from '#web/kit/query.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { When } from '#web/kit/time.tsx';
import { PowerReportDialog } from './power-report.tsx';

/** Reports made of logs for this client: each is a document, and goes out by mail. */
export function ReportsPanel({ clientId, email }: { clientId: string; email: string | null }) {
  const list = useList('reports.list', { client_id: clientId, limit: 20 });
  const send = useAct('reports.send', {
    refresh: ['reports', 'checkins'],
    done: ({ started, to }) => (started ? `On its way to ${to}; a check-in follows in 30 days.` : `It went to ${to} before.`),
  });
  const navigate = useNavigate();
  const open = useAct('reports.document', {
    onDone: ({ document_id }) => void navigate({ to: '/documents/$documentId', params: { documentId: document_id } }),
  });
  const remove = useAct('reports.delete', { refresh: ['reports', 'clients'], done: 'Deleted.' });
  const [making, setMaking] = useState(false);
  return (
    <Panel
      title="Power reports"
      flush
      aside={
        <Button size="sm" onClick={() => setMaking(true)}>
          <Plus /> New report
        </Button>
      }
    >
      {list.isPending ? (
        <div className="p-4">
          <SkeletonLines lines={2} />
        </div>
      ) : list.rows.length === 0 ? (
        <p className="p-4 text-sm text-ink-2">
          {list.error === null
            ? 'A power log becomes a report with its advice: a page to share, a PDF, by mail if you like.'
            : list.error.message}
        </p>
      ) : (
        <ul className="divide-y">
          {list.rows.map((one) => (
            <li key={one.id} className="flex items-center gap-3 px-4 py-2 text-sm">
              <button
                type="button"
                className="min-w-0 flex-1 truncate text-left font-medium hover:underline"
                onClick={() => open.mutate({ report_id: one.id })}
              >
                {one.title}
              </button>
              <span className="hidden shrink-0 text-xs text-ink-3 sm:inline">
                <When at={one.created_at} />
              </span>
              <Button kind="quiet" size="icon" className="size-8" asChild>
                <a href={`/api/reports/${one.id}/pdf`} target="_blank" rel="noreferrer" aria-label={`PDF of ${one.title}`} title="PDF">
                  <FileText />
                </a>
              </Button>
              <Confirm
                title={`Mail “${one.title}” to ${email ?? 'the client'}?`}
                action="Mail it"
                onConfirm={() => send.mutateAsync({ report_id: one.id })}
                trigger={(ask) => (
                  <Button
                    kind="quiet"
                    size="icon"
                    className="size-8"
                    aria-label={`Mail ${one.title}`}
                    title={email === null ? 'The client has no address' : 'Mail it with the PDF'}
                    disabled={email === null}
                    onClick={ask}
                  >
                    <Send />
                  </Button>
                )}
              >
                The PDF goes along, and the next check-in comes in 30 days. What was mailed before is not mailed a second time.
              </Confirm>
              <Confirm
                title={`Delete “${one.title}”?`}
                action="Delete"
                danger
                onConfirm={() => remove.mutateAsync({ report_id: one.id })}
                trigger={(ask) => (
                  <Button kind="quiet" size="icon" className="size-8" aria-label={`Delete ${one.title}`} onClick={ask}>
                    <Trash2 />
                  </Button>
                )}
              >
                Its page and its links go with it, and a mail that still waits with it does not leave.
              </Confirm>
            </li>
          ))}
        </ul>
      )}
      {making ? <PowerReportDialog clientId={clientId} email={email} onClose={() => setMaking(false)} /> : null}
    </Panel>
  );
}
