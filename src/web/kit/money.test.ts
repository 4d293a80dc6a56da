import { expect, test } from 'vitest';
import { amountHint, centsOf, exactMoney, money, plainMoney, shortMoney, signedMoney, wholeMoney } from './money.ts';

test('money is shown with the digits of its currency', () => {
  expect([money(120_450, 'USD'), money(120_400, 'USD'), money(1_204, 'JPY'), money(1_204_505, 'KWD'), money(1_204, 'HUF')]).toEqual([
    '$1,204.50',
    '$1,204',
    '¥1,204',
    'KWD\u00a01,204.505',
    'Ft\u00a01,204',
  ]);
  expect([exactMoney(120_400, 'USD'), exactMoney(1_204, 'JPY'), exactMoney(1_200, 'KWD')]).toEqual([
    '$1,204.00',
    '¥1,204',
    'KWD\u00a01.200',
  ]);
  expect([shortMoney(1_200_000, 'JPY'), shortMoney(120_000_000, 'USD'), shortMoney(1_200_000_000, 'KWD')]).toEqual([
    '¥1.2M',
    '$1.2M',
    'KWD\u00a01.2M',
  ]);
  expect([signedMoney(-500, 'JPY'), signedMoney(1_500, 'KWD')]).toEqual(['−¥500', '+KWD\u00a01.500']);
  expect([wholeMoney(120_450, 'USD'), wholeMoney(1_204, 'JPY')]).toEqual(['$1,205', '¥1,204']);
  expect([plainMoney(120_450, 'USD'), plainMoney(1_204, 'JPY'), plainMoney(1_500, 'KWD')]).toEqual(['1204.50', '1204', '1.500']);
  expect([amountHint('EUR'), amountHint('JPY')]).toEqual(['An amount such as €1,234.50', 'An amount such as ¥123,450']);
});

test.each([
  ['1,204.50', 'USD', 120_450], ['1204,5', 'EUR', 120_450], ['1 204', 'EUR', 120_400], ['1,204', 'USD', 120_400], ['1’204.05', 'CHF', 120_405], ['-12', 'EUR', -1_200],
  ['1,204', 'JPY', 1_204], ['12,345,678', 'JPY', 12_345_678], ['1.204', 'KWD', 1_204], ['12,5', 'KWD', 12_500], ['1,204.505', 'KWD', 1_204_505],
] as const)('%s of %s is read', (text, currency, cents) => {
  expect(centsOf(text, currency)).toBe(cents);
}); // prettier-ignore

test.each([
  ['', 'EUR'], ['ten', 'EUR'], ['1.204', 'EUR'], ['1.5', 'JPY'], ['1,2,3', 'EUR'], ['1,20,400', 'EUR'], ['1,204', 'KWD'], ['1.2.3', 'EUR'], ['123456789012', 'EUR'],
] as const)('%s of %s is no amount, or could be two', (text, currency) => {
  expect(centsOf(text, currency)).toBeNull();
}); // prettier-ignore
