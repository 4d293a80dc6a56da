import { z } from 'zod';
import { VendorRefused } from '#core/connector/errors.ts';
import type { Statement, Transaction } from '#core/database/database.ts';
import type { Effect, EffectKind, HandVerdict, Outcome, Receipt } from '#core/effects/types.ts';
import type { PaymentsPort, VendorRefund } from '#core/ports/payments.ts';
import type { Runtime } from '#core/runtime.ts';
import { connectionById, connectionsByIds, paymentsPort } from '#modules/connections/public.ts';
import { dayOf } from '../days.ts';
import { storedInvoice } from '../invoice.ts';
import { about } from '../issue.ts';
import { plainAmount } from '../money/currency.ts';
import { loadSettings } from '../settings/load.ts';
import { bookBack } from './book.ts';
import { note } from './notes.ts';

export const REFUND = 'refund';

const Payload = z.object({
  refund_id: z.uuid(),
  payment_ref: z.string(),
  amount_cents: z.int().positive(),
  currency: z.string(),
  /** When it was decided. */
  asked_at: z.iso.datetime(),
});
export type RefundPayload = z.output<typeof Payload>;

/** A key may be forgotten at the service's own pace: we stop relying on it this much sooner. */
const SLACK_MS = 3_600_000;

interface Settling {
  readonly id: string;
  readonly invoiceId: string;
}
const DONE: Statement = {
  name: 'refunds.done',
  text: `update invoice_refunds set state = 'done', external_id = coalesce(external_id, $3), problem = null, settled_at = $4 where company_id = $1 and id = $2 and state in ('waiting', 'in_doubt')
         returning id, invoice_id as "invoiceId"`,
};
const BOOKED: Statement = { name: 'refunds.booked', text: 'update invoice_refunds set payment_id = $3 where company_id = $1 and id = $2' };
const NOT_DONE: Statement = {
  name: 'refunds.not_done',
  text: `update invoice_refunds set state = $3, problem = $4, settled_at = case when $3 = 'refused' then $5::timestamptz end where company_id = $1 and id = $2 and state in ('waiting', 'in_doubt')
         returning id, invoice_id as "invoiceId"`,
};

/** Money that is given back. Known at the service by its key, and by our mark in its list: exactly once, or a person decides with what was seen. */
export const refundEffect: EffectKind = {
  kind: REFUND,
  concurrency: 4,
  async check(tx, effects) {
    const rows = await connectionsByIds(tx, effects.flatMap(({ connectionId }) => (connectionId === null ? [] : [connectionId]))); // prettier-ignore
    return effects.map(({ connectionId }): HandVerdict =>
      connectionId !== null && rows.has(connectionId)
        ? { go: true }
        : { go: false, refuse: 'The connection that the payment came by was removed' },
    );
  },
  async perform(effect, runtime, signal) {
    const payload = payloadOf(effect);
    const port = await opened(effect, runtime, signal);
    // A try before this one may have come through, and its key may be forgotten by now.
    const known = effect.attempts > 1 ? await listed(port, payload) : undefined;
    const { refund_id: key, payment_ref: paymentRef, amount_cents: amountCents, currency } = payload;
    const made = known ?? (await port.refund({ key, paymentRef, amountCents, currency }));
    if (made.state === 'failed') throw new VendorRefused(made.problem ?? 'The payment service could not give it back');
    return receiptOf(made);
  },
  async find(effect, runtime) {
    const payload = payloadOf(effect);
    const port = await opened(effect, runtime, AbortSignal.timeout(60_000));
    const known = await listed(port, payload);
    if (known !== undefined) return known.state === 'failed' ? 'not_done' : receiptOf(known);
    const age = runtime.clock.now().getTime() - Date.parse(payload.asked_at);
    if (age < port.keyMs - SLACK_MS) return 'repeat';
    return { evidence: 'the payment service lists no refund of this payment with our mark, and no longer knows our key' };
  },
  async settled(tx, outcomes, runtime) {
    // Each is a person's own act; they are few.
    for (const { effect, outcome } of outcomes) await settleRefund(tx, runtime, effect, outcome);
  },
};

async function settleRefund(tx: Transaction, runtime: Runtime, effect: Effect, outcome: Outcome): Promise<void> {
  const { companyId } = effect;
  const { refund_id: id, payment_ref: ref, amount_cents: amountCents, currency } = payloadOf(effect);
  const at = runtime.clock.now();
  const money = `${plainAmount(amountCents, currency)} ${currency}`;
  if (outcome.state !== 'confirmed') {
    const state = outcome.state === 'refused' ? 'refused' : 'in_doubt';
    const [row] = await tx.query<Settling>(NOT_DONE, [companyId, id, state, outcome.reason.slice(0, 1_000), at]);
    if (row === undefined || state === 'in_doubt') return;
    const { number } = await storedInvoice(tx, companyId, row.invoiceId);
    const says = `${money} of ${number ?? 'an invoice'} was not given back: ${outcome.reason}`;
    return note(tx, runtime, { companyId, invoiceId: row.invoiceId, number, key: `refund-refused/${id}`, says });
  }
  const [row] = await tx.query<Settling>(DONE, [companyId, id, outcome.receipt.externalId, at]);
  if (row === undefined) return;
  const invoice = await storedInvoice(tx, companyId, row.invoiceId);
  const { timeZone } = await loadSettings(tx, companyId);
  const paymentId = await bookBack(tx, invoice, { amountCents, method: 'other', reference: `Online · ${outcome.receipt.externalId ?? ref}`, externalKey: `online/refund/${id}`, on: dayOf(at, timeZone), by: null, at }); // prettier-ignore
  await tx.query(BOOKED, [companyId, id, paymentId]);
  await runtime.engine.emit(tx, [
    { name: 'invoice.refunded', companyId, ...about(invoice), payload: { number: invoice.number, amount_cents: amountCents } },
  ]);
}

async function opened({ companyId, connectionId }: Effect, runtime: Runtime, signal: AbortSignal): Promise<PaymentsPort> {
  const row =
    connectionId === null ? undefined : await runtime.database.read(companyId, (tx) => connectionById(tx, companyId, connectionId));
  if (row === undefined) throw new VendorRefused('The connection that the payment came by was removed');
  return paymentsPort(runtime, row, signal);
}

async function listed(port: PaymentsPort, { refund_id: id, payment_ref: ref, currency }: RefundPayload): Promise<VendorRefund | undefined> {
  const all = (await port.refunds(ref, currency)).filter(({ key }) => key === id);
  return all.find(({ state }) => state !== 'failed') ?? all[0];
}

const receiptOf = ({ externalId, state }: VendorRefund): Receipt => ({ externalId, detail: { state } });

function payloadOf(effect: Effect): RefundPayload {
  return Payload.parse(effect.payload);
}
