import type { Statement, Transaction } from '#core/database/database.ts';
import { emit } from './outbox.ts';
import { closeJournal, lockRuns, saveRuns, type RunRow } from './rows.ts';
import type { DomainEvent, RunState } from './types.ts';

/** Tells the run above that one below it has ended; its subject is the run above. */
export const RUN_ENDED = 'run.ended';

const BELOW: Statement = {
  name: 'engine.runs_below',
  text: `with recursive below as (
           select id from runs where parent_id = any ($1::uuid[]) and branch is not null and state in ('running', 'waiting', 'paused')
           union all
           select r.id from below b join runs r on r.parent_id = b.id where r.branch is not null and r.state in ('running', 'waiting', 'paused'))
         select id from below`,
};

/** Live branches of these runs, and the branches of those. What steers a run steers them. */
export async function branchesBelow(tx: Transaction, runIds: readonly string[]): Promise<string[]> {
  if (runIds.length === 0) return [];
  return (await tx.query<{ id: string }>(BELOW, [runIds])).map((row) => row.id);
}

export function isLive(row: { readonly state: RunState }): boolean {
  return row.state === 'running' || row.state === 'waiting' || row.state === 'paused';
}

/** Ends rows that the caller has locked. */
export async function endRows(
  tx: Transaction,
  rows: readonly RunRow[],
  end: { outcome: string; reason: string },
  now: Date,
): Promise<void> {
  const open = rows.filter((row) => row.journal_open).map((row) => ({ id: row.id, journal: row.journal }));
  for (const row of rows) {
    Object.assign(row, {
      state: 'cancelled',
      outcome: end.outcome,
      reason: end.reason,
      completed_at: now,
      wake_at: null,
      waits_for: [],
      ticket: null,
      journal_open: false,
    } satisfies Partial<RunRow>);
  }
  await closeJournal(tx, open, 'cancelled', end.reason, now);
  await saveRuns(tx, rows, now);
}

/** Ends these runs and all branches below them that are still live. */
export async function endRuns(tx: Transaction, ids: readonly string[], reason: string, now: Date): Promise<void> {
  if (ids.length === 0) return;
  const all = new Set([...ids, ...(await branchesBelow(tx, ids))]);
  const rows = (await lockRuns(tx, [...all].toSorted())).filter(isLive);
  await endRows(tx, rows, { outcome: 'cancelled', reason }, now);
}

/** What the runs above these must hear. */
export function endings(rows: readonly RunRow[]): DomainEvent[] {
  return rows.flatMap((row): DomainEvent[] =>
    row.parent_id === null || isLive(row)
      ? []
      : [
          {
            name: RUN_ENDED,
            companyId: row.company_id,
            subject: { type: 'run', id: row.parent_id },
            payload: { run_id: row.id, branch: row.branch, state: row.state, outcome: row.outcome },
          },
        ],
  );
}

/** Tells the runs above that these ended, unless those ended with them. */
export async function announce(tx: Transaction, rows: readonly RunRow[], now: Date): Promise<void> {
  const ended = new Set(rows.map((row) => row.id));
  const events = endings(rows).filter((event) => !ended.has(event.subject.id));
  if (events.length > 0) await emit(tx, events, now);
}
