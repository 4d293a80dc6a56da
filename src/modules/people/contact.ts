import type { Statement, Transaction } from '#core/database/database.ts';
import { cut, tidy } from './names.ts';
import { phoneParser } from './phone.ts';
import { timeZoneOfCountry } from './time-zone.ts';

export interface PhoneFields {
  /** E.164, null when the text could not be read as a number. */
  readonly phone: string | null;
  readonly phoneRaw: string | null;
  /** Of the number's country, where that has one. */
  readonly timeZone: string | null;
}

const NO_PHONE: PhoneFields = { phone: null, phoneRaw: null, timeZone: null };

const COUNTRY: Statement = {
  name: 'people.company.country',
  text: `select upper(settings ->> 'country') as country from companies where id = $1`,
};

/** ISO 3166 country of a company's settings; numbers without a prefix are read as numbers of it. */
export async function companyCountry(tx: Transaction, companyId: string): Promise<string | null> {
  const [row] = await tx.query<{ country: string | null }>(COUNTRY, [companyId]);
  return row?.country ?? null;
}

/** Reads many numbers: the parser is loaded once, the country asked once. */
export async function phoneReader(country: string | null): Promise<(text: string | null | undefined) => PhoneFields> {
  const parse = await phoneParser();
  return (text) => {
    const phoneRaw = cut(tidy(text ?? ''), 64);
    if (phoneRaw === '') return NO_PHONE;
    const found = parse(phoneRaw, country);
    if (found === null) return { phone: null, phoneRaw, timeZone: null };
    return { phone: found.number, phoneRaw, timeZone: found.country === null ? null : timeZoneOfCountry(found.country) };
  };
}

/** Reads one number. The company is only asked when the number has no international prefix. */
export async function readPhone(tx: Transaction, companyId: string, text: string | null | undefined): Promise<PhoneFields> {
  if (text === null || text === undefined || text.trim() === '') return NO_PHONE;
  const country = /^\s*(\+|00)/.test(text) ? null : await companyCountry(tx, companyId);
  return (await phoneReader(country))(text);
}
