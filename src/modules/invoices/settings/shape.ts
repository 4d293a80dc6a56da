import { z } from 'zod';
import type { Spoken } from '#core/language.ts';
import { currencyCode } from '#modules/clients/public.ts';

const prefix = () =>
  z
    .string()
    .trim()
    .max(20)
    .regex(/^[A-Za-z0-9 ./_-]*$/, 'takes letters, digits and . / _ -');
const rates = () => z.record(z.string().regex(/^[A-Z]{2}$/, 'is two letters'), z.number().min(0).max(100).multipleOf(0.001));

export const PAPER_LANGUAGES = ['en', 'de', 'fr', 'es'] as const satisfies readonly Spoken[];
export const NUMBERINGS = ['year', 'month', 'never'] as const;
export const LATE_PERIODS = ['once', 'month'] as const;
export const LATE_MODES = ['draft', 'issue', 'send'] as const;
export const QUOTE_BECOMES = ['draft', 'issue', 'send'] as const;

/** How a company invoices. Rates are percent. */
export const InvoiceOptions = z.object({
  currency: currencyCode().describe('The company’s, unless another one was said here'),
  paymentDays: z.int().min(0).max(365).describe('Days until an invoice is due'),
  quoteDays: z.int().min(0).max(365).describe('Days that a quote holds when it names no last day itself; 0: until it is answered'),
  quoteBecomes: z
    .enum(QUOTE_BECOMES)
    .describe('What an accepted quote becomes. draft: a person issues the invoice; issue: it gets its number at once; send: and is mailed'),
  invoicePrefix: prefix().describe('A number is prefix, year (see numbering) and a counter: INV-2026-0001'),
  quotePrefix: prefix(),
  creditPrefix: prefix(),
  numbering: z
    .enum(NUMBERINGS)
    .describe('The counter begins anew each year, each month, or never: INV-2026-0001, INV-2026-06-0001, INV-0001'),
  numberDigits: z.int().min(1).max(10).describe('Digits of the counter, filled up with zeros'),
  language: z.enum(PAPER_LANGUAGES).describe('Of PDFs for clients whose own language is unknown; until it is said, the company’s'),
  intro: z.string().max(2_000).describe('Above the lines of every invoice'),
  footer: z.string().max(2_000).describe('Under every invoice'),
  smallBusiness: z.boolean().describe('No VAT is shown (§ 19 UStG and its like)'),
  oss: z.boolean().describe('Consumers in other member states pay the rate of their own country'),
  usRates: rates().describe('Sales tax by state where you have to collect it: {"CA": 7.25}'),
  ownRates: rates().describe('Standard rate by country where yours differs from the table'),
  lateFeeCents: z.int().min(0).max(1_000_000).describe('Flat fee for each period that an invoice is overdue; 0: none'),
  lateRate: z.number().min(0).max(100).multipleOf(0.001).describe('Percent of what is still owed, for each period; 0: none'),
  lateEvery: z.enum(LATE_PERIODS).describe('once: a single period; month: another one each month'),
  lateGraceDays: z.int().min(0).max(365).describe('Days after the last day before the first fee'),
  lateCapPercent: z
    .number()
    .min(0)
    .max(100)
    .multipleOf(0.01)
    .nullable()
    .describe('All fees of an invoice together, percent of its total; null: no cap'),
  receipts: z.boolean().describe('A receipt by mail for each payment that is booked'),
  bankBooks: z
    .enum(['exact', 'never'])
    .describe('exact: money that names the number of an invoice and is what is owed is booked at once; never: a person looks first'),
  lateMode: z.enum(LATE_MODES).describe('draft: a person issues the fee; issue: it gets its number at once; send: and is mailed'),
});
export type InvoiceOptions = z.output<typeof InvoiceOptions>;

/** Until somebody says otherwise. */
export const USUAL: Omit<InvoiceOptions, 'currency' | 'language'> = {
  paymentDays: 14,
  quoteDays: 30,
  quoteBecomes: 'draft',
  invoicePrefix: 'INV-',
  quotePrefix: 'Q-',
  creditPrefix: 'CN-',
  numbering: 'year',
  numberDigits: 4,
  intro: '',
  footer: '',
  smallBusiness: false,
  oss: false,
  usRates: {},
  ownRates: {},
  lateFeeCents: 0,
  lateRate: 0,
  lateEvery: 'once',
  lateGraceDays: 7,
  lateCapPercent: null,
  lateMode: 'draft',
  receipts: false,
  bankBooks: 'exact',
};

/** What an issued invoice keeps of the settings. `logo` is the SHA-256 of one of company_pictures. */
export interface FrozenTexts {
  readonly intro?: string;
  readonly footer?: string;
  readonly logo?: string | null;
}
