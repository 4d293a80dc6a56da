import { describe, expect, test } from 'vitest';
import { backTest, coverageOf, intervalOf, type Trial } from './calibrate.ts';
import { DAY_MS, LOST, standingAt, WON, type History, type Step } from './history.ts';
import { ALL, predict } from './predict.ts';
import { learn, oddsWithin } from './rates.ts';
import { periodAt, trialsOf } from './trials.ts';

/** Repeats itself: mulberry32. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const END = Date.UTC(2026, 5, 11);

/** Three years of deals that move by fixed chances a day through three stages: 4 % on, 1.5 % lost. */
function aMarket(seed: number, perDay = 1.2): History[] {
  const roll = dice(seed);
  const histories: History[] = [];
  for (let day = -1_095; day < 0; day++) {
    for (let i = 0; i < 4; i++) {
      if (roll() > perDay / 4) continue;
      const cents = Math.round(100_000 + roll() * 900_000);
      const owner = roll() < 0.5 ? 'ann' : 'bo';
      const steps: Step[] = [{ at: END + day * DAY_MS + Math.floor(roll() * DAY_MS), stage: 0, cents, owner }];
      for (let at = day + 1, stage = 0; at < 0 && stage >= 0; at++) {
        const luck = roll();
        if (luck >= 0.055) continue;
        stage = luck < 0.015 ? LOST : stage === 2 ? WON : stage + 1;
        steps.push({ at: END + at * DAY_MS + Math.floor(roll() * DAY_MS), stage, cents: stage === LOST ? 0 : cents, owner });
      }
      histories.push(steps);
    }
  }
  return histories;
}

function wonBy(histories: readonly History[], grain: 'month' | 'quarter') {
  return (start: number) => {
    const { end } = periodAt(start, grain);
    const sums = new Map<string, number>();
    for (const step of histories.flat())
      if (step.stage === WON && step.at >= start && step.at < end)
        for (const key of [step.owner, ALL]) sums.set(key, (sums.get(key) ?? 0) + step.cents);
    return sums;
  };
}

describe('the forecast', () => {
  test('learns the chances that made the history', () => {
    const rates = learn(aMarket(1), 3, END);
    const chances = rates.map((exits) =>
      Math.round(1_000 * exits.reduce((sum, exit) => sum + (exit.to === LOST ? 0 : (exit.chance[4] ?? 0)), 0)),
    );
    for (const chance of chances) expect(Math.abs(chance - 39)).toBeLessThan(9);
    // With all the time of the world, 0.04 of 0.055 move on, three times.
    const odds = oddsWithin(rates, [1_000]).get(1_000);
    expect(Math.abs((odds?.chance[0]?.[0] ?? 0) - (0.04 / 0.055) ** 3)).toBeLessThan(0.06);
  });

  test('says nothing of wins after the period, and owners add up to everybody', () => {
    const histories = aMarket(2);
    const known = { rates: learn(histories, 3, END), histories, scale: 1 };
    const standing = standingAt(histories, END);
    const month = predict(known, standing, END, periodAt(END, 'month'));
    const quarter = predict(known, standing, END, periodAt(END, 'quarter', 0));
    const total = (sums: typeof month, owner: string) => (sums.get(owner)?.open ?? 0) + (sums.get(owner)?.fresh ?? 0);
    expect(total(month, 'ann') + total(month, 'bo')).toBeCloseTo(total(month, ALL), 3);
    // The quarter ends with the month here.
    expect(total(quarter, ALL)).toBeCloseTo(total(month, ALL), 6);
    const none = predict(known, standing, END, { start: END, end: END });
    expect(total(none, ALL)).toBe(0);
  });

  test('holds what happened four times of five, judged by what was known then; fewer than five periods are not called calibrated', async () => {
    let [of, inside] = [0, 0];
    for (const seed of [11, 12, 13]) {
      const histories = aMarket(seed);
      const known = { histories, stages: 3, scale: 1 };
      const trials = (await trialsOf(known, END, 'month', 0, 24, wonBy(histories, 'month'))).get(ALL) ?? [];
      expect(trials).toHaveLength(24);
      const tested = backTest(trials);
      expect(tested.slice(0, 5).every(({ calibrated }) => !calibrated)).toBe(true);
      const coverage = coverageOf(tested);
      [of, inside] = [of + coverage.of, inside + coverage.inside];
      // Not by being endlessly wide: far surer than knowing the average month alone.
      const width = tested.reduce((sum, { high, low }) => sum + high - low, 0) / tested.length;
      const actual = trials.reduce((sum, trial) => sum + trial.actual, 0) / trials.length;
      expect(width).toBeLessThan(actual * 1.2);
    }
    expect(of).toBe(57);
    expect(inside / of).toBeGreaterThan(0.7);
    expect(inside / of).toBeLessThan(0.95);
  });

  test('leans against its own past: what was always half as much is said to be half as much', () => {
    const past = Array.from({ length: 12 }, (): Trial => ({ won: 0, more: 1_000_000, variance: 1e10, actual: 500_000 }));
    const said = intervalOf(past, { won: 100_000, more: 1_000_000, variance: 1e10 });
    expect(said.expected).toBe(600_000);
    expect(said.calibrated).toBe(true);
    expect(said.low).toBeGreaterThanOrEqual(100_000);
  });
});
