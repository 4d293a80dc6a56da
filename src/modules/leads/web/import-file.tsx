import { FileUp } from 'lucide-react';
import { useRef, useState } from 'react';
import { ApiError, call } from '#web/kit/api.ts';
import { Button } from '#web/kit/button.tsx';
import { cn } from '#web/kit/cn.ts';
import { Note } from '#web/kit/states.tsx';
import type { Upload } from './import.tsx';

const most = 50 * 1024 * 1024; // bytes, as the server takes

/** Drop a file, choose one, or try with ours. */
export function ChooseFile({ onUploaded }: { onUploaded: (upload: Upload) => void }) {
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const take = async (file: File | undefined) => {
    if (file === undefined) return;
    if (file.size > most) {
      setError('The file is larger than 50 MB. Split it and import the parts.');
      return;
    }
    setBusy(true);
    setError(null);
    try {
      onUploaded(await call('imports.create', { filename: file.name, content_base64: await base64(file) }));
    } catch (problem) {
      setError(problem instanceof ApiError ? problem.message : 'The file could not be read. Try again.');
    } finally {
      setBusy(false);
    }
  };
  const sample = async () => {
    const response = await fetch('/sample-leads.csv');
    await take(new File([await response.blob()], 'sample-leads.csv', { type: 'text/csv' }));
  };
  return (
    <div className="max-w-2xl space-y-4">
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
          void take(event.dataTransfer.files[0]);
        }}
        className={cn(
          'flex flex-col items-center rounded-xl border border-dashed border-line-strong bg-panel px-6 py-14 text-center transition-colors',
          over && 'border-accent bg-accent-soft',
        )}
      >
        <FileUp aria-hidden className="mb-3 size-6 text-ink-3" />
        <p className="font-medium">Drop a CSV file here</p>
        <p className="mt-1 text-sm text-ink-2">
          Messy is fine: any delimiter, any column order, Excel’s encodings, up to 100,000 rows and more.
        </p>
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
          aria-label="CSV file"
          accept=".csv,.tsv,.txt,text/csv"
          className="sr-only"
          tabIndex={-1}
          onChange={(event) => void take(event.target.files?.[0])}
        />
      </div>
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

/** The file's bytes, whatever their encoding: the server finds out. */
function base64(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener('load', () => resolve(String(reader.result).replace(/^[^,]*,/, '')));
    reader.addEventListener('error', () =>
      reject(new ApiError(0, 'unreadable', 'The browser could not read the file. Is it still there?')),
    );
    reader.readAsDataURL(file);
  });
}
