import type { CHARTS, Format } from '../model/blocks.ts';

/** A chart with its numbers, ready to be drawn on anything. */
export interface ChartData {
  readonly kind: (typeof CHARTS)[number];
  readonly title: string;
  /** Told to who does not see it. */
  readonly description: string;
  /** Names of the places, as shown. */
  readonly labels: readonly string[];
  readonly series: readonly { readonly name: string; readonly values: readonly (number | null)[] }[];
  readonly format: Format;
  readonly language: 'en' | 'de';
  readonly currency: string;
}

/** Round steps from below the least to above the greatest: 0, 20, 40 … */
export function scaleOf(
  values: readonly number[],
  steps = 4,
): { readonly from: number; readonly to: number; readonly marks: readonly number[] } {
  const low = Math.min(0, ...values);
  const high = Math.max(0, ...values);
  const span = high - low || 1;
  const rough = span / steps;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 2.5, 5, 10].find((one) => one * power >= rough * 0.999) ?? 10) * power;
  const [first, last] = [Math.floor(low / step + 1e-9), Math.ceil(high / step - 1e-9)];
  const marks = Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
  return { from: marks[0] ?? 0, to: marks.at(-1) ?? 1, marks: marks.length < 2 ? [0, 1] : marks };
}
