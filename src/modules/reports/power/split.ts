import { at, type Series } from './series.ts';
import type { PowerFigures } from './figures.ts';

const BINS = 256;
/** Share of all spread that lies between the two groups; below it they are one. Evenly spread power has 0.75. */
const APART = 0.8;
/** Work takes at least so many times what idle does. */
const TIMES_MORE = 1.5;
const MJ_PER_WH = 3_600_000;

/**
 * Idle and active, told apart by Otsu's method (IEEE Trans. SMC 9(1), 1979) on the logarithm of power, weighted by time: the threshold between
 * the two groups whose means lie furthest apart. Null when they do not lie apart.
 */
export function splitIdle({ values, length }: Series, weights: Float64Array): PowerFigures['split'] {
  let [low, high, all] = [Infinity, -Infinity, 0];
  for (let i = 0; i < length; i++) {
    const level = Math.log1p(at(values, i));
    low = Math.min(low, level);
    high = Math.max(high, level);
    all += at(weights, i);
  }
  if (!(high > low) || all === 0) return null;
  const histogram = new Float64Array(BINS);
  const binOf = (value: number) => Math.min(BINS - 1, Math.floor(((Math.log1p(value) - low) / (high - low)) * BINS));
  for (let i = 0; i < length; i++) histogram[binOf(at(values, i))] = at(histogram, binOf(at(values, i))) + at(weights, i);
  const mean = histogram.reduce((sum, weight, bin) => sum + weight * bin, 0) / all;
  const spread = histogram.reduce((sum, weight, bin) => sum + weight * (bin - mean) ** 2, 0) / all;
  let best = { bin: 0, between: 0 };
  let [below, sumBelow] = [0, 0];
  for (let bin = 0; bin < BINS - 1; bin++) {
    below += at(histogram, bin);
    sumBelow += at(histogram, bin) * bin;
    if (below === 0 || below === all) continue;
    const between = (below / all) * (1 - below / all) * (sumBelow / below - (mean * all - sumBelow) / (all - below)) ** 2;
    if (between > best.between) best = { bin, between };
  }
  if (spread === 0 || best.between / spread < APART) return null;
  const threshold = Math.expm1(low + ((best.bin + 1) / BINS) * (high - low));
  const phases = { idle: { seconds: 0, mj: 0 }, active: { seconds: 0, mj: 0 } };
  for (let i = 0; i < length; i++) {
    const phase = at(values, i) < threshold ? phases.idle : phases.active;
    phase.seconds += at(weights, i);
    phase.mj += at(weights, i) * at(values, i);
  }
  const shown = ({ seconds, mj }: { seconds: number; mj: number }) => ({
    seconds,
    energyWh: mj / MJ_PER_WH,
    meanMw: seconds === 0 ? 0 : mj / seconds,
  });
  const [idle, active] = [shown(phases.idle), shown(phases.active)];
  return active.meanMw < TIMES_MORE * idle.meanMw ? null : { thresholdMw: threshold, idle, active };
}
