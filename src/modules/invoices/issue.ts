import type { Statement, Transaction } from '#core/database/database.ts';
import type { DomainEvent } from '#core/engine/types.ts';
import { addDays, dayOf, startOfDay } from './days.ts';
import { DEPOSIT_DAYS } from './deposit.ts';
import { InvoiceStateRefused, type StoredInvoice } from './invoice.ts';
import { post } from './ledger/post.ts';
import { numberOf, seriesOf } from './numbers.ts';
import type { InvoiceSettings } from './settings/load.ts';
import type { FrozenTexts } from './settings/shape.ts';

/**
 * The next number of a series. The row stays locked until the transaction ends: who issues in the same series waits, and a rollback or a crash
 * leaves the counter where it was. So no number is missing and none is given twice (docs/adr/0065).
 */
const NEXT: Statement = {
  name: 'invoices.next_number',
  text: `insert into invoice_series as s (company_id, series, last) values ($1, $2, 1)
         on conflict (company_id, series) do update set last = s.last + 1 returning last::float8 as last`,
};
const ISSUE: Statement = {
  name: 'invoices.issue',
  text: `update invoices set state = $3, series = $4, sequence = $5, number = $6, issued_on = $7::date, due_on = $8::date, overdue_from = $9, issued_at = $10, paid_at = $11, texts = $12::jsonb, updated_at = $10,
           valid_until = $13::date, lapses_at = $14, deposit_due_on = $15::date, deposit_overdue_from = $16, rest_overdue_from = $17
          where company_id = $1 and id = $2`,
};

const ISSUED = { invoice: 'invoice.issued', quote: 'quote.issued', credit_note: 'credit_note.issued' } as const;

export interface Issued {
  readonly number: string;
  readonly event: Omit<DomainEvent, 'companyId'>;
}

/** Gives a locked draft its number and books it. @throws InvoiceStateRefused */
export async function issueDraft(tx: Transaction, row: StoredInvoice, settings: InvoiceSettings, at: Date): Promise<Issued> {
  if (row.state !== 'draft') throw new InvoiceStateRefused(`${row.number ?? 'This'} was issued already`);
  const { options, timeZone } = settings;
  const on = dayOf(at, timeZone);
  const due = row.kind === 'invoice' ? addDays(on, row.paymentDays) : null;
  const first = due === null || row.depositCents === null ? null : earlier(addDays(on, row.depositDays ?? DEPOSIT_DAYS), due);
  const after = (day: string | null) => (day === null ? null : startOfDay(addDays(day, 1), timeZone));
  const until = row.kind === 'quote' ? lastDayOf(row, options.quoteDays, on) : null;
  const series = seriesOf(options, row.kind, on);
  const [next] = await tx.query<{ last: number }>(NEXT, [row.companyId, series]);
  if (next === undefined) throw new Error('a counter answers its number');
  const number = numberOf(options, series, next.last);
  const settled = row.kind === 'invoice' && row.totalCents === 0;
  await tx.query(ISSUE, [
    row.companyId, row.id, settled ? 'paid' : 'issued', series, next.last, number, on, due, after(first ?? due), at,
    settled ? at : null, JSON.stringify(textsOf(settings)), until,
    after(until), first, after(first), first === null ? null : after(due),
  ]); // prettier-ignore
  if (row.kind === 'invoice')
    await post(tx, {
      companyId: row.companyId,
      kind: 'issue',
      currency: row.currency,
      invoiceId: row.id,
      on,
      at,
      entries: { receivable: row.totalCents, revenue: -row.netCents, tax: -row.taxCents },
    });
  return { number, event: { name: ISSUED[row.kind], ...about(row), payload: { number, total_cents: row.totalCents, currency: row.currency, due_on: due } } }; // prettier-ignore
}

const earlier = (a: string, b: string) => (a < b ? a : b);

/** @throws InvoiceStateRefused it is over already */
function lastDayOf({ validUntil }: StoredInvoice, days: number, on: string): string | null {
  if (validUntil === null) return days === 0 ? null : addDays(on, days);
  if (validUntil < on) throw new InvoiceStateRefused(`The last day of this quote, ${validUntil}, is over; give it another one first`);
  return validUntil;
}

/** What events about an invoice name. */
export const about = (row: Pick<StoredInvoice, 'id'>) => ({ subject: { type: 'invoice', id: row.id } });

/** What stands on an invoice beside its own texts. */
export const textsOf = ({ options, logo }: InvoiceSettings): FrozenTexts => ({ intro: options.intro, footer: options.footer, logo });
