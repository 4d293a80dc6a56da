/** US dollars for a million tokens: [input, output]. List prices of https://platform.openai.com/docs/pricing, read in November 2025. */
const PRICES: readonly (readonly [prefix: string, input: number, output: number])[] = [
  ['gpt-5-nano', 0.05, 0.4],
  ['gpt-5-mini', 0.25, 2],
  ['gpt-5', 1.25, 10],
  ['gpt-4.1-nano', 0.1, 0.4],
  ['gpt-4.1-mini', 0.4, 1.6],
  ['gpt-4.1', 2, 8],
  ['gpt-4o-mini', 0.15, 0.6],
  ['gpt-4o', 2.5, 10],
  ['gpt-4-turbo', 10, 30],
  ['gpt-4', 30, 60],
  ['gpt-3.5-turbo', 0.5, 1.5],
  ['o4-mini', 1.1, 4.4],
  ['o3-mini', 1.1, 4.4],
  ['o3', 2, 8],
];

/** Millionths of a US dollar; null for a model whose price we do not know. `gpt-4.1-mini-2025-04-14` costs what `gpt-4.1-mini` does. */
export function costMicros(model: string, inputTokens: number, outputTokens: number): number | null {
  const price = PRICES.find(([name]) => model === name || new RegExp(`^${name.replaceAll('.', '\\.')}-\\d{4}`).test(model));
  if (price === undefined) return null;
  // Dollars for a million tokens are micro-dollars for one.
  return Math.round(inputTokens * price[1] + outputTokens * price[2]);
}
