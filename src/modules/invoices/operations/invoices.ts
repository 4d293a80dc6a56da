import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { InvalidInput } from '#core/errors.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { pageInput, pageOf } from '#core/operation/page.ts';
import { ClientNotFound, getClient } from '#modules/clients/public.ts';
import { ProductNotFound } from '#modules/deals/public.ts';
import { givenDeposit } from '../deposit.ts';
import { draftFields, LineInput, MOST_LINES, priced, saveDraft } from '../draft.ts';
import { getInvoice, Group, Invoice, InvoiceNotFound, InvoiceRow, INVOICE_STATUSES, InvoiceStateRefused, lineOf, linesOf, lockInvoice, storedInvoice } from '../invoice.ts'; // prettier-ignore
import { issueDraft } from '../issue.ts';
import { ageing, listInvoices } from '../list.ts';
import { plainAmount, readAmount } from '../money/currency.ts';
import { buyerOf } from '../parties.ts';
import { LineGiven, writtenOut } from '../products.ts';
import { loadSettings } from '../settings/load.ts';
import { TREATMENTS } from '../tax/treatment.ts';
import { INVOICE_KINDS } from '../tables.ts';

export const invoiceId = () => z.uuid().describe('Id of the invoice');
const clientId = () => z.uuid().describe('Id of the client');
const lines = () => z.array(LineGiven).min(1).max(MOST_LINES);
export const userOf = (ctx: Ctx) => ('userId' in ctx.principal ? ctx.principal.userId : null);

export const listInvoicesOperation = operation({
  name: 'invoices.list',
  summary: 'List invoices, quotes and credit notes, newest first, by state, kind, client, age or words',
  http: 'GET /api/invoices',
  cli: 'business invoices list',
  columns: ['number', 'kind', 'client_name', 'title', 'total', 'balance', 'currency', 'status', 'due_on', 'id'],
  access: 'read',
  input: z.object({
    ...pageInput,
    status: z
      .enum([...INVOICE_STATUSES, 'open'])
      .optional()
      .describe('open: issued and not yet settled, overdue ones too'),
    kind: z.enum(INVOICE_KINDS).optional(),
    clientId: clientId().optional(),
    originId: invoiceId().optional().describe('What came of a quote, or the credit notes and late fees of an invoice'),
    overdueFrom: z.coerce.number().int().min(0).max(36_500).optional().describe('Overdue for at least so many days'),
    overdueTo: z.coerce.number().int().min(0).max(36_500).optional().describe('Overdue for less than so many days'),
    q: z.string().trim().max(200).optional().describe('Words in number, name, title or reference'),
  }),
  output: pageOf(InvoiceRow),
  errors: [ClientNotFound, InvoiceNotFound],
  async run(ctx, input) {
    if (input.clientId !== undefined) await getClient(ctx, ctx.companyId, input.clientId);
    if (input.originId !== undefined) await storedInvoice(ctx, ctx.companyId, input.originId);
    return listInvoices(ctx, ctx.companyId, input, ctx.clock.now());
  },
});

export const getInvoiceOperation = operation({
  name: 'invoices.get',
  summary: 'Read one invoice with its lines',
  http: 'GET /api/invoices/{invoice_id}',
  cli: 'business invoices get',
  access: 'read',
  input: z.object({ invoiceId: invoiceId() }),
  output: Invoice,
  errors: [InvoiceNotFound],
  run: (ctx, input) => getInvoice(ctx, ctx.companyId, input.invoiceId, ctx.clock.now()),
});

