import type { Statement, Transaction } from '#core/database/database.ts';
import { newId } from '#core/ids.ts';
import type { ACCOUNTS, POSTING_KINDS } from '../tables.ts';

export interface Posting {
  readonly companyId: string;
  readonly kind: (typeof POSTING_KINDS)[number];
  readonly currency: string;
  readonly invoiceId: string | null;
  readonly paymentId?: string | null;
  /** Day, YYYY-MM-DD. */
  readonly on: string;
  readonly at: Date;
  /** Debits are positive; what is 0 is left out. Together they are 0: the database refuses anything else. */
  readonly entries: Partial<Record<(typeof ACCOUNTS)[number], number>>;
}

/** One statement a posting: the trigger sees all of its entries. */
const POST: Statement = {
  name: 'ledger.post',
  text: `insert into ledger_entries (id, company_id, posting_id, kind, account, amount_cents, currency, invoice_id, payment_id, occurred_on, created_at)
         select e.id, $1, $2, $3, e.account, e.amount, $4, $5::uuid, $6::uuid, $7::date, $8 from jsonb_to_recordset($9::jsonb) as e(id uuid, account text, amount bigint)`,
};

export async function post(tx: Transaction, { companyId, kind, currency, invoiceId, paymentId, on, at, entries }: Posting): Promise<void> {
  const rows = Object.entries(entries).flatMap(([account, amount]) => (amount === 0 ? [] : [{ id: newId(), account, amount }]));
  if (rows.length === 0) return;
  await tx.query(POST, [companyId, newId(), kind, currency, invoiceId, paymentId ?? null, on, at, JSON.stringify(rows)]);
}
