import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { VersionChanged } from '#core/errors.ts';
import { createOrganisation } from '#modules/people/operations/organisations.ts';
import { testApp, type TestApp } from '#testing/app.ts';
import { saveDeals } from './save/save.ts';
import { createProduct, setRate } from './operations/catalogue.ts';
import {
  countDeals,
  createDeal,
  dealHistory,
  deleteDealOperation,
  getDealOperation,
  listDealsOperation,
  updateDeal,
} from './operations/deals.ts';
import { listPipelines, updateStage } from './operations/pipelines.ts';
import { DealNotFound, RateMissing } from './errors.ts';

let app: TestApp;
let stages: Map<string, string>;
beforeAll(async () => {
  app = await testApp();
  const { items } = await app.call(listPipelines, {});
  stages = new Map(items[0]?.stages.map((stage) => [stage.name, stage.id]));
});
afterAll(() => app.close());

const stage = (name: string): string => stages.get(name) ?? '';

interface SumRow {
  stage_id: string;
  n: string;
  cents: string;
  weighted: string;
}
/** What the sums say of every stage, and what the deals themselves say. */
async function bothSums() {
  const ask = (name: string, text: string) =>
    app.runtime.database.read(app.company.companyId, (tx) => tx.query<SumRow>({ name, text }, [app.company.companyId]));
  return {
    rollup: await ask(
      'test.rollup',
      `select stage_id, sum(n)::text as n, sum(cents)::text as cents, sum(weighted)::text as weighted from deal_rollup
        where company_id = $1 and dim = 'all' and grain = 'd' group by stage_id having sum(n) <> 0 order by stage_id`,
    ),
    deals: await ask(
      'test.deals',
      `select stage_id, count(*)::text as n, sum(base_cents)::text as cents, sum(weighted_cents)::text as weighted from deals where company_id = $1 and opened_at is not null group by stage_id order by stage_id`,
    ),
  };
}

