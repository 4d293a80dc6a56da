import { minorDigits } from '#core/money.ts';

/** @see https://docs.stripe.com/currencies#zero-decimal */
const NO_DIGITS = new Set('BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF'.split(' '));
/** The last digit must be 0. @see https://docs.stripe.com/currencies#three-decimal */
const THREE_DIGITS = new Set('BHD JOD KWD OMR TND'.split(' '));
/** Of UGX Stripe's pages say two things, a factor of 100 apart; the others it does not take. */
const NOT_TAKEN = new Set('UGX CLF UYW LYD IQD IRR KPW SYP'.split(' '));
/** Stripe takes eight digits. */
const MOST = 99_999_999;

/** Digits behind the point in Stripe's amounts: not always ours (HUF and ISK are whole here, and have two there). */
function digitsAt(currency: string): number {
  return NO_DIGITS.has(currency) ? 0 : THREE_DIGITS.has(currency) ? 3 : 2;
}

/** Why Stripe can't take this sum, in a sentence; null: it can. */
export function obstacle(cents: number, currency: string): string | null {
  if (NOT_TAKEN.has(currency) || minorDigits(currency) > digitsAt(currency)) return `${currency} can’t be paid by Stripe`;
  if (THREE_DIGITS.has(currency) && cents % 10 !== 0) return `Stripe takes ${currency} in steps of 0.010; this sum ends otherwise`;
  if (cents <= 0) return 'Nothing is owed';
  return toStripe(cents, currency) > MOST ? 'Stripe takes eight digits at most; this sum is larger' : null;
}

export function toStripe(cents: number, currency: string): number {
  return Math.round(cents * 10 ** (digitsAt(currency) - minorDigits(currency)));
}

/** The nearest cent of ours: a refund of half a forint, made at Stripe, has none. */
export function fromStripe(amount: number, currency: string): number {
  return Math.round(amount * 10 ** (minorDigits(currency) - digitsAt(currency)));
}
