import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { centsOf, minorDigits, recounted } from './money.ts';

const read = (path: string) => readFile(new URL(`../../${path}`, import.meta.url), 'utf8');

test('the server, the pages and the database know the same digits of every currency', async () => {
  const listed = (text: string) => text.match(/'[A-Z]{3}( [A-Z]{3})+'/g);
  const [server, pages, database] = await Promise.all([
    read('src/core/money.ts'),
    read('src/web/kit/money.ts'),
    read('migrations/0640_minor_units.sql'),
  ]);
  expect(listed(server)).toHaveLength(3);
  expect(listed(pages)).toEqual(listed(server));
  expect(listed(database)).toEqual(listed(server));
  expect(['EUR', 'JPY', 'KWD', 'CLF'].map(minorDigits)).toEqual([2, 0, 3, 4]);
});

test('an amount becomes units of the last digit, exactly', () => {
  expect(centsOf('1234.505', 'EUR')).toBe(123_451);
  expect(centsOf('1234.5', 'JPY')).toBe(1_235);
  expect(centsOf('0.0049', 'EUR')).toBe(0);
  expect(centsOf('-1.2345', 'KWD')).toBe(-1_235);
  expect(centsOf('90071992547409.91', 'EUR')).toBeNull();
  expect(centsOf('9007199254740.97', 'EUR')).toBe(900_719_925_474_097);
  for (const text of ['', '1,5', '1e3', '1.', 'ten']) expect(centsOf(text, 'EUR'), text).toBeNull();
});

test('the same amount is counted in another currency', () => {
  expect(recounted(1_050, 'EUR', 'JPY')).toBe(11);
  expect(recounted(1_050, 'EUR', 'KWD')).toBe(10_500);
  expect(recounted(11, 'JPY', 'EUR')).toBe(1_100);
});
