import { DAY_MS, LOST, WON, type History } from './history.ts';

/** Days since the last step at which rates change; the last bucket has no end. */
const AGES = [0, 1, 3, 7, 14, 30, 60, 90, 180] as const;
/** Older than this counts as this old. */
export const OLDEST = 180;
/** What is older than this when rates are learned is forgotten. */
const WINDOW_MS = 540 * DAY_MS;
/** So many days of standing speak for the stage as a whole before a bucket of few days speaks for itself. */
const PRIOR_DAYS = 60;

export const bucketOf = (age: number): number => AGES.findLastIndex((from) => from <= age);

/** A way out of a stage. */
export interface Exit {
  readonly to: number;
  /** Chance a day, by bucket of age. */
  readonly chance: readonly number[];
  /** What a deal is worth afterwards, of what it was. */
  readonly worth: number;
}

/** How deals leave each open stage. */
export type Rates = readonly (readonly Exit[])[];

/**
 * Learned from what was known right before `at`. Competing rates by age, constant within a bucket; a bucket that has seen little leans on its stage. Chances of
 * one day never add up to more than one.
 */
export function learn(histories: readonly History[], stages: number, at: number): Rates {
  const since = at - WINDOW_MS;
  const stood = Array.from({ length: stages }, () => AGES.map(() => 0));
  const left = Array.from({ length: stages }, () => new Map<number, { events: number[]; before: number; after: number }>());
  for (const history of histories) {
    for (const [i, step] of history.entries()) {
      if (step.at >= at) break;
      const days = stood[step.stage];
      if (days === undefined) continue;
      const next = history[i + 1];
      const end = Math.min(next?.at ?? at, at);
      if (end < since) continue;
      addDays(days, (Math.max(step.at, since) - step.at) / DAY_MS, (end - step.at) / DAY_MS);
      if (next === undefined || next.at >= at) continue;
      const ways = left[step.stage];
      const way = ways?.get(next.stage) ?? { events: AGES.map(() => 0), before: 0, after: 0 };
      ways?.set(next.stage, way);
      const bucket = bucketOf(Math.floor((next.at - step.at) / DAY_MS));
      way.events[bucket] = (way.events[bucket] ?? 0) + 1;
      way.before += step.cents;
      way.after += next.cents;
    }
  }
  return stood.map((days, stage) => exitsOf(days, left[stage] ?? new Map()));
}

function addDays(days: number[], from: number, to: number): void {
  for (const [bucket, begin] of AGES.entries()) {
    const end = AGES[bucket + 1] ?? Number.POSITIVE_INFINITY;
    days[bucket] = (days[bucket] ?? 0) + Math.max(0, Math.min(to, end) - Math.max(from, begin));
  }
}

function exitsOf(days: readonly number[], ways: ReadonlyMap<number, { events: number[]; before: number; after: number }>): Exit[] {
  const sum = (list: readonly number[]) => list.reduce((total, one) => total + one, 0);
  const all = sum(days);
  const rates = [...ways].map(([to, { events, before, after }]) => {
    const whole = sum(events) / (all + PRIOR_DAYS);
    // A deal without a value says nothing about how values grow; a lost one is worth nothing.
    const worth = to === LOST ? 0 : before > 0 && after > 0 ? Math.min(3, Math.max(1 / 3, after / before)) : 1;
    return { to, worth, daily: events.map((count, bucket) => (count + PRIOR_DAYS * whole) / ((days[bucket] ?? 0) + PRIOR_DAYS)) };
  });
  const total = AGES.map((_from, bucket) => rates.reduce((all, { daily }) => all + (daily[bucket] ?? 0), 0));
  return rates.map(({ to, worth, daily }) => ({
    to,
    worth,
    chance: daily.map((rate, bucket) => {
      const every = total[bucket] ?? 0;
      return every === 0 ? 0 : (rate / every) * (1 - Math.exp(-every));
    }),
  }));
}

/** By stage and age (0 to OLDEST): the chance to be won within the days, and the value won of each cent that stands. */
export interface Odds {
  readonly chance: readonly Float64Array[];
  readonly worth: readonly Float64Array[];
}

/** Odds within `days`, for each number of days that is asked for. Backwards, a day at a time. */
export function oddsWithin(rates: Rates, days: readonly number[]): Map<number, Odds> {
  const none = () => rates.map(() => new Float64Array(OLDEST + 1));
  let odds: Odds = { chance: none(), worth: none() };
  const found = new Map<number, Odds>(days.includes(0) ? [[0, odds]] : []);
  for (let day = 1; day <= Math.max(0, ...days); day++) {
    odds = dayBefore(rates, odds);
    if (days.includes(day)) found.set(day, odds);
  }
  return found;
}

function dayBefore(rates: Rates, later: Odds): Odds {
  const chance = rates.map(() => new Float64Array(OLDEST + 1));
  const worth = rates.map(() => new Float64Array(OLDEST + 1));
  for (const [stage, exits] of rates.entries()) {
    for (let age = 0; age <= OLDEST; age++) {
      const bucket = bucketOf(age);
      let [c, w, stays] = [0, 0, 1];
      for (const exit of exits) {
        const p = exit.chance[bucket] ?? 0;
        stays -= p;
        c += p * (exit.to === WON ? 1 : (later.chance[exit.to]?.[0] ?? 0));
        w += p * exit.worth * (exit.to === WON ? 1 : (later.worth[exit.to]?.[0] ?? 0));
      }
      const older = Math.min(age + 1, OLDEST);
      set(chance, stage, age, c + stays * (later.chance[stage]?.[older] ?? 0));
      set(worth, stage, age, w + stays * (later.worth[stage]?.[older] ?? 0));
    }
  }
  return { chance, worth };
}

function set(of: readonly Float64Array[], stage: number, age: number, value: number): void {
  const row = of[stage];
  if (row !== undefined) row[age] = value;
}
