import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { Conflict } from '#core/errors.ts';
import { operation } from '#core/operation/operation.ts';
import { ClientNotFound } from '#modules/clients/public.ts';
import { addDays, dayOf, startOfDay } from '../days.ts';
import { getInvoice, Invoice, InvoiceNotFound, InvoiceStateRefused, lockInvoice, storedInvoice } from '../invoice.ts';
import { invoiceId, userOf } from '../operations/invoices.ts';
import { loadSettings } from '../settings/load.ts';
import { QUOTE_ANSWERS } from '../tables.ts';
import { answerQuote } from './answer.ts';
import { answerLink } from './link.ts';

export const noteAnswer = operation({
  name: 'invoices.answer',
  summary: 'Note what the client said to a quote; an accepted one becomes an invoice, a draft unless the settings say otherwise',
  http: 'POST /api/invoices/{invoice_id}/answer',
  cli: 'business invoices answer',
  access: 'write',
  status: 200,
  input: z.object({
    invoiceId: invoiceId(),
    answer: z.enum(QUOTE_ANSWERS),
    reason: z.string().trim().max(1_000).default('').describe('Why, where they said so'),
  }),
  output: Invoice,
  errors: [InvoiceNotFound, InvoiceStateRefused, Conflict, ClientNotFound],
  async run(ctx, input) {
    const quote = await lockInvoice(ctx, ctx.companyId, input.invoiceId);
    const at = ctx.clock.now();
    const given = { answer: input.answer, name: null, reason: input.reason, ip: null, userAgent: null, by: userOf(ctx) };
    const made = await answerQuote(ctx, ctx.runtime, quote, given, at);
    ctx.subject('invoices', quote.id);
    ctx.afterCommit(() => ctx.runtime.engine.nudge());
    return getInvoice(ctx, ctx.companyId, made ?? quote.id, at);
  },
});

const QuoteAnswer = z.object({
  answer: z.enum(QUOTE_ANSWERS),
  name: z.string().nullable().describe('As typed by the client; null: one of us noted it'),
  reason: z.string(),
  sha256: z.string().describe('Of what stood on the quote'),
  totalCents: z.int(),
  currency: z.string(),
  ip: z.string().nullable().describe('Address of the connection it came by'),
  userAgent: z.string().nullable(),
  notedBy: z.uuid().nullable().describe('Id of the user who noted it'),
  answeredAt: z.date(),
});
const ANSWERED: Statement = {
  name: 'quotes.answered',
  text: `select answer, name, reason, sha256, total_cents::float8 as "totalCents", currency, ip, user_agent as "userAgent", noted_by as "notedBy", answered_at as "answeredAt"
           from quote_answers where company_id = $1 and invoice_id = $2`,
};

export const quoteAnswer = operation({
  name: 'invoices.quote_answer',
  summary: 'What was said to a quote: by which name, when and whence; and the page where its client answers',
  http: 'GET /api/invoices/{invoice_id}/answer',
  cli: 'business invoices quote-answer',
  access: 'read',
  input: z.object({ invoiceId: invoiceId() }),
  output: z.object({
    answer: QuoteAnswer.nullable(),
    link: z.string().nullable().describe('Where the client looks at it and answers, without an account; null: there is nothing to answer'),
  }),
  errors: [InvoiceNotFound],
  async run(ctx, { invoiceId: id }) {
    const row = await storedInvoice(ctx, ctx.companyId, id);
    const [answer] = await ctx.query<z.output<typeof QuoteAnswer>>(ANSWERED, [ctx.companyId, id]);
    return { answer: answer ?? null, link: await answerLink(ctx, ctx.runtime, row) };
  },
});

const EXTEND: Statement = {
  name: 'quotes.extend',
  text: 'update invoices set valid_until = $3::date, lapses_at = $4, lapse_told_at = null, updated_at = $5 where company_id = $1 and id = $2',
};

export const extendQuote = operation({
  name: 'invoices.extend',
  summary: 'Give an unanswered quote another last day',
  http: 'POST /api/invoices/{invoice_id}/extend',
  cli: 'business invoices extend',
  access: 'write',
  status: 200,
  input: z.object({ invoiceId: invoiceId(), validUntil: z.iso.date().describe('The last day on which it can be accepted') }),
  output: Invoice,
  errors: [InvoiceNotFound, InvoiceStateRefused],
  async run(ctx, { invoiceId: id, validUntil }) {
    const row = await lockInvoice(ctx, ctx.companyId, id);
    ctx.expectVersion(row);
    if (row.kind !== 'quote' || row.state !== 'issued') throw new InvoiceStateRefused('Only a quote that was issued and not answered yet has a last day to move');
    const at = ctx.clock.now();
    const { timeZone } = await loadSettings(ctx, ctx.companyId);
    if (validUntil < dayOf(at, timeZone)) throw new InvoiceStateRefused(`${validUntil} is over already; choose a day to come`);
    await ctx.query(EXTEND, [ctx.companyId, id, validUntil, startOfDay(addDays(validUntil, 1), timeZone), at]);
    ctx.subject('invoices', id);
    return getInvoice(ctx, ctx.companyId, id, at);
  },
}); // prettier-ignore
