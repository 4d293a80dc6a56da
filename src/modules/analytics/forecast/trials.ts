import { setImmediate as breathe } from 'node:timers/promises';
import type { Trial } from './calibrate.ts';
import { DAY_MS, standingAt, WON, type History, type Period } from './history.ts';
import { ALL, predict } from './predict.ts';
import { learn } from './rates.ts';

/** Months or quarters, in UTC, as the sums of the pipeline are kept. */
export const GRAINS = ['month', 'quarter'] as const;
export type Grain = (typeof GRAINS)[number];

/** The period that begins `steps` after the one of `at`. */
export function periodAt(at: number, grain: Grain, steps = 0): Period {
  const day = new Date(at);
  const long = grain === 'month' ? 1 : 3;
  const first = grain === 'month' ? day.getUTCMonth() : Math.floor(day.getUTCMonth() / 3) * 3;
  const begin = (more: number) => Date.UTC(day.getUTCFullYear(), first + more * long, 1);
  return { start: begin(steps), end: begin(steps + 1) };
}

/** What each past period would have been said to bring, at the same distance from its end, with what was known then. Oldest first; by owner, and ALL. */
export async function trialsOf(
  known: { readonly histories: readonly History[]; readonly stages: number; readonly scale: number },
  now: number,
  grain: Grain,
  ahead: number,
  count: number,
  /** Won in a period [start, end) by owner and ALL: exact, in cents. */
  wonIn: (start: number) => ReadonlyMap<string, number>,
): Promise<Map<string, (Trial & { readonly start: number })[]>> {
  const left = periodAt(now, grain, ahead).end - now;
  const first = known.histories.reduce((earliest, [step]) => Math.min(earliest, step?.at ?? earliest), now);
  const found = new Map<string, (Trial & { start: number })[]>();
  for (let steps = -count; steps < 0; steps++) {
    const period = periodAt(now, grain, steps);
    const at = period.end - left;
    // A forecast needs something to have learned from.
    if (at < first + 90 * DAY_MS) continue;
    const rates = learn(known.histories, known.stages, at);
    const standing = standingAt(known.histories, at).map((one) => ({
      ...one,
      n: known.scale,
      cents: one.cents * known.scale,
      squares: one.squares * known.scale,
    }));
    const sums = predict({ ...known, rates }, standing, at, period);
    const happened = wonIn(period.start);
    const already = wonBefore(known, period.start, at);
    for (const owner of new Set([ALL, ...sums.keys(), ...happened.keys()])) {
      const expected = sums.get(owner);
      const list = found.get(owner) ?? [];
      found.set(owner, list);
      list.push({
        start: period.start,
        won: Math.min(already.get(owner) ?? 0, happened.get(owner) ?? 0),
        more: (expected?.open ?? 0) + (expected?.fresh ?? 0),
        variance: expected?.variance ?? 0,
        actual: happened.get(owner) ?? 0,
      });
    }
    // A second of arithmetic in slices: whoever waits for an answer gets it in between.
    await breathe();
  }
  return found;
}

/** Value of what was won in [start, at), by owner and ALL. */
function wonBefore(known: { readonly histories: readonly History[]; readonly scale: number }, start: number, at: number) {
  const sums = new Map<string, number>();
  for (const history of known.histories) {
    for (const [i, step] of history.entries()) {
      if (step.stage !== WON || step.at < start || step.at >= at || history[i - 1]?.stage === WON) continue;
      for (const key of [step.owner, ALL]) sums.set(key, (sums.get(key) ?? 0) + step.cents * known.scale);
    }
  }
  return sums;
}
