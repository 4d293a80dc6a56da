import fc from '#testing/property.ts';
import { expect, test } from 'vitest';
import { resolveBlocks } from '../draw/resolve.ts';
import { sumsOf } from '../draw/prices.ts';
import { dayOf, numberOf, readCsv } from '../model/data.ts';
import { line } from './advise.ts';
import { reportBlocks } from './client-report.ts';

const day = (i: number) => new Date(Date.UTC(2025, 0, 1 + i)).toISOString().slice(0, 10);

/** Two years of a shop that grows, of which one channel carries most, with one mad month and a column that lacks values. */
const SHOP = [
  'Date,Order id,Channel,Revenue,Conversion rate,Returns',
  ...Array.from({ length: 600 }, (_, i) => {
    const channel = ['Shop', 'Shop', 'Shop', 'Online', 'Fair'][i % 5];
    return `${day(i)},${1000 + i},${channel},${(100 + i + (i % 7) * 3).toFixed(2)},${(0.2 + (i % 3) / 100).toFixed(3)},${i % 4 === 0 ? '' : i >= 304 && i < 334 ? 60 : i % 5}`;
  }),
].join('\n');

test('a report of any table tells figures, course, parts, and what stands out with the rule that says so', () => {
  const data = readCsv(SHOP);
  expect(data.columns.map(({ kind }) => kind)).toEqual(['date', 'number', 'text', 'number', 'number', 'number']);
  for (const language of ['en', 'de'] as const) {
    const blocks = reportBlocks(data, 'data', language);
    const { faults, parts } = resolveBlocks(blocks, { facts: {}, data: new Map([['data', data]]), pictures: new Map(), speech: { language, currency: 'EUR' } });
    expect(faults).toEqual([]);
    const rules = parts.flatMap((part) => (part.type === 'advice' ? [part.rule.split(': ')[1]] : []));
    expect(rules).toEqual(['trend', 'concentration', 'outlier', 'gaps']);
    expect(parts.filter(({ type }) => type === 'chart').map((part) => part.type === 'chart' && part.chart.kind)).toEqual(['line', 'line', 'donut', 'stacked']);
  }
  // Ids are not added up, and rates are averaged.
  const figures = reportBlocks(data, 'data', 'en').find((block) => block.type === 'figures');
  expect(figures?.items.map(({ column, measure }) => [column, measure])).toEqual([['Revenue', 'sum'], ['Returns', 'sum'], ['Conversion rate', 'mean']]);
}); // prettier-ignore

test('text of a table is never read as a placeholder', () => {
  const data = readCsv('Day,{{ person.name }},{% if %}\n2026-01-01,a,1\n2026-01-02,b,2\n2026-01-03,a,3\n2026-01-04,b,4');
  const { faults, parts } = resolveBlocks(reportBlocks(data, 'data', 'en'), { facts: {}, data: new Map([['data', data]]), pictures: new Map(), speech: { language: 'en', currency: 'EUR' } }); // prettier-ignore
  expect(faults).toEqual([]);
  expect(JSON.stringify(parts)).toContain('{% if %}');
});

test('numbers and days are read as people write them', () => {
  expect(['1.234,50', '12,5', '-3,00 €'].map((text) => numberOf(text, true))).toEqual([1234.5, 12.5, -3]);
  expect(['1,234.50', '$12', '25 %', '−4', '1e3', '12a', '', '1-2'].map((text) => numberOf(text))).toEqual([1234.5, 12, 25, -4, 1000, null, null, null]);
  expect(['2026-03-09', '9.3.2026', '3/9/2026', '2026-03-09T14:30:00Z', '2026-02-30', '2026-03'].map(dayOf)).toEqual(['2026-03-09', '2026-03-09', '2026-03-09', '2026-03-09 14:30', null, '2026-03-01']);
  expect(() => readCsv('a,b')).toThrow('no rows');
  expect(() => reportBlocks(readCsv('a,b\nx,y\nz,w'), 'data', 'en')).toThrow('no column of numbers');
}); // prettier-ignore

test('prices are whole cents: the total is its parts, however they are rounded', () => {
  const cents = fc.integer({ min: -1_000_000, max: 1_000_000 });
  const row = fc.record({ unitCents: cents, quantity: fc.integer({ min: 0, max: 100_000 }).map((n) => n / 1_000), optional: fc.boolean() });
  const rate = fc.integer({ min: 0, max: 100_000 }).map((n) => n / 1_000);
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 20 }), rate, rate, (rows, discountPercent, taxPercent) => {
      const lines = rows.map((one) => ({ ...one, description: '', unit: '' }));
      const sums = sumsOf({ lines, discountPercent, taxPercent });
      expect(sums.total).toBe(sums.subtotal - sums.discount + sums.tax);
      expect(sums.subtotal).toBe(sums.lines.filter((_, i) => !lines[i]?.optional).reduce((a, b) => a + b, 0n));
      for (const [i, one] of lines.entries()) expect(Math.abs(Number(sums.lines[i]) - one.unitCents * one.quantity)).toBeLessThanOrEqual(0.5 + 1e-6);
      expect(Math.abs(Number(sums.tax) - (Number(sums.subtotal - sums.discount) * taxPercent) / 100)).toBeLessThanOrEqual(0.5 + 1e-3);
    }),
  );
}); // prettier-ignore

test('the line through a course is that of least squares', () => {
  const { slope, from, to, error } = line([1, 3, 2, 5, 4]);
  expect([slope, from, to].map((value) => Number(value.toFixed(6)))).toEqual([0.8, 1.4, 4.6]);
  expect(error).toBeCloseTo(Math.sqrt(3.6 / 3 / 10), 6);
});

test('a last month that is far too high stands out; one that is low may not be over', () => {
  const table = (last: number) => readCsv(['day,total_revenue,region', ...Array.from({ length: 12 }, (_, i) => `2026-${String(i + 1).padStart(2, '0')}-05,${i === 11 ? last : 1000 + (i % 3) * 20},${['North', 'South', 'East', 'East'][i % 4]}`)].join('\n'));
  const rulesOf = (last: number) => reportBlocks(table(last), 'data', 'en').flatMap((block) => (block.type === 'advice' ? [block.rule] : []));
  expect(rulesOf(9000)).toContain('Rule: outlier');
  expect(rulesOf(30)).not.toContain('Rule: outlier');
  const blocks = reportBlocks(table(1000), 'data', 'en');
  const titles = blocks.flatMap((block) => (block.type === 'chart' ? [block.title] : block.type === 'figures' ? block.items.map(({ label }) => label) : []));
  expect(titles).toEqual(['Total revenue', 'Total revenue over time', 'Total revenue by region', 'Total revenue by region over time']);
  const { parts } = resolveBlocks(blocks, { facts: {}, data: new Map([['data', table(1000)]]), pictures: new Map(), speech: { language: 'en', currency: 'EUR' } });
  const [, ring, stacked] = parts.flatMap((part) => (part.type === 'chart' ? [part.chart] : []));
  expect(stacked?.series.map(({ name }) => name)).toEqual(ring?.labels);
}); // prettier-ignore
