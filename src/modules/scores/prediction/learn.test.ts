import { describe, expect, test } from 'vitest';
import fc from '#testing/property.ts';
import { chanceOf, heldBack, judgeOn, learn, reasonsOf, takesOver, type Case } from './learn.ts';
import { aucOf, fit, sigmoid } from './logistic.ts';

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

/** Leads that convert by known odds: replies help, a fair helps, age hurts, the fourth is noise. */
function market(count: number, seed: number, truth: readonly number[] = [1.2, 0.8, -0.9, 0]): Case[] {
  const roll = dice(seed);
  return Array.from({ length: count }, (_, i) => {
    const x = [Math.floor(roll() * 4), roll() < 0.3 ? 1 : 0, roll() * 3, roll() * 10];
    const z = -2.2 + x.reduce((sum, value, j) => sum + value * (truth[j] ?? 0), 0);
    return { x, y: roll() < sigmoid(z) ? 1 : 0, came: i };
  });
}
const FEATURES = ['replies', 'fair', 'age', 'noise'];

describe('the prediction', () => {
  test('finds the odds that made the leads, is right as often as it says, and names what speaks for a lead', () => {
    const cases = market(6_000, 3);
    const model = fit(cases, 0.01);
    const slopes = model.weights.map((weight, j) => weight / (model.spreads[j] ?? 1));
    for (const [j, wanted] of [1.2, 0.8, -0.9, 0].entries()) expect(Math.abs((slopes[j] ?? 9) - wanted)).toBeLessThan(0.2);
    const learned = learn(cases, FEATURES);
    if (learned === null) throw new Error('nothing was learned');
    expect(learned.auc).toBeGreaterThan(0.8);
    for (const { said, happened } of learned.reliability) expect(Math.abs(said - happened)).toBeLessThan(0.07);
    const reasons = reasonsOf(learned.predictor, [3, 1, 0.1, 5]);
    expect(reasons.map(({ feature }) => feature)).not.toContain('noise');
    expect(reasons[0]).toMatchObject({ feature: 'replies' });
    expect(reasons.every(({ share }) => share > 0)).toBe(true);
    expect(chanceOf(learned.predictor, [3, 1, 0.1, 5])).toBeGreaterThan(chanceOf(learned.predictor, [0, 0, 2.9, 5]) + 0.5);
  });

  test('learns nothing from too few, calls a coin a coin, and a worse one does not take over', () => {
    expect(learn(market(60, 4), FEATURES)).toBeNull();
    const cases = market(3_000, 5);
    const good = learn(cases, FEATURES);
    const roll = dice(9);
    const blind = learn(cases.map((one) => ({ ...one, x: [roll(), roll(), roll(), roll()] })), FEATURES); // prettier-ignore
    if (good === null || blind === null) throw new Error('nothing was learned');
    expect(Math.abs(blind.auc - 0.5)).toBeLessThan(0.06);
    const serving = judgeOn(good.predictor, heldBack(cases));
    expect(serving?.auc).toBe(good.auc);
    expect(takesOver(blind.auc, serving?.auc ?? null)).toBe(false);
    expect(takesOver(blind.auc, null)).toBe(false);
    expect(takesOver(good.auc, good.auc)).toBe(true);
    expect(takesOver(good.auc - 0.001, good.auc)).toBe(false);
  });

  test('the AUC is what counting pairs says', () => {
    const scored = fc.array(fc.record({ score: fc.integer({ min: 0, max: 6 }), y: fc.constantFrom(0 as const, 1 as const) }), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(scored, (list) => {
        const pairs = list.flatMap((a) => list.filter((b) => a.y === 1 && b.y === 0).map((b) => (a.score > b.score ? 1 : a.score === b.score ? 0.5 : 0))); // prettier-ignore
        const auc = aucOf(list);
        if (pairs.length === 0) expect(auc).toBeNull();
        else expect(auc).toBeCloseTo(pairs.reduce<number>((sum, one) => sum + one, 0) / pairs.length, 9);
      }),
    );
  });
});
