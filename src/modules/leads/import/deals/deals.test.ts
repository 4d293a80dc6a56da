import { afterAll, beforeAll, expect, test } from 'vitest';
import { listDealsOperation, countDeals, updateDeal } from '#modules/deals/operations/deals.ts';
import { pipelineAt } from '#modules/deals/operations/pipeline-at.ts';
import { pipelineRates } from '#modules/deals/operations/pipeline-rates.ts';
import { pipelineMonths } from '#modules/deals/operations/pipeline-waterfall.ts';
import { listProducts } from '#modules/deals/operations/catalogue.ts';
import { testApp, type TestApp } from '#testing/app.ts';
import { startImport, undoImport } from '../../operations/import-runs.ts';
import { importErrors } from '../../operations/imports.ts';
import { importValues } from '../../operations/import-tables.ts';
import { createImport } from '../../operations/import-uploads.ts';
import { dealFile, independently, type FileDeal } from './look-alike.ts';

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});
afterAll(() => app.close());

const products = 'product,series,sales_price\nGTX Basic,GTX,550\nGTX Pro,GTX,4821\nMG Special,MG,55\n';
const values = { product: { GTXPro: 'GTX Pro' } };

async function bring(filename: string, content: string, input: { values?: typeof values } = {}) {
  const upload = await app.call(createImport, { filename, content });
  return { upload, done: await app.call(startImport, { importId: upload.id, wait: true, ...input }) };
}

test('a file of opportunities becomes deals with their past, and every figure is what the file itself says', async () => {
  const list = await bring('products.csv', products);
  expect([list.upload.mapping, list.done.created]).toEqual([['product.name', 'product.series', 'product.price'], 3]);
  expect((await app.call(listProducts, {})).items.map(({ name, priceCents }) => [name, priceCents])).toEqual([
    ['GTX Basic', 55_000],
    ['GTX Pro', 482_100],
    ['MG Special', 5_500],
  ]);

  const rows = dealFile(400, 7);
  const csv = ['opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value', ...rows.map(lineOf)].join('\n');
  const upload = await app.call(createImport, { filename: 'sales_pipeline.csv', content: csv });
  expect(upload.mapping).toEqual([
    'deal.external_id', 'deal.owner', 'deal.product', 'deal.organisation', 'deal.stage', 'deal.opened_at', 'deal.closed_at', 'deal.amount',
  ]); // prettier-ignore
  const found = await app.call(importValues, { importId: upload.id, mapping: upload.mapping });
  expect(found.items.find(({ value }) => value === 'GTXPro')).toMatchObject({ field: 'product', known: 'GTX Pro', exact: false });
  expect(found.items.find(({ value }) => value === 'Engaging')).toMatchObject({ field: 'stage', known: null, kind: 'open' });

  const dry = await app.call(startImport, { importId: upload.id, wait: true, dryRun: true, values });
  expect(dry).toMatchObject({ created: rows.length, refused: 0 });
  const done = await app.call(startImport, { importId: upload.id, wait: true, values });
  expect(done).toMatchObject({ state: 'done', created: rows.length, merged: 0, refused: 0 });

  const want = independently(rows, { GTXPro: 'GTX Pro' });
  const now = await app.call(pipelineAt, {});
  const dated = (stage: string) => now.stages.find(({ name }) => name === stage)?.deals;
  expect([dated('Won'), dated('Lost'), dated('Engaging'), now.undated.deals]).toEqual([
    want.stages['Won'], want.stages['Lost'], want.stages['Engaging'], want.stages['Prospecting'],
  ]); // prettier-ignore
  const { items: apart } = await app.call(countDeals, { importId: upload.id, only: 'no_account' });
  expect(apart.reduce((sum, row) => sum + row.deals, 0)).toBe(want.withoutAccount);

  const period = { from: new Date('2016-01-01'), to: new Date('2018-01-01') };
  const agents = await app.call(pipelineRates, { ...period, by: 'owner' });
  expect(agents.wonCents).toBe(want.wonCents);
  expect(Object.fromEntries(agents.groups.map(({ name, won, lost }) => [name, [won, lost]]))).toEqual(want.byAgent);
  const cycles = await app.call(pipelineRates, { ...period, by: 'product' });
  for (const { name, cycleDays } of cycles.groups) expect(cycleDays).toBeCloseTo(want.cycleDays.get(name) ?? -1, 9);

  const { items: months } = await app.call(pipelineMonths, { months: 120 });
  expect(months.filter((month) => month.endCents !== 0).length).toBeGreaterThan(6);
  for (const [index, month] of months.entries()) {
    expect(month.startCents).toBe(months[index - 1]?.endCents ?? 0);
    expect(month.startCents + month.bars.reduce((sum, bar) => sum + bar.cents, 0)).toBe(month.endCents);
  }
  const openValue = rows.filter((row) => row.stage === 'Engaging').reduce((sum, row) => sum + want.price(row), 0);
  expect(months.at(-1)?.endCents).toBe(openValue);

  // The same file again is the same deals; taken back, they and their sums are gone, but for one that somebody changed.
  expect((await bring('sales_pipeline.csv', csv, { values })).done).toMatchObject({ created: 0, merged: rows.length, changed: 0 });
  const [one] = (await app.call(listDealsOperation, { limit: 1 })).items;
  await app.advance({ minutes: 1 });
  await app.call(updateDeal, { dealId: one?.id ?? '', nextStep: 'Call them' });
  const undone = await app.call(undoImport, { importId: upload.id });
  expect(undone).toMatchObject({ state: 'undone', undo: { leads: rows.length - 1, kept: 1 } });
  expect((await app.call(listDealsOperation, {})).items.map(({ id }) => id)).toEqual([one?.id]);
});

test('a row that is no deal is refused with its reason and stays to be mended', async () => {
  const csv = 'deal name,stage,amount,close date\nFence,Proposal,12.5,2026-03-01\nGate,,3,2026-03-01\nPost,Proposal,many,2026-03-01\n';
  const { upload, done } = await bring('few.csv', csv);
  expect(done).toMatchObject({ created: 1, refused: 2 });
  const { items } = await app.call(importErrors, { importId: upload.id });
  expect(items.map(({ line, reason }) => [line, reason])).toEqual([
    [3, 'names no stage'],
    [4, 'is not a number with a decimal point'],
  ]);
});

const lineOf = (row: FileDeal) => [row.id, row.agent, row.product, row.account, row.stage, row.engaged, row.closed, row.value].join(',');
