import { FileUp } from 'lucide-react';
import { useRef, useState } from 'react';
import { ApiError } from '#web/kit/api.ts';
import { Button } from '#web/kit/button.tsx';
import { cn } from '#web/kit/cn.ts';
import { Field, Textarea } from '#web/kit/field.tsx';
import { Panel } from '#web/kit/panel.tsx';
import { Note } from '#web/kit/states.tsx';
import { uploadFile } from './import-upload.ts';
import type { Upload } from './import.tsx';

const most = 1024 * 1024 * 1024; // bytes, as the server takes

/** Drop a file, choose one, paste a table, or try with ours. */
export function ChooseFile({ onUploaded }: { onUploaded: (upload: Upload) => void }) {
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const [sent, setSent] = useState<number | null>(null);
  const [pasted, setPasted] = useState('');
  const [error, setError] = useState<string | null>(null);
  const busy = sent !== null;
  const take = async (file: Blob | undefined, name: string) => {
    if (file === undefined) return;
    if (file.size > most) {
      setError('The file is larger than 1 GB. Split it and import the parts.');
      return;
    }
    setSent(0);
    setError(null);
    try {
      onUploaded(await uploadFile(file, name, setSent));
    } catch (problem) {
      setError(problem instanceof ApiError ? problem.message : 'The file could not be read. Try again.');
    } finally {
      setSent(null);
    }
  };
  const sample = async () => take(await (await fetch('/sample-leads.csv')).blob(), 'sample-leads.csv');
  return (
    <div className="space-y-4">
      {error === null ? null : <Note tone="bad">{error}</Note>}
      <div
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          const [file] = event.dataTransfer.files;
          void take(file, file?.name ?? '');
        }}
        className={cn(
          'flex flex-col items-center rounded-xl border border-dashed border-line-strong bg-panel px-6 py-10 text-center transition-colors',
          over && 'border-accent bg-accent-soft',
        )}
      >
        <FileUp aria-hidden className="mb-3 size-6 text-ink-3" />
        <p className="font-medium">Drop a file here</p>
        <p className="mt-1 text-sm text-ink-2">
          Excel, CSV, TSV or vCard. Messy is fine: any delimiter, any column order, old encodings, a million rows and more.
        </p>
        {sent === null ? null : (
          <p role="status" className="num mt-3 text-sm text-ink-2">
            {sent < 1 ? `Sending, ${Math.round(sent * 100)} %` : 'Reading the file'}
          </p>
        )}
        <div className="mt-5 flex flex-wrap justify-center gap-2">
          <Button kind="primary" busy={busy} onClick={() => input.current?.click()}>
            Choose a file
          </Button>
          <Button disabled={busy} onClick={() => void sample()}>
            Try the sample
          </Button>
        </div>
        <input
          ref={input}
          type="file"
          aria-label="File of leads"
          accept=".csv,.tsv,.txt,.xlsx,.vcf,text/csv,text/vcard"
          className="sr-only"
          tabIndex={-1}
          onChange={(event) => {
            const file = event.target.files?.[0];
            void take(file, file?.name ?? '');
          }}
        />
      </div>
      <Panel title="Or paste a table">
        <Field label="Rows from a spreadsheet or a mail" hint="The first row may be a heading. Columns by tab, comma or semicolon.">
          {(control) => (
            <Textarea
              {...control}
              rows={4}
              value={pasted}
              placeholder={'Name\tEmail\nAnn Lee\tann@example.com'}
              onChange={(event) => setPasted(event.target.value)}
            />
          )}
        </Field>
        <Button className="mt-3" disabled={pasted.trim() === '' || busy} onClick={() => void take(new Blob([pasted]), 'pasted table.csv')}>
          Read these rows
        </Button>
      </Panel>
      <p className="text-sm text-ink-3">
        The sample has twenty made-up people, with the usual faults in it.{' '}
        <a href="/sample-leads.csv" download className="text-accent-ink underline">
          Download it
        </a>{' '}
        to see the shape.
      </p>
    </div>
  );
}
