import { expect, test } from 'vitest';
import { taxationOf, type TaxParty, type TaxRules } from './treatment.ts';

const none: TaxRules = { smallBusiness: false, oss: false, usRates: {}, ownRates: {} };
const berlin = { country: 'DE', vatId: 'DE123456789' };

test.each<[string, TaxParty, TaxParty, Partial<TaxRules>, string, number]>([
  ['at home', berlin, { country: 'DE' }, {}, 'domestic S', 19],
  ['somebody without a country is at home', berlin, {}, {}, 'domestic S', 19],
  ['a firm at home pays it, VAT number or not', berlin, { country: 'DE', vatId: 'DE987654321' }, {}, 'domestic S', 19],
  ['a firm in another member state', berlin, { country: 'FR', vatId: 'FR12345678901' }, {}, 'reverse_charge AE', 0],
  ['Greek numbers begin with EL', berlin, { country: 'GR', vatId: 'EL123456789' }, {}, 'reverse_charge AE', 0],
  ['our own number proves no other state', berlin, { country: 'FR', vatId: 'DE123456789' }, {}, 'eu_consumer S', 19],
  ['a consumer below the threshold', berlin, { country: 'FR' }, {}, 'eu_consumer S', 19],
  ['a consumer by one-stop shop', berlin, { country: 'FI' }, { oss: true }, 'eu_consumer S', 25.5],
  ['outside of the EU', berlin, { country: 'CH' }, {}, 'export G', 0],
  ['a small business shows none', berlin, { country: 'DE' }, { smallBusiness: true }, 'small_business E', 0],
  [
    'a state where tax is collected',
    { country: 'US', region: 'CA' },
    { country: 'US', region: 'ny' },
    { usRates: { NY: 8.875 } },
    'us_sales_tax S',
    8.875,
  ],
  ['a state where none is', { country: 'US' }, { country: 'US', region: 'OR' }, { usRates: { NY: 8.875 } }, 'us_sales_tax O', 0],
  ['a country without a table', { country: 'BR' }, { country: 'BR' }, {}, 'outside O', 0],
  ['a rate of one’s own', { country: 'BR' }, { country: 'BR' }, { ownRates: { BR: 5 } }, 'domestic S', 5],
])('%s', (_name, seller, buyer, rules, expected, rate) => {
  const found = taxationOf(seller, buyer, { ...none, ...rules });
  expect([`${found.treatment} ${found.category}`, found.rate]).toEqual([expected, rate]);
});
