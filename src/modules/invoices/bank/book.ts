import type { Statement, Transaction } from '#core/database/database.ts';
import type { DomainEvent } from '#core/engine/types.ts';
import type { Runtime } from '#core/runtime.ts';
import { balanceOf, InvoiceStateRefused, lockInvoice } from '../invoice.ts';
import { receive } from '../ledger/settle.ts';

export interface Booking {
  readonly id: string;
  readonly bookedOn: string;
  readonly amountCents: number;
  readonly currency: string;
  readonly reference: string;
}

const BOOKED: Statement = {
  name: 'bank.booked',
  text: `update bank_lines set state = 'booked', proposal = $3::jsonb, why = case when $4 = '' then why else $4 end, reason = $5, decided_by = $6, decided_at = $7, updated_at = $7
          where company_id = $1 and id = $2`,
};

export interface BookedBy {
  /** In words; empty: as it was proposed. */
  readonly why: string;
  readonly reason: string;
  /** Null: a rule. */
  readonly by: string | null;
}

/**
 * Books a line to invoices, in order, each up to what is owed on it; what is left goes to the last one, where it is the client's credit. The line and the invoice make
 * the payment one, however often it is told. @throws InvoiceStateRefused, InvoiceNotFound
 */
export async function bookLine(
  tx: Transaction,
  runtime: Runtime,
  companyId: string,
  line: Booking,
  invoiceIds: readonly string[],
  { why, reason, by }: BookedBy,
  at: Date,
): Promise<Omit<DomainEvent, 'companyId'>[]> {
  const events: Omit<DomainEvent, 'companyId'>[] = [];
  let left = line.amountCents;
  for (const [i, invoiceId] of invoiceIds.entries()) {
    const row = await lockInvoice(tx, companyId, invoiceId);
    if (row.kind !== 'invoice' || row.number === null || row.state === 'void')
      throw new InvoiceStateRefused(`${row.number ?? 'A draft'} takes no payment; choose an invoice that was issued`);
    if (row.currency !== line.currency)
      throw new InvoiceStateRefused(`${row.number} is in ${row.currency}, the payment in ${line.currency}`);
    const last = i === invoiceIds.length - 1;
    const cents = last ? left : Math.min(left, balanceOf(row));
    if (cents === 0) continue;
    left -= cents;
    const money = {
      amountCents: cents,
      method: 'bank',
      receivedOn: line.bookedOn,
      reference: line.reference.slice(0, 200),
      externalKey: `bank:${line.id}:${invoiceId}`,
      by,
    };
    events.push(...(await receive(tx, runtime, row, money, at)).events);
  }
  await tx.query(BOOKED, [companyId, line.id, JSON.stringify(invoiceIds), why, reason, by, at]);
  return events;
}
