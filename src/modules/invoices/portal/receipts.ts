import type { Statement, Transaction } from '#core/database/database.ts';
import { html, type Html } from '#core/portal/html.ts';
import type { PortalFile, PortalVisit } from '#core/portal/types.ts';
import { dayOf, inside, rows } from '#modules/portal/public.ts';
import { localAmount } from '../money/currency.ts';
import { loadReceipt, receiptName } from '../receipt/load.ts';
import type { StoredInvoice } from '../invoice.ts';
import { INVOICE_PAGE_WORDS } from './words.ts';

/** What came in and was not taken back. */
const PAID: Statement = {
  name: 'receipts.portal',
  text: `select p.id, p.amount_cents::float8 as cents, p.received_on::text as "on" from invoice_payments p where p.company_id = $1 and p.invoice_id = $2 and p.kind = 'payment'
           and not exists (select from invoice_payments r where r.reverses = p.id and r.company_id = p.company_id) order by p.created_at, p.id limit 50`,
};

/** What the client paid for it, each with its receipt. */
export async function paidSoFar(tx: Transaction, visit: PortalVisit, row: StoredInvoice): Promise<Html | null> {
  if (row.kind !== 'invoice') return null;
  const paid = await tx.query<{ id: string; cents: number; on: string }>(PAID, [row.companyId, row.id]);
  if (paid.length === 0) return null;
  const words = INVOICE_PAGE_WORDS[visit.language];
  return html`${inside(html`<h3>${words.payments}</h3>`)}${rows(
    paid.map(({ id, cents, on }) => ({
      title: dayOf(visit, on),
      detail: words.openReceipt,
      figure: `${localAmount(cents, row.currency, visit.language)} ${row.currency}`,
      href: `${visit.at}/${row.id}/receipt/${id}`,
    })),
  )}`;
}

/** Null: this invoice has no such payment. */
export async function receiptOf(tx: Transaction, row: StoredInvoice, paymentId: string): Promise<PortalFile | null> {
  const paid = await tx.query<{ id: string }>(PAID, [row.companyId, row.id]);
  if (!paid.some(({ id }) => id === paymentId)) return null;
  const receipt = await loadReceipt(tx, row.companyId, paymentId);
  return {
    filename: receiptName(row.number, receipt.payment.receivedOn),
    contentType: 'application/pdf',
    bytes: async () => (await import('../receipt/draw.ts')).drawReceipt(receipt),
    inline: true,
  };
}
