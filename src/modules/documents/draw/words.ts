import { minorDigits } from '#core/money.ts';
import type { Format } from '../model/blocks.ts';
import type { Language } from './content.ts';

const LOCALES = { en: 'en-GB', de: 'de-DE' } as const;

export interface Words {
  readonly of: (client: string) => string;
  readonly description: string;
  readonly quantity: string;
  readonly price: string;
  readonly amount: string;
  readonly subtotal: string;
  readonly discount: (percent: string) => string;
  readonly tax: (label: string, percent: string) => string;
  readonly total: string;
  readonly optional: string;
  readonly totals: string;
  readonly more: (count: string) => string;
  readonly others: string;
  readonly page: (page: number, of: number) => string;
}

const WORDS: Readonly<Record<Language, Words>> = {
  en: {
    of: (client) => `For ${client}`,
    description: 'Description',
    quantity: 'Quantity',
    price: 'Price',
    amount: 'Amount',
    subtotal: 'Subtotal',
    discount: (percent) => `Discount ${percent}`,
    tax: (label, percent) => `${label} ${percent}`,
    total: 'Total',
    optional: 'Optional',
    totals: 'Total',
    more: (count) => `${count} more rows are not shown.`,
    others: 'Others',
    page: (page, of) => `${page} / ${of}`,
  },
  de: {
    of: (client) => `Für ${client}`,
    description: 'Beschreibung',
    quantity: 'Menge',
    price: 'Preis',
    amount: 'Betrag',
    subtotal: 'Zwischensumme',
    discount: (percent) => `Rabatt ${percent}`,
    tax: (label, percent) => `${label} ${percent}`,
    total: 'Gesamt',
    optional: 'Optional',
    totals: 'Summe',
    more: (count) => `${count} weitere Zeilen werden nicht gezeigt.`,
    others: 'Andere',
    page: (page, of) => `${page} / ${of}`,
  },
};
export const wordsOf = (language: Language): Words => WORDS[language];

/** Numbers, money and days as a reader of that language writes them. */
export interface Speech {
  readonly language: Language;
  readonly currency: string;
}

const kept = new Map<string, Intl.NumberFormat>();
function numberFormat(language: Language, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${language} ${JSON.stringify(options)}`;
  const found = kept.get(key) ?? new Intl.NumberFormat(LOCALES[language], options);
  kept.set(key, found);
  return found;
}

/** Cents: units of the currency's last digit. */
export const amount = ({ language, currency }: Speech, cents: number): string =>
  numberFormat(language, {
    style: 'currency',
    currency,
    minimumFractionDigits: minorDigits(currency),
    maximumFractionDigits: minorDigits(currency),
  }).format(cents / 10 ** minorDigits(currency));

/** As many digits as tell something: 1,234,568; 1,234.6; 12.35; 0.0012. */
export function number({ language }: Speech, value: number): string {
  const size = Math.abs(value);
  const digits = Number.isInteger(value) || size >= 10_000 ? 0 : size >= 100 ? 1 : size >= 1 || size === 0 ? 2 : 4;
  return numberFormat(language, { maximumFractionDigits: digits }).format(value);
}

/** A number without a currency. */
export const amountless = (language: Language, value: number): string => number({ language, currency: 'EUR' }, value);

/** Digits that tell everything of a column, up to two; four where all of it is small. */
export function digitsOf(values: readonly number[]): number {
  if (values.every((value) => Number.isInteger(value))) return 0;
  if (values.every((value) => Math.abs(value) < 1)) return 4;
  return values.every((value) => Math.abs(value * 10 - Math.round(value * 10)) < 1e-6) ? 1 : 2;
}

/** With so many digits: numbers under each other. */
export const withDigits = ({ language }: Speech, value: number, digits: number): string => numberFormat(language, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value); // prettier-ignore

export const percent = ({ language }: Speech, share: number): string =>
  numberFormat(language, { style: 'percent', maximumFractionDigits: 1 }).format(share);

export function formatted(speech: Speech, value: number, format: Format): string {
  return format === 'money' ? amount(speech, value) : format === 'percent' ? percent(speech, value) : number(speech, value);
}

/** On axes, where room is short: 1.2M. */
export function short(speech: Speech, value: number, format: Format): string {
  if (format === 'percent') return percent(speech, value);
  const shown = format === 'money' ? value / 10 ** minorDigits(speech.currency) : value;
  const options: Intl.NumberFormatOptions = { notation: 'compact', maximumFractionDigits: Math.abs(shown) < 10 && shown !== 0 ? 2 : 1 };
  return numberFormat(speech.language, format === 'money' ? { ...options, style: 'currency', currency: speech.currency } : options).format(
    shown,
  );
}

/** `9 March 2026`, of `2026-03-09`. */
export function longDay(language: Language, day: string): string {
  return new Intl.DateTimeFormat(LOCALES[language], { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' }).format(
    new Date(`${day.slice(0, 10)}T00:00:00Z`),
  );
}

/** `9 Mar 2026`, with the time where there is one. */
export function shortDay(language: Language, day: string): string {
  const date = new Intl.DateTimeFormat(LOCALES[language], { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' }).format(new Date(`${day.slice(0, 10)}T00:00:00Z`)); // prettier-ignore
  return day.length > 10 ? `${date}, ${day.slice(11, 16)}` : date;
}

/** A place on an axis: `9 Mar`, `Mar 2026`, `2026`, by how days were put together. */
export function placeOf(language: Language, day: string, grain: 'none' | 'day' | 'week' | 'month' | 'year'): string {
  const options: Intl.DateTimeFormatOptions =
    grain === 'year' ? { year: 'numeric' } : grain === 'month' ? { month: 'short', year: 'numeric' } : { day: 'numeric', month: 'short' };
  return new Intl.DateTimeFormat(LOCALES[language], { ...options, timeZone: 'UTC' }).format(new Date(`${day.slice(0, 10)}T00:00:00Z`));
}
