import { at, Series } from './series.ts';

/** A log that pauses for longer than this many of its usual intervals was off meanwhile. */
const GAP_INTERVALS = 20;
const SHORTEST_GAP_S = 30;

/** Seconds between two measurements above which nothing is known of what lies between. */
export function gapOf({ times, length }: Series): number {
  const steps = new Float64Array(Math.max(0, length - 1));
  for (let i = 1; i < length; i++) steps[i - 1] = at(times, i) - at(times, i - 1);
  steps.sort();
  return Math.max(SHORTEST_GAP_S, GAP_INTERVALS * at(steps, steps.length >> 1));
}

/** Calls with each stretch between two measurements that follow one another without a gap. */
export function stretches(
  { times, values, length }: Series,
  gap: number,
  each: (from: number, to: number, start: number, end: number) => void,
): void {
  for (let i = 1; i < length; i++) {
    const [from, to] = [at(times, i - 1), at(times, i)];
    if (to - from <= gap) each(from, to, at(values, i - 1), at(values, i));
  }
}

export interface Integral {
  readonly millijoules: number;
  /** Seconds that are covered by measurements. */
  readonly seconds: number;
}

/** By trapezoids, gaps left out. */
export function integrate(series: Series, gap = gapOf(series)): Integral {
  let [millijoules, seconds] = [0, 0];
  stretches(series, gap, (from, to, start, end) => {
    millijoules += ((start + end) / 2) * (to - from);
    seconds += to - from;
  });
  return { millijoules, seconds };
}

/** How long each measurement stands for: half of the way to its neighbours. */
export function weightsOf(series: Series, gap: number): Float64Array {
  const weights = new Float64Array(series.length);
  for (let i = 1; i < series.length; i++) {
    const step = at(series.times, i) - at(series.times, i - 1);
    if (step > gap) continue;
    weights[i - 1] = at(weights, i - 1) + step / 2;
    weights[i] = at(weights, i) + step / 2;
  }
  return weights;
}

/** The power below which it was for these shares of the time, in ascending order of shares. */
export function quantiles(series: Series, weights: Float64Array, shares: readonly number[]): number[] {
  const order = Uint32Array.from({ length: series.length }, (_, i) => i).sort((a, b) => at(series.values, a) - at(series.values, b));
  const all = weights.reduce((sum, one) => sum + one, 0);
  const found: number[] = [];
  let passed = 0;
  for (const i of order) {
    passed += at(weights, i);
    while (found.length < shares.length && passed >= at(shares, found.length) * all) found.push(at(series.values, i));
  }
  while (found.length < shares.length) found.push(at(series.values, at(order, order.length - 1)));
  return found;
}

/**
 * The sum of several series where the log has no total: at each moment of any, the others between their neighbours. From the last
 * of their beginnings to the first of their ends; a gap in one is a gap in the sum.
 */
export function summed(parts: readonly Series[]): Series {
  const used = parts.filter(({ length }) => length >= 2);
  const from = Math.max(...used.map(({ times }) => at(times, 0)));
  const until = Math.min(...used.map(({ times, length }) => at(times, length - 1)));
  const gaps = used.map(gapOf);
  const places = used.map(() => 0);
  const sum = new Series();
  const moments = Float64Array.from(used.flatMap(({ times, length }) => [...times.subarray(0, length)])).sort();
  let last = Number.NaN;
  for (const moment of moments) {
    if (moment < from || moment > until || moment === last) continue;
    last = moment;
    let power: number | null = 0;
    for (const [k, part] of used.entries()) {
      let i = at(places, k);
      while (i + 1 < part.length && at(part.times, i + 1) <= moment) i += 1;
      places[k] = i;
      const [before, after] = [at(part.times, i), i + 1 < part.length ? at(part.times, i + 1) : at(part.times, i)];
      if (after - before > at(gaps, k) && moment > before) power = null;
      else if (power !== null)
        power += at(part.values, i) + (after === before ? 0 : ((at(part.values, i + 1) - at(part.values, i)) * (moment - before)) / (after - before)); // prettier-ignore
    }
    if (power !== null) sum.add(moment, power);
  }
  return sum;
}
