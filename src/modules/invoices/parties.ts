import { z } from 'zod';
import { countryCode, vatNumber, type Client } from '#modules/clients/public.ts';
import { emailAddress } from '#modules/people/public.ts';

const line = (most = 200) => z.string().trim().max(most).nullish();

/** ISO 13616: the check digits are checked. */
const iban = () =>
  z
    .string()
    .transform((text) => text.toUpperCase().replace(/\s/g, ''))
    .refine(isIban, 'is no IBAN: its check digits do not fit');

function isIban(text: string): boolean {
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/.test(text)) return false;
  let rest = 0;
  for (const letter of `${text.slice(4)}${text.slice(0, 4)}`) {
    const value = parseInt(letter, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}

/** Who writes the invoice, as it stands on it. */
export const Seller = z.object({
  name: line().describe('Legal name; the name of the company when there is none'),
  line1: line().describe('Street and number'),
  line2: line(),
  postcode: line(20),
  city: line(100),
  region: line(100).describe('State or province'),
  country: countryCode().nullish(),
  vatId: vatNumber().nullish().describe('VAT number, DE123456789'),
  taxNumber: line(50).describe('Tax number, where there is no VAT number'),
  registration: line(200).describe('Court and number of the commercial register, managing directors'),
  email: emailAddress().nullish(),
  phone: line(50),
  website: line(200),
  iban: iban().nullish(),
  bic: line(11),
  bankName: line(100),
});
export type Seller = z.output<typeof Seller>;

/** Who gets it, as it stands on it. */
export const Buyer = z.object({
  name: z.string(),
  contact: z.string().nullish().describe('The person, where the invoice names a firm'),
  line1: line(),
  line2: line(),
  postcode: line(20),
  city: line(100),
  region: line(100),
  country: z.string().nullish(),
  vatId: z.string().nullish(),
  email: z.string().nullish(),
});
export type Buyer = z.output<typeof Buyer>;

export function buyerOf(client: Client): Buyer {
  const { name, line1, line2, postcode, city, region, country, vatId, email } = client.billing;
  const firm = name ?? client.organisation?.name ?? null;
  const address = Object.fromEntries(
    Object.entries({ line1, line2, postcode, city, region, country, vatId }).filter(([, value]) => value != null),
  );
  const to = email ?? client.email;
  return {
    name: firm ?? (client.name === '' ? (client.email ?? '') : client.name),
    ...(firm === null || firm === client.name || client.name === '' ? {} : { contact: client.name }),
    ...address,
    ...(to === null ? {} : { email: to }),
  };
}
