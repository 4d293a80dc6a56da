import { aucOf, fit, logOdds, reliabilityOf, sharesOf, sigmoid, type Example, type Logistic, type Reliability } from './logistic.ts';

/** A lead as it was some days after it came. `came`: when (ms), to tell the old ones from the new ones. */
export interface Case extends Example {
  readonly came: number;
}

/** What tells a chance from features: a regression, and a line that puts its log odds right (Platt). */
export interface Predictor {
  readonly features: readonly string[];
  readonly logistic: Logistic;
  readonly calibration: { readonly slope: number; readonly offset: number };
}

export interface Learned {
  readonly predictor: Predictor;
  /** On the newest quarter of the leads, which it never saw. */
  readonly auc: number;
  readonly reliability: readonly Reliability[];
  readonly examples: number;
  readonly positives: number;
  readonly held: number;
}

/** So many of each kind before anything is learned, and in the part that is held back. */
const FEWEST = 40;
const FEWEST_HELD = 10;
/** A coin has 0.5. */
export const WORTH_IT = 0.55;
const RIDGE = 5;

export const chanceOf = ({ logistic, calibration: { slope, offset } }: Predictor, x: readonly number[]): number =>
  sigmoid(slope * logOdds(logistic, x) + offset);

/**
 * Learns from the oldest leads, puts the chances right on the next ones, and is judged on the newest, so that no lead teaches what it is asked about, and the
 * judgement is about the future. Null: too few to learn from.
 */
export function learn(cases: readonly Case[], features: readonly string[]): Learned | null {
  const sorted = cases.toSorted((a, b) => a.came - b.came);
  const positives = sorted.filter(({ y }) => y === 1).length;
  if (positives < FEWEST || sorted.length - positives < FEWEST) return null;
  const cut = (part: number) => sorted[Math.floor(sorted.length * part)]?.came ?? 0;
  const [first, second] = [cut(0.55), cut(0.75)];
  const teach = sorted.filter(({ came }) => came < first);
  const right = sorted.filter(({ came }) => came >= first && came < second);
  const held = sorted.filter(({ came }) => came >= second);
  const both = (list: readonly Case[], least: number) => [0, 1].every((kind) => list.filter(({ y }) => y === kind).length >= least);
  if (!both(teach, FEWEST_HELD) || !both(right, 5) || !both(held, FEWEST_HELD)) return null;
  const logistic = fit(teach, RIDGE);
  // Almost free: the line has two numbers.
  const line = fit(right.map(({ x, y }) => ({ x: [logOdds(logistic, x)], y })), 0.1); // prettier-ignore
  // A line that would turn the order around says that nothing was learned; then the odds stay as they are, and the judgement shows it.
  const slope = (line.weights[0] ?? 0) / (line.spreads[0] ?? 1);
  const calibration = slope > 0 ? { slope, offset: line.bias - slope * (line.means[0] ?? 0) } : { slope: 1, offset: 0 };
  const predictor: Predictor = { features, logistic, calibration };
  const judged = judgeOn(predictor, held);
  return judged === null ? null : { predictor, ...judged, examples: sorted.length, positives, held: held.length };
}

/** Both models are judged on the same leads. */
export function judgeOn(predictor: Predictor, held: readonly Example[]): { auc: number; reliability: Reliability[] } | null {
  const scored = held.map(({ x, y }) => ({ chance: chanceOf(predictor, x), score: chanceOf(predictor, x), y }));
  const auc = aucOf(scored);
  return auc === null ? null : { auc, reliability: reliabilityOf(scored) };
}

/** The leads on which the last judgement was made. */
export function heldBack(cases: readonly Case[]): Case[] {
  const sorted = cases.toSorted((a, b) => a.came - b.came);
  const from = sorted[Math.floor(sorted.length * 0.75)]?.came ?? 0;
  return sorted.filter(({ came }) => came >= from);
}

/** Whether the new one takes over: it is worth something, and not worse than the one that serves, judged on the same leads. */
export function takesOver(fresh: number, serving: number | null): boolean {
  return fresh >= WORTH_IT && (serving === null || fresh >= serving);
}

/** What speaks for and against, strongest first; a feature that hardly matters is left out. `more`: the lead has more of it than others. */
export function reasonsOf({ features, logistic }: Predictor, x: readonly number[]): { feature: string; share: number; more: boolean }[] {
  return sharesOf(logistic, x)
    .map((share, j) => ({
      feature: features[j] ?? '',
      share: Math.round(share * 100) / 100,
      more: (x[j] ?? 0) >= (logistic.means[j] ?? 0),
    }))
    .filter(({ share }) => Math.abs(share) >= 0.1)
    .toSorted((a, b) => Math.abs(b.share) - Math.abs(a.share))
    .slice(0, 4);
}
