import fc from '#testing/property.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testApp, type TestApp } from '#testing/app.ts';
import { dealHistory } from '../operations/deals.ts';
import { listPipelines, updateStage } from '../operations/pipelines.ts';
import { pipelineAt, pipelineDeals } from '../operations/pipeline-at.ts';
import { pipelineAgeing, pipelineRates } from '../operations/pipeline-rates.ts';
import { pipelineMonths, pipelineMoves, pipelineWaterfall } from '../operations/pipeline-waterfall.ts';
import { ensureOwners } from '../ensure.ts';
import { deleteDeals, saveDeals } from '../save/save.ts';
import type { DealDraft } from '../save/types.ts';

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});
afterAll(() => app.close());

const begin = Date.UTC(2026, 0, 20);
const hour = 3_600_000;
const at = (hours: number) => new Date(begin + hours * hour);

/** A company of its own with these deals, told as dated states: [hours, stage, cents]. */
async function aPipeline(deals: readonly (readonly (readonly [number, string, number])[])[]) {
  const company = await app.aCompany();
  const { companyId } = company;
  const { items } = await app.call(listPipelines, {}, { as: company.admin });
  const stages = new Map(items[0]?.stages.map((stage) => [stage.name, stage.id]));
  const ids = await app.runtime.database.write(companyId, async (tx) => {
    const owners = [...(await ensureOwners(tx, companyId, [{ name: 'Ann' }, { name: 'Bo' }], app.clock.now())).values()];
    const drafts = deals.map((states, index): DealDraft => {
      const history = states.map(([hours, name, cents]) => ({
        at: at(hours),
        set: { stageId: stages.get(name) ?? '', amountCents: cents },
      }));
      return { set: { name: `Deal ${index}`, ownerId: owners[index % 2] ?? null }, history, setAt: history.at(-1)?.at ?? null };
    });
    const saved = await saveDeals(tx, { companyId, at: app.clock.now(), by: { kind: 'import', id: 'test' } }, drafts);
    return saved.deals.map(({ id }) => id);
  });
  return { company, stages, ids };
}

/** Where each deal stood at an instant, by its states alone. */
function standing(states: readonly (readonly [number, string, number])[], hours: number) {
  return states.toSorted(([a], [b]) => a - b).findLast(([since]) => since <= hours) ?? null;
}

const PERCENT: Record<string, number> = { Prospecting: 10, Qualification: 30, Proposal: 50, Negotiation: 75 };
const weigh = (cents: number, stage: string) => Math.floor((cents * (PERCENT[stage] ?? 0) + 50) / 100);

function brute(deals: readonly (readonly (readonly [number, string, number])[])[], hours: number) {
  const open = deals.flatMap((states) => {
    const now = standing(states, hours);
    return now !== null && now[1] in PERCENT ? [now] : [];
  });
  return {
    deals: open.length,
    cents: open.reduce((sum, [, , cents]) => sum + cents, 0),
    weighted: open.reduce((sum, [, stage, cents]) => sum + weigh(cents, stage), 0),
  };
}

