/**
 * Phone numbers as E.164 (+4930123456). The metadata (~100 kB) loads with the first number that is met.
 */
const load = () => import('libphonenumber-js/min');
let parser: ReturnType<typeof load> | undefined;

export interface PhoneNumber {
  /** E.164. */
  readonly number: string;
  /** ISO 3166 country, null where the prefix is shared by several. */
  readonly country: string | null;
}

/** Loads the parser; call it outside a loop, then use what it answers for each number. */
export async function phoneParser(): Promise<(text: string, country?: string | null) => PhoneNumber | null> {
  const { parsePhoneNumberFromString, isSupportedCountry } = await (parser ??= load());
  return (text, country) => {
    if (text.length > 64) return null;
    const international = text.trim().replace(/^00/, '+');
    const home = country !== null && country !== undefined && isSupportedCountry(country) ? country : undefined;
    const found = home === undefined ? parsePhoneNumberFromString(international) : parsePhoneNumberFromString(international, home);
    return found?.isPossible() === true ? { number: found.number, country: found.country ?? null } : null;
  };
}
