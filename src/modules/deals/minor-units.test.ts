import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testApp, type TestApp, type TestCompany } from '#testing/app.ts';
import { queryAs } from '#testing/database.ts';
import { createProduct, setRate } from './operations/catalogue.ts';
import { createDeal, updateDeal } from './operations/deals.ts';
import { listPipelines } from './operations/pipelines.ts';
import { dealSubject } from './subject.ts';

let app: TestApp;
let japanese: TestCompany;
let kuwaiti: TestCompany;
beforeAll(async () => {
  app = await testApp();
  await app.call(setRate, { currency: 'JPY', rate: 0.007 });
  await app.call(setRate, { currency: 'KWD', rate: 3.25 });
  japanese = await app.aCompany('Nippon');
  await app.call(setRate, { base: 'JPY' }, { as: japanese.admin });
  await app.call(setRate, { currency: 'EUR', rate: 160.333 }, { as: japanese.admin });
  kuwaiti = await app.aCompany('Gulf');
  await app.call(setRate, { base: 'KWD' }, { as: kuwaiti.admin });
  await app.call(setRate, { currency: 'EUR', rate: 0.3 }, { as: kuwaiti.admin });
});
afterAll(() => app.close());

const amountIn = async (id: string) => {
  const { companyId } = app.company;
  const found = await app.runtime.system.read((tx) => dealSubject.load(tx, [{ companyId, id }]));
  return found.get(id)?.facts;
};

test('an amount is counted in the last digit of its currency, and worth what the rate says', async () => {
  const yen = await app.call(createDeal, { name: 'Tokyo', amountCents: 1_000, currency: 'JPY' });
  expect(yen).toMatchObject({ amountCents: 1_000, baseCents: 700 });
  const dinar = await app.call(createDeal, { name: 'Kuwait', amountCents: 1_505, currency: 'KWD' });
  expect(dinar).toMatchObject({ amountCents: 1_505, baseCents: 489 });
  expect(await amountIn(yen.id)).toMatchObject({ deal: { amount: 1_000 } });
  expect(await amountIn(dinar.id)).toMatchObject({ deal: { amount: 1.505 } });
});

test('another currency keeps the amount and the prices of lines; a list price, too', async () => {
  const line = { description: 'Seat', quantity: 2, priceCents: 1_250 };
  const deal = await app.call(createDeal, { name: 'Moves', currency: 'USD', lines: [line] });
  const moved = await app.call(updateDeal, { dealId: deal.id, currency: 'KWD' });
  expect(moved).toMatchObject({ amountCents: 25_000, baseCents: 8_125, lines: [{ priceCents: 12_500 }] });
  const product = await app.call(createProduct, { name: 'Listed', priceCents: 20_000 });
  expect(await app.call(createDeal, { name: 'Listed', productId: product.id, currency: 'JPY' })).toMatchObject({ amountCents: 200 });
});

const TABLES = [
  'products',
  'deals',
  'deal_lines',
  'deal_changes',
  'deal_moves',
  'deal_rollup',
  'deal_standing',
  'deal_targets',
  'forecasts',
  'metric_watches',
];
/** All rows, in an order that their amounts do not change. */
const everything = async () =>
  Object.fromEntries(
    await Promise.all(
      TABLES.map(async (table) => {
        const rows = await queryAs<{ row: object }>(app.target, 'owner', `select to_jsonb(t) as row from ${table} t`);
        return [table, rows.map(({ row }) => JSON.stringify(row)).toSorted()] as const;
      }),
    ),
  );

