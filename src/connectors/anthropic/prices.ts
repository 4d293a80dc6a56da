/** US dollars for a million tokens: [input, output]. List prices of https://docs.claude.com/en/docs/about-claude/pricing, read in November 2025. */
const PRICES: readonly (readonly [prefix: string, input: number, output: number])[] = [
  ['claude-haiku-4-5', 1, 5],
  ['claude-sonnet-4-5', 3, 15],
  ['claude-opus-4-5', 5, 25],
  ['claude-opus-4-1', 15, 75],
  ['claude-sonnet-4', 3, 15],
  ['claude-opus-4', 15, 75],
  ['claude-3-7-sonnet', 3, 15],
  ['claude-3-5-haiku', 0.8, 4],
];

/** Millionths of a US dollar; null for a model whose price we do not know. A dated model costs what its alias does. */
export function costMicros(model: string, inputTokens: number, outputTokens: number): number | null {
  const price = PRICES.find(([name]) => model === name || new RegExp(`^${name}-(\\d{8}|latest)$`).test(model));
  if (price === undefined) return null;
  // Dollars for a million tokens are micro-dollars for one.
  return Math.round(inputTokens * price[1] + outputTokens * price[2]);
}
