import { expect, test } from 'vitest';
import { amount } from './words.ts';

test('an amount has the digits of its currency, whatever the runtime’s own tables say', () => {
  expect(amount({ language: 'en', currency: 'EUR' }, 120_450)).toBe('€1,204.50');
  expect(amount({ language: 'en', currency: 'JPY' }, 1_204)).toBe('JP¥1,204');
  expect(amount({ language: 'en', currency: 'KWD' }, 1_204_500)).toBe('KWD\u00a01,204.500');
  expect(amount({ language: 'en', currency: 'HUF' }, 1_204)).toBe('HUF\u00a01,204');
});
