import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { listAlerts } from '#modules/alerts/operations.ts';
import { tellMetrics } from '#modules/alerts/public.ts';
import { ensureOwners, saveDeals } from '#modules/deals/public.ts';
import { listPipelines } from '#modules/deals/operations/pipelines.ts';
import { pipelineAt } from '#modules/deals/operations/pipeline-at.ts';
import { pipelineRates } from '#modules/deals/operations/pipeline-rates.ts';
import { callByName } from '#testing/by-name.ts';
import { testApp, type TestApp } from '#testing/app.ts';
import { ask } from '../metrics/ask.ts';
import { metricOf } from '../metrics/catalogue.ts';
import { tendWatches } from '../tend.ts';
import { judge, judgeDay } from './judge.ts';
import { createWatch, deleteWatch, listWatches, previewWatch, updateWatch, WatchNotFound } from './operations.ts';

const DAY = 86_400_000;
let app: TestApp;
beforeAll(async () => {
  app = await testApp({ start: new Date('2026-06-16T09:00:00Z') });
});
afterAll(() => app.close());

/** Deals of a company: [days ago, stage, cents] each. */
async function aCompany(deals: Readonly<Record<string, readonly (readonly [number, string, number])[]>>) {
  const company = await app.aCompany();
  const { companyId } = company;
  const { items } = await app.call(listPipelines, {}, { as: company.admin });
  const stage = new Map(items[0]?.stages.map(({ name, id }) => [name, id]));
  const now = app.clock.now().getTime();
  const ids = await app.runtime.database.write(companyId, async (tx) => {
    const owners = await ensureOwners(tx, companyId, [{ name: 'Ann' }, { name: 'Bo' }], app.clock.now());
    const drafts = Object.entries(deals).map(([name, states], i) => ({
      set: { name, ownerId: owners.get(i % 2 === 0 ? 'ann' : 'bo') ?? null },
      history: states.map(([days, to, amountCents]) => ({ at: new Date(now - days * DAY), set: { stageId: stage.get(to) ?? '', amountCents } })),
      setAt: new Date(now - (states.at(-1)?.[0] ?? 0) * DAY),
    })); // prettier-ignore
    const saved = await saveDeals(tx, { companyId, at: app.clock.now(), by: { kind: 'import', id: 'test' } }, drafts);
    return saved.deals.map(({ id }) => id);
  });
  return { company, companyId, as: { as: company.admin }, stage, ids };
}

describe('metrics', () => {
  test('say what the pipeline says: what stands, what was won, how often; in all, by owner and by month', async () => {
    const { companyId, as } = await aCompany({
      a: [[100, 'Prospecting', 10_000], [40, 'Won', 12_000]],
      b: [[90, 'Proposal', 50_000], [20, 'Lost', 0]],
      c: [[30, 'Negotiation', 20_000], [3, 'Won', 25_000]],
      d: [[10, 'Proposal', 7_000]],
    }); // prettier-ignore
    const [from, to] = ['2026-03-01', '2026-07-01'];
    const rates = await app.call(pipelineRates, { from: new Date(from), to: new Date(to) }, as);
    const stands = await app.call(pipelineAt, {}, as);
    await app.runtime.database.read(companyId, async (tx) => {
      const all = async (id: string) => (await ask(tx, companyId, metricOf(id), { from, to, grain: 'none' }))[0]?.amount;
      expect(await all('deals.won_value')).toBe(rates.wonCents);
      expect(await all('deals.win_rate')).toBe(rates.winRate);
      expect(await all('deals.cycle_days')).toBeCloseTo(rates.cycleDays ?? 0, 6);
      expect(await all('deals.open_value')).toBe(stands.openCents);
      expect(await all('deals.weighted_value')).toBe(stands.weightedCents);
      const byOwner = await ask(tx, companyId, metricOf('deals.won_value'), { from, to, grain: 'none', by: 'owner' });
      expect(byOwner.reduce((sum, row) => sum + (row.amount ?? 0), 0)).toBe(37_000);
      for (const grain of ['day', 'week', 'month'] as const) {
        const won = await ask(tx, companyId, metricOf('deals.won_value'), { from, to, grain });
        expect(won.reduce((sum, row) => sum + (row.amount ?? 0), 0)).toBe(37_000);
        expect((await ask(tx, companyId, metricOf('deals.open_value'), { from, to, grain })).at(-1)?.amount).toBe(stands.openCents);
      }
    });
  });
});

