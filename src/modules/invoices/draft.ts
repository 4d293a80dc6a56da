import { z } from 'zod';
import type { Statement, Transaction } from '#core/database/database.ts';
import { InvalidInput } from '#core/errors.ts';
import { newId } from '#core/ids.ts';
import { currencyCode, getClient } from '#modules/clients/public.ts';
import { DEPOSIT_DAYS, depositCents, depositOf } from './deposit.ts';
import { totalsOf, type Discount, type PricedLine, type Totals } from './money/totals.ts';
import { paperLanguage } from './paper-language.ts';
import { buyerOf } from './parties.ts';
import type { InvoiceSettings } from './settings/load.ts';
import { VAT } from './tax/rates.ts';
import { taxationOf, TREATMENTS, type Taxation, type TaxParty } from './tax/treatment.ts';
import type { INVOICE_KINDS } from './tables.ts';

export const MOST_LINES = 10_000;
const MOST_CENTS = 1_000_000_000_000;
const day = () => z.iso.date();

export const LineInput = z.object({
  description: z.string().trim().min(1).max(2_000),
  quantity: z.number().positive().max(10_000_000).multipleOf(0.0001).default(1),
  unit: z.string().trim().max(20).default('').describe('hour, piece, kg …'),
  unitPriceCents: z.int().min(-MOST_CENTS).max(MOST_CENTS),
  discountPercent: z.number().min(0).max(100).multipleOf(0.01).default(0),
  taxRate: z.number().min(0).max(100).multipleOf(0.001).nullish().describe('Percent; null: by the rules of the two countries'),
});
export type LineInput = z.output<typeof LineInput>;

/** What a person says of a draft; all else follows from client and settings. */
export const draftFields = {
  title: z.string().trim().max(200).default('').describe('What it is about, one line'),
  notes: z.string().max(5_000).default(''),
  reference: z.string().trim().max(100).nullish().describe("The client's own order number"),
  currency: currencyCode().nullish().describe('The client’s, else the company’s when left out'),
  paymentDays: z.int().min(0).max(365).nullish(),
  validUntil: day().nullish().describe('Of a quote: the last day on which it can be accepted; by the settings when left out'),
  periodStart: day().nullish().describe('When it was supplied: first day'),
  periodEnd: day().nullish().describe('Last day'),
  discountPercent: z.number().min(0).max(100).multipleOf(0.01).nullish().describe('Off the whole invoice'),
  discountCents: z.int().min(0).max(MOST_CENTS).nullish().describe('Or an amount off'),
  depositPercent: z.number().min(0).max(100).multipleOf(0.01).nullish().describe('Of the total, asked for first'),
  depositCents: z.int().min(0).max(MOST_CENTS).nullish().describe('Or so much'),
  depositDays: z
    .int()
    .min(0)
    .max(365)
    .nullish()
    .describe(`Days after the invoice is issued until the deposit is due; ${DEPOSIT_DAYS} when left out, and never later than the rest`),
  treatment: z.enum(TREATMENTS).nullish().describe('How it is taxed; by the rules of the two countries when left out'),
};
export type DraftInput = z.output<z.ZodObject<typeof draftFields>> & { readonly lines: readonly LineInput[] };

/** Lines with their tax, and what they add up to: what the page shows while one types, and what is stored. @throws InvalidInput */
export function priced(
  input: Pick<DraftInput, 'lines' | 'discountPercent' | 'discountCents' | 'treatment'>,
  settings: InvoiceSettings,
  buyer: TaxParty,
): { readonly lines: readonly PricedLine[]; readonly totals: Totals; readonly taxation: Taxation; readonly discount: Discount | null } {
  const taxation = taxationOf(settings.seller, buyer, settings.options, input.treatment ?? null);
  const lines = input.lines.map((line): PricedLine => {
    const rate = taxation.free && line.taxRate != null ? line.taxRate : taxation.rate;
    return {
      quantity: line.quantity,
      unitPriceCents: line.unitPriceCents,
      discountBps: Math.round(line.discountPercent * 100),
      taxCategory: rate > 0 ? 'S' : taxation.category === 'S' ? 'Z' : taxation.category,
      taxRate: Math.round(rate * 1000),
    };
  });
  const discount =
    input.discountCents != null ? { cents: input.discountCents } : input.discountPercent != null ? { percentBps: Math.round(input.discountPercent * 100) } : null; // prettier-ignore
  const totals = totalsOf(lines, discount);
  if (totals.totalCents < 0) throw refused('lines', 'add up to less than nothing; write a credit note instead');
  if (!Number.isSafeInteger(totals.totalCents) || totals.totalCents > MOST_CENTS * 10)
    throw refused('lines', 'add up to more than an invoice can hold');
  return { lines, totals, taxation, discount };
}

function refused(path: string, message: string): InvalidInput {
  return new InvalidInput(`${path} ${message}`, { fields: [{ path, message }] });
}