export const createInvoice = operation({
  name: 'invoices.create',
  summary: 'Write a draft invoice or quote: by lines, or by one amount; a number comes when it is issued',
  http: 'POST /api/invoices',
  cli: 'business invoices create',
  access: 'write',
  bodyLimit: 8 * 1024 * 1024,
  input: z.object({
    clientId: clientId(),
    kind: z.enum(['invoice', 'quote']).default('invoice'),
    amount: z.string().max(20).optional().describe('One line of this net amount, such as 199.00, instead of lines'),
    description: z.string().trim().min(1).max(2_000).default('Services').describe('Of that one line'),
    lines: lines().optional(),
    ...draftFields,
    issue: z.boolean().default(false).describe('Give it its number at once'),
  }),
  output: Invoice,
  errors: [ClientNotFound, ProductNotFound],
  async run(ctx, input) {
    const settings = await loadSettings(ctx, ctx.companyId);
    const client = await getClient(ctx, ctx.companyId, input.clientId);
    const currency = input.currency ?? client.billing.currency ?? settings.options.currency;
    if ((input.amount === undefined) === (input.lines === undefined))
      throw new InvalidInput('Give either amount, such as 199.00, or lines', {
        fields: [{ path: 'amount', message: 'or lines, one of the two' }],
      });
    const rows =
      input.lines !== undefined ? await writtenOut(ctx, ctx.companyId, input.lines, currency) : [{ description: input.description, quantity: 1, unit: '', unitPriceCents: readAmount(input.amount ?? '', currency), discountPercent: 0 }]; // prettier-ignore
    const at = ctx.clock.now();
    const id = await saveDraft(ctx, settings, { ...input, lines: rows, companyId: ctx.companyId, by: userOf(ctx), at });
    if (input.issue) ctx.emit((await issueDraft(ctx, await lockInvoice(ctx, ctx.companyId, id), settings, at)).event);
    return getInvoice(ctx, ctx.companyId, id, at);
  },
});

export const updateInvoice = operation({
  name: 'invoices.update',
  summary: 'Change a draft: the fields it names; lines are replaced as a whole',
  http: 'PUT /api/invoices/{invoice_id}',
  cli: 'business invoices update',
  access: 'write',
  bodyLimit: 8 * 1024 * 1024,
  input: z.object({
    invoiceId: invoiceId(),
    clientId: clientId().optional(),
    lines: lines().optional(),
    ...z.object(draftFields).partial().shape,
    title: z.string().trim().max(200).optional(),
    notes: z.string().max(5_000).optional(),
  }),
  output: Invoice,
  errors: [InvoiceNotFound, InvoiceStateRefused, ClientNotFound, ProductNotFound],
  async run(ctx, input) {
    const row = await lockInvoice(ctx, ctx.companyId, input.invoiceId);
    ctx.expectVersion(row);
    if (row.state !== 'draft')
      throw new InvoiceStateRefused(`${row.number ?? 'It'} was issued and stays as it is; write a credit note for it`);
    const of = <Value>(given: Value | undefined, known: Value) => (given === undefined ? known : given);
    const { discount, deposit } = row;
    const written = input.lines === undefined ? null : await writtenOut(ctx, ctx.companyId, input.lines, input.currency ?? row.currency);
    const stored = written === null ? (await linesOf(ctx, ctx.companyId, row.id)).map(lineOf) : null;
    const given = input.discountCents !== undefined || input.discountPercent !== undefined;
    const target = of(input.clientId, row.clientId ?? undefined);
    if (target === undefined) throw new InvoiceStateRefused('The client of this draft is gone; delete it');
    await saveDraft(ctx, await loadSettings(ctx, ctx.companyId), {
      companyId: ctx.companyId,
      id: row.id,
      clientId: target,
      kind: row.kind,
      lines: written ?? stored ?? [],
      title: of(input.title, row.title),
      notes: of(input.notes, row.notes),
      reference: of(input.reference, row.reference),
      currency: of(input.currency, row.currency),
      paymentDays: of(input.paymentDays, row.paymentDays),
      validUntil: of(input.validUntil, row.validUntil),
      periodStart: of(input.periodStart, row.periodStart),
      periodEnd: of(input.periodEnd, row.periodEnd),
      treatment: input.treatment,
      discountPercent: given ? input.discountPercent : discount !== null && 'percentBps' in discount ? discount.percentBps / 100 : null,
      discountCents: given ? input.discountCents : discount !== null && 'cents' in discount ? discount.cents : null,
      ...(input.depositCents !== undefined || input.depositPercent !== undefined
        ? { depositCents: input.depositCents, depositPercent: input.depositPercent }
        : givenDeposit(deposit)),
      depositDays: of(input.depositDays, row.depositDays),
      by: userOf(ctx),
      at: ctx.clock.now(),
    });
    return getInvoice(ctx, ctx.companyId, row.id, ctx.clock.now());
  },
});

const DELETE: Statement = { name: 'invoices.delete', text: 'delete from invoices where company_id = $1 and id = $2' };

