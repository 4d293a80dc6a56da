import { afterAll, beforeAll, expect, test } from 'vitest';
import { testApp, type TestApp } from '#testing/app.ts';
import { listRuns } from '../operations/runs.ts';
import { updateCompany } from '#modules/accounts/operations/companies.ts';
import { createWorkflow, startWorkflow } from '../operations/workflows.ts';
import { sweepRuns } from './sweep.ts';

let app: TestApp;
beforeAll(async () => {
  app = await testApp({ settings: { KEEP_RUNS_DAYS: '30', KEEP_RUNS_DAYS_MOST: '400' } });
});
afterAll(() => app.close());

const left = async () => (await app.call(listRuns, { limit: 100 })).items;
const journalRows = async () =>
  (
    await app.runtime.system.read((tx) =>
      tx.query<{ n: number }>({ name: 'test.journal', text: 'select count(*)::int as n from run_steps' }, []),
    )
  )[0]?.n ?? -1;

test('ended runs go when their days are over, with their journal; those under way stay however old', async () => {
  const steps = (days: number) => [
    { id: 'way', title: 'Both', type: 'parallel', input: {}, branches: [
      { title: 'One', steps: [{ id: 'a', title: 'Set', type: 'set', input: { values: { x: { value: 1 } } } }] },
      { title: 'Two', steps: [{ id: 'b', title: 'Wait', type: 'wait', input: { for: { days } } }] },
    ] },
  ]; // prettier-ignore
  for (const [name, days] of [
    ['short', 1],
    ['long', 200],
  ] as const) {
    const definition = {
      name,
      title: name,
      subject: 'company',
      triggers: [{ on: 'manual' }],
      stopOn: [],
      settings: {},
      steps: steps(days),
    };
    await app.call(createWorkflow, { definition: JSON.parse(JSON.stringify(definition)), active: true });
    const { companyId } = app.company;
    const subjects = [{ type: 'company', id: companyId, personId: null }];
    await app.runtime.database.write(companyId, (tx) =>
      app.runtime.engine.start(tx, { companyId, workflow: name, subjects, trigger: { type: 'manual', id: name } }),
    );
    await app.drain();
  }
  app.clock.advance({ days: 2 });
  await app.drain();
  expect((await left()).map((run) => [run.workflowName, run.state])).toEqual(expect.arrayContaining([['short', 'done'], ['long', 'waiting']])); // prettier-ignore
  app.clock.advance({ days: 20 });
  expect(await sweepRuns(app.runtime)).toBe(0);

  app.clock.advance({ days: 20 });
  expect(await sweepRuns(app.runtime)).toBeGreaterThan(0);
  const runs = await left();
  expect(new Set(runs.map((run) => run.workflowName))).toEqual(new Set(['long']));
  const kept = await journalRows();
  expect(kept).toBeGreaterThan(0);
  expect(await sweepRuns(app.runtime)).toBe(0);
  expect(await journalRows()).toBe(kept);
});

test('a company may keep its runs for a shorter or a longer time, within what the installation allows', async () => {
  const set = (days: number | null) => app.call(updateCompany, { settings: { keep_runs_days: days } });
  await expect(set(401)).rejects.toMatchObject({ fields: [{ path: 'settings.keep_runs_days' }] });
  await expect(set(6)).rejects.toThrow();
  const definition = {
    name: 'brief',
    title: 'Brief',
    subject: 'company',
    triggers: [{ on: 'manual' }],
    steps: [{ id: 'fin', title: 'Fin', type: 'end', input: {} }],
  };
  const { id } = await app.call(createWorkflow, { definition, active: true });
  const here = async () => (await app.call(listRuns, { workflowId: id })).items.length;
  const start = async () => {
    await app.call(startWorkflow, { workflowId: id });
    await app.drain();
  };
  await start();
  await set(10);
  app.clock.advance({ days: 11 });
  expect(await sweepRuns(app.runtime)).toBe(1); // sooner than the 30 days of the others
  await start();
  await set(90);
  app.clock.advance({ days: 40 });
  await sweepRuns(app.runtime);
  expect(await here()).toBe(1);
  await set(null);
  expect(await sweepRuns(app.runtime)).toBe(1);
  expect(await here()).toBe(0);
});
