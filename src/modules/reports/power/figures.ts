import { z } from 'zod';
import { gapOf, integrate, quantiles, stretches, summed, weightsOf } from './measure.ts';
import { COMPONENTS, type PowerLog } from './read.ts';
import { recommend } from './recommend.ts';
import { at, type Series } from './series.ts';
import { splitIdle } from './split.ts';
import { trendOf } from './trend.ts';

const Milliwatts = z.number().describe('Milliwatts');

const ComponentFigures = z.object({
  samples: z.int(),
  energyWh: z.number(),
  meanMw: Milliwatts,
  minMw: Milliwatts,
  medianMw: Milliwatts,
  p95Mw: Milliwatts,
  p99Mw: Milliwatts,
  maxMw: Milliwatts,
});

const Phase = z.object({ seconds: z.number(), energyWh: z.number(), meanMw: Milliwatts });

/** What a power log says. Times are ISO 8601 in UTC; energy by the trapezoidal rule over measured stretches. */
export const PowerFigures = z.object({
  from: z.string(),
  to: z.string(),
  /** Of the hours of a day. */
  timeZone: z.string(),
  seconds: z.number().describe('From the first to the last measurement'),
  coveredSeconds: z.number().describe('Without gaps'),
  gaps: z.int(),
  energyWh: z.number(),
  totalFrom: z.enum(['log', 'sum']).describe('sum: the log has no total, it is that of its parts'),
  total: ComponentFigures,
  components: z.partialRecord(z.enum(['ane', 'cpu', 'gpu']), ComponentFigures),
  split: z.object({ thresholdMw: Milliwatts, idle: Phase, active: Phase }).nullable().describe('null: idle and active can’t be told apart'),
  peaks: z.array(z.object({ at: z.string(), mw: Milliwatts })),
  hours: z.array(z.number()).length(24).describe('Watt hours by hour of the day'),
  trend: z
    .object({ mwPerDay: z.number(), percent: z.number().describe('Over the whole log') })
    .nullable()
    .describe('null: none that stands out'),
  course: z.array(z.object({ at: z.string(), mean: z.number(), min: z.number(), max: z.number() })),
  cpuCounted: z.object({ countedWh: z.number(), integratedWh: z.number() }).nullable(),
  quality: z.object({ rows: z.int(), rejected: z.int(), repeated: z.int(), faults: z.array(z.string()) }),
  recommendations: z.array(z.object({ rule: z.string(), because: z.string(), says: z.string() })),
});
export type PowerFigures = z.output<typeof PowerFigures>;
export type ComponentFigures = z.output<typeof ComponentFigures>;

const COURSE = 240;
const PEAKS = 5;
/** Seconds. */
const PEAKS_APART = 60;
const MJ_PER_WH = 3_600_000;

export function figuresOf(log: PowerLog, timeZone: string): PowerFigures {
  const parts = COMPONENTS.filter((kind) => kind !== 'total' && log.series[kind].length >= 2);
  const own = log.series.total.length >= 2;
  const total = own ? log.series.total : summed(parts.map((kind) => log.series[kind]));
  const gap = gapOf(total);
  const weights = weightsOf(total, gap);
  const { millijoules, seconds } = integrate(total, gap);
  const [first, last] = [at(total.times, 0), at(total.times, total.length - 1)];
  const course = courseOf(total, gap, first, last);
  const cpu = log.series.cpu.length >= 2 ? integrate(log.series.cpu).millijoules : null;
  const figures: Omit<PowerFigures, 'recommendations'> = {
    from: iso(first),
    to: iso(last),
    timeZone,
    seconds: last - first,
    coveredSeconds: seconds,
    gaps: gapsOf(total, gap),
    energyWh: millijoules / MJ_PER_WH,
    totalFrom: own ? 'log' : 'sum',
    total: componentOf(total, gap, weights),
    components: Object.fromEntries(parts.map((kind) => [kind, alone(log.series[kind])])),
    split: splitIdle(total, weights),
    peaks: peaksOf(total),
    hours: hoursOf(total, gap, timeZone),
    trend: trendOf(total, weights),
    course,
    cpuCounted: log.cpuEnergyMj === null || cpu === null ? null : { countedWh: log.cpuEnergyMj / MJ_PER_WH, integratedWh: cpu / MJ_PER_WH },
    quality: { rows: log.rows, rejected: log.rejected, repeated: log.repeated, faults: [...log.faults] },
  };
  return { ...figures, recommendations: recommend(figures) };
}

