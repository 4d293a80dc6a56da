/** Half a cent goes away from nothing: 0.5 → 1, −0.5 → −1. `denominator` is positive. The one rounding rule of invoices (docs/adr/0064). */
export function divideRounded(numerator: bigint, denominator: bigint): bigint {
  const magnitude = numerator < 0n ? -numerator : numerator;
  const rounded = (2n * magnitude + denominator) / (2n * denominator);
  return numerator < 0n ? -rounded : rounded;
}

/**
 * Splits `amount` among `weights` so that the parts add up to it exactly: each gets the whole part of its share, what is left over goes one by one to the
 * largest remainders, the first of equal ones. Weights are not negative; where all are 0 the first takes everything.
 */
export function allocate(amount: bigint, weights: readonly bigint[]): bigint[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0n);
  if (total === 0n) return weights.map((_, i) => (i === 0 ? amount : 0n));
  const sign = amount < 0n ? -1n : 1n;
  const magnitude = amount * sign;
  const parts = weights.map((weight) => (magnitude * weight) / total);
  const rest = magnitude - parts.reduce((sum, part) => sum + part, 0n);
  const order = weights
    .map((weight, i) => ({ i, remainder: (magnitude * weight) % total }))
    .toSorted((a, b) => (a.remainder === b.remainder ? a.i - b.i : a.remainder > b.remainder ? -1 : 1));
  for (const { i } of order.slice(0, Number(rest))) parts[i] = (parts[i] ?? 0n) + 1n;
  return parts.map((part) => part * sign);
}
