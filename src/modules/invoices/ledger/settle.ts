import type { Statement, Transaction } from '#core/database/database.ts';
import type { DomainEvent } from '#core/engine/types.ts';
import { newId } from '#core/ids.ts';
import type { Runtime } from '#core/runtime.ts';
import { depositLeft } from '../deposit.ts';
import { OVERDUE, REMINDERS } from '../dunning/names.ts';
import { balanceOf, isOpen, type StoredInvoice } from '../invoice.ts';
import { about } from '../issue.ts';
import { post } from './post.ts';

const SETTLE: Statement = {
  name: 'invoices.settle',
  text: `update invoices set state = $3, paid_cents = $4, credited_cents = $5, written_off_cents = $6, paid_at = coalesce(paid_at, $7), updated_at = $8,
           overdue_from = case when $9 then rest_overdue_from else overdue_from end, overdue_told_at = case when $9 then null else overdue_told_at end where company_id = $1 and id = $2`,
};
const KNOWN: Statement = {
  name: 'invoices.payment_known',
  text: 'select id from invoice_payments where company_id = $1 and external_key = $2',
};
const INSERT: Statement = {
  name: 'invoices.payment_insert',
  text: `insert into invoice_payments (id, company_id, client_id, invoice_id, kind, amount_cents, applied_cents, currency, method, received_on, reference, external_key, created_by, created_at, reverses)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::date, $11, $12, $13, $14, $15) on conflict (company_id, external_key) where external_key is not null do nothing returning id`,
};
const CREDIT: Statement = {
  name: 'invoices.credit_of_client',
  text: `select coalesce(-sum(e.amount_cents), 0)::float8 as cents from ledger_entries e
          where e.company_id = $1 and e.account = 'credit' and e.currency = $3
            and (e.invoice_id in (select i.id from invoices i where i.client_id = $2 and i.company_id = $1)
              or (e.invoice_id is null and e.payment_id in (select p.id from invoice_payments p where p.client_id = $2 and p.company_id = $1)))`,
};

export type Settlement = { readonly paid?: number; readonly credited?: number; readonly writtenOff?: number };

/**
 * What is owed becomes less; a paid invoice's reminders end in this very transaction: their run is locked and ended before it commits, so that a
 * message of it that still waits is refused when it would be handed over. `row` is locked.
 */
export async function settle(
  tx: Transaction,
  runtime: Runtime,
  row: StoredInvoice,
  by: Settlement,
  at: Date,
): Promise<Omit<DomainEvent, 'companyId'>[]> {
  const after = {
    ...row,
    paidCents: row.paidCents + (by.paid ?? 0),
    creditedCents: row.creditedCents + (by.credited ?? 0),
    writtenOffCents: row.writtenOffCents + (by.writtenOff ?? 0),
  };
  const left = balanceOf(after);
  // The deposit is there: from now on it is the rest that falls due.
  const first = left > 0 && depositLeft(row) > 0 && depositLeft(after) === 0;
  const state = left > 0 ? 'partly_paid' : (by.writtenOff ?? 0) > 0 ? 'written_off' : 'paid';
  await tx.query(SETTLE, [
    row.companyId,
    row.id,
    state,
    after.paidCents,
    after.creditedCents,
    after.writtenOffCents,
    left > 0 ? null : at,
    at,
    first,
  ]);
  if (first) await endReminders(tx, runtime, row, 'The deposit is paid');
  if (left > 0)
    return [
      { name: 'invoice.partly_paid', ...about(row), payload: { balance_cents: left } },
      ...(first ? [{ name: 'invoice.deposit_paid', ...about(row), payload: { number: row.number, balance_cents: left } }] : []),
    ];
  await endReminders(tx, runtime, row);
  return [{ name: state === 'paid' ? 'invoice.paid' : 'invoice.written_off', ...about(row), payload: { number: row.number } }];
}

const REOPEN: Statement = {
  name: 'invoices.reopen',
  text: `update invoices set state = case when paid_cents - $3 + credited_cents + written_off_cents = 0 then 'issued' else 'partly_paid' end,
           paid_cents = paid_cents - $3, paid_at = null, updated_at = $4,
           overdue_from = case when $5 then deposit_overdue_from else overdue_from end, overdue_told_at = case when $5 then null else overdue_told_at end where company_id = $1 and id = $2`,
};

