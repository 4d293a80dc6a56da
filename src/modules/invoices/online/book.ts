import type { Transaction } from '#core/database/database.ts';
import { newId } from '#core/ids.ts';
import { post } from '../ledger/post.ts';
import { insertPayment } from '../ledger/settle.ts';
import type { StoredInvoice } from '../invoice.ts';

interface Back {
  readonly amountCents: number;
  readonly method: string;
  readonly reference: string;
  /** Makes it one. */
  readonly externalKey: string;
  /** Day, YYYY-MM-DD. */
  readonly on: string;
  readonly by: string | null;
  readonly at: Date;
}

type Of = Pick<StoredInvoice, 'id' | 'companyId' | 'clientId' | 'currency'>;

/**
 * Money went back to the client: out of what they have in credit. Where no credit note has given them any, they owe it, and the invoice stays as it is: nobody is
 * reminded of money that we gave back. Answers the payment's id; null: it was booked before.
 */
export async function bookBack(tx: Transaction, row: Of, { amountCents, on, at, ...back }: Back): Promise<string | null> {
  const id = newId();
  const made = await insertPayment(tx, row, { ...back, id, kind: 'refund', amountCents, applied: amountCents, receivedOn: on, at });
  if (!made) return null;
  const { companyId, currency } = row;
  await post(tx, { companyId, kind: 'refund', currency, invoiceId: row.id, paymentId: id, on, at, entries: { credit: amountCents, cash: -amountCents } }); // prettier-ignore
  return id;
}

/** It came back to us: the client has it in credit again. */
export async function bookReturned(tx: Transaction, row: Of, { amountCents, on, at, ...back }: Back): Promise<void> {
  const id = newId();
  const made = await insertPayment(tx, row, { ...back, id, kind: 'payment', amountCents, applied: 0, receivedOn: on, at });
  if (!made) return;
  const { companyId, currency } = row;
  await post(tx, { companyId, kind: 'payment', currency, invoiceId: row.id, paymentId: id, on, at, entries: { cash: amountCents, credit: -amountCents } }); // prettier-ignore
}
