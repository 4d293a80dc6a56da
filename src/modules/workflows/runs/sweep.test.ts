import { afterAll, beforeAll, expect, test } from 'vitest';
import { testApp, type TestApp } from '#testing/app.ts';
import { listRuns } from '../operations/runs.ts';
import { createWorkflow } from '../operations/workflows.ts';
import { sweepRuns } from './sweep.ts';

let app: TestApp;
beforeAll(async () => {
  app = await testApp({ settings: { KEEP_RUNS_DAYS: '30' } });
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
