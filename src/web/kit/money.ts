/** Cents → `$1,204.50`; without cents where there are none. */
export function money(cents: number, currency: string): string {
  const whole = cents % 100 === 0;
  return new Intl.NumberFormat('en', {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: whole ? 0 : 2,
    maximumFractionDigits: 2,
  }).format(cents / 100);
}

/** For an axis or a card: `$1.2M`. */
export function shortMoney(cents: number, currency: string): string {
  return new Intl.NumberFormat('en', {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
    notation: 'compact',
    maximumFractionDigits: 1,
  }).format(cents / 100);
}

/** With its sign, for a change. */
export function signedMoney(cents: number, currency: string): string {
  return `${cents > 0 ? '+' : cents < 0 ? '−' : ''}${money(Math.abs(cents), currency)}`;
}

/** `1,204.50` as typed → cents; null: no amount. */
export function centsOf(text: string): number | null {
  const plain = text.replaceAll(/[\s,']/g, '');
  if (!/^\d{1,11}(\.\d{1,2})?$/.test(plain)) return null;
  return Math.round(Number(plain) * 100);
}

/** 0.4321 → `43.2 %`; a dash where there was nothing to divide by. */
export const percent = (share: number | null): string => (share === null ? '–' : `${(share * 100).toFixed(1)} %`);

export const inDays = (days: number | null): string => (days === null ? '–' : `${days < 10 ? days.toFixed(1) : Math.round(days)} d`);
