import type { Statement, Transaction } from '#core/database/database.ts';
import type { DomainEvent } from '#core/engine/types.ts';
import type { Checkout } from '#core/ports/payments.ts';
import type { Runtime } from '#core/runtime.ts';
import { dayOf } from '../days.ts';
import { lockInvoice, type StoredInvoice } from '../invoice.ts';
import { receive } from '../ledger/settle.ts';
import { plainAmount } from '../money/currency.ts';
import { loadSettings } from '../settings/load.ts';
import { getCheckout, lockCheckout, type StoredCheckout } from './checkout.ts';
import { nextLook } from './next-look.ts';
import { note, settleNote } from './notes.ts';
import { takeBack } from './take-back.ts';

const KEEP: Statement = {
  name: 'checkouts.seen',
  text: `update invoice_checkouts set state = $3, external_id = $4, payment_ref = $5, url = $6, paid_cents = $7, payment_id = $8, paid_at = $9, method = $10, payer = $11, problem = $12,
           closing = closing and $3 = 'open', looked_at = $13, looks = looks + 1, look_at = $14, updated_at = $13 where company_id = $1 and id = $2`,
};

/** `119.00 EUR` */
const money = (cents: number, currency: string) => `${plainAmount(cents, currency)} ${currency}`;

/**
 * What the service says of one checkout now, in the caller's transaction: money is booked on the invoice once, whatever was told before, twice or in another order.
 * What does not fit is booked as the client's credit, or shown to a person, and never lost.
 */
export async function applySeen(tx: Transaction, runtime: Runtime, companyId: string, checkoutId: string, seen: Checkout): Promise<void> {
  const known = await getCheckout(tx, companyId, checkoutId);
  if (known === undefined) return;
  // Invoices are locked first, everywhere.
  const row = await lockInvoice(tx, companyId, known.invoiceId);
  const checkout = await lockCheckout(tx, companyId, checkoutId);
  if (checkout === undefined) return;
  const at = runtime.clock.now();
  const booked = await bookPaid(tx, runtime, row, checkout, seen, at);
  const paid = seen.state === 'paid' || checkout.state === 'paid';
  const state = paid ? 'paid' : seen.state;
  const paidAt = paid ? (checkout.paidAt ?? seen.paidAt ?? at) : null;
  const paymentId = booked?.paymentId ?? checkout.paymentId;
  await tx.query(KEEP, [
    companyId,
    checkoutId,
    state,
    seen.externalId,
    seen.paymentRef ?? checkout.paymentRef,
    state === 'open' ? seen.url : null,
    paymentId !== null && seen.state === 'paid' ? seen.amountCents : checkout.paidCents,
    paymentId,
    paidAt,
    seen.method ?? checkout.method,
    seen.payer ?? checkout.payer,
    seen.problem,
    at,
    nextLook({ state, looks: checkout.looks + 1, paidAt, expiresAt: checkout.expiresAt }, at),
  ]);
  const events = [...(booked?.events ?? [])];
  // What was never booked goes back without the books.
  if (paid && paymentId !== null)
    events.push(...(await takeBack(tx, runtime, row, { ...checkout, paymentRef: seen.paymentRef }, seen, at)));
  else if (paid && wentBack(seen)) await settleNote(tx, companyId, notBooked(checkoutId), at);
  await runtime.engine.emit(
    tx,
    events.map((event) => ({ ...event, companyId })),
  );
}

const notBooked = (checkoutId: string) => `currency/${checkoutId}`;
const wentBack = ({ refunds, disputes, amountCents }: Checkout) =>
  [...refunds.filter(({ state }) => state !== 'failed'), ...disputes.filter(({ state }) => state === 'lost')].reduce((sum, one) => sum + one.amountCents, 0) >= amountCents; // prettier-ignore

type Events = readonly Omit<DomainEvent, 'companyId'>[];

async function bookPaid(
  tx: Transaction,
  runtime: Runtime,
  row: StoredInvoice,
  checkout: StoredCheckout,
  seen: Checkout,
  at: Date,
): Promise<{ readonly paymentId: string | null; readonly events: Events } | null> {
  if (seen.state !== 'paid' || checkout.paymentId !== null) return null;
  const about = { companyId: row.companyId, invoiceId: row.id, number: row.number };
  const came = money(seen.amountCents, seen.currency);
  const name = row.number ?? 'The invoice';
  if (seen.currency !== row.currency) {
    const says = `${came} came in for ${name}, which is in ${row.currency}. Nothing was booked: give it back at the payment service, or book what it is worth by hand.`;
    await note(tx, runtime, { ...about, key: notBooked(checkout.id), says });
    return null;
  }
  const { timeZone } = await loadSettings(tx, row.companyId);
  const { paymentId, fresh, appliedCents, events } = await receive(
    tx,
    runtime,
    row,
    {
      amountCents: seen.amountCents,
      method: seen.method !== null && /••••/.test(seen.method) ? 'card' : 'other',
      receivedOn: dayOf(seen.paidAt ?? at, timeZone),
      reference: ['Online', seen.method, seen.paymentRef].filter((part) => part !== null).join(' · ').slice(0, 200), // prettier-ignore
      externalKey: `online/${seen.paymentRef ?? seen.externalId}`,
      by: null,
    },
    at,
  );
  const over = seen.amountCents - appliedCents;
  if (fresh && over > 0) {
    const why = row.state === 'void' ? 'is void' : row.state === 'paid' ? 'was paid already' : row.state === 'written_off' ? 'was written off' : 'owed less'; // prettier-ignore
    const says = `${came} came in online for ${name}, which ${why}. ${money(over, seen.currency)} of it is the client’s credit now: give it back, or use it for another invoice.`;
    await note(tx, runtime, { ...about, key: `over/${checkout.id}`, says });
  }
  if (fresh && seen.amountCents !== checkout.amountCents)
    await note(tx, runtime, {
      ...about,
      key: `amount/${checkout.id}`,
      says: `${money(checkout.amountCents, row.currency)} was asked for online and ${came} came in. What came in is booked.`,
    });
  return { paymentId, events };
}
