import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { InvalidInput, NotFound } from '#core/errors.ts';
import { newId } from '#core/ids.ts';
import { operation } from '#core/operation/operation.ts';
import { ClientNotFound } from '#modules/clients/public.ts';
import { InvoiceNotFound, InvoiceStateRefused, lockInvoice, storedInvoice } from '../invoice.ts';
import { creditOf } from '../ledger/settle.ts';
import { readAmount, plainAmount } from '../money/currency.ts';
import { invoiceId, userOf } from '../operations/invoices.ts';
import { creditInvoice } from '../operations/money.ts';
import { CHECKOUT_STATES, REFUND_STATES } from '../tables.ts';
import { checkoutsOf, lockCheckout } from './checkout.ts';
import { creditLine } from './credit-line.ts';
import { payLink } from './link.ts';
import { obstacleTo, offersOf } from './offered.ts';
import { REFUND, type RefundPayload } from './refund.ts';

const Checkout = z.object({
  id: z.uuid(),
  state: z.enum(CHECKOUT_STATES),
  amountCents: z.int().describe('What was asked for'),
  paidCents: z.int(),
  refundableCents: z.int().describe('What can still be given back'),
  currency: z.string(),
  method: z.string().nullable().describe('Such as Visa •••• 4242'),
  payer: z.string().nullable().describe('As they wrote it'),
  paymentRef: z.string().nullable().describe('The payment’s name at the service'),
  problem: z.string().nullable(),
  expiresAt: z.date(),
  paidAt: z.date().nullable(),
  lookedAt: z.date().nullable().describe('When the service was last asked'),
  createdAt: z.date(),
});
const Refund = z.object({
  id: z.uuid(),
  checkoutId: z.uuid(),
  state: z.enum(REFUND_STATES).describe('in_doubt: a person decides under Approvals; failed: it came back to us'),
  amountCents: z.int(),
  currency: z.string(),
  reason: z.string(),
  problem: z.string().nullable(),
  createdAt: z.date(),
  settledAt: z.date().nullable(),
});
const Note = z.object({ id: z.uuid(), invoiceId: z.uuid(), says: z.string(), createdAt: z.date() });

const Online = z.object({
  link: z.string().nullable().describe('Where the client pays; null: not now, see why'),
  why: z.string().nullable().describe('Why it can’t be paid online'),
  checkouts: z.array(Checkout).describe('The newest first'),
  refunds: z.array(Refund),
  notes: z.array(Note).describe('What a person should look at'),
  creditCents: z.int().describe('What the client has in credit: so much can go back without a credit note'),
});

const REFUNDS: Statement = {
  name: 'refunds.of_invoice',
  text: `select id, checkout_id as "checkoutId", state, amount_cents::float8 as "amountCents", currency, reason, problem, created_at as "createdAt", settled_at as "settledAt"
           from invoice_refunds where company_id = $1 and invoice_id = $2 order by created_at, id`,
};
const NOTES: Statement = {
  name: 'payment_notes.of_invoice',
  text: `select id, invoice_id as "invoiceId", says, created_at as "createdAt" from invoice_payment_notes
          where company_id = $1 and settled_at is null and ($2::uuid is null or invoice_id = $2) order by created_at desc, id desc limit 200`,
};
const SETTLE_NOTE: Statement = {
  name: 'payment_notes.settled_by',
  text: `update invoice_payment_notes set settled_at = coalesce(settled_at, $3), settled_by = coalesce(settled_by, $4) where company_id = $1 and id = $2
         returning id, invoice_id as "invoiceId", says, created_at as "createdAt"`,
};
const HASTEN: Statement = {
  name: 'checkouts.hasten',
  text: `update invoice_checkouts set look_at = $3 where company_id = $1 and invoice_id = $2 and external_id is not null and state <> 'expired'`,
};
const INSERT: Statement = {
  name: 'refunds.insert',
  text: `insert into invoice_refunds (id, company_id, invoice_id, checkout_id, state, amount_cents, currency, reason, effect_id, created_by, created_at)
         values ($1, $2, $3, $4, 'waiting', $5, $6, $7, $8, $9, $10)`,
};

