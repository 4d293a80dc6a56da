import type { Statement, Transaction } from '#core/database/database.ts';
import { newId } from '#core/ids.ts';
import type { Runtime } from '#core/runtime.ts';
import { notify } from '#modules/notifications/public.ts';

const NOTE: Statement = {
  name: 'payment_notes.insert',
  text: `insert into invoice_payment_notes (id, company_id, invoice_id, key, says, created_at) values ($1, $2, $3, $4, $5, $6)
         on conflict (company_id, key) do nothing returning id`,
};
const WHOM: Statement = {
  name: 'payment_notes.whom',
  text: `select id from users where company_id = $1 and role in ('admin', 'manager') and is_active and deleted_at is null`,
};
const SETTLE: Statement = {
  name: 'payment_notes.settle',
  text: `update invoice_payment_notes set settled_at = $3 where company_id = $1 and key = $2 and settled_at is null`,
};

interface Note {
  readonly companyId: string;
  readonly invoiceId: string;
  readonly number: string | null;
  /** Makes it one. */
  readonly key: string;
  /** What is so, and what to do. */
  readonly says: string;
}

/** Something with money that a person should look at: it stands on the invoice until somebody says that it is done, and who may book money is told. */
export async function note(tx: Transaction, runtime: Runtime, { companyId, invoiceId, number, key, says }: Note): Promise<void> {
  const made = await tx.query(NOTE, [newId(), companyId, invoiceId, key, says, runtime.clock.now()]);
  if (made.length === 0) return;
  const users = await tx.query<{ id: string }>(WHOM, [companyId]);
  await notify(
    tx,
    runtime,
    users.map(({ id }) => ({
      companyId,
      userId: id,
      kind: 'alert',
      title: `A payment of ${number ?? 'an invoice'} needs a look`,
      body: says,
      link: `/invoices/${invoiceId}`,
      key: `payment_note:${key}`,
    })),
  );
}

/** It came right by itself. */
export async function settleNote(tx: Transaction, companyId: string, key: string, at: Date): Promise<void> {
  await tx.query(SETTLE, [companyId, key, at]);
}
