import { expect, test } from 'vitest';
import { currencyOfZone } from './currency-of.ts';

test('a time zone tells the currency of its country; one of no country, dollars', () => {
  const zones = ['Europe/Berlin', 'Europe/Sofia', 'Europe/London', 'Europe/Zurich', 'America/Chicago', 'Asia/Tokyo', 'Asia/Kuwait', 'UTC', 'Nowhere/Else'];
  expect(zones.map(currencyOfZone)).toEqual(['EUR', 'EUR', 'GBP', 'CHF', 'USD', 'JPY', 'KWD', 'USD', 'USD']);
}); // prettier-ignore
