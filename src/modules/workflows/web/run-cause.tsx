import { CircleAlert, FastForward } from 'lucide-react';
import { Button } from '#web/kit/button.tsx';
import type { Run } from './run.tsx';

/** Why it failed, in words, and the next step; the error itself below, for whoever asks. */
export function RunCause({ run, onForward }: { run: Run; onForward: () => void }) {
  if (run.error === null || run.cause === null) return null;
  const failed = run.state === 'failed';
  return (
    <section aria-label="What went wrong" className="mb-6 rounded-xl border bg-panel shadow-raise">
      <div className="flex gap-3 p-4">
        <CircleAlert aria-hidden className={`mt-0.5 size-5 shrink-0 ${failed ? 'text-bad-dot' : 'text-warn-dot'}`} />
        <div className="min-w-0 flex-1">
          <h2 className="text-base font-semibold">{run.cause.title}</h2>
          <p className="mt-0.5 text-sm text-ink-2">{run.cause.says}</p>
          <p className="mt-2 rounded-md bg-sunken px-2.5 py-1.5 font-mono text-xs break-words text-ink-2">{run.error}</p>
          {failed || run.cause.next !== null ? (
            <div className="mt-3 flex flex-wrap items-center gap-2">
              {failed && run.version < run.newest_version ? (
                <Button size="sm" onClick={onForward}>
                  <FastForward /> Go on with version {run.newest_version}
                </Button>
              ) : null}
              {run.cause.next === null ? null : (
                <a href={run.cause.next.path} className="rounded-sm px-1 text-sm font-medium text-accent-ink underline">
                  {run.cause.next.label}
                </a>
              )}
            </div>
          ) : null}
        </div>
      </div>
    </section>
  );
}