const INSERT: Statement = {
  name: 'invoices.insert',
  text: `insert into invoices (id, company_id, client_id, kind, origin_id, currency, period_start, period_end, payment_days, treatment, seller, buyer, title, notes, reference,
           language, discount, subtotal_cents, discount_cents, net_cents, tax_cents, total_cents, tax_groups, created_by, created_at, updated_at, valid_until, deposit, deposit_cents, deposit_days)
         values ($1, $2, $3, $4, $5, $6, $7::date, $8::date, $9, $10, $11::jsonb, $12::jsonb, $13, $14, $15, $16, $17::jsonb, $18, $19, $20, $21, $22, $23::jsonb, $24, $25, $25, $26::date, $27::jsonb, $28, $29)
         on conflict (id) do update set currency = excluded.currency, period_start = excluded.period_start, period_end = excluded.period_end, payment_days = excluded.payment_days,
           treatment = excluded.treatment, seller = excluded.seller, buyer = excluded.buyer, title = excluded.title, notes = excluded.notes, reference = excluded.reference,
           language = excluded.language, discount = excluded.discount, subtotal_cents = excluded.subtotal_cents, discount_cents = excluded.discount_cents,
           net_cents = excluded.net_cents, tax_cents = excluded.tax_cents, total_cents = excluded.total_cents, tax_groups = excluded.tax_groups, updated_at = excluded.updated_at,
           valid_until = excluded.valid_until, deposit = excluded.deposit, deposit_cents = excluded.deposit_cents, deposit_days = excluded.deposit_days`,
};
const CLEAR: Statement = { name: 'invoices.lines.clear', text: 'delete from invoice_lines where company_id = $1 and invoice_id = $2' };
const LINES: Statement = {
  name: 'invoices.lines.insert',
  text: `insert into invoice_lines (company_id, invoice_id, position, description, quantity, unit, unit_price_cents, discount_bps, tax_category, tax_rate, net_cents)
         select $1, $2, l.position, l.description, l.quantity, l.unit, l."unitPriceCents", l."discountBps", l."taxCategory", l."taxRate", l."netCents"
           from jsonb_to_recordset($3::jsonb) as l(position integer, description text, quantity numeric, unit text, "unitPriceCents" bigint, "discountBps" integer,
                "taxCategory" text, "taxRate" integer, "netCents" bigint)`,
};

/** Writes a draft, new or over the one with this id (which is locked). Answers its id. @throws InvalidInput, ClientNotFound */
export async function saveDraft(
  tx: Transaction,
  settings: InvoiceSettings,
  draft: DraftInput & {
    readonly companyId: string;
    readonly id?: string;
    readonly clientId: string;
    readonly kind: (typeof INVOICE_KINDS)[number];
    readonly originId?: string | null;
    readonly by: string | null;
    readonly at: Date;
  },
): Promise<string> {
  const client = await getClient(tx, draft.companyId, draft.clientId);
  const buyer = buyerOf(client);
  if (draft.periodStart != null && draft.periodEnd != null && draft.periodEnd < draft.periodStart)
    throw refused('period_end', 'is before period_start');
  if (buyer.country != null && VAT[buyer.country] === undefined && !/^[A-Z]{2}$/.test(buyer.country)) throw refused('client_id', 'has a country that is none'); // prettier-ignore
  if (draft.validUntil != null && draft.kind !== 'quote') throw refused('valid_until', 'goes for quotes only');
  const { lines, totals, taxation, discount } = priced(draft, settings, buyer);
  const deposit = depositOf(draft.depositPercent, draft.depositCents);
  const first = depositCents(deposit, totals.totalCents);
  const id = draft.id ?? newId();
  const { options } = settings;
  const language = await paperLanguage(tx, draft.companyId, client.id, options);
  await tx.query(INSERT, [
    id, draft.companyId, client.id, draft.kind, draft.originId ?? null, draft.currency ?? client.billing.currency ?? options.currency, draft.periodStart ?? null,
    draft.periodEnd ?? null, draft.paymentDays ?? client.billing.paymentDays ?? options.paymentDays, taxation.treatment, JSON.stringify(settings.seller),
    JSON.stringify(buyer), draft.title, draft.notes, draft.reference ?? client.billing.reference ?? null, language,
    discount === null ? null : JSON.stringify(discount), totals.subtotalCents, totals.discountCents, totals.netCents, totals.taxCents, totals.totalCents,
    JSON.stringify(totals.groups), draft.by, draft.at, draft.validUntil ?? null,
    first === null ? null : JSON.stringify(deposit), first, first === null ? null : (draft.depositDays ?? null),
  ]); // prettier-ignore
  if (draft.id !== undefined) await tx.query(CLEAR, [draft.companyId, id]);
  const stored = draft.lines.map(({ description, unit }, i) => ({
    position: i + 1,
    description,
    unit,
    ...lines[i],
    netCents: totals.lineCents[i],
  }));
  await tx.query(LINES, [draft.companyId, id, JSON.stringify(stored)]);
  return id;
}
