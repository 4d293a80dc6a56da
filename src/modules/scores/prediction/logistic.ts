import { CholeskyDecomposition, Matrix } from 'ml-matrix';

/** log(p / (1 - p)) = bias + weights · (x - means) / spreads */
export interface Logistic {
  readonly bias: number;
  readonly weights: readonly number[];
  readonly means: readonly number[];
  readonly spreads: readonly number[];
}

/** A row of features and whether it came true. */
export interface Example {
  readonly x: readonly number[];
  readonly y: 0 | 1;
}

const MOST_ROUNDS = 25;
const CLOSE = 1e-6;

export const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));

/**
 * Logistic regression by iteratively reweighted least squares (Newton), weights held small by `ridge` (a Gaussian prior on standardised features; the bias is
 * free). It converges in a handful of rounds and gives the same answer every time.
 */
export function fit(examples: readonly Example[], ridge: number): Logistic {
  const width = examples[0]?.x.length ?? 0;
  const columns = Array.from({ length: width }, (_, j) => examples.map(({ x }) => x[j] ?? 0));
  const means = columns.map((column) => column.reduce((sum, value) => sum + value, 0) / Math.max(1, examples.length));
  // What never varies has no weight: a spread of 1 leaves it at nothing.
  const spreads = columns.map((column, j) => {
    const mean = means[j] ?? 0;
    const variance = column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, examples.length);
    return variance > 1e-12 ? Math.sqrt(variance) : 1;
  });
  const rows = examples.map(({ x }) => [1, ...x.map((value, j) => (value - (means[j] ?? 0)) / (spreads[j] ?? 1))]);
  let beta = Array.from({ length: width + 1 }, () => 0);
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const step = newton(rows, examples, beta, ridge);
    beta = beta.map((value, j) => value + (step[j] ?? 0));
    if (Math.max(...step.map(Math.abs)) < CLOSE) break;
  }
  const [bias = 0, ...weights] = beta;
  return { bias, weights, means, spreads };
}

function newton(rows: readonly (readonly number[])[], examples: readonly Example[], beta: readonly number[], ridge: number): number[] {
  const size = beta.length;
  const gradient = beta.map((value, j) => (j === 0 ? 0 : -ridge * value));
  const hessian = beta.map((_, j) => beta.map((__, k) => (j === k ? (j === 0 ? 1e-9 : ridge) : 0)));
  for (const [i, row] of rows.entries()) {
    let z = 0;
    for (let j = 0; j < size; j++) z += (row[j] ?? 0) * (beta[j] ?? 0);
    const p = sigmoid(z);
    const miss = (examples[i]?.y ?? 0) - p;
    const weight = Math.max(p * (1 - p), 1e-9);
    for (let j = 0; j < size; j++) {
      const value = row[j] ?? 0;
      gradient[j] = (gradient[j] ?? 0) + value * miss;
      const line = hessian[j];
      if (line === undefined) continue;
      for (let k = 0; k <= j; k++) line[k] = (line[k] ?? 0) + weight * value * (row[k] ?? 0);
    }
  }
  for (let j = 0; j < size; j++)
    for (let k = j + 1; k < size; k++) {
      const line = hessian[j];
      if (line !== undefined) line[k] = hessian[k]?.[j] ?? 0;
    }
  return new CholeskyDecomposition(new Matrix(hessian)).solve(Matrix.columnVector(gradient)).to1DArray();
}

/** How much each feature adds to the log odds, against the average example. */
export const sharesOf = ({ weights, means, spreads }: Logistic, x: readonly number[]): number[] =>
  weights.map((weight, j) => (weight * ((x[j] ?? 0) - (means[j] ?? 0))) / (spreads[j] ?? 1));

export const logOdds = (model: Logistic, x: readonly number[]): number =>
  model.bias + sharesOf(model, x).reduce((sum, share) => sum + share, 0);

/** The chance that one of each, taken at random, is told apart rightly; ties count half. 0.5: a coin. Null: only one kind there. */
export function aucOf(scored: readonly { readonly score: number; readonly y: 0 | 1 }[]): number | null {
  const sorted = scored.toSorted((a, b) => a.score - b.score);
  const positive = sorted.filter(({ y }) => y === 1).length;
  const negative = sorted.length - positive;
  if (positive === 0 || negative === 0) return null;
  let ranks = 0;
  for (let i = 0; i < sorted.length;) {
    let end = i;
    while (end < sorted.length && sorted[end]?.score === sorted[i]?.score) end++;
    const rank = (i + 1 + end) / 2;
    for (let k = i; k < end; k++) if (sorted[k]?.y === 1) ranks += rank;
    i = end;
  }
  return (ranks - (positive * (positive + 1)) / 2) / (positive * negative);
}

/** Of so many that were said to be so likely on average, so many came true. */
export interface Reliability {
  readonly said: number;
  readonly happened: number;
  readonly of: number;
}

/** Five groups of the same size, from unlikely to likely. */
export function reliabilityOf(scored: readonly { readonly chance: number; readonly y: 0 | 1 }[]): Reliability[] {
  const sorted = scored.toSorted((a, b) => a.chance - b.chance);
  return [0, 1, 2, 3, 4].flatMap((fifth) => {
    const part = sorted.slice(Math.floor((sorted.length * fifth) / 5), Math.floor((sorted.length * (fifth + 1)) / 5));
    if (part.length === 0) return [];
    const mean = (pick: (one: (typeof part)[number]) => number) => part.reduce((sum, one) => sum + pick(one), 0) / part.length;
    return [{ said: mean((one) => one.chance), happened: mean((one) => one.y), of: part.length }];
  });
}
