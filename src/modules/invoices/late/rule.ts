import { DateTime } from 'luxon';
import { addDays } from '../days.ts';
import { divideRounded } from '../money/round.ts';
import type { InvoiceOptions } from '../settings/shape.ts';

export type LateRule = Pick<InvoiceOptions, 'lateFeeCents' | 'lateRate' | 'lateEvery' | 'lateGraceDays' | 'lateCapPercent'>;

export const chargesFees = (rule: LateRule): boolean => rule.lateFeeCents > 0 || rule.lateRate > 0;

/** How many periods of being late have begun by this day: the first after the days of grace, the n-th as many months later. */
export function periodsBegun(rule: LateRule, dueOn: string, today: string): number {
  const first = addDays(dueOn, rule.lateGraceDays + 1);
  if (today < first) return 0;
  if (rule.lateEvery === 'once') return 1;
  const utc = (day: string) => DateTime.fromISO(day, { zone: 'UTC' });
  return Math.floor(utc(today).diff(utc(first), 'months').months) + 1;
}

export interface LateAmounts {
  readonly totalCents: number;
  readonly balanceCents: number;
  /** Fees of periods before. */
  readonly chargedCents: number;
}

/** What one more period costs, cut at the cap, in cents. */
export function feeOf(rule: LateRule, { totalCents, balanceCents, chargedCents }: LateAmounts): number {
  const share = Number(divideRounded(BigInt(balanceCents) * BigInt(Math.round(rule.lateRate * 1000)), 100_000n));
  const fee = rule.lateFeeCents + share;
  if (rule.lateCapPercent === null) return fee;
  const most = Number(divideRounded(BigInt(totalCents) * BigInt(Math.round(rule.lateCapPercent * 100)), 10_000n));
  return Math.max(0, Math.min(fee, most - chargedCents));
}
