import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { dayOf } from '../days.ts';
import { numberOf, seriesOf } from '../numbers.ts';
import { Seller } from '../parties.ts';
import { loadSettings } from '../settings/load.ts';
import { InvoiceOptions } from '../settings/shape.ts';
import { VAT } from '../tax/rates.ts';

const Settings = z.object({
  seller: Seller,
  options: InvoiceOptions,
  next: z.object({ invoice: z.string(), quote: z.string(), creditNote: z.string() }).describe('The numbers that would be given now'),
  vat: z
    .array(z.object({ country: z.string(), standard: z.number(), reduced: z.array(z.number()) }))
    .describe('The table of rates, percent, that holds where own_rates says nothing'),
  updatedAt: z.date(),
});

const COUNTERS: Statement = {
  name: 'invoices.counters',
  text: 'select series, last::float8 as last from invoice_series where company_id = $1 and series = any ($2::text[])',
};

async function shown(ctx: Ctx): Promise<z.input<typeof Settings>> {
  const { given, options, timeZone, updatedAt } = await loadSettings(ctx, ctx.companyId);
  const on = dayOf(ctx.clock.now(), timeZone);
  const series = { invoice: seriesOf(options, 'invoice', on), quote: seriesOf(options, 'quote', on), creditNote: seriesOf(options, 'credit_note', on) }; // prettier-ignore
  const counters = await ctx.query<{ series: string; last: number }>(COUNTERS, [ctx.companyId, Object.values(series)]);
  const last = new Map(counters.map((row) => [row.series, row.last]));
  const next = (of: string) => numberOf(options, of, (last.get(of) ?? 0) + 1);
  return {
    seller: given,
    options,
    next: { invoice: next(series.invoice), quote: next(series.quote), creditNote: next(series.creditNote) },
    vat: Object.entries(VAT).map(([country, { standard, reduced }]) => ({ country, standard, reduced: [...reduced] })),
    updatedAt,
  };
}

export const getInvoiceSettings = operation({
  name: 'invoices.settings',
  summary: 'What stands on every invoice, how it is numbered and taxed',
  http: 'GET /api/invoices/settings',
  cli: 'business invoices settings',
  access: 'read',
  input: z.object({}),
  output: Settings,
  run: shown,
});

const SAVE: Statement = {
  name: 'invoices.settings_save',
  text: `insert into invoice_settings (company_id, seller, options, updated_at) values ($1, $2::jsonb, $3::jsonb, $4)
         on conflict (company_id) do update set seller = excluded.seller, options = excluded.options, updated_at = excluded.updated_at`,
};
export const updateInvoiceSettings = operation({
  name: 'invoices.update_settings',
  summary: 'Change what stands on invoices to come; what was issued stays',
  http: 'PUT /api/invoices/settings',
  cli: 'business invoices update-settings',
  access: 'write',
  role: 'manager',
  input: z.object({
    seller: Seller.optional().describe('What is not named stays; null clears a field'),
    options: InvoiceOptions.partial().optional(),
  }),
  output: Settings,
  async run(ctx, input) {
    const before = await loadSettings(ctx, ctx.companyId);
    ctx.expectVersion(before);
    const named = Object.fromEntries(Object.entries(input.options ?? {}).filter(([, value]) => value !== undefined));
    // The company's currency is not repeated: the one follows the other.
    const { currency: ownCurrency, ...options } = { ...before.options, ...named };
    const seller = Object.fromEntries(Object.entries({ ...before.given, ...input.seller }).filter(([, value]) => value != null));
    await ctx.query(SAVE, [
      ctx.companyId,
      JSON.stringify(seller),
      JSON.stringify(ownCurrency === before.currency ? options : { ...options, currency: ownCurrency }),
      ctx.clock.now(),
    ]);
    ctx.subject('invoice_settings', ctx.companyId);
    return shown(ctx);
  },
});