describe('the time machine', () => {
  test('any instant, and what happened between any two, is what a replay of every deal says, to the cent', async () => {
    const state = fc.tuple(fc.integer({ min: 0, max: 2_400 }), fc.constantFrom('Prospecting', 'Qualification', 'Proposal', 'Negotiation', 'Won', 'Lost'), fc.integer({ min: 0, max: 900_000 })); // prettier-ignore
    const history = fc.uniqueArray(state, { minLength: 1, maxLength: 6, selector: ([hours]) => hours });
    await fc.assert(
      fc.asyncProperty(
        fc.array(history, { minLength: 1, maxLength: 8 }),
        fc.integer({ min: -10, max: 2_400 }),
        fc.integer({ min: 1, max: 1_600 }),
        async (raw, start, length) => {
          const deals = raw.map((states) => states.toSorted(([a], [b]) => a - b));
          const { company } = await aPipeline(deals);
          const as = { as: company.admin };
          // One instant later than the states that it includes: the stretch is half open.
          const [from, to] = [new Date(at(start).getTime() + 1), new Date(at(start + length).getTime() + 1)];
          for (const hours of [start, start + length]) {
            const found = await app.call(pipelineAt, { at: at(hours) }, as);
            expect({ deals: found.openDeals, cents: found.openCents, weighted: found.weightedCents }).toEqual(brute(deals, hours));
          }
          for (const measure of ['open', 'weighted', 'booked'] as const) {
            const found = await app.call(pipelineWaterfall, { from, to, measure }, as);
            const later = await app.call(pipelineWaterfall, { from: to, to: new Date(to.getTime() + hour), measure }, as);
            expect(found.startCents + found.bars.reduce((sum, bar) => sum + bar.cents, 0)).toBe(found.endCents);
            expect(found.endCents).toBe(later.startCents);
            if (measure !== 'booked') expect(found.endCents).toBe(brute(deals, start + length)[measure === 'open' ? 'cents' : 'weighted']);
          }
        },
      ),
      { numRuns: 12 },
    );
  });

  test('each bar opens its deals, as many as it says, and each month begins where the one before ended', async () => {
    const { company, stages, ids } = await aPipeline([
      [[0, 'Prospecting', 10_000], [30, 'Proposal', 10_000], [700, 'Won', 12_000]],
      [[10, 'Qualification', 50_000], [400, 'Lost', 0]],
      [[20, 'Negotiation', 20_000]],
    ]); // prettier-ignore
    const as = { as: company.admin };
    const whole = { from: at(-1), to: at(800) };
    const found = await app.call(pipelineWaterfall, whole, as);
    expect(found.bars.map(({ kind, cents, moves }) => [kind, cents, moves])).toEqual([
      ['new', 80_000, 3],
      ['up', 0, 1],
      ['won', -12_000, 1],
      ['lost', -50_000, 1],
      ['value_up', 2_000, 1],
      ['value_down', 0, 1],
    ]);
    for (const bar of found.bars) expect((await app.call(pipelineMoves, { ...whole, kind: bar.kind }, as)).items).toHaveLength(bar.moves);
    const stood = await app.call(pipelineDeals, { stageId: stages.get('Proposal') ?? '', at: at(100) }, as);
    expect(stood.items).toMatchObject([{ id: ids[0], valueCents: 10_000, stage: 'Won' }]);
    const { items } = await app.call(pipelineMonths, {}, as);
    expect(items.map((month) => month.month).slice(0, 2)).toEqual(['2026-01', '2026-02']);
    for (const [index, month] of items.entries()) expect(month.startCents).toBe(index === 0 ? 0 : items[index - 1]?.endCents);
    const rates = await app.call(pipelineRates, whole, as);
    expect(rates).toMatchObject({ won: 1, lost: 1, winRate: 0.5, wonCents: 12_000, cycleDays: 700 / 24 });
    expect(rates.groups.map(({ name, won, lost }) => [name, won, lost])).toEqual([
      ['Ann', 1, 0],
      ['Bo', 0, 1],
    ]);
    expect(rates.stages.find(({ name }) => name === 'Prospecting')).toMatchObject({ entered: 1, on: 1, conversion: 1, stayDays: 30 / 24 });
    const ages = await app.call(pipelineAgeing, {}, as);
    expect(ages.groups).toMatchObject([{ name: 'Negotiation', deals: 1, valueCents: 20_000, rotting: 1 }]);
    expect((await app.call(dealHistory, { dealId: ids[0] ?? '' }, as)).items.length).toBeGreaterThan(3);
  });

  test('of one owner it balances, too: what changes hands leaves one and comes to the other', async () => {
    const { company, ids } = await aPipeline([[[0, 'Proposal', 10_000]], [[0, 'Proposal', 3_000]]]);
    const as = { as: company.admin };
    const { companyId } = company;
    const rates = await app.runtime.database.write(companyId, async (tx) => {
      const owners = await ensureOwners(tx, companyId, [{ name: 'Ann' }, { name: 'Bo' }], app.clock.now());
      const [ann, bo] = [owners.get('ann') ?? '', owners.get('bo') ?? ''];
      await saveDeals(tx, { companyId, at: app.clock.now(), by: { kind: 'sync', id: null } }, [
        { id: ids[0] ?? '', set: { ownerId: bo }, setAt: at(50) },
      ]);
      return { ann, bo };
    });
    for (const [ownerId, end] of [
      [rates.ann, 0],
      [rates.bo, 13_000],
    ] as const)
      // prettier-ignore
      expect(await app.call(pipelineWaterfall, { from: at(10), to: at(60), ownerId }, as)).toMatchObject({ endCents: end });
  });
});

