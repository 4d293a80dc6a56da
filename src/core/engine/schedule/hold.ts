import type { Statement, Transaction } from '#core/database/database.ts';
import { firingsAfter, due, type Passed } from '../schedule-times.ts';
import { skippedRow, writeFirings } from '../scheduler.ts';
import type { ScheduleSpec } from '../types.ts';

export type Hold = 'paused' | 'held';

const HOLD: Statement = {
  name: 'schedules.hold',
  text: `update schedules set hold = $3, hold_reason = $4, hold_by = $5, hold_at = $6::timestamptz, hold_next_at = next_at, next_at = null,
                updated_at = date_trunc('milliseconds', $6::timestamptz)
          where ($1::uuid is null or company_id = $1) and ($2::uuid[] is null or id = any ($2::uuid[])) and hold is null returning id`,
};

/**
 * Nothing of these schedules fires until each is released; null is all of them. `held`: this installation is a copy, and a person must say
 * for each schedule that it may go on here. Answers how many were put on hold.
 */
export async function holdSchedules(
  tx: Transaction,
  which: { readonly companyId: string | null; readonly ids: readonly string[] | null },
  hold: { readonly as: Hold; readonly reason: string; readonly userId: string | null },
  now: Date,
): Promise<number> {
  return (await tx.query(HOLD, [which.companyId, which.ids, hold.as, hold.reason, hold.userId, now])).length;
}

export interface OnHold {
  readonly id: string;
  readonly company_id: string;
  readonly spec: ScheduleSpec;
  readonly active: boolean;
  readonly hold: Hold;
  readonly hold_next_at: Date | null;
}

/** What was planned while it was on hold, in one piece; null: nothing. */
export function missedOnHold(row: Pick<OnHold, 'spec' | 'hold_next_at'>, now: Date): Passed | null {
  if (row.hold_next_at === null || row.hold_next_at > now) return null;
  // Asked as if all of them were too old: one stretch from the first to the last.
  const asked: ScheduleSpec = { ...row.spec, missed: { policy: 'all', withinS: 1 } };
  const { passed, fire } = due(asked, row.hold_next_at, now);
  const [stretch] = passed;
  const last = fire.at(-1);
  if (stretch === undefined) return last === undefined ? null : { from: row.hold_next_at, to: last, count: fire.length, why: 'missed' };
  return { ...stretch, to: last ?? stretch.to, count: stretch.count + fire.length };
}

const RELEASE: Statement = {
  name: 'schedules.release',
  text: `update schedules set hold = null, hold_reason = null, hold_by = null, hold_at = null, hold_next_at = null, next_at = $3,
                missed = missed + $4, updated_at = date_trunc('milliseconds', $5::timestamptz) where company_id = $1 and id = $2`,
};

/**
 * It fires again. With `catchUp` what was planned meanwhile is treated by its policy for missed firings, else it is passed over and the
 * history says why.
 */
export async function releaseSchedule(tx: Transaction, row: OnHold, catchUp: boolean, now: Date): Promise<void> {
  const passed = missedOnHold(row, now);
  const [after] = row.active ? firingsAfter(row.spec, now, 1) : [];
  const next =
    catchUp && row.active ? (row.hold_next_at ?? after) : row.hold_next_at !== null && row.hold_next_at > now ? row.hold_next_at : after;
  const skipped = passed !== null && !catchUp ? [skippedRow(row, passed, row.hold)] : [];
  await writeFirings(tx, skipped, now);
  await tx.query(RELEASE, [
    row.company_id,
    row.id,
    row.active ? (next ?? null) : null,
    skipped.length === 0 ? 0 : (passed?.count ?? 0),
    now,
  ]);
}
