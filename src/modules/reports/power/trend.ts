import { at, type Series } from './series.ts';
import type { PowerFigures } from './figures.ts';

const DAY_S = 86_400;
/** Standard errors that a slope must be away from nothing; and how much of the mean it must move over the log. */
const SURE = 3;
const WORTH_PERCENT = 5;

/**
 * A straight line through means, by least squares: of days when the log has four or more, so that day and night do not look like a trend; of
 * 24 equal parts when it is shorter.
 */
export function trendOf({ times, values, length }: Series, weights: Float64Array): PowerFigures['trend'] {
  const [first, last] = [at(times, 0), at(times, length - 1)];
  const days = Math.floor((last - first) / DAY_S);
  const width = days >= 4 ? DAY_S : (last - first) / 24;
  // Whole days only: half a day would pull the line.
  const parts = days >= 4 ? days : 24;
  const sums = Array.from({ length: parts }, () => ({ mj: 0, seconds: 0 }));
  for (let i = 0; i < length; i++) {
    const part = sums[Math.min(days >= 4 ? Infinity : parts - 1, Math.floor((at(times, i) - first) / width))];
    if (part === undefined) continue;
    part.mj += at(weights, i) * at(values, i);
    part.seconds += at(weights, i);
  }
  const points = sums.flatMap(({ mj, seconds }, i) => (seconds === 0 ? [] : [{ x: ((i + 0.5) * width) / DAY_S, y: mj / seconds }]));
  if (points.length < 4) return null;
  const meanX = points.reduce((sum, { x }) => sum + x, 0) / points.length;
  const meanY = points.reduce((sum, { y }) => sum + y, 0) / points.length;
  const xx = points.reduce((sum, { x }) => sum + (x - meanX) ** 2, 0);
  const slope = points.reduce((sum, { x, y }) => sum + (x - meanX) * (y - meanY), 0) / xx;
  const rest = points.reduce((sum, { x, y }) => sum + (y - meanY - slope * (x - meanX)) ** 2, 0);
  const error = Math.sqrt(rest / (points.length - 2) / xx);
  const percent = meanY === 0 ? 0 : ((slope * (last - first)) / DAY_S / meanY) * 100;
  if (Math.abs(percent) < WORTH_PERCENT || Math.abs(slope) < SURE * error) return null;
  return { mwPerDay: slope, percent };
}
