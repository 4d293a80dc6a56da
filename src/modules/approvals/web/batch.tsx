import { Check } from 'lucide-react';
import { useState } from 'react';
import { Badge } from '#web/kit/badge.tsx';
import { Button } from '#web/kit/button.tsx';
import { count } from '#web/kit/format.ts';
import { useAct } from '#web/kit/query.ts';
import { When } from '#web/kit/time.tsx';
import { ProposalView } from './proposal-view.tsx';
import { asText, risks, type Row } from './words.ts';

/** Fewer are decided one by one. */
const LEAST = 3;
const MOST = 500;
const SAMPLES = 3;

export interface Batch {
  readonly key: string;
  readonly rows: readonly Row[];
}

/** What may be approved together: mine, of one step; high risk never. */
export function batchesOf(rows: readonly Row[]): Batch[] {
  const together = Map.groupBy(
    rows.filter((row) => row.state === 'waiting' && row.mine && row.risk !== 'high'),
    (row) => `${row.workflow_id ?? ''} ${row.step_id} ${row.risk}`,
  );
  return [...together].flatMap(([key, some]) => (some.length < LEAST ? [] : [{ key, rows: some.slice(0, MOST) }]));
}

/** Many that one step asked: looked at by samples, approved at once as they are. */
export function BatchCard({ batch: { rows } }: { batch: Batch }) {
  const [looked, setLooked] = useState(false);
  const approve = useAct('approvals.approve_many', {
    refresh: ['approvals', 'runs', 'system', 'notifications'],
    done: ({ approved, passed_on: passedOn, skipped }) =>
      [
        `${count(approved)} approved.`,
        ...(passedOn > 0 ? [`${count(passedOn)} passed on to the next.`] : []),
        ...(skipped.length > 0 ? [`${count(skipped.length)} left as they are: ${skipped[0]?.says}.`] : []),
      ].join(' '),
  });
  const [first] = rows;
  if (first === undefined) return null;
  const [tone, risk] = risks[first.risk];
  const samples = samplesOf(rows);
  return (
    <section aria-label={`${rows.length} alike`} className="rounded-xl border bg-panel shadow-raise">
      <header className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-3">
        <h2 className="min-w-0 flex-1 basis-60 text-sm font-semibold break-words">
          {count(rows.length)} of “{first.workflow ?? 'a workflow'}” wait for the same decision
        </h2>
        <Badge tone={tone}>{risk}</Badge>
      </header>
      {looked ? (
        <ul aria-label="Samples" className="divide-y border-t">
          {samples.map((row) => (
            <li key={row.id} className="space-y-1 px-4 py-3 text-sm">
              <p className="flex flex-wrap items-baseline justify-between gap-x-3 font-medium">
                <span className="min-w-0 break-words">{row.title}</span>
                <When at={row.created_at} className="num text-xs font-normal text-ink-3" />
              </p>
              {row.body === '' ? null : <p className="break-words whitespace-pre-wrap text-ink-2">{row.body}</p>}
              {row.proposed === null ? null : <ProposalView proposed={row.proposed} />}
            </li>
          ))}
        </ul>
      ) : null}
      <footer className="flex flex-wrap items-center gap-2 border-t px-4 py-3">
        {looked ? (
          <Button kind="primary" busy={approve.isPending} onClick={() => approve.mutate({ approval_ids: rows.map((row) => row.id) })}>
            <Check /> Approve all {count(rows.length)} as they are
          </Button>
        ) : (
          <Button onClick={() => setLooked(true)}>Look at {samples.length} of them</Button>
        )}
        <p className="min-w-0 flex-1 basis-40 text-xs text-ink-3">Or one by one, below.</p>
      </footer>
    </section>
  );
}

/** The newest, the oldest, and the one with the most to read: the middle of a pile is like its ends. */
function samplesOf(rows: readonly Row[]): Row[] {
  const longest = rows.toSorted((a, b) => lengthOf(b) - lengthOf(a))[0];
  const picked = new Set([rows[0], longest, rows.at(-1), ...rows]);
  return [...picked].filter((row) => row !== undefined).slice(0, SAMPLES);
}
const lengthOf = (row: Row) => row.body.length + asText(row.proposed).length;
