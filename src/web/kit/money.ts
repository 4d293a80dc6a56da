/** Digits behind the point of currencies that do not have two: as the server knows them (src/core/money.ts), whatever this browser thinks. */
const DIGITS: Readonly<Record<number, string>> = {
  0: 'AFN ALL BIF CLP COP DJF GNF HUF IDR IQD IRR ISK JPY KMF KPW KRW LAK LBP MGA MMK PKR PYG RWF SLL SOS SYP UGX UYI VND VUV XAF XOF XPF YER',
  3: 'BHD JOD KWD LYD OMR TND',
  4: 'CLF UYW',
};
const digits = new Map(Object.entries(DIGITS).flatMap(([count, codes]) => codes.split(' ').map((code) => [code, Number(count)] as const)));
export const digitsOf = (currency: string): number => digits.get(currency) ?? 2;

const inUnits = (cents: number, currency: string): number => cents / 10 ** digitsOf(currency);

/** Cents (units of the currency's last digit) → `$1,204.50`, `¥1,204`; without digits behind the point where they are all zero. */
export function money(cents: number, currency: string): string {
  const places = cents % 10 ** digitsOf(currency) === 0 ? 0 : digitsOf(currency);
  return new Intl.NumberFormat('en', {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: places,
    maximumFractionDigits: places,
  }).format(inUnits(cents, currency));
}

/** As it stands on an invoice: every digit, and the currency in a way that no other one has. */
export function exactMoney(cents: number, currency: string): string {
  const places = digitsOf(currency);
  return new Intl.NumberFormat('en', { style: 'currency', currency, minimumFractionDigits: places, maximumFractionDigits: places }).format(
    inUnits(cents, currency),
  );
}

/** For an axis or a card: `$1.2M`; below a thousand without digits behind the point. */
export function shortMoney(cents: number, currency: string): string {
  return new Intl.NumberFormat('en', {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
    notation: 'compact',
    maximumFractionDigits: Math.abs(inUnits(cents, currency)) < 999.5 ? 0 : 1,
  }).format(inUnits(cents, currency));
}

/** With its sign, for a change. */
export function signedMoney(cents: number, currency: string): string {
  return `${cents > 0 ? '+' : cents < 0 ? '−' : ''}${money(Math.abs(cents), currency)}`;
}

/** To whole units: nobody forecasts cents. */
export function wholeMoney(cents: number, currency: string): string {
  const unit = 10 ** digitsOf(currency);
  return money(Math.round(cents / unit) * unit, currency);
}

/** For a field that is typed in: `1204.5` cents of EUR are `1204.50`. */
export function plainMoney(cents: number, currency: string): string {
  return inUnits(cents, currency).toFixed(cents % 10 ** digitsOf(currency) === 0 ? 0 : digitsOf(currency));
}

/**
 * `1,204.50`, `1 204,5` or `-12` as typed → cents; null: no amount, or one that could be read in two ways, or with more digits than the currency has.
 * A comma before three digits groups, unless the currency has three digits behind the point: then nobody knows.
 */
export function centsOf(text: string, currency: string): number | null {
  const places = digitsOf(currency);
  const bare = text
    .trim()
    .replaceAll(/[\s’']/g, '')
    .replace('−', '-');
  const point = bare.includes('.') ? bare : /^-?\d+,\d+$/.test(bare) && !/,\d{3}$/.test(bare) ? bare.replace(',', '.') : bare;
  if (point.includes(',') && !/^-?\d{1,3}(,\d{3})+(\.\d*)?$/.test(point)) return null;
  if (places === 3 && /^-?\d{1,3},\d{3}$/.test(point)) return null;
  const found = /^(-?)(\d{1,11})(?:\.(\d+))?$/.exec(point.replaceAll(',', ''));
  const [, sign = '', whole = '', fraction = ''] = found ?? [];
  if (found === null || fraction.length > places) return null;
  const cents = Number(whole + fraction.padEnd(places, '0'));
  return sign === '-' && cents > 0 ? -cents : cents;
}

/** What a field says that can't read what was typed. */
export const amountHint = (currency: string): string =>
  `An amount such as ${money(123_450 * 10 ** Math.max(0, digitsOf(currency) - 2), currency)}`;

/** 0.4321 → `43.2 %`; a dash where there was nothing to divide by. */
export const percent = (share: number | null): string => (share === null ? '–' : `${(share * 100).toFixed(1)} %`);

export const inDays = (days: number | null): string => (days === null ? '–' : `${days < 10 ? days.toFixed(1) : Math.round(days)} d`);
