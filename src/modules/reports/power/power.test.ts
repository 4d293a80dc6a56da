import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import fc from '#testing/property.ts';
import { courseOf } from './course.ts';
import { figuresOf } from './figures.ts';
import { readPowerLog } from './read.ts';

const HEAD = 'timestamp,datetime,ane_power_mw,cpu_power_mw,gpu_power_mw,total_power_mw,cpu_energy_mj';
const START = 1_760_000_000;
const read = (lines: readonly string[], head = HEAD) => readPowerLog(Readable.from([Buffer.from([head, ...lines].join('\n'))]));
const figures = async (lines: readonly string[]) => figuresOf(await read(lines), 'UTC');
const total = (s: number, mw: number) => `${(START + s).toFixed(3)},,,,,${mw},`;

test('energy is the area under the power: a ramp, by hand', async () => {
  const found = await figures([total(0, 0), total(1_800, 2_000), total(3_600, 4_000)].toReversed());
  expect(found.energyWh).toBeCloseTo(2, 9); // from 0 to 4 W in an hour
  expect(found).toMatchObject({ seconds: 3_600, coveredSeconds: 3_600, gaps: 0, totalFrom: 'log' });
});

test('sparse rows: the sum of the parts is the total, to a thousandth of a reference that adds up ten thousand small steps', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.double({ min: 0.2, max: 9, noNaN: true }), fc.constantFrom('cpu', 'gpu', 'ane'), fc.integer({ min: 0, max: 60_000 })), { minLength: 12, maxLength: 80 }), // prettier-ignore
      async (steps) => {
        let now = 0;
        const points: Record<string, [number, number][]> = { cpu: [], gpu: [], ane: [] };
        const rows = [...['cpu', 'gpu', 'ane'].map((kind) => [0, kind, 5_000] as const), ...steps].map(([step, kind, mw]) => {
          now += Number(step);
          points[kind]?.push([now, mw]);
          return `${START + now},,${kind === 'ane' ? mw : ''},${kind === 'cpu' ? mw : ''},${kind === 'gpu' ? mw : ''},,`;
        });
        const used = Object.values(points).filter((all) => all.length > 1);
        if (used.length === 0) return;
        const found = await figures(rows);
        const until = Math.min(...used.map((all) => all.at(-1)?.[0] ?? 0));
        const powerAt = (all: [number, number][], t: number) => {
          const after = Math.max(1, all.findIndex(([s]) => s >= t)); // prettier-ignore
          const [[t0, p0] = [0, 0], [t1, p1] = [0, 0]] = [all[after - 1], all[after]];
          return t1 === t0 ? p1 : p0 + ((p1 - p0) * (t - t0)) / (t1 - t0);
        };
        const n = 10_000;
        let sum = 0;
        for (let i = 0; i < n; i++) for (const all of used) sum += (powerAt(all, ((i + 0.5) * until) / n) * until) / n;
        const far = used.some((all) => all.some(([t], i) => i > 0 && t - (all[i - 1]?.[0] ?? 0) > 30));
        if (!far && until > 0) expect(Math.abs(found.energyWh * 3_600_000 - sum)).toBeLessThanOrEqual(sum * 0.001 + 1);
      },
    ),
    { numRuns: 40 },
  );
});

test('a log that was off for an hour says so, and counts nothing for it', async () => {
  const lines = Array.from({ length: 120 }, (_, i) => total(i < 60 ? i : 3_600 + i, 1_000));
  const found = await figures(lines);
  expect(found).toMatchObject({ gaps: 1, coveredSeconds: 118 });
  expect(found.energyWh).toBeCloseTo(118 / 3_600, 9);
  expect(found.recommendations.map(({ rule }) => rule)).toContain('gaps');
});

test('idle and active are told apart where they lie apart; a level that hardly moves is one', async () => {
  const day = (mw: (i: number) => number) => Array.from({ length: 2_000 }, (_, i) => total(i, mw(i)));
  const { split, recommendations, total: whole } = await figures(day((i) => (i % 1_000 < 700 ? 2_000 + (i % 7) : 7_000 + (i % 50))));
  expect(split?.thresholdMw).toBeGreaterThan(2_006);
  expect(split?.thresholdMw).toBeLessThan(7_000);
  expect((split?.idle.seconds ?? 0) / 2_000).toBeCloseTo(0.7, 1);
  expect(recommendations.map(({ rule }) => rule)).toEqual(['idle_energy']);
  expect(whole).toMatchObject({ maxMw: 7_049, p99Mw: 7_048, medianMw: 2_004 });
  expect((await figures(day((i) => 2_000 + (i % 7)))).split).toBeNull();
});

test('a rise is told, by and by or none; day and night are no rise', async () => {
  const log = (mw: (hour: number) => number) => Array.from({ length: 24 * 6 * 10 }, (_, i) => total(i * 600, mw(i / 6)));
  expect((await figures(log((hour) => 3_000 + 10 * hour))).trend?.mwPerDay).toBeCloseTo(240, 0);
  expect((await figures(log((hour) => (hour % 24 < 8 ? 1_000 : 5_000)))).trend).toBeNull();
});

test('rows that can’t be right are counted and named; a file that is no log is refused with the next step', async () => {
  const log = await read([
    total(0, 1_000),
    `${START + 1},,,-5,,,`,
    'yesterday,,,5,,,',
    `${START + 2},,,nonsense,,,`,
    total(3, 1_000),
    total(3, 2_000),
  ]);
  expect(log).toMatchObject({ rows: 6, rejected: 3, repeated: 1 });
  expect(log.faults[0]).toBe('Line 3: cpu_power_mw is -5');
  await expect(read(['1,2'], 'time,watts')).rejects.toThrow('no column timestamp');
  await expect(read(['1,2'], 'timestamp,watts')).rejects.toThrow('no column of power');
  await expect(read([total(0, 1)])).rejects.toThrow('not two with a power');
  await expect(read([`${START}000,,,,,5,`, `${START}001,,,,,5,`])).rejects.toThrow('no time in Unix seconds');
});

test('a course keeps its gaps as wide as they were, and tells its moments apart even in the hour that comes twice', async () => {
  // Clocks in Berlin went back on 26 October 2025 at 01:00 UTC.
  const from = Date.parse('2025-10-25T22:00:00Z') / 1_000;
  const lines = Array.from({ length: 6 * 60 }, (_, i) => `${from + i * 60},,,,,1000,`).filter((_, i) => i < 60 || i >= 120);
  const found = figuresOf(await read(lines), 'Europe/Berlin');
  const rows = courseOf(found, (mw) => mw / 1_000);
  const empty = rows.filter(([, mean]) => mean === null).length;
  expect(empty / rows.length).toBeCloseTo(61 / 359, 1);
  expect(new Set(rows.map(([name]) => name)).size).toBe(rows.length);
  expect(rows.filter(([name]) => String(name).endsWith('(2)')).length).toBeGreaterThan(10);
});
