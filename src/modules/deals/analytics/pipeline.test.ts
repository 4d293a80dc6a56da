import fc from '#testing/property.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testApp, type TestApp } from '#testing/app.ts';
import { dealHistory } from '../operations/deals.ts';
import { listPipelines } from '../operations/pipelines.ts';
import { pipelineAt, pipelineDeals } from '../operations/pipeline-at.ts';
import { pipelineAgeing, pipelineRates } from '../operations/pipeline-rates.ts';
import { pipelineMonths, pipelineMoves, pipelineWaterfall } from '../operations/pipeline-waterfall.ts';
import { ensureOwners } from '../ensure.ts';
import { saveDeals } from '../save/save.ts';
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