/** Deals that move, change their amount and their currency. Dinars end in noughts: hundredths could not hold the third digit. */
async function someDeals(company: TestCompany, currency: string, [price, amount, euros, line]: readonly [number, number, number, number]) {
  const as = company.admin;
  const { items } = await app.call(listPipelines, {}, { as });
  const stages = items[0]?.stages ?? [];
  const product = await app.call(createProduct, { name: 'Set', priceCents: price }, { as });
  const deal = await app.call(createDeal, { name: 'First', productId: product.id, probability: 33 }, { as });
  await app.advance({ hours: 1 });
  await app.call(updateDeal, { dealId: deal.id, stageId: stages[2]?.id ?? '', amountCents: amount, closeDate: '2026-07-01' }, { as });
  const euro = await app.call(createDeal, { name: 'Berlin', amountCents: euros, currency: 'EUR' }, { as });
  await app.advance({ hours: 30 });
  const moved = await app.call(updateDeal, { dealId: euro.id, currency }, { as });
  await app.call(createDeal, { name: 'Second', lines: [{ description: 'One', quantity: 3, priceCents: line }] }, { as });
  return moved;
}

/** As it was stored before: a hundred for a yen, a tenth of it for a fils. */
function asBefore({ companyId }: TestCompany, euro: { readonly id: string; readonly amountCents: number }, factor: number): string {
  const old = (column: string, currency: string) => `${column} = ${column} * 10.0 ^ (2 - steward_minor_digits(${currency}))`;
  const base = `(select c.settings ->> 'currency' from companies c where c.id = t.company_id)`;
  const said = (column: string) => `${column} = (${column}::numeric * ${factor})::bigint`;
  return `
    update products t set ${old('price_cents', 'currency')} where company_id = '${companyId}';
    update deal_lines t set ${old('price_cents', '(select currency from deals d where d.id = deal_id)')} where company_id = '${companyId}';
    update deal_changes t set ${said('value_from')}, ${said('value_to')} where company_id = '${companyId}' and field = 'amount' and deal_id <> '${euro.id}';
    update deal_changes t set ${said('value_to')} where deal_id = '${euro.id}' and field = 'amount' and value_to = '${euro.amountCents}';
    update deal_changes t set ${old('base_cents', base)} where company_id = '${companyId}';
    update deals t set ${old('amount_cents', 'currency')}, ${old('base_cents', base)}, ${old('weighted_cents', base)} where company_id = '${companyId}';
    update deal_moves t set ${['from_cents', 'cents', 'from_weighted', 'weighted'].map((column) => old(column, base)).join()} where company_id = '${companyId}';
    update deal_rollup t set cents = cents * 3 + 7, weighted = weighted * 3 - 3 where company_id = '${companyId}';
    update deal_standing t set cents = cents * 3 + 1 where company_id = '${companyId}'`;
}

test('what was counted in hundredths is counted anew, in yen and in dinars: rows, history, and sums that agree with their parts', async () => {
  const tokyo = await someDeals(japanese, 'JPY', [48_000, 52_345, 12_345, 700]);
  const kuwait = await someDeals(kuwaiti, 'KWD', [48_000, 52_000, 10_000, 7_000]);
  expect([tokyo.amountCents, kuwait.amountCents]).toEqual([123, 100_000]);
  const after = await everything();
  const migration = await readFile(new URL('../../../migrations/0640_minor_units.sql', import.meta.url), 'utf8');
  // Deals of the first company in yen and dinars are counted anew already. The company's currency stood in a table of its own by then.
  await queryAs(
    app.target,
    'owner',
    `${asBefore(japanese, tokyo, 100)}; ${asBefore(kuwaiti, kuwait, 0.1)};
     delete from deals where company_id = '${app.company.companyId}'; delete from products where company_id = '${app.company.companyId}';
     create table deal_settings as select id as company_id, settings ->> 'currency' as currency from companies`,
  );
  const hundredths = await everything();
  await queryAs(
    app.target,
    'owner',
    `${migration.replace('create function steward_minor_digits', 'create or replace function steward_minor_digits')}; drop table deal_settings`,
  );
  const now = await everything();
  for (const { companyId } of [japanese, kuwaiti])
    for (const table of TABLES) {
      const mine = (all: Readonly<Record<string, readonly string[]>>) => all[table]?.filter((row) => row.includes(companyId));
      expect(mine(now), table).toEqual(mine(after));
      if (mine(after)?.length !== 0) expect(mine(hundredths), table).not.toEqual(mine(after));
    }
});