/** Money is taken back: so much is owed again. What was settled goes on where it stood: its reminders hear of the event. `row` is locked. */
export async function reopen(
  tx: Transaction,
  runtime: Runtime,
  row: StoredInvoice,
  cents: number,
  at: Date,
): Promise<Omit<DomainEvent, 'companyId'>[]> {
  if (cents === 0) return [];
  // The deposit is owed again. What waits for the rest is put back by the event.
  const first = depositLeft(row) === 0 && depositLeft({ ...row, paidCents: row.paidCents - cents }) > 0;
  await tx.query(REOPEN, [row.companyId, row.id, cents, at, first]);
  if (first)
    await runtime.engine.cancel(tx, { companyId: row.companyId, workflow: OVERDUE, subjectIds: [row.id] }, 'The deposit is owed again');
  return [{ name: 'invoice.reopened', ...about(row), payload: { number: row.number, balance_cents: balanceOf(row) + cents } }];
}

export async function endReminders(
  tx: Transaction,
  runtime: Runtime,
  row: Pick<StoredInvoice, 'companyId' | 'id'>,
  why = 'The invoice is settled',
): Promise<void> {
  await runtime.engine.cancel(tx, { companyId: row.companyId, workflow: REMINDERS, subjectIds: [row.id] }, why);
}

export interface Money {
  readonly amountCents: number;
  readonly method: string;
  readonly receivedOn: string;
  readonly reference: string;
  /** Makes it one, however often it is told: the line of a statement, a charge. */
  readonly externalKey: string | null;
  readonly by: string | null;
}

export interface Received {
  readonly paymentId: string;
  /** False: it was known, nothing was booked. */
  readonly fresh: boolean;
  readonly appliedCents: number;
  readonly events: readonly Omit<DomainEvent, 'companyId'>[];
}

/** Money for an invoice: up to what is owed it pays that, the rest is the client's credit. `row` is locked and was issued. */
export async function receive(tx: Transaction, runtime: Runtime, row: StoredInvoice, money: Money, at: Date): Promise<Received> {
  const applied = isOpen(row) ? Math.min(money.amountCents, balanceOf(row)) : 0;
  const paymentId = newId();
  const made = await insertPayment(tx, row, { ...money, id: paymentId, kind: 'payment', applied, at });
  if (!made) {
    const [known] = await tx.query<{ id: string }>(KNOWN, [row.companyId, money.externalKey]);
    return { paymentId: known?.id ?? paymentId, fresh: false, appliedCents: 0, events: [] };
  }
  await post(tx, {
    companyId: row.companyId,
    kind: 'payment',
    currency: row.currency,
    invoiceId: row.id,
    paymentId,
    on: money.receivedOn,
    at,
    entries: { cash: money.amountCents, receivable: -applied, credit: applied - money.amountCents },
  });
  return {
    paymentId,
    fresh: true,
    appliedCents: applied,
    events: [
      {
        name: 'payment.received',
        subject: { type: 'payment', id: paymentId },
        payload: { number: row.number, invoice_id: row.id, amount_cents: money.amountCents, currency: row.currency, method: money.method },
      },
      ...(applied === 0 ? [] : await settle(tx, runtime, row, { paid: applied }, at)),
    ],
  };
}

export async function insertPayment(
  tx: Transaction,
  row: Pick<StoredInvoice, 'companyId' | 'clientId' | 'currency'> & { readonly id: string | null },
  money: Money & {
    readonly id: string;
    readonly kind: 'payment' | 'credit' | 'refund' | 'reversal';
    readonly applied: number;
    readonly at: Date;
    readonly reverses?: string;
  },
): Promise<boolean> {
  const made = await tx.query(INSERT, [
    money.id, row.companyId, row.clientId, row.id, money.kind, money.amountCents, money.applied, row.currency, money.method, money.receivedOn, money.reference,
    money.externalKey, money.by, money.at, money.reverses ?? null,
  ]); // prettier-ignore
  return made.length > 0;
}

/** What a client has paid beyond what was owed, and what credit notes left over. */
export async function creditOf(tx: Transaction, companyId: string, clientId: string, currency: string): Promise<number> {
  const [row] = await tx.query<{ cents: number }>(CREDIT, [companyId, clientId, currency]);
  return row?.cents ?? 0;
}