const standing = (state: string) => state === 'waiting' || state === 'in_doubt' || state === 'done';

/** There is nothing like it to look at. */
export class PaymentNoteNotFound extends NotFound {
  override readonly code = 'payment_note_not_found';
}

export const onlinePayments = operation({
  name: 'invoices.online',
  summary: 'How an invoice is paid online: the client’s link, who paid how, what was given back',
  http: 'GET /api/invoices/{invoice_id}/online',
  cli: 'business invoices online',
  access: 'read',
  input: z.object({ invoiceId: invoiceId() }),
  output: Online,
  errors: [InvoiceNotFound],
  async run(ctx, input) {
    const row = await storedInvoice(ctx, ctx.companyId, input.invoiceId);
    const offer = (await offersOf(ctx, ctx.runtime, [ctx.companyId])).get(ctx.companyId);
    const checkouts = await checkoutsOf(ctx, ctx.companyId, row.id);
    const refunds = await ctx.query<z.output<typeof Refund>>(REFUNDS, [ctx.companyId, row.id]);
    const notes = await ctx.query<z.output<typeof Note>>(NOTES, [ctx.companyId, row.id]);
    const why = obstacleTo(offer, row);
    const back = (id: string) => refunds.filter((one) => one.checkoutId === id && standing(one.state)).reduce((sum, one) => sum + one.amountCents, 0); // prettier-ignore
    return {
      link: why === null ? payLink(ctx.runtime, ctx.companyId, row.id) : null,
      why,
      checkouts: checkouts.map((one) => ({ ...one, refundableCents: Math.max(0, one.paidCents - back(one.id)) })),
      refunds,
      notes,
      creditCents: row.clientId === null ? 0 : await creditOf(ctx, ctx.companyId, row.clientId, row.currency),
    };
  },
});

export const lookAtPayments = operation({
  name: 'invoices.look_online',
  summary: 'Ask the payment service now what became of the payments of an invoice',
  http: 'POST /api/invoices/{invoice_id}/online/look',
  cli: 'business invoices look-online',
  access: 'write',
  status: 200,
  input: z.object({ invoiceId: invoiceId() }),
  output: z.object({ asked: z.boolean() }),
  errors: [InvoiceNotFound],
  async run(ctx, input) {
    const row = await storedInvoice(ctx, ctx.companyId, input.invoiceId);
    await ctx.query(HASTEN, [ctx.companyId, row.id, ctx.clock.now()]);
    return { asked: true };
  },
});

export const paymentNotes = operation({
  name: 'invoices.payment_notes',
  summary: 'What came in or went back online and needs a person’s look, newest first',
  http: 'GET /api/invoices/payment-notes',
  cli: 'business invoices payment-notes',
  access: 'read',
  input: z.object({}),
  output: z.object({ items: z.array(Note), nextCursor: z.null() }),
  run: async (ctx) => ({ items: await ctx.query<z.output<typeof Note>>(NOTES, [ctx.companyId, null]), nextCursor: null }),
});

export const settlePaymentNote = operation({
  name: 'invoices.settle_payment_note',
  summary: 'Say that what needed a look is dealt with',
  http: 'POST /api/invoices/payment-notes/{payment_note_id}/settle',
  cli: 'business invoices settle-note',
  access: 'write',
  status: 200,
  input: z.object({ paymentNoteId: z.uuid() }),
  output: Note,
  errors: [PaymentNoteNotFound],
  async run(ctx, input) {
    const [row] = await ctx.query<z.output<typeof Note>>(SETTLE_NOTE, [ctx.companyId, input.paymentNoteId, ctx.clock.now(), userOf(ctx)]);
    if (row === undefined) throw new PaymentNoteNotFound('There is no such note; list them with: steward business invoices payment-notes');
    return row;
  },
});

