import { z } from 'zod';
import { emailAddress } from '#modules/people/public.ts';

const line = (most: number) => z.string().trim().max(most);

/** ISO 3166, two letters, upper case: `DE`. */
export const countryCode = () =>
  z
    .string()
    .trim()
    .transform((text) => text.toUpperCase())
    .pipe(z.string().regex(/^[A-Z]{2}$/, 'is a country of two letters, such as DE'));
/** ISO 4217, upper case: `EUR`. */
export const currencyCode = () =>
  z
    .string()
    .trim()
    .transform((text) => text.toUpperCase())
    .pipe(z.string().regex(/^[A-Z]{3}$/, 'is a currency of three letters, such as EUR'));
/** As on an invoice: country and number without blanks, `DE123456789`. */
export const vatNumber = () =>
  z
    .string()
    .transform((text) => text.toUpperCase().replace(/[\s.-]/g, ''))
    .pipe(z.string().regex(/^[A-Z]{2}[A-Z0-9+*]{2,13}$/, 'begins with two letters of the country, such as DE123456789'));

/** What stands on a client's invoices, where it differs from the person and the company's own settings. */
export const Billing = z.object({
  name: line(200).nullish().describe('Whom the invoice names; the organisation or the person when there is none'),
  line1: line(200).nullish().describe('Street and number'),
  line2: line(200).nullish(),
  postcode: line(20).nullish(),
  city: line(100).nullish(),
  region: line(100).nullish().describe('State or province; of the United States two letters, which sales tax goes by'),
  country: countryCode().nullish().describe('Two letters: DE'),
  vatId: vatNumber().nullish().describe('VAT number; with one, an invoice to another country of the EU is reverse charge'),
  email: emailAddress().nullish().describe('Where invoices go, when not to the person'),
  reference: line(100).nullish().describe('What the client wants to read on each invoice: an order number, a Leitweg-ID'),
  currency: currencyCode().nullish(),
  paymentDays: z.int().min(0).max(365).nullish().describe('Days until an invoice is due'),
});
export type Billing = z.output<typeof Billing>;