export const deleteInvoice = operation({
  name: 'invoices.delete',
  summary: 'Delete a draft; what was issued can be voided or credited, not deleted',
  http: 'DELETE /api/invoices/{invoice_id}',
  cli: 'business invoices delete',
  access: 'write',
  destructive: true,
  input: z.object({ invoiceId: invoiceId() }),
  output: z.null(),
  errors: [InvoiceNotFound, InvoiceStateRefused],
  async run(ctx, input) {
    const row = await lockInvoice(ctx, ctx.companyId, input.invoiceId);
    ctx.expectVersion(row);
    if (row.state !== 'draft') throw new InvoiceStateRefused(`${row.number ?? 'It'} was issued: void it or write a credit note for it`);
    await ctx.query(DELETE, [ctx.companyId, row.id]);
    ctx.subject('invoices', row.id);
    return null;
  },
});

/** The very function that stores an invoice works out what the page shows while one types. */
export const calculateInvoice = operation({
  name: 'invoices.calculate',
  summary: 'What lines add up to: tax by rate, discount and total, without storing anything',
  http: 'POST /api/invoices/calculate',
  access: 'read',
  status: 200,
  bodyLimit: 8 * 1024 * 1024,
  input: z.object({
    clientId: clientId(),
    lines: z.array(LineInput.extend({ description: z.string().max(2_000).default('') })).max(MOST_LINES),
    currency: draftFields.currency,
    discountPercent: draftFields.discountPercent,
    discountCents: draftFields.discountCents,
    treatment: draftFields.treatment,
  }),
  output: z.object({
    currency: z.string(),
    treatment: z.enum(TREATMENTS),
    taxRate: z.number().describe('Percent, of lines without a rate of their own'),
    lineCents: z.array(z.int()),
    subtotalCents: z.int(),
    discountCents: z.int(),
    netCents: z.int(),
    taxCents: z.int(),
    totalCents: z.int(),
    total: z.string(),
    taxGroups: z.array(Group),
  }),
  errors: [ClientNotFound],
  async run(ctx, input) {
    const settings = await loadSettings(ctx, ctx.companyId);
    const client = await getClient(ctx, ctx.companyId, input.clientId);
    const currency = input.currency ?? client.billing.currency ?? settings.options.currency;
    const { totals, taxation } = priced(input, settings, buyerOf(client));
    return {
      ...totals,
      currency,
      treatment: taxation.treatment,
      taxRate: taxation.rate,
      lineCents: [...totals.lineCents],
      total: plainAmount(totals.totalCents, currency),
      taxGroups: totals.groups.map(({ category, rate, netCents, taxCents }) => ({ category, rate: rate / 1000, netCents, taxCents })),
    };
  },
});

export const issueInvoice = operation({
  name: 'invoices.issue',
  summary: 'Give a draft its number: from then on it stays as it is',
  http: 'POST /api/invoices/{invoice_id}/issue',
  cli: 'business invoices issue',
  access: 'write',
  status: 200,
  input: z.object({ invoiceId: invoiceId() }),
  output: Invoice,
  errors: [InvoiceNotFound, InvoiceStateRefused],
  async run(ctx, input) {
    const row = await lockInvoice(ctx, ctx.companyId, input.invoiceId);
    ctx.expectVersion(row);
    const at = ctx.clock.now();
    const { event } = await issueDraft(ctx, row, await loadSettings(ctx, ctx.companyId), at);
    ctx.emit(event);
    return getInvoice(ctx, ctx.companyId, row.id, at);
  },
});

const Bucket = z.object({
  currency: z.string(),
  bucket: z.enum(['not_due', '1_30', '31_60', '61_90', 'over_90']).describe('Days overdue'),
  count: z.int(),
  cents: z.int(),
});

export const invoiceAgeing = operation({
  name: 'invoices.ageing',
  summary: 'What is owed, by currency and by how long it has been overdue',
  http: 'GET /api/invoices/ageing',
  cli: 'business invoices ageing',
  access: 'read',
  input: z.object({}),
  output: z.object({ items: z.array(Bucket), nextCursor: z.null() }),
  run: async (ctx) => ({ items: await ageing(ctx, ctx.companyId, ctx.clock.now()), nextCursor: null }),
});
