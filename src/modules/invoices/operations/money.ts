import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { InvalidInput } from '#core/errors.ts';
import { newId } from '#core/ids.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { ClientNotFound, lockClient } from '#modules/clients/public.ts';
import { dayOf } from '../days.ts';
import { LineInput, saveDraft } from '../draft.ts';
import { balanceOf, getInvoice, Invoice, InvoiceNotFound, InvoiceStateRefused, isOpen, lineOf, linesOf, lockInvoice, storedInvoice, type StoredInvoice } from '../invoice.ts'; // prettier-ignore
import { about, issueDraft } from '../issue.ts';
import { post } from '../ledger/post.ts';
import { creditOf, endReminders, insertPayment, receive, settle } from '../ledger/settle.ts';
import { readAmount } from '../money/currency.ts';
import { loadSettings } from '../settings/load.ts';
import { PAYMENT_METHODS } from '../tables.ts';
import { invoiceId, userOf } from './invoices.ts';

const amount = () => z.string().trim().max(20).describe('Such as 199.00; all that is owed when left out');
const day = () => z.iso.date();

/** @throws InvoiceStateRefused */
async function lockIssued(ctx: Ctx, id: string): Promise<StoredInvoice> {
  const row = await lockInvoice(ctx, ctx.companyId, id);
  if (row.kind !== 'invoice') throw new InvoiceStateRefused('That goes for invoices only; this is a quote or a credit note');
  if (row.state === 'draft') throw new InvoiceStateRefused('This is a draft; issue it first');
  return row;
}

function positive(cents: number, path = 'amount'): number {
  if (cents > 0) return cents;
  throw new InvalidInput(`${path} must be more than nothing`, { fields: [{ path, message: 'must be more than nothing' }] });
}

const today = async (ctx: Ctx) => dayOf(ctx.clock.now(), (await loadSettings(ctx, ctx.companyId)).timeZone);

/** Money that came in. More than is owed becomes the client's credit; the same `external_key` twice is booked once. */
export const payInvoice = operation({
  name: 'invoices.pay',
  summary: 'Book a payment; what is more than owed becomes the client’s credit',
  http: 'POST /api/invoices/{invoice_id}/payments',
  cli: 'business invoices pay',
  access: 'write',
  status: 200,
  input: z.object({
    invoiceId: invoiceId(),
    amount: amount().optional(),
    method: z.enum(PAYMENT_METHODS).default('bank'),
    receivedOn: day().optional().describe('Day, YYYY-MM-DD; today when left out'),
    reference: z.string().trim().max(200).default(''),
    externalKey: z.string().trim().min(1).max(200).optional().describe('Makes it one: the line of a statement, the id of a charge'),
  }),
  output: Invoice,
  errors: [InvoiceNotFound, InvoiceStateRefused],
  async run(ctx, input) {
    const row = await lockIssued(ctx, input.invoiceId);
    if (input.amount === undefined && balanceOf(row) === 0) throw new InvoiceStateRefused(`${row.number ?? 'It'} is settled; name an amount if more came in`); // prettier-ignore
    const cents = positive(input.amount === undefined ? balanceOf(row) : readAmount(input.amount, row.currency));
    const at = ctx.clock.now();
    const { events } = await receive(
      ctx,
      ctx.runtime,
      row,
      {
        amountCents: cents,
        method: input.method,
        receivedOn: input.receivedOn ?? (await today(ctx)),
        reference: input.reference,
        externalKey: input.externalKey ?? null,
        by: userOf(ctx),
      },
      at,
    );
    events.forEach((event) => ctx.emit(event));
    return getInvoice(ctx, ctx.companyId, row.id, at);
  },
});

