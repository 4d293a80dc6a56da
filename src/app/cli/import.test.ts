import { expect, test } from 'vitest';
import { doubts } from './import.ts';

test('a doubt about a column is said where it matters, in words', () => {
  const columns = ['Mail', 'Telefon', 'Umsatz', 'Seit', 'Since'];
  const findings = [
    { column: 1, kind: 'number', format: 'point', proven: false },
    { column: 2, kind: 'number', format: 'comma', proven: false },
    { column: 3, kind: 'date', format: 'dmy', proven: false },
    { column: 4, kind: 'date', format: 'ymd', proven: true },
  ];
  expect(doubts(columns, ['email', 'phone', 'custom.revenue', 'consent_at', 'custom.since'], findings)).toEqual([
    'Umsatz is read with a decimal comma (1.234,5); say otherwise with --format',
    'Seit is read with the day first (31.12.2026); say otherwise with --format',
  ]);
  expect(doubts(columns, ['email', 'phone', 'ignore', 'ignore', 'ignore'], findings)).toEqual([]);
});
