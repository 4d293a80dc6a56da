import type { Statement, Transaction } from '#core/database/database.ts';
import type { Parts } from './parts.ts';
import { due } from './schedule-times.ts';
import { insertRuns, type NewRun } from './start.ts';
import type { ScheduleSpec } from './types.ts';

// The lock makes it one firing, however many processes look.
export const SCHEDULES_DUE: Statement = {
  name: 'engine.schedules_due',
  text: `select s.id, s.company_id, s.workflow_id, s.spec, s.next_at, w.version, w.active from schedules s join workflows w on w.id = s.workflow_id
          where s.next_at <= $1 order by s.next_at limit $2 for update of s skip locked`,
};
const MOVE: Statement = {
  name: 'engine.schedules_move',
  text: `update schedules s set next_at = x.next_at, last_at = coalesce(x.last_at, s.last_at), missed = s.missed + x.missed, updated_at = date_trunc('milliseconds', $2::timestamptz)
           from json_to_recordset($1::json) as x (id uuid, company_id uuid, next_at timestamptz, last_at timestamptz, missed integer)
          where s.id = x.id and s.company_id = x.company_id`,
};

export interface DueSchedule {
  readonly id: string;
  readonly company_id: string;
  readonly workflow_id: string;
  readonly spec: ScheduleSpec;
  readonly next_at: Date;
  readonly version: number;
  readonly active: boolean;
}

/** Starts what is due by schedule, by each one's policy for missed firings. */
export async function fireSchedules(parts: Parts, tx: Transaction, rows: readonly DueSchedule[], now: Date): Promise<void> {
  if (rows.length === 0) return;
  const compiled = await parts.catalogue.load(
    tx,
    rows.map((row) => ({ workflowId: row.workflow_id, version: row.version })),
  );
  const runs: NewRun[] = [];
  const moves = rows.map((row) => {
    const { fire, missed, next } = due(row.spec, row.next_at, now);
    const ref = { workflowId: row.workflow_id, version: row.version };
    const workflow = compiled(ref);
    if (row.active && !(workflow instanceof Error)) {
      for (const at of fire) {
        const trigger = { type: 'schedule', id: `${row.id}@${at.toISOString()}` } as const;
        runs.push({
          companyId: row.company_id,
          ...ref,
          workflow,
          subject: { type: 'company', id: row.company_id },
          personId: null,
          trigger,
          payload: { scheduled_at: at.toISOString() },
        });
      }
    }
    return { id: row.id, company_id: row.company_id, next_at: row.active ? next : null, last_at: fire.at(-1) ?? null, missed };
  });
  await insertRuns(tx, runs, now, parts.queue);
  await tx.query(MOVE, [JSON.stringify(moves), now]);
}