function alone(series: Series): ComponentFigures {
  const gap = gapOf(series);
  return componentOf(series, gap, weightsOf(series, gap));
}

function componentOf(series: Series, gap: number, weights: Float64Array): ComponentFigures {
  const { millijoules, seconds } = integrate(series, gap);
  const [min = 0, median = 0, p95 = 0, p99 = 0, max = 0] = quantiles(series, weights, [0, 0.5, 0.95, 0.99, 1]);
  return {
    samples: series.length,
    energyWh: millijoules / MJ_PER_WH,
    meanMw: seconds === 0 ? 0 : millijoules / seconds,
    minMw: min,
    medianMw: median,
    p95Mw: p95,
    p99Mw: p99,
    maxMw: Math.max(
      max,
      series.values.subarray(0, series.length).reduce((most, one) => Math.max(most, one), 0),
    ),
  };
}

function gapsOf({ times, length }: Series, gap: number): number {
  let gaps = 0;
  for (let i = 1; i < length; i++) if (at(times, i) - at(times, i - 1) > gap) gaps += 1;
  return gaps;
}

/** The highest measurements, each the highest of its minute. */
function peaksOf({ times, values, length }: Series): PowerFigures['peaks'] {
  const best = new Map<number, number>();
  for (let i = 0; i < length; i++) {
    const minute = Math.floor(at(times, i) / PEAKS_APART);
    const known = best.get(minute);
    if (known === undefined || at(values, i) > at(values, known)) best.set(minute, i);
  }
  return [...best.values()]
    .toSorted((a, b) => at(values, b) - at(values, a) || at(times, a) - at(times, b))
    .slice(0, PEAKS)
    .map((i) => ({ at: iso(at(times, i)), mw: at(values, i) }));
}

function courseOf(series: Series, gap: number, first: number, last: number): PowerFigures['course'] {
  const width = Math.max((last - first) / COURSE, 1e-6);
  const buckets = Array.from({ length: COURSE }, () => ({ energy: 0, seconds: 0, min: Infinity, max: 0 }));
  stretches(series, gap, (from, to, start, end) => {
    const bucket = buckets[Math.min(COURSE - 1, Math.floor((from - first) / width))];
    if (bucket === undefined) return;
    bucket.energy += ((start + end) / 2) * (to - from);
    bucket.seconds += to - from;
    bucket.min = Math.min(bucket.min, start, end);
    bucket.max = Math.max(bucket.max, start, end);
  });
  return buckets.flatMap(({ energy, seconds, min, max }, i) =>
    seconds === 0 ? [] : [{ at: iso(first + (i + 0.5) * width), mean: energy / seconds, min, max }],
  );
}

/** Watt hours by hour of the day; the clock of the zone is asked once for every quarter of an hour. */
function hoursOf(series: Series, gap: number, timeZone: string): number[] {
  const hours = Array.from({ length: 24 }, () => 0);
  const format = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', hourCycle: 'h23' });
  const known = new Map<number, number>();
  stretches(series, gap, (from, to, start, end) => {
    const quarter = Math.floor((from + to) / 2 / 900);
    let hour = known.get(quarter);
    if (hour === undefined) known.set(quarter, (hour = Number(format.format(quarter * 900_000))));
    hours[hour] = at(hours, hour) + (((start + end) / 2) * (to - from)) / MJ_PER_WH;
  });
  return hours;
}

const iso = (seconds: number): string => new Date(seconds * 1_000).toISOString();
