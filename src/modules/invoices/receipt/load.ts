import type { Statement, Transaction } from '#core/database/database.ts';
import { NotFound } from '#core/errors.ts';
import { pictureBytes } from '#modules/brand/public.ts';
import { storedInvoice, type StoredInvoice } from '../invoice.ts';

/** No such payment of this invoice, or none that came in. */
export class PaymentNotFound extends NotFound {
  override readonly code = 'payment_not_found';
}

/** A payment that came in, and what its invoice owed when it was booked: the ledger is only ever added to, in the order of its ids, so that stays. */
export interface ReceivedPayment {
  readonly id: string;
  readonly invoiceId: string;
  readonly amountCents: number;
  readonly appliedCents: number;
  readonly currency: string;
  readonly method: string;
  readonly receivedOn: string;
  readonly reference: string;
  readonly createdAt: Date;
  readonly leftCents: number;
}

const ONE: Statement = {
  name: 'receipts.payment',
  text: `select p.id, p.invoice_id as "invoiceId", p.amount_cents::float8 as "amountCents", p.applied_cents::float8 as "appliedCents", p.currency, p.method,
           p.received_on::text as "receivedOn", p.reference, p.created_at as "createdAt",
           (select coalesce(sum(e.amount_cents), 0) from ledger_entries e where e.company_id = p.company_id and e.invoice_id = p.invoice_id and e.account = 'receivable'
              and e.id <= (select x.id from ledger_entries x where x.payment_id = p.id and x.company_id = p.company_id order by x.id desc limit 1))::float8 as "leftCents"
           from invoice_payments p where p.company_id = $1 and p.id = $2 and p.kind = 'payment' and p.invoice_id is not null`,
};

export interface Receipt {
  readonly payment: ReceivedPayment;
  readonly invoice: StoredInvoice;
  readonly footer: string;
  readonly logo: Buffer | null;
}

/** @throws PaymentNotFound */
export async function loadReceipt(tx: Transaction, companyId: string, paymentId: string): Promise<Receipt> {
  const [payment] = await tx.query<ReceivedPayment>(ONE, [companyId, paymentId]);
  if (payment === undefined) throw new PaymentNotFound('There is no such payment');
  const invoice = await storedInvoice(tx, companyId, payment.invoiceId);
  const { logo, footer = '' } = invoice.texts;
  const picture = logo == null ? undefined : (await pictureBytes(tx, companyId, [logo])).get(logo);
  return { payment, invoice, footer, logo: picture?.bytes ?? null };
}

/** `INV-2026-0001-receipt-2026-06-02.pdf` */
export const receiptName = (number: string | null, receivedOn: string): string =>
  `${(number ?? 'invoice').replace(/[^A-Za-z0-9._-]+/g, '-')}-receipt-${receivedOn}.pdf`;
