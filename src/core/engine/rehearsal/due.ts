import type { Statement } from '#core/database/database.ts';
import { Batch } from '../advance.ts';
import type { Parts } from '../parts.ts';
import { lockRuns } from '../rows.ts';

/** In the order in which they are locked, which is that of their start. */
export const DUE_RUNS: Statement = {
  name: 'rehearsal.due_runs',
  text: `select id, person_id as "personId" from runs where state = 'waiting' and wake_at <= $1::timestamptz order by id`,
};

/** Whose these runs are. */
export const RUNS_OF: Statement = {
  name: 'rehearsal.runs_of',
  text: `select id, person_id as "personId" from runs where id = any ($1::uuid[])`,
};

export const DUE_EVENTS: Statement = {
  name: 'rehearsal.due_events',
  text: `select count(*)::int as events, count(distinct person_id)::int as people, coalesce(bool_and(name like 'message.%' and name <> 'message.replied'), false) as "ofMessages"
           from outbox where failed_at is null and due_at <= $1::timestamptz`,
};

export interface DueEvents {
  readonly events: number;
  readonly people: number;
  readonly ofMessages: boolean;
}

export interface DueRun {
  readonly id: string;
  readonly personId: string | null;
}

/** Each is of a person of its own. One about the company counts as the same person as any other. */
export function apart(runs: readonly DueRun[]): boolean {
  return runs.every(({ personId }) => personId !== null) && new Set(runs.map(({ personId }) => personId)).size === runs.length;
}

/**
 * Runs whose time has come, moved at once: what a waker and then a worker do, without the row, the ticket and the lock between the two, which are there for
 * other processes.
 */
export async function advanceDue(parts: Parts, ids: readonly string[]): Promise<void> {
  await parts.system.round('relaxed', async (tx) => {
    const batch = new Batch(parts, tx);
    const rows = (await lockRuns(tx, ids)).filter((row) => row.state === 'waiting' && row.wake_at !== null && row.wake_at <= batch.now);
    for (const row of rows) Object.assign(row, { state: 'running', wake_at: null, waits_for: [] });
    const moving = await batch.open(rows);
    await batch.run(moving);
    await batch.close(moving, []);
  });
}
