import type { Statement, Transaction } from '#core/database/database.ts';
import { due, type Passed } from '../schedule-times.ts';
import { MOVE, skippedRow, writeFirings } from '../scheduler.ts';
import type { ScheduleSpec } from '../types.ts';
import { holdSchedules } from './hold.ts';

/** What becomes of a schedule when a held installation is released. `catch_up`: what was missed, by its policy. `skip`: it is passed over. `off`: it stays on hold. */
export const AFTER_HOLD = ['catch_up', 'skip', 'off'] as const;
export type AfterHold = (typeof AFTER_HOLD)[number];

const LIVE: Statement = {
  name: 'schedules.live',
  text: `select s.id, s.company_id, coalesce(s.own_spec, s.spec) as spec, s.next_at from schedules s join workflows w on w.id = s.workflow_id
          where s.next_at is not null and w.active order by s.id for update of s`,
};

interface Live {
  readonly id: string;
  readonly company_id: string;
  readonly spec: ScheduleSpec;
  readonly next_at: Date;
}

/** Every schedule of every company that is not on hold already, in the transaction that releases. Answers how many went which way. */
export async function releaseSchedules(
  tx: Transaction,
  choose: (scheduleId: string) => AfterHold,
  now: Date,
): Promise<Readonly<Record<AfterHold, number>>> {
  const chosen = Map.groupBy(await tx.query<Live>(LIVE, []), (row) => choose(row.id));
  const off = chosen.get('off') ?? [];
  const reason = 'Left off when the installation was released';
  if (off.length > 0)
    await holdSchedules(tx, { companyId: null, ids: off.map((row) => row.id) }, { as: 'held', reason, userId: null }, now);
  const skip = chosen.get('skip') ?? [];
  await passOver(
    tx,
    skip.filter((row) => row.next_at <= now),
    now,
  );
  return { catch_up: chosen.get('catch_up')?.length ?? 0, skip: skip.length, off: off.length };
}

async function passOver(tx: Transaction, rows: readonly Live[], now: Date): Promise<void> {
  if (rows.length === 0) return;
  const asked = rows.map((row) => ({ row, ...missedBy(row, now) }));
  await writeFirings(
    tx,
    asked.map(({ row, missed }) => skippedRow(row, missed, 'held')),
    now,
  );
  const moves = asked.map(({ row, next, missed }) => ({
    id: row.id,
    company_id: row.company_id,
    next_at: next,
    last_at: null,
    missed: missed.count,
  }));
  await tx.query(MOVE, [JSON.stringify(moves), now]);
}

/** All that was planned until now, in one stretch. */
function missedBy({ spec, next_at }: Live, now: Date): { readonly missed: Omit<Passed, 'why'>; readonly next: Date | null } {
  const { fire, passed, next } = due({ ...spec, missed: { policy: 'all', withinS: 1 } }, next_at, now);
  const count = fire.length + passed.reduce((sum, one) => sum + one.count, 0);
  return { missed: { from: next_at, to: fire.at(-1) ?? passed.at(-1)?.to ?? next_at, count }, next };
}
