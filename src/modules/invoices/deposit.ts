import { InvalidInput } from '#core/errors.ts';
import { divideRounded } from './money/round.ts';
import type { Discount } from './money/totals.ts';

/** A part that is asked for first: a share of the total, or so much. */
export type Deposit = Discount;

/** Days until it is due where nobody says otherwise; never later than the rest. */
export const DEPOSIT_DAYS = 7;

/** What it comes to, in cents; null: there is none. @throws InvalidInput it is the whole, or more */
export function depositCents(deposit: Deposit | null, totalCents: number): number | null {
  if (deposit === null) return null;
  const cents = 'cents' in deposit ? deposit.cents : Number(divideRounded(BigInt(totalCents) * BigInt(deposit.percentBps), 10_000n));
  if (cents <= 0) return null;
  if (cents < totalCents) return cents;
  const [path, message] = ['cents' in deposit ? 'deposit_cents' : 'deposit_percent', 'is all of it; leave the deposit out'];
  throw new InvalidInput(`${path} ${message}`, { fields: [{ path, message }] });
} // prettier-ignore

export const depositOf = (percent: number | null | undefined, cents: number | null | undefined): Deposit | null =>
  cents != null ? { cents } : percent != null ? { percentBps: Math.round(percent * 100) } : null;

/** As it was asked for, to be written once more. */
export const givenDeposit = (deposit: Deposit | null) =>
  deposit === null ? {} : 'cents' in deposit ? { depositCents: deposit.cents } : { depositPercent: deposit.percentBps / 100 };

interface Parts {
  readonly totalCents: number;
  readonly paidCents: number;
  readonly creditedCents: number;
  readonly writtenOffCents: number;
  readonly depositCents: number | null;
}

/** What of the deposit is still to come, whatever it was settled by. */
export const depositLeft = ({ paidCents, creditedCents, writtenOffCents, depositCents: deposit }: Omit<Parts, 'totalCents'>): number =>
  Math.max(0, (deposit ?? 0) - paidCents - creditedCents - writtenOffCents);

/** The same in SQL, of open `invoices i`: one row a part that is owed, with `cents`, its day and the moment from which it is overdue. */
export const OWED_PARTS = `cross join lateral (select i.total_cents - i.paid_cents - i.credited_cents - i.written_off_cents as balance,
      greatest(coalesce(i.deposit_cents, 0) - i.paid_cents - i.credited_cents - i.written_off_cents, 0) as first) owed
    join lateral (values (owed.first, i.deposit_due_on, i.deposit_overdue_from), (owed.balance - owed.first, i.due_on, coalesce(i.rest_overdue_from, i.overdue_from)))
      part(cents, due_on, overdue_from) on part.cents > 0`;