/** The same read from the deals themselves. */
const PLAIN = {
  name: 'test.ageing',
  text: `select case $3 when 'stage' then d.stage_id::text when 'owner' then coalesce(d.owner_id::text, '') when 'product' then coalesce(d.product_id::text, '') else coalesce(d.source, '') end as value,
           width_bucket($2::date - (d.stage_since at time zone 'UTC')::date, array[7, 30, 60, 90, 180]) as bucket, count(*)::int as deals, sum(d.base_cents)::float8 as cents,
           count(*) filter (where (d.stage_since at time zone 'UTC')::date < $2::date - s.rot_days)::int as rotting, count(*) filter (where d.close_date < $2::date)::int as overdue
         from deals d join deal_stages s on s.id = d.stage_id where d.company_id = $1 and d.status = 'open' and d.stage_since is not null group by 1, 2`,
};

describe('ageing', () => {
  test('is what the deals themselves say, however they were made, moved, handed over, put off and deleted', async () => {
    const names = ['Prospecting', 'Qualification', 'Proposal', 'Negotiation', 'Won', 'Lost'] as const;
    const act = fc.record({
      deal: fc.nat(5),
      stage: fc.constantFrom(...names),
      cents: fc.integer({ min: 0, max: 900_000 }),
      owner: fc.nat(2),
      source: fc.constantFrom(null, 'fair', 'website'),
      closeDate: fc.constantFrom(null, '2025-11-01', '2026-02-01', '2027-03-01'),
      daysAgo: fc.option(fc.nat(400), { nil: null }),
      also: fc.constantFrom('', '', '', 'delete', 'reweigh'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 1, maxLength: 14 }), async (acts) => {
        const company = await app.aCompany();
        const { companyId } = company;
        const as = { as: company.admin };
        const { items } = await app.call(listPipelines, {}, as);
        const stages = items[0]?.stages ?? [];
        const now = app.clock.now();
        const ids = new Map<number, string>();
        for (const one of acts) {
          const stage = stages.find(({ name }) => name === one.stage);
          if (one.also === 'reweigh' && stage?.kind === 'open')
            await app.call(updateStage, { stageId: stage.id, probability: (one.cents % 98) + 1, rotDays: (one.cents % 300) + 1 }, as);
          await app.runtime.database.write(companyId, async (tx) => {
            const known = ids.get(one.deal);
            if (one.also === 'delete' && known !== undefined) {
              await deleteDeals(tx, companyId, [known]);
              ids.delete(one.deal);
              return;
            }
            const owners = await ensureOwners(tx, companyId, [{ name: 'Ann' }, { name: 'Bo' }], now);
            const { daysAgo } = one;
            const setAt = daysAgo === null ? (known === undefined ? null : now) : new Date(now.getTime() - daysAgo * 86_400_000 - (one.cents % 86_400) * 1_000); // prettier-ignore
            const set = { stageId: stage?.id ?? '', amountCents: one.cents, ownerId: [...owners.values(), null][one.owner] ?? null, source: one.source, closeDate: one.closeDate }; // prettier-ignore
            const draft: DealDraft = known === undefined ? { set: { name: 'Deal', ...set }, setAt } : { id: known, set, setAt };
            const saved = await saveDeals(tx, { companyId, at: now, by: { kind: 'sync', id: null } }, [draft]);
            ids.set(one.deal, saved.deals[0]?.id ?? '');
          });
        }
        for (const by of ['stage', 'owner', 'product', 'source'] as const) {
          const found = await app.call(pipelineAgeing, { by }, as);
          const plain = await app.runtime.database.read(companyId, (tx) =>
            tx.query<{ value: string; bucket: number; deals: number; cents: number; rotting: number; overdue: number }>(PLAIN, [companyId, now.toISOString().slice(0, 10), by]),
          ); // prettier-ignore
          const wanted = [...Map.groupBy(plain, (row) => row.value)].map(([value, rows]) => ({
            value,
            deals: rows.reduce((sum, row) => sum + row.deals, 0),
            rotting: rows.reduce((sum, row) => sum + row.rotting, 0),
            overdue: rows.reduce((sum, row) => sum + row.overdue, 0),
            buckets: [0, 1, 2, 3, 4, 5].map((bucket) => {
              const row = rows.find((other) => other.bucket === bucket);
              return { deals: row?.deals ?? 0, valueCents: row?.cents ?? 0 };
            }),
          }));
          const byValue = (a: { value: string }, b: { value: string }) => (a.value < b.value ? -1 : 1);
          const said = found.groups.map(({ value, deals, rotting, overdue, buckets }) => ({ value, deals, rotting, overdue, buckets }));
          expect(said.toSorted(byValue)).toEqual(wanted.toSorted(byValue));
        }
      }),
      { numRuns: 6 },
    );
  });
});
