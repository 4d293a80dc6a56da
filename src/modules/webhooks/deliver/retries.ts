/** Seconds from one failed attempt to the next: ten attempts in some three days. */
const DELAYS_S = [30, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400] as const;
/** A receiver may ask for more time, but not for more than a day. */
const LONGEST_ASKED_S = 86_400;

export const MOST_ATTEMPTS = DELAYS_S.length + 1;

/** Seconds until the next attempt after so many failed ones; null: it is given up. */
export function retryDelayS(attempts: number, askedS: number | undefined): number | null {
  const delay = DELAYS_S[attempts - 1];
  return delay === undefined ? null : Math.max(delay, Math.min(askedS ?? 0, LONGEST_ASKED_S));
}

/** An endpoint that fails is left alone: 10 s, 20 s … an hour, then one more is tried. Meanwhile what happens waits in order. */
export const coolS = (failures: number): number => Math.min(10 * 2 ** Math.max(0, failures - 1), 3_600);

/** An endpoint that took nothing for so long is switched off. */
export const DISABLE_AFTER_MS = 5 * 86_400_000;
