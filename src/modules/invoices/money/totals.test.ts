import { expect, test } from 'vitest';
import fc from '#testing/property.ts';
import { localAmount, plainAmount, readAmount } from './currency.ts';
import { allocate, divideRounded } from './round.ts';
import { totalsOf, type PricedLine } from './totals.ts';

const RATES = [0, 5_000, 7_000, 8_875, 19_000, 25_500];
const line = fc.record({
  quantity: fc.integer({ min: 1, max: 10_000_000 }).map((n) => n / 10_000),
  unitPriceCents: fc.integer({ min: -1_000_000, max: 100_000_000 }),
  discountBps: fc.integer({ min: 0, max: 10_000 }),
  taxRate: fc.constantFrom(...RATES),
}).map((one): PricedLine => ({ ...one, taxCategory: one.taxRate > 0 ? 'S' : 'Z' })); // prettier-ignore
const lines = fc.array(line, { minLength: 1, maxLength: 40 });
const discount = fc.oneof(fc.constant(null), fc.record({ percentBps: fc.integer({ min: 0, max: 10_000 }) }), fc.record({ cents: fc.integer({ min: 0, max: 10_000_000 }) })); // prettier-ignore
const sum = (values: readonly number[]) => values.reduce((all, one) => all + one, 0);

test('the sums of an invoice are identities, whatever its lines: never off by a cent', () => {
  fc.assert(
    fc.property(lines, discount, (given, off) => {
      const totals = totalsOf(given, off);
      expect(sum(totals.lineCents)).toBe(totals.subtotalCents);
      expect(sum(totals.groups.map((group) => group.linesCents))).toBe(totals.subtotalCents);
      expect(sum(totals.groups.map((group) => group.discountCents))).toBe(totals.discountCents);
      expect(totals.subtotalCents - totals.discountCents).toBe(totals.netCents);
      expect(sum(totals.groups.map((group) => group.netCents))).toBe(totals.netCents);
      expect(sum(totals.groups.map((group) => group.taxCents))).toBe(totals.taxCents);
      expect(totals.netCents + totals.taxCents).toBe(totals.totalCents);
      // BR-CO-17: the tax of a rate is its base times the rate, rounded once.
      for (const group of totals.groups)
        expect(Math.abs(group.taxCents * 100_000 - group.netCents * group.rate)).toBeLessThanOrEqual(50_000);
      if (off !== null && totals.subtotalCents > 0) {
        const asked = 'cents' in off ? off.cents : Number(divideRounded(BigInt(totals.subtotalCents) * BigInt(off.percentBps), 10_000n));
        expect(totals.discountCents).toBe(Math.min(asked, totals.subtotalCents));
      }
    }),
  );
});

test('the order of the lines changes no sum', () => {
  fc.assert(
    fc.property(lines, discount, (given, off) => {
      const [there, back] = [totalsOf(given, off), totalsOf(given.toReversed(), off)];
      expect(back).toEqual({ ...there, lineCents: there.lineCents.toReversed() });
    }),
  );
});

test('parts add up to the whole, each within a cent of its share', () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: -1_000_000n, max: 1_000_000n }),
      fc.array(fc.bigInt({ min: 0n, max: 1_000_000n }), { minLength: 1 }),
      (amount, weights) => {
        const parts = allocate(amount, weights);
        expect(parts.reduce((all, part) => all + part, 0n)).toBe(amount);
        const total = weights.reduce((all, weight) => all + weight, 0n);
        if (total > 0n)
          parts.forEach((part, i) => expect(Math.abs(Number(part * total - amount * (weights[i] ?? 0n)))).toBeLessThan(Number(total)));
      },
    ),
  );
});

test('an amount that was written reads the same again, in every currency', () => {
  for (const [currency, text] of [['EUR', '1234.50'], ['JPY', '1235'], ['KWD', '0.005'], ['USD', '-0.07']] as const)
    expect(plainAmount(readAmount(text, currency), currency)).toBe(text); // prettier-ignore
  for (const [text, currency] of [['1,50', 'EUR'], ['1.234', 'EUR'], ['0.5', 'JPY'], ['', 'EUR'], ['1e5', 'EUR']] as const)
    expect(() => readAmount(text, currency), text).toThrow('amount'); // prettier-ignore
  expect(localAmount(123_456_789_012_345, 'EUR', 'de')).toBe('1.234.567.890.123,45');
});

test('half a cent goes away from nothing', () => {
  expect([5n, 15n, 25n, 4n, -5n, -15n].map((n) => divideRounded(n, 10n))).toEqual([1n, 2n, 3n, 0n, -1n, -2n]);
  expect(totalsOf([{ quantity: 0.5, unitPriceCents: 1, discountBps: 0, taxCategory: 'S', taxRate: 19_000 }], null)).toMatchObject({
    lineCents: [1],
    totalCents: 1,
  });
});
