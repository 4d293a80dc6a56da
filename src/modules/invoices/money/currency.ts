import { InvalidInput } from '#core/errors.ts';
import { minorDigits } from '#core/money.ts';

/** `1234.5` → 123450 cents. @throws InvalidInput */
export function readAmount(text: string, currency: string, path = 'amount'): number {
  const places = minorDigits(currency);
  const match = /^(-?)(\d{1,12})(?:\.(\d+))?$/.exec(text.trim());
  const fraction = match?.[3] ?? '';
  if (match === null || fraction.length > places)
    throw new InvalidInput(`${path} is not an amount of ${currency}; write it like ${(199).toFixed(places)}`, {
      fields: [{ path, message: `is not an amount; write it like ${(199).toFixed(places)}` }],
    });
  const cents = Number(`${match[2]}${fraction.padEnd(places, '0')}`);
  return match[1] === '-' ? -cents : cents;
}

/** 123450 → `1234.50`: as programs read it. */
export function plainAmount(cents: number, currency: string): string {
  const places = minorDigits(currency);
  const text = String(Math.abs(cents)).padStart(places + 1, '0');
  const sign = cents < 0 ? '-' : '';
  return places === 0 ? `${sign}${text}` : `${sign}${text.slice(0, -places)}.${text.slice(-places)}`;
}

const formats = new Map<string, Intl.NumberFormat>();

/** 123450 → `1,234.50`, `1.234,50`: as people of that language read it, without the currency. */
export function localAmount(cents: number, currency: string, language: string): string {
  const places = minorDigits(currency);
  const key = `${language} ${places}`;
  let format = formats.get(key);
  if (format === undefined) {
    format = new Intl.NumberFormat(language, { minimumFractionDigits: places, maximumFractionDigits: places });
    formats.set(key, format);
  }
  // ECMA-402 takes decimal texts exactly; TypeScript's own types name the shape of the text.
  return format.format(plainAmount(cents, currency) as `${number}`);
}