describe('a watch', () => {
  test('tells of a fall once, with per cent, amount and the deals to blame, and of its end; a second look says nothing', async () => {
    const { company, companyId, as, stage, ids } = await aCompany({
      small: [[60, 'Proposal', 100_000]],
      'The big one': [[50, 'Proposal', 900_000], [2, 'Lost', 0]],
      other: [[40, 'Negotiation', 500_000]],
    }); // prettier-ignore
    const alerts = async () => (await app.call(listAlerts, {}, as)).items.filter(({ kind }) => kind === 'metric');
    const mails = async () => {
      const text = `select subject, text from messages where company_id = $1 and to_email = $2 and subject like '%Open value%'`;
      return app.runtime.system.read((tx) => tx.query<{ subject: string; text: string }>({ name: 'test.mails', text }, [companyId, company.email]));
    }; // prettier-ignore
    const wish = { metric: 'deals.open_value', compare: 'falls', percent: 20, amount: 50_000_000, days: 7 } as const;
    // Per cent and amount, both: 60 % are not enough for half a million.
    expect(await app.call(previewWatch, wish, as)).toMatchObject({ wrong: false, nowAmount: 600_000, beforeAmount: 1_500_000 });
    const watch = await app.call(createWatch, { ...wish, amount: 800_000 }, as);
    expect(watch).toMatchObject({
      wrong: true,
      title: 'Open value fell by 60 % ($9,000)',
      body: 'From $15,000 to $6,000 within 7 days.',
      deals: [{ dealId: ids[1], name: 'The big one', cents: -900_000 }],
    });
    await tellMetrics(app.runtime, companyId);
    expect(await alerts()).toMatchObject([{ title: watch.title, body: `${watch.body} Most of it: The big one.`, recoveredAt: null }]);
    for (let i = 0; i < 3; i++) {
      app.clock.advance({ minutes: 11 });
      expect(await tendWatches(app.runtime)).toBe(1);
      await tellMetrics(app.runtime, companyId);
    }
    expect(await alerts()).toHaveLength(1);
    expect(await mails()).toHaveLength(1);
    await app.runtime.database.write(companyId, (tx) =>
      saveDeals(tx, { companyId, at: app.clock.now(), by: { kind: 'user', id: null } }, [{ id: ids[1] ?? '', set: { stageId: stage.get('Proposal') ?? '', amountCents: 900_000 } }]),
    ); // prettier-ignore
    app.clock.advance({ minutes: 11 });
    await tendWatches(app.runtime);
    await tellMetrics(app.runtime, companyId);
    expect(await alerts()).toMatchObject([{ recoveredAt: expect.any(Date) }]);
    expect((await mails()).map(({ subject }) => subject).toSorted()).toEqual([`Well again: ${watch.title}`, watch.title].toSorted());
    const off = await app.call(updateWatch, { watchId: watch.id, active: false }, as);
    expect(off).toMatchObject({ active: false, wrong: false });
    app.clock.advance({ minutes: 11 });
    expect(await tendWatches(app.runtime)).toBe(0);
    await expect(app.call(deleteWatch, { watchId: watch.id }, { as: app.company.admin })).rejects.toThrow(WatchNotFound);
    await app.call(deleteWatch, { watchId: watch.id }, as);
    expect((await app.call(listWatches, {}, as)).items).toEqual([]);
  });

  test('knows weekdays: a Monday like other Mondays is nothing, a Monday like a Tuesday is; few weeks or an odd one prove nothing', () => {
    const wish = { compare: 'unusual', percent: 0, amount: 0 } as const;
    expect(judgeDay(wish, 102, [100, 98, 103, 97, 101, 99, 100, 104])).toMatchObject({ wrong: false, before: 100 });
    expect(judgeDay(wish, 12, [100, 98, 103, 97, 101, 99, 100, 104])).toMatchObject({ wrong: true });
    expect(judgeDay(wish, 0, [0, 0, 0, 1, 0, 0, 0, 0])).toMatchObject({ wrong: false });
    expect(judgeDay(wish, 12, [100, 99, 101, 100])).toMatchObject({ wrong: false, before: null });
    expect(judgeDay(wish, 100, [100, 99, 101, 100, 5, 100, 102, 98])).toMatchObject({ wrong: false });
    expect(judgeDay({ ...wish, amount: 200 }, 12, [100, 98, 103, 97, 101, 99, 100, 104])).toMatchObject({ wrong: false });
    expect(judge({ compare: 'falls', percent: 10, amount: 5 }, 94, 100)).toMatchObject({ wrong: false });
    expect(judge({ compare: 'falls', percent: 6, amount: 5 }, 94, 100)).toMatchObject({ wrong: true });
    expect(judge({ compare: 'rises', percent: 50, amount: 1 }, 3, 0)).toMatchObject({ wrong: true });
    expect(judge({ compare: 'falls', percent: 1, amount: 0 }, null, 0.5)).toMatchObject({ wrong: false });
  });

  test('refuses what can’t be asked, and names the field', async () => {
    const as = { as: app.company.admin };
    await expect(app.call(previewWatch, { metric: 'leads.new', compare: 'falls', dimension: 'owner', value: 'x' }, as)).rejects.toMatchObject({ fields: [{ path: 'dimension' }] });
    await expect(app.call(previewWatch, { metric: 'deals.open_value', compare: 'unusual' }, as)).rejects.toMatchObject({ fields: [{ path: 'compare' }] });
    const { items } = z.looseObject({ items: z.array(z.looseObject({ id: z.string() })) }).parse(await callByName(app, 'metrics.list', {}, app.company.admin));
    for (const { id } of items)
      expect(await app.call(previewWatch, { metric: id, compare: 'below', amount: 0, days: 30 }, as)).toMatchObject({ wrong: false });
  }); // prettier-ignore
});
