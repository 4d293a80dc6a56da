import { expect, test } from 'vitest';
import { smsLength } from './sms-segments.ts';

test.each([
  ['', 'gsm', 0, 0],
  ['x'.repeat(160), 'gsm', 160, 1],
  ['x'.repeat(161), 'gsm', 161, 2],
  ['x'.repeat(306), 'gsm', 306, 2],
  ['x'.repeat(307), 'gsm', 307, 3],
  ['Größe: 5 €', 'gsm', 11, 1],
  ['ё'.repeat(70), 'unicode', 70, 1],
  ['ё'.repeat(71), 'unicode', 71, 2],
  ['👋'.repeat(35), 'unicode', 70, 1],
] as const)('%#: %s', (text, encoding, units, segments) => {
  expect(smsLength(text)).toMatchObject({ encoding, units, segments });
});

test('the character that halves what fits is named', () => {
  expect(smsLength('Hello “Ann”')).toMatchObject({ encoding: 'unicode', because: '“' });
});
