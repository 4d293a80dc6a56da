import { z } from 'zod';
import { currencyCode } from '#modules/clients/public.ts';

const prefix = () =>
  z
    .string()
    .trim()
    .max(20)
    .regex(/^[A-Za-z0-9 ./_-]*$/, 'takes letters, digits and . / _ -');
const rates = () => z.record(z.string().regex(/^[A-Z]{2}$/, 'is two letters'), z.number().min(0).max(100).multipleOf(0.001));

/** How a company invoices. Rates are percent. */
export const InvoiceOptions = z.object({
  currency: currencyCode(),
  paymentDays: z.int().min(0).max(365).describe('Days until an invoice is due'),
  invoicePrefix: prefix().describe('A number is prefix, year and a counter: INV-2026-0001'),
  quotePrefix: prefix(),
  creditPrefix: prefix(),
  language: z.enum(['en', 'de']).describe('Words of the PDF'),
  intro: z.string().max(2_000).describe('Above the lines of every invoice'),
  footer: z.string().max(2_000).describe('Under every invoice'),
  smallBusiness: z.boolean().describe('No VAT is shown (§ 19 UStG and its like)'),
  oss: z.boolean().describe('Consumers in other member states pay the rate of their own country'),
  usRates: rates().describe('Sales tax by state where you have to collect it: {"CA": 7.25}'),
  ownRates: rates().describe('Standard rate by country where yours differs from the table'),
  lateFeeCents: z.int().min(0).max(1_000_000).describe('Flat fee once an invoice is overdue'),
  lateRate: z.number().min(0).max(100).describe('Interest on what is overdue, percent a year'),
});
export type InvoiceOptions = z.output<typeof InvoiceOptions>;

/** Until somebody says otherwise. */
export const USUAL: InvoiceOptions = {
  currency: 'EUR',
  paymentDays: 14,
  invoicePrefix: 'INV-',
  quotePrefix: 'Q-',
  creditPrefix: 'CN-',
  language: 'en',
  intro: '',
  footer: '',
  smallBusiness: false,
  oss: false,
  usRates: {},
  ownRates: {},
  lateFeeCents: 0,
  lateRate: 0,
};

/** What an issued invoice keeps of the settings. `logo` is the SHA-256 of one of invoice_logos. */
export interface FrozenTexts {
  readonly intro?: string;
  readonly footer?: string;
  readonly logo?: string | null;
}