const Payment = z.object({
  id: z.uuid(),
  kind: z
    .enum(['payment', 'credit', 'refund', 'reversal'])
    .describe('credit: moved from what the client had in credit; reversal: takes a payment back'),
  reversed: z.boolean().describe('It was taken back: a reversal stands beside it'),
  disputed: z.boolean().describe('Of a refund: the payer’s bank took it, we did not give it'),
  amountCents: z.int(),
  appliedCents: z.int().describe('The rest is the client’s credit'),
  currency: z.string(),
  method: z.string(),
  receivedOn: z.string(),
  reference: z.string(),
  createdAt: z.date(),
});
const PAYMENTS: Statement = {
  name: 'invoices.payments',
  text: `select id, kind, exists (select from invoice_payments r where r.reverses = p.id and r.company_id = p.company_id) as reversed,
           exists (select from invoice_refunds d where d.payment_id = p.id and d.company_id = p.company_id and d.disputed) as disputed, amount_cents::float8 as "amountCents", applied_cents::float8 as "appliedCents", currency, method, received_on::text as "receivedOn", reference,
           created_at as "createdAt" from invoice_payments p where company_id = $1 and invoice_id = $2 order by created_at, id`,
};
const Entry = z.object({
  postingId: z.uuid(),
  kind: z.string(),
  account: z.string(),
  amountCents: z.int().describe('Debits are positive'),
  currency: z.string(),
  occurredOn: z.string(),
  createdAt: z.date(),
});
const ENTRIES: Statement = {
  name: 'invoices.entries',
  text: `select posting_id as "postingId", kind, account, amount_cents::float8 as "amountCents", currency, occurred_on::text as "occurredOn", created_at as "createdAt"
           from ledger_entries where company_id = $1 and invoice_id = $2 order by created_at, posting_id, amount_cents desc`,
};

export const invoicePaymentsOperation = operation({
  name: 'invoices.payments',
  summary: 'What was paid for an invoice, and what the books say of it',
  http: 'GET /api/invoices/{invoice_id}/payments',
  cli: 'business invoices payments',
  columns: ['received_on', 'kind', 'amount_cents', 'currency', 'method', 'reference', 'id'],
  access: 'read',
  input: z.object({ invoiceId: invoiceId() }),
  output: z.object({
    items: z.array(Payment),
    entries: z.array(Entry),
    creditCents: z.int().describe('What the client has in credit'),
    nextCursor: z.null(),
  }),
  errors: [InvoiceNotFound],
  async run(ctx, input) {
    const row = await storedInvoice(ctx, ctx.companyId, input.invoiceId);
    const [items, entries] = await Promise.all([
      ctx.query<z.output<typeof Payment>>(PAYMENTS, [ctx.companyId, row.id]),
      ctx.query<z.output<typeof Entry>>(ENTRIES, [ctx.companyId, row.id]),
    ]);
    const creditCents = row.clientId === null ? 0 : await creditOf(ctx, ctx.companyId, row.clientId, row.currency);
    return { items, entries, creditCents, nextCursor: null };
  },
});

/** @throws ClientNotFound, InvoiceStateRefused when there is not so much */
async function lockCredit(ctx: Ctx, row: StoredInvoice): Promise<number> {
  if (row.clientId === null) throw new InvoiceStateRefused('The client of this invoice was erased');
  // Two that spend the same credit at once: the second waits and sees what is left.
  await lockClient(ctx, ctx.companyId, row.clientId);
  return creditOf(ctx, ctx.companyId, row.clientId, row.currency);
}

export const applyCredit = operation({
  name: 'invoices.apply_credit',
  summary: 'Pay an invoice from what its client has in credit',
  http: 'POST /api/invoices/{invoice_id}/apply-credit',
  cli: 'business invoices apply-credit',
  access: 'write',
  status: 200,
  input: z.object({ invoiceId: invoiceId() }),
  output: Invoice,
  errors: [InvoiceNotFound, InvoiceStateRefused, ClientNotFound],
  async run(ctx, input) {
    const row = await lockIssued(ctx, input.invoiceId);
    const credit = await lockCredit(ctx, row);
    const cents = isOpen(row) ? Math.min(credit, balanceOf(row)) : 0;
    if (cents <= 0) throw new InvoiceStateRefused('There is no credit to use, or nothing is owed');
    const at = ctx.clock.now();
    const [on, id] = [await today(ctx), newId()];
    await insertPayment(ctx, row, { id, kind: 'credit', amountCents: cents, applied: cents, method: 'other', receivedOn: on, reference: '', externalKey: null, by: userOf(ctx), at }); // prettier-ignore
    await post(ctx, { companyId: ctx.companyId, kind: 'credit', currency: row.currency, invoiceId: row.id, paymentId: id, on, at, entries: { credit: cents, receivable: -cents } }); // prettier-ignore
    (await settle(ctx, ctx.runtime, row, { paid: cents }, at)).forEach((event) => ctx.emit(event));
    return getInvoice(ctx, ctx.companyId, row.id, at);
  },
});

