import { DAY_MS, WON, type History, type Period, type Standing } from './history.ts';
import { OLDEST, oddsWithin, type Rates } from './rates.ts';

/** What is expected of a period, in cents; `variance` in cents squared. */
export interface Expected {
  /** From deals that stand open. */
  readonly open: number;
  /** From deals that nobody knows yet. */
  readonly fresh: number;
  readonly variance: number;
}

/** Deals that came within so many days tell what still comes. */
const LOOK_BACK_DAYS = 365;
const FEWEST_DAYS = 30;

/** By owner, and under `ALL` of everybody. */
export const ALL = ' all';

type Sums = Map<string, { open: number; fresh: number; variance: number }>;

function add(sums: Sums, owner: string, more: Partial<Expected>): void {
  for (const key of [owner, ALL]) {
    const before = sums.get(key) ?? { open: 0, fresh: 0, variance: 0 };
    sums.set(key, {
      open: before.open + (more.open ?? 0),
      fresh: before.fresh + (more.fresh ?? 0),
      variance: before.variance + (more.variance ?? 0),
    });
  }
}

/**
 * What deals that stand at `at` bring within the part of the period that is left, and what deals bring that are still to come, as in the year before. `scale`: each
 * history stands for so many deals (a sample).
 */
export function predict(
  known: { readonly rates: Rates; readonly histories: readonly History[]; readonly scale: number },
  standing: readonly Standing[],
  at: number,
  period: Period,
): Map<string, Expected> {
  const sums: Sums = new Map();
  const until = Math.max(0, Math.round((period.end - at) / DAY_MS));
  const from = Math.max(0, Math.round((period.start - at) / DAY_MS));
  const odds = oddsWithin(known.rates, [from, until]);
  const [before, by] = [odds.get(from), odds.get(until)];
  for (const { owner, stage, age, n, cents, squares } of standing) {
    const old = Math.min(age, OLDEST);
    const chance = (by?.chance[stage]?.[old] ?? 0) - (before?.chance[stage]?.[old] ?? 0);
    const worth = (by?.worth[stage]?.[old] ?? 0) - (before?.worth[stage]?.[old] ?? 0);
    // A deal is won whole or not at all: its worth spread over its chance.
    const whole = chance > 1e-9 ? worth / chance : 0;
    if (n > 0) add(sums, owner, { open: cents * worth, variance: squares * whole * whole * chance * (1 - chance) });
  }
  for (const one of comingDeals(known.histories, at, from, until))
    add(sums, one.owner, { fresh: one.times * one.cents * known.scale, variance: one.times * one.cents * one.cents * known.scale });
  return sums;
}

/** Wins of the past year that came and were won within the time that is left: how many times each is to be expected again. */
function comingDeals(histories: readonly History[], at: number, from: number, until: number) {
  const end = at - until * DAY_MS;
  const first = histories.reduce((earliest, [step]) => Math.min(earliest, step?.at ?? earliest), end);
  const days = Math.min(LOOK_BACK_DAYS, (end - first) / DAY_MS);
  if (days < FEWEST_DAYS) return [];
  const begin = end - days * DAY_MS;
  return histories.flatMap((history) => {
    const [opened] = history;
    if (opened === undefined || opened.at < begin || opened.at >= end) return [];
    const won = history.find((step) => step.stage === WON);
    if (won === undefined || won.at >= at) return [];
    const cycle = (won.at - opened.at) / DAY_MS;
    // Days on which it could begin, so that it is won within the period.
    const times = (Math.max(0, until - cycle) - Math.max(0, from - cycle)) / days;
    return times > 0 ? [{ owner: won.owner, cents: won.cents, times }] : [];
  });
}
