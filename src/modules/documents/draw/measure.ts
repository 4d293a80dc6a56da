import type { Measure } from '../model/blocks.ts';

/** Many values as one; null: there is none. */
export function measured(values: readonly number[], measure: Measure): number | null {
  if (measure === 'count') return values.length;
  if (values.length === 0) return null;
  const sum = values.reduce((total, value) => total + value, 0);
  if (measure === 'sum') return Number(sum.toPrecision(15));
  if (measure === 'mean') return sum / values.length;
  if (measure === 'last') return values.at(-1) ?? null;
  const sorted = values.toSorted((a, b) => a - b);
  if (measure === 'min') return sorted[0] ?? null;
  if (measure === 'max') return sorted.at(-1) ?? null;
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2;
}