export const refundCredit = operation({
  name: 'invoices.refund',
  summary: 'Note that money was given back, out of what the client of this invoice has in credit',
  http: 'POST /api/invoices/{invoice_id}/refund',
  cli: 'business invoices refund',
  access: 'write',
  role: 'manager',
  status: 200,
  input: z.object({
    invoiceId: invoiceId(),
    amount: amount().describe('Such as 20.00; all the credit when left out').optional(),
    method: z.enum(PAYMENT_METHODS).default('bank'),
    reference: z.string().trim().max(200).default(''),
  }),
  output: Invoice,
  errors: [InvoiceNotFound, InvoiceStateRefused, ClientNotFound],
  async run(ctx, input) {
    const row = await lockIssued(ctx, input.invoiceId);
    const credit = await lockCredit(ctx, row);
    const cents = input.amount === undefined ? credit : positive(readAmount(input.amount, row.currency));
    if (cents <= 0 || cents > credit) throw new InvoiceStateRefused('The client has not so much in credit; write a credit note first');
    const at = ctx.clock.now();
    const [on, id] = [await today(ctx), newId()];
    await insertPayment(ctx, row, { id, kind: 'refund', amountCents: cents, applied: cents, method: input.method, receivedOn: on, reference: input.reference, externalKey: null, by: userOf(ctx), at }); // prettier-ignore
    await post(ctx, { companyId: ctx.companyId, kind: 'refund', currency: row.currency, invoiceId: row.id, paymentId: id, on, at, entries: { credit: cents, cash: -cents } }); // prettier-ignore
    return getInvoice(ctx, ctx.companyId, row.id, at);
  },
});

const VOID: Statement = {
  name: 'invoices.void',
  text: `update invoices set state = 'void', updated_at = $3 where company_id = $1 and id = $2`,
};

export const voidInvoice = operation({
  name: 'invoices.void',
  summary: 'Void an invoice that nobody has paid; its number stays taken',
  http: 'POST /api/invoices/{invoice_id}/void',
  cli: 'business invoices void',
  access: 'write',
  role: 'manager',
  status: 200,
  destructive: true,
  input: z.object({ invoiceId: invoiceId() }),
  output: Invoice,
  errors: [InvoiceNotFound, InvoiceStateRefused],
  async run(ctx, input) {
    const row = await lockIssued(ctx, input.invoiceId);
    if (row.state !== 'issued' || row.paidCents + row.creditedCents > 0)
      throw new InvoiceStateRefused(`${row.number ?? 'It'} is ${row.state.replace('_', ' ')}; write a credit note for it`);
    const at = ctx.clock.now();
    await endReminders(ctx, ctx.runtime, row);
    await ctx.query(VOID, [ctx.companyId, row.id, at]);
    const entries = { receivable: -row.totalCents, revenue: row.netCents, tax: row.taxCents };
    await post(ctx, {
      companyId: ctx.companyId,
      kind: 'void',
      currency: row.currency,
      invoiceId: row.id,
      on: await today(ctx),
      at,
      entries,
    });
    ctx.emit({ name: 'invoice.voided', ...about(row), payload: { number: row.number } });
    return getInvoice(ctx, ctx.companyId, row.id, at);
  },
});