describe('a deal', () => {
  test('takes the list price of its product, begins in the first stage and keeps every change', async () => {
    const product = await app.call(createProduct, { name: 'GTX Pro', priceCents: 482_100 });
    const acme = await app.call(createOrganisation, { name: 'Acme' });
    const deal = await app.call(createDeal, { name: 'Ten seats', productId: product.id, organisationId: acme.id });
    expect(deal).toMatchObject({ amountCents: 482_100, stage: 'Prospecting', status: 'open', weightedCents: 48_210, organisation: 'Acme' });
    await app.advance({ days: 3 });
    const moved = await app.call(updateDeal, { dealId: deal.id, stageId: stage('Proposal'), amountCents: 500_000 });
    expect(moved).toMatchObject({ stage: 'Proposal', weightedCents: 250_000, stageSince: app.clock.now() });
    const { items } = await app.call(dealHistory, { dealId: deal.id });
    expect(
      items
        .filter(({ at }) => at?.getTime() === app.clock.now().getTime())
        .map(({ field, from, to }) => [field, from, to])
        .toSorted(([a], [b]) => String(a).localeCompare(String(b))),
    ).toEqual([
      ['amount', '482100', '500000'],
      ['stage', 'Prospecting', 'Proposal'],
    ]);
    const { rollup, deals } = await bothSums();
    expect(rollup).toEqual(deals);
  });

  test('the same content again writes nothing, by the id that another system knows it by', async () => {
    const { companyId } = app.company;
    const draft = {
      external: { source: 'crm', id: 'A-1' },
      set: { name: 'From the CRM', stageId: stage('Won'), amountCents: 90_000, closeDate: '2026-03-01' },
      history: [
        { at: new Date('2026-01-05T00:00:00Z'), set: { stageId: stage('Qualification'), amountCents: 80_000 } },
        { at: new Date('2026-03-01T00:00:00Z'), set: { stageId: stage('Won'), amountCents: 90_000 } },
      ],
    };
    const save = () =>
      app.runtime.database.write(companyId, (tx) =>
        saveDeals(tx, { companyId, at: app.clock.now(), by: { kind: 'sync', id: 'crm' } }, [draft]),
      );
    const [first] = (await save()).deals;
    expect(first?.outcome).toBe('created');
    const before = await app.call(dealHistory, { dealId: first?.id ?? '' });
    expect(await save()).toEqual({ deals: [{ id: first?.id, outcome: 'unchanged' }], events: [] });
    expect(await app.call(dealHistory, { dealId: first?.id ?? '' })).toEqual(before);
    expect(await app.call(getDealOperation, { dealId: first?.id ?? '' })).toMatchObject({
      status: 'won',
      openedAt: new Date('2026-01-05T00:00:00Z'),
      closedAt: new Date('2026-03-01T00:00:00Z'),
    });
  });

  test('a past that is told later takes its place, and the sums follow', async () => {
    const { companyId } = app.company;
    const deal = await app.call(createDeal, { name: 'Told late', amountCents: 10_000, stageId: stage('Proposal') });
    const early = new Date(app.clock.now().getTime() - 20 * 86_400_000);
    await app.runtime.database.write(companyId, (tx) =>
      saveDeals(tx, { companyId, at: app.clock.now(), by: { kind: 'sync', id: 'crm' } }, [
        { id: deal.id, set: {}, history: [{ at: early, set: { stageId: stage('Prospecting'), amountCents: 7_000 } }] },
      ]),
    );
    expect(await app.call(getDealOperation, { dealId: deal.id })).toMatchObject({
      stage: 'Proposal',
      amountCents: 10_000,
      openedAt: early,
    });
    const { rollup, deals } = await bothSums();
    expect(rollup).toEqual(deals);
  });

  test('with lines is worth their sum, and lines that are given take the place of those before', async () => {
    const line = { description: 'Seat', quantity: 3, priceCents: 12_000 };
    const deal = await app.call(createDeal, {
      name: 'Three seats',
      lines: [line, { description: 'Set-up', quantity: 1, priceCents: 50_000 }],
    });
    expect(deal).toMatchObject({ amountCents: 86_000, lines: [{ description: 'Seat', quantity: 3 }, { description: 'Set-up' }] });
    expect(await app.call(updateDeal, { dealId: deal.id, lines: [line] })).toMatchObject({
      amountCents: 36_000,
      lines: [{ description: 'Seat' }],
    });
  });

  test('in another currency needs a rate, and counts at the rate of its day', async () => {
    await expect(app.call(createDeal, { name: 'Swiss', amountCents: 100, currency: 'chf' })).rejects.toThrow(RateMissing);
    await app.call(setRate, { currency: 'CHF', day: '2026-01-01', rate: 1.1 });
    expect(await app.call(createDeal, { name: 'Swiss', amountCents: 1_000, currency: 'chf' })).toMatchObject({
      baseCents: 1_100,
      currency: 'CHF',
    });
  });

  test('another probability of its stage weighs it anew', async () => {
    await app.call(updateStage, { stageId: stage('Proposal'), probability: 60 });
    const { items } = await app.call(listDealsOperation, { stageId: stage('Proposal') });
    expect(items.length).toBeGreaterThan(0);
    for (const deal of items) expect(deal.weightedCents).toBe(Math.floor((deal.baseCents * 60 + 50) / 100));
    const { rollup, deals } = await bothSums();
    expect(rollup).toEqual(deals);
  });

  test('who saw an older version is told so; totals and words find it; deleted it is gone from the sums', async () => {
    const deal = await app.call(createDeal, { name: 'Kangaroo fence', amountCents: 5_500 });
    const ifMatch = {
      headers: {
        authorization: 'Bearer operator-token-of-tests',
        'x-steward-company': app.company.companyId,
        'if-match': '"1999-01-01T00:00:00.000Z"',
      },
    };
    const stale = await app.http.inject({ method: 'PUT', url: `/api/deals/${deal.id}`, ...ifMatch, payload: { stage_id: stage('Won') } });
    expect([stale.statusCode, stale.json().code]).toEqual([412, new VersionChanged('').code]);
    expect((await app.call(listDealsOperation, { q: 'kangaroo' })).items).toMatchObject([{ id: deal.id }]);
    expect((await app.call(countDeals, { q: 'kangaroo' })).items).toMatchObject([{ deals: 1, valueCents: 5_500 }]);
    await app.call(deleteDealOperation, { dealId: deal.id });
    await expect(app.call(getDealOperation, { dealId: deal.id })).rejects.toThrow(DealNotFound);
    const { rollup, deals } = await bothSums();
    expect(rollup).toEqual(deals);
  });

  test('every order of the list goes through all deals, page by page', async () => {
    const all = (await app.call(listDealsOperation, { limit: 100 })).items.map(({ id }) => id).sort();
    for (const sort of ['-created_at', '-updated_at', '-value', '-close_date'] as const) {
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page: { items: { id: string }[]; nextCursor: string | null } = await app.call(listDealsOperation, {
          sort,
          limit: 2,
          ...(cursor === undefined ? {} : { cursor }),
        });
        seen.push(...page.items.map(({ id }) => id));
        cursor = page.nextCursor ?? undefined;
      } while (cursor !== undefined);
      expect(seen.sort()).toEqual(all);
    }
  });
});
