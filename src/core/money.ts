/**
 * Digits behind the point of currencies that do not have two. ISO 4217, but no digits where people write none (HUF, IDR, COP, …: CLDR 48). Written down, not
 * asked of Intl: tables of browsers and of later runtimes differ, and what is stored must mean the same for ever. The pages know the same lists
 * (src/web/kit/money.ts) and the database (migrations/0640_minor_units.sql); a test compares them.
 */
const DIGITS: Readonly<Record<number, string>> = {
  0: 'AFN ALL BIF CLP COP DJF GNF HUF IDR IQD IRR ISK JPY KMF KPW KRW LAK LBP MGA MMK PKR PYG RWF SLL SOS SYP UGX UYI VND VUV XAF XOF XPF YER',
  3: 'BHD JOD KWD LYD OMR TND',
  4: 'CLF UYW',
};
const digits = new Map(Object.entries(DIGITS).flatMap(([count, codes]) => codes.split(' ').map((code) => [code, Number(count)] as const)));

/** "Cents" are units of the last of these digits: EUR 2, JPY 0, KWD 3. */
export function minorDigits(currency: string): number {
  return digits.get(currency) ?? 2;
}

/** `1234.505` → 123451 cents of EUR, 1235 of JPY: exact, half a cent goes away from nothing. Null: no plain number. */
export function centsOf(text: string, currency: string): number | null {
  const found = /^(-?)(\d{1,13})(?:\.(\d+))?$/.exec(text.trim());
  if (found === null) return null;
  const [, sign = '', whole = '', fraction = ''] = found;
  const places = minorDigits(currency);
  const cents = Number(BigInt(whole + fraction.slice(0, places).padEnd(places, '0')) + (Number(fraction[places] ?? 0) >= 5 ? 1n : 0n));
  return sign === '-' && cents > 0 ? -cents : cents;
}

/** The same amount in units of another currency's last digit: 10.00 of EUR is 10 of JPY. Not its worth: see `Money` of deals. */
export function recounted(cents: number, from: string, to: string): number {
  return Math.round(cents * 10 ** (minorDigits(to) - minorDigits(from)));
}