/** Back to where it came from, through the ledger. The books follow when the service has done it. */
export const refundPayment = operation({
  name: 'invoices.refund_payment',
  summary: 'Give back an online payment of an invoice, in whole or in part, with a credit note',
  http: 'POST /api/invoices/{invoice_id}/online/refund',
  cli: 'business invoices refund-payment',
  access: 'write',
  role: 'manager',
  status: 200,
  destructive: true,
  input: z.object({
    invoiceId: invoiceId(),
    checkoutId: z.uuid().optional().describe('Which payment; the newest that has something left when left out'),
    amount: z.string().trim().max(20).optional().describe('Such as 20.00; all that is left when left out'),
    creditNote: z
      .boolean()
      .optional()
      .describe('Write a credit note over it, else the client owes the money again; when left out: unless they have so much in credit'),
    reason: z.string().trim().max(200).default('').describe('For your own records'),
  }),
  output: Refund,
  errors: [InvoiceNotFound, InvoiceStateRefused, ClientNotFound],
  async run(ctx, input) {
    const row = await lockInvoice(ctx, ctx.companyId, input.invoiceId);
    const refunds = await ctx.query<z.output<typeof Refund>>(REFUNDS, [ctx.companyId, row.id]);
    const leftOf = ({ id, paidCents }: { readonly id: string; readonly paidCents: number }) =>
      paidCents - refunds.filter((one) => one.checkoutId === id && standing(one.state)).reduce((sum, one) => sum + one.amountCents, 0);
    const payments = (await checkoutsOf(ctx, ctx.companyId, row.id)).filter(
      ({ state, paymentId }) => state === 'paid' && paymentId !== null,
    );
    const found = payments.find((one) => (input.checkoutId === undefined ? leftOf(one) > 0 : one.id === input.checkoutId));
    const payment = found === undefined ? undefined : await lockCheckout(ctx, ctx.companyId, found.id);
    if (payment === undefined || payment.paymentRef === null)
      throw new InvoiceStateRefused('There is no online payment of this invoice that could be given back');
    if (payment.connectionId === null)
      throw new InvoiceStateRefused('The connection that it was paid by was removed. Give it back at the payment service itself');
    const left = leftOf(payment);
    const cents = input.amount === undefined ? left : readAmount(input.amount, row.currency);
    if (cents <= 0 || cents > left) {
      const message = `can be ${plainAmount(left, row.currency)} at most`;
      throw new InvalidInput(`amount ${message}`, { fields: [{ path: 'amount', message }] });
    }
    const at = ctx.clock.now();
    const credit = row.clientId === null ? 0 : await creditOf(ctx, ctx.companyId, row.clientId, row.currency);
    const pending = refunds
      .filter(({ state }) => state === 'waiting' || state === 'in_doubt')
      .reduce((sum, one) => sum + one.amountCents, 0);
    if (input.creditNote ?? credit - pending < cents) {
      const whole = cents === row.totalCents;
      const line = whole ? null : creditLine(row.taxGroups, cents);
      if (!whole && line === null) {
        const message = 'can’t be written for exactly this sum: the invoice has several taxes, or rounding is in the way';
        throw new InvalidInput(`A credit note ${message}. Write one by hand, then give back without`, { fields: [{ path: 'credit_note', message }] }); // prettier-ignore
      }
      await creditInvoice.run(ctx, { invoiceId: row.id, notes: input.reason, ...(line === null ? {} : { lines: [line] }) });
    }
    const id = newId();
    const payload: RefundPayload = { refund_id: id, payment_ref: payment.paymentRef, amount_cents: cents, currency: row.currency, asked_at: at.toISOString() }; // prettier-ignore
    const key = `refund/${id}`;
    const ids = await ctx.runtime.effects.reserve(ctx, [
      {
        companyId: ctx.companyId,
        kind: REFUND,
        key,
        subject: { type: 'invoice', id: row.id },
        connectionId: payment.connectionId,
        payload,
      },
    ]);
    await ctx.query(INSERT, [id, ctx.companyId, row.id, payment.id, cents, row.currency, input.reason, ids.get(key) ?? null, userOf(ctx), at]); // prettier-ignore
    return { id, checkoutId: payment.id, state: 'waiting' as const, amountCents: cents, currency: row.currency, reason: input.reason, problem: null, createdAt: at, settledAt: null }; // prettier-ignore
  },
});
