import { X } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';
import { toast } from '#web/kit/toast.ts';
import { useQueryClient } from '@tanstack/react-query';
import { call, type Input, type Output } from '../api.ts';
import { Button } from '../button.tsx';
import { Dialog } from '../dialog.tsx';
import { count as number, countOf } from '../format.ts';
import { useKeys } from '../keyboard.ts';
import { refresh, useAct, useRead } from '../query.ts';

type What = Input<'bulk.start'>;
type Change = Output<'bulk.start'>;

/** What is chosen, above the list: how many, all that match, and what can be done with them. */
export function BulkBar({
  chosen,
  everything,
  matching,
  exact,
  one,
  many,
  onEverything,
  onNone,
  children,
}: {
  chosen: number;
  everything: boolean;
  /** How many the filter finds; undefined: choosing all of them is not offered. */
  matching: number | undefined;
  exact: boolean;
  /** `lead` */
  one: string;
  /** `people`; by default with an s. */
  many?: string;
  onEverything: () => void;
  onNone: () => void;
  children: ReactNode;
}) {
  return (
    <div
      role="region"
      aria-label="Chosen rows"
      className="sticky top-[calc(var(--bar)+0.5rem)] z-15 mb-3 flex flex-wrap items-center gap-x-2 gap-y-1 rounded-lg bg-accent-soft px-3 py-1 text-sm text-accent-ink shadow-raise"
    >
      <span aria-live="polite" className="py-1">
        {countOf(everything ? (matching ?? chosen) : chosen, one, many)} chosen
      </span>
      {!everything && matching !== undefined && matching > chosen ? (
        <Button kind="quiet" size="sm" className="text-accent-ink underline" onClick={onEverything}>
          Choose all {number(matching)}
          {exact ? '' : '+'} that match
        </Button>
      ) : null}
      <span className="flex-1" />
      <span className="flex flex-wrap items-center gap-1">{children}</span>
      <Button kind="quiet" size="icon" aria-label="Choose none" onClick={onNone}>
        <X />
      </Button>
    </div>
  );
}

/** The toast of a change that can be taken back; `z` does the same. */
let last: { readonly id: string; readonly undo: () => void } | null = null;

const remember = (change: typeof last) => void (last = change);
const forget = (id: string) => void (last = last?.id === id ? null : last);

/** Runs bulk changes: says how many first, shows progress when it takes long, offers undo, and says what could not be undone. */
export function useBulk(nouns: readonly string[], says: (change: Change) => string) {
  const client = useQueryClient();
  const [asked, setAsked] = useState<{ what: What; title: string; total: number; danger: boolean; warning: string | undefined } | null>(
    null,
  );
  const [running, setRunning] = useState<string | null>(null);
  const [report, setReport] = useState<Change | null>(null);

  const finished = (change: Change) => {
    void refresh(client, [...nouns, 'bulk']);
    if (change.state === 'failed') toast.error(change.error ?? 'It stopped.');
    else if (change.state === 'undone') {
      if (change.refused > 0) setReport(change);
      toast.success(
        `${number(change.undone)} taken back${change.refused === 0 ? '.' : `, ${number(change.refused)} left as they are now.`}`,
      );
    } else {
      const undo = () => {
        forget(change.id);
        undoing.mutate({ bulk_id: change.id });
      };
      remember({ id: change.id, undo });
      toast.success(says(change), {
        duration: 10_000,
        ...(change.changed > 0 ? { action: { label: 'Undo', onClick: undo } } : {}),
        ...(change.skipped > 0 ? { cancel: { label: `Why not ${number(change.skipped)}`, onClick: () => setReport(change) } } : {}),
      });
    }
  };
  const take = (change: Change) => {
    if (change.state !== 'running' && change.state !== 'undoing') return finished(change);
    // What was last read of it says `done`: an undo must not take that for its own end.
    client.removeQueries({ queryKey: ['bulk.get', { bulk_id: change.id }] });
    setRunning(change.id);
  };
  const starting = useAct('bulk.start', { onDone: take });
  const undoing = useAct('bulk.undo', { onDone: take });
  useKeys({
    z: () => {
      if (last === null) toast('Nothing to undo here.');
      else last.undo();
    },
  });

  /** Few rows named by id go at once, more than one by filter are counted and asked about first. */
  const start = async (what: What, title: string, options: { ask?: boolean; warning?: string } = {}) => {
    if (options.ask !== true) return starting.mutate(what);
    try {
      const { total } = await call('bulk.check', what);
      setAsked({ what, title, total, danger: what.action === 'delete', warning: options.warning });
    } catch (error) {
      toast.error(error instanceof Error ? error.message : 'It could not be counted.');
    }
  };
  const dialogs = (
    <>
      {asked === null ? null : (
        <Dialog
          open
          onOpenChange={() => setAsked(null)}
          title={asked.title}
          footer={
            <>
              <Button onClick={() => setAsked(null)}>Keep as it is</Button>
              <Button
                kind={asked.danger ? 'danger' : 'primary'}
                disabled={asked.total === 0}
                onClick={() => {
                  starting.mutate(asked.what);
                  setAsked(null);
                }}
              >
                {asked.title}
              </Button>
            </>
          }
        >
          <p className="text-sm text-ink-2">
            This touches <b className="text-ink">{number(asked.total)}</b> rows. It can be undone for seven days; rows that somebody changes
            meanwhile stay as they are then.
          </p>
          {asked.warning === undefined ? null : <p className="mt-2 text-sm text-warn">{asked.warning}</p>}
        </Dialog>
      )}
      {running === null ? null : (
        <Progress
          id={running}
          onDone={(change) => {
            setRunning(null);
            finished(change);
          }}
        />
      )}
      {report === null ? null : (
        <Dialog open onOpenChange={() => setReport(null)} title={report.state === 'undone' ? 'Not taken back' : 'Left as they are'}>
          <ul className="divide-y text-sm">
            {report.left.map((row) => (
              <li key={row.row_id} className="flex justify-between gap-4 py-1.5">
                <a href={`/people/${row.person_id}`} className="min-w-0 truncate font-medium hover:underline">
                  {row.name}
                </a>
                <span className="text-right text-ink-2">{row.reason}</span>
              </li>
            ))}
          </ul>
          {report.skipped + report.refused > report.left.length ? (
            <p className="mt-3 text-xs text-ink-3">
              The first {report.left.length} of {number(report.skipped + report.refused)}.
            </p>
          ) : null}
        </Dialog>
      )}
    </>
  );
  return { start, dialogs, busy: starting.isPending || running !== null };
}

/** A long change: how far it is, in a corner, while work goes on. */
function Progress({ id, onDone }: { id: string; onDone: (change: Change) => void }) {
  const change = useRead('bulk.get', { bulk_id: id }, { everyMs: 700 });
  const data = change.data;
  useEffect(() => {
    if (data !== undefined && data.state !== 'running' && data.state !== 'undoing') onDone(data);
  });
  if (data === undefined) return null;
  const done = data.state === 'undoing' ? data.undone + data.refused : data.changed + data.skipped;
  const of = data.state === 'undoing' ? data.changed : data.total;
  return (
    <div role="status" className="fixed inset-x-3 bottom-4 z-30 mx-auto max-w-sm rounded-lg bg-panel px-4 py-3 text-sm shadow-pop">
      {data.state === 'undoing' ? 'Taking back' : 'Changing'} {number(done)} of {number(of)}
      <progress className="mt-2 block h-1.5 w-full accent-[var(--accent)]" max={Math.max(1, of)} value={done} aria-label="Progress" />
    </div>
  );
}
