/** How sure an interval is meant to be: what happens lies within it four times of five. */
export const LEVEL = 0.8;
/** Normal deviate of LEVEL, until enough has been seen. */
const NORMAL = 1.2816;
/** With fewer past periods the level can't be measured. */
const FEWEST = 5;
const LATEST = 24;

/** What would have been said of a past period with what was known then, and what happened. Cents. */
export interface Trial {
  /** Had been won when it would have been said. */
  readonly won: number;
  /** Expected on top, and its variance. */
  readonly more: number;
  readonly variance: number;
  readonly actual: number;
}

export interface Interval {
  readonly expected: number;
  readonly low: number;
  readonly high: number;
  /** Its width comes from how far past forecasts missed; else from the spread of the deals alone. */
  readonly calibrated: boolean;
}

/** A forecast of nothing is never surer than this part of itself. */
const spread = (trial: Omit<Trial, 'actual'>) => Math.max(Math.sqrt(trial.variance), 0.02 * (trial.won + trial.more), 1);

/** By how much past forecasts of what was still open were too low or too high; 1 until enough was seen. */
function lean(past: readonly Trial[]): number {
  if (past.length < FEWEST) return 1;
  const expected = past.reduce((sum, trial) => sum + trial.more, 0);
  const happened = past.reduce((sum, trial) => sum + trial.actual - trial.won, 0);
  return expected <= 0 ? 1 : Math.min(2, Math.max(0.5, happened / expected));
}

/**
 * Split conformal: the interval is as wide as LEVEL of the past misses ask for, each measured in its own spread, so that it holds whatever the shape of the misses
 * is, as long as the future misses like the past. Each miss counts against the forecast that the periods before it alone had allowed.
 */
export function intervalOf(past: readonly Trial[], now: Omit<Trial, 'actual'>): Interval {
  const known = past.slice(-LATEST);
  const more = now.more * lean(known);
  const expected = now.won + more;
  const misses = known
    .map((trial, i) => Math.abs(trial.actual - (trial.won + trial.more * lean(known.slice(0, i)))) / spread(trial))
    .toSorted((a, b) => a - b);
  const calibrated = misses.length >= FEWEST;
  const wide = calibrated ? (misses[Math.min(misses.length, Math.ceil((misses.length + 1) * LEVEL)) - 1] ?? NORMAL) : NORMAL;
  const reach = wide * spread(now);
  return { expected, low: Math.max(Math.min(now.won, expected), expected - reach), high: expected + reach, calibrated };
}

/** The interval that each period would have got, from the periods before it alone. */
export function backTest(trials: readonly Trial[]): (Interval & { readonly actual: number; readonly inside: boolean })[] {
  return trials.map((trial, i) => {
    const said = intervalOf(trials.slice(0, i), trial);
    return { ...said, actual: trial.actual, inside: trial.actual >= said.low && trial.actual <= said.high };
  });
}

/** How often what happened was inside, of the calibrated ones. */
export function coverageOf(tested: readonly { readonly calibrated: boolean; readonly inside: boolean }[]): { of: number; inside: number } {
  const counted = tested.filter(({ calibrated }) => calibrated);
  return { of: counted.length, inside: counted.filter(({ inside }) => inside).length };
}
