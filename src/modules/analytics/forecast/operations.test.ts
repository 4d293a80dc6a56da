import { afterAll, beforeAll, expect, test } from 'vitest';
import { ensureOwners, saveDeals, type DealDraft } from '#modules/deals/public.ts';
import { listPipelines } from '#modules/deals/operations/pipelines.ts';
import { pipelineRates } from '#modules/deals/operations/pipeline-rates.ts';
import { testApp, type TestApp } from '#testing/app.ts';
import { setTarget } from '../targets/operations.ts';
import { tendForecasts } from '../tend.ts';
import { getForecast } from './operations.ts';

const DAY = 86_400_000;
let app: TestApp;
beforeAll(async () => {
  app = await testApp({ start: new Date('2026-06-16T09:00:00Z') });
});
afterAll(() => app.close());

test('is made by itself once deals have a history, agrees with the pipeline on what was won, and stands beside targets', async () => {
  const company = await app.aCompany();
  const { companyId } = company;
  const as = { as: company.admin };
  expect(await app.call(getForecast, {}, as)).toMatchObject({ madeAt: null, periods: [], past: [] });
  const { items } = await app.call(listPipelines, {}, as);
  const stage = new Map(items[0]?.stages.map(({ name, id }) => [name, id]));
  const now = app.clock.now();
  // Sixteen months: a deal every other day, half a month in each of two stages; two of three are won for 1,000 more than they were worth.
  const drafts = Array.from({ length: 240 }, (_, i): { draft: DealDraft; owner: 'Ann' | 'Bo' } => {
    const opened = now.getTime() - (480 - i * 2) * DAY;
    const steps = [
      { at: opened, stageId: stage.get('Prospecting') ?? '', amountCents: 500_000 + (i % 7) * 10_000 },
      { at: opened + (12 + (i % 6)) * DAY, stageId: stage.get('Proposal') ?? '', amountCents: 500_000 + (i % 7) * 10_000 },
      { at: opened + (25 + (i % 9)) * DAY, stageId: stage.get(i % 3 === 0 ? 'Lost' : 'Won') ?? '', amountCents: i % 3 === 0 ? 0 : 600_000 + (i % 7) * 10_000 },
    ].filter(({ at }) => at < now.getTime()); // prettier-ignore
    const last = steps.at(-1);
    const history = steps.map(({ at, ...set }) => ({ at: new Date(at), set }));
    return { draft: { set: { name: `Deal ${i}` }, history, setAt: last === undefined ? now : new Date(last.at) }, owner: i % 2 === 0 ? 'Ann' : 'Bo' };
  }); // prettier-ignore
  const owners = await app.runtime.database.write(companyId, async (tx) => {
    const made = await ensureOwners(tx, companyId, [{ name: 'Ann' }, { name: 'Bo' }], now);
    const whole = drafts.map(({ draft, owner }): DealDraft => ({ ...draft, set: { ...draft.set, ownerId: made.get(owner.toLowerCase()) ?? null } })); // prettier-ignore
    await saveDeals(tx, { companyId, at: now, by: { kind: 'import', id: 'test' } }, whole);
    return made;
  });
  await tendForecasts(app.runtime);
  const ann = owners.get('ann') ?? '';
  await app.call(setTarget, { dealOwnerId: ann, start: '2026-06-01', cents: 2_000_000 }, as);
  await app.call(setTarget, { dealOwnerId: owners.get('bo') ?? '', start: '2026-06-01', cents: 3_000_000 }, as);
  const found = await app.call(getForecast, {}, as);
  const [june, july] = found.periods;
  const won = await app.call(pipelineRates, { from: new Date('2026-06-01T00:00:00Z'), to: now }, as);
  expect(june).toMatchObject({
    start: '2026-06-01',
    end: '2026-07-01',
    ahead: 0,
    wonCents: won.wonCents,
    targetCents: 5_000_000,
    calibrated: true,
  });
  expect(july).toMatchObject({ start: '2026-07-01', ahead: 1, wonCents: 0, targetCents: null });
  // Ten wins of some 6,300 a month, evenly.
  for (const period of [june, july]) {
    expect(Math.abs((period?.expectedCents ?? 0) - 6_300_000)).toBeLessThan(1_500_000);
    expect(period?.lowCents).toBeLessThanOrEqual(period?.expectedCents ?? 0);
    expect(period?.highCents).toBeGreaterThanOrEqual(period?.expectedCents ?? 0);
    expect((period?.wonCents ?? 0) + (period?.openCents ?? 0) + (period?.freshCents ?? 0)).toBeCloseTo(period?.expectedCents ?? 0, -1);
  }
  expect(found.past.length).toBeGreaterThan(9);
  const may = await app.call(pipelineRates, { from: new Date('2026-05-01T00:00:00Z'), to: new Date('2026-06-01T00:00:00Z') }, as);
  expect(found.past.at(-1)).toMatchObject({ start: '2026-05-01', actualCents: may.wonCents });
  expect(found.owners.map(({ owner }) => owner).toSorted()).toEqual(['Ann', 'Bo']);
  expect(found.owners.reduce((sum, one) => sum + one.wonCents, 0)).toBe(won.wonCents);
  expect((await app.call(getForecast, { dealOwnerId: ann }, as)).periods[0]).toMatchObject({ targetCents: 2_000_000 });
  const quarter = await app.call(getForecast, { grain: 'quarter' }, as);
  expect(quarter.periods).toMatchObject([{ start: '2026-04-01', end: '2026-07-01', targetCents: 5_000_000 }]);
  // Nothing changed: nothing is due.
  expect(await tendForecasts(app.runtime)).toBe(0);
  await expect(app.call(setTarget, { start: '2026-06-02', cents: 1 }, as)).rejects.toMatchObject({ fields: [{ path: 'start' }] });
  await expect(app.call(setTarget, { grain: 'quarter', start: '2026-05-01', cents: 1 }, as)).rejects.toThrow();
});
