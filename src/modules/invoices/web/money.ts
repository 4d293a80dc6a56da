import type { Tone } from '#web/kit/badge.tsx';

/** Digits behind the point: two for EUR, none for JPY (ISO 4217). */
export const digitsOf = (currency: string) =>
  new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;

/** `1204.50` or `1204,5` as typed → the smallest unit of the currency; null: no amount. */
export function centsOf(text: string, currency: string): number | null {
  const plain = text.trim().replace(',', '.');
  return /^-?\d{1,10}(\.\d{1,4})?$/.test(plain) ? Math.round(Number(plain) * 10 ** digitsOf(currency)) : null;
}

/** Cents as people read them, with the currency. */
export function money(cents: number, currency: string): string {
  return new Intl.NumberFormat('en', { style: 'currency', currency }).format(cents / 10 ** digitsOf(currency));
}

export const invoiceTones: Record<string, Tone> = {
  draft: 'neutral',
  issued: 'accent',
  partly_paid: 'warn',
  overdue: 'bad',
  paid: 'ok',
  void: 'neutral',
  written_off: 'neutral',
  accepted: 'ok',
  invoiced: 'ok',
  declined: 'neutral',
};
