import { REPLY_CLASSES, type ReplyClass } from '../verdict.ts';
import type { Weights } from './weights.ts';

/** The signs of a reply and what it wanted. */
export interface Lesson {
  readonly signs: ReadonlySet<string>;
  readonly label: ReplyClass;
}

const ROUNDS = 20;
const STEP = 0.3;
const STEP_BIAS = 0.05;
const RIDGE = 2e-3;
/** A sign that stands in one text alone says nothing of others. */
const LEAST_TEXTS = 2;

/**
 * Softmax regression by stochastic gradients with AdaGrad's steps (Duchi, Hazan, Singer 2011). The same lessons in the same order give the same weights.
 */
export function learn(lessons: readonly Lesson[]): Weights {
  const seen = new Map<string, number>();
  for (const { signs } of lessons) for (const sign of signs) seen.set(sign, (seen.get(sign) ?? 0) + 1);
  const names = [...seen].filter(([, texts]) => texts >= LEAST_TEXTS).map(([name]) => name);
  const index = new Map(names.map((name, at) => [name, at]));
  const examples = lessons.map(({ signs, label }) => ({
    at: [...signs].flatMap((sign) => index.get(sign) ?? []),
    label: REPLY_CLASSES.indexOf(label),
  }));
  const of = REPLY_CLASSES.map(() => new Float64Array(names.length));
  const steps = REPLY_CLASSES.map(() => new Float64Array(names.length).fill(1e-2));
  const bias = REPLY_CLASSES.map(() => 0);
  const random = dice(7);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const { at, label } of shuffled(examples, random)) {
      const scale = 1 / Math.sqrt(Math.max(1, at.length));
      const odds = of.map((weights, k) => at.reduce((sum, i) => sum + (weights[i] ?? 0), 0) * scale + (bias[k] ?? 0));
      const top = Math.max(...odds);
      const raised = odds.map((value) => Math.exp(value - top));
      const sum = raised.reduce((total, value) => total + value, 0);
      for (const [k, value] of raised.entries()) {
        const wrong = value / sum - (k === label ? 1 : 0);
        const [weights, step] = [of[k], steps[k]];
        if (weights === undefined || step === undefined) continue;
        bias[k] = (bias[k] ?? 0) - STEP_BIAS * wrong;
        for (const i of at) {
          const slope = wrong * scale + RIDGE * (weights[i] ?? 0);
          step[i] = (step[i] ?? 0) + slope * slope;
          weights[i] = (weights[i] ?? 0) - (STEP * slope) / Math.sqrt(step[i] ?? 1);
        }
      }
    }
  }
  const hundredths = (value: number) => Math.round(value * 100);
  const signs = new Map(names.map((name, i) => [name, of.map((weights) => hundredths(weights[i] ?? 0))]));
  return { signs, bias: bias.map(hundredths) };
}

/** Numbers in [0, 1) that are the same each time (a linear congruential generator, Numerical Recipes). */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function shuffled<T>(list: readonly T[], random: () => number): T[] {
  return list
    .map((item) => ({ item, at: random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item);
}