export const writeOffInvoice = operation({
  name: 'invoices.write_off',
  summary: 'Give up what is still owed on an invoice',
  http: 'POST /api/invoices/{invoice_id}/write-off',
  cli: 'business invoices write-off',
  access: 'write',
  role: 'manager',
  status: 200,
  input: z.object({ invoiceId: invoiceId() }),
  output: Invoice,
  errors: [InvoiceNotFound, InvoiceStateRefused],
  async run(ctx, input) {
    const row = await lockIssued(ctx, input.invoiceId);
    if (!isOpen(row)) throw new InvoiceStateRefused(`${row.number ?? 'It'} is ${row.state.replace('_', ' ')}: nothing is owed`);
    const [at, cents] = [ctx.clock.now(), balanceOf(row)];
    const entries = { write_off: cents, receivable: -cents };
    await post(ctx, {
      companyId: ctx.companyId,
      kind: 'write_off',
      currency: row.currency,
      invoiceId: row.id,
      on: await today(ctx),
      at,
      entries,
    });
    (await settle(ctx, ctx.runtime, row, { writtenOff: cents }, at)).forEach((event) => ctx.emit(event));
    return getInvoice(ctx, ctx.companyId, row.id, at);
  },
});

/** Takes an invoice back in whole or in part: first off what is owed, the rest is the client's credit. */
export const creditInvoice = operation({
  name: 'invoices.credit',
  summary: 'Write a credit note for an invoice: all of it, or the lines given',
  http: 'POST /api/invoices/{invoice_id}/credit',
  cli: 'business invoices credit',
  access: 'write',
  role: 'manager',
  status: 201,
  input: z.object({
    invoiceId: invoiceId(),
    lines: z.array(LineInput).min(1).max(1_000).optional().describe('What is taken back; everything when left out'),
    notes: z.string().max(5_000).default(''),
  }),
  output: Invoice,
  errors: [InvoiceNotFound, InvoiceStateRefused, ClientNotFound],
  async run(ctx, input) {
    const row = await lockIssued(ctx, input.invoiceId);
    if (row.state === 'void' || row.clientId === null)
      throw new InvoiceStateRefused(`${row.number ?? 'It'} was voided, or its client erased`);
    const at = ctx.clock.now();
    const settings = await loadSettings(ctx, ctx.companyId);
    const { discount } = row;
    const whole = input.lines === undefined;
    const id = await saveDraft(ctx, settings, {
      companyId: ctx.companyId,
      clientId: row.clientId,
      kind: 'credit_note',
      originId: row.id,
      lines: input.lines ?? (await linesOf(ctx, ctx.companyId, row.id)).map(lineOf),
      title: row.title,
      notes: input.notes,
      reference: row.reference,
      currency: row.currency,
      paymentDays: 0,
      treatment: row.treatment,
      discountPercent: whole && discount !== null && 'percentBps' in discount ? discount.percentBps / 100 : null,
      discountCents: whole && discount !== null && 'cents' in discount ? discount.cents : null,
      by: userOf(ctx),
      at,
    });
    const note = await lockInvoice(ctx, ctx.companyId, id);
    const [before] = await ctx.query<{ cents: number }>(CREDITED, [ctx.companyId, row.id]);
    if (note.totalCents <= 0 || note.totalCents + (before?.cents ?? 0) > row.totalCents)
      throw new InvoiceStateRefused('A credit note can take back no more than its invoice says');
    ctx.emit((await issueDraft(ctx, note, settings, at)).event);
    const applied = isOpen(row) ? Math.min(note.totalCents, balanceOf(row)) : 0;
    await post(ctx, {
      companyId: ctx.companyId,
      kind: 'credit_note',
      currency: row.currency,
      invoiceId: row.id,
      on: dayOf(at, settings.timeZone),
      at,
      entries: { revenue: note.netCents, tax: note.taxCents, receivable: -applied, credit: applied - note.totalCents },
    });
    if (applied > 0) (await settle(ctx, ctx.runtime, row, { credited: applied }, at)).forEach((event) => ctx.emit(event));
    return getInvoice(ctx, ctx.companyId, id, at);
  },
});
const CREDITED: Statement = {
  name: 'invoices.credited',
  text: `select coalesce(sum(total_cents), 0)::float8 as cents from invoices where company_id = $1 and origin_id = $2 and kind = 'credit_note' and state = 'issued'`,
};
