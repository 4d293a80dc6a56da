import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '#core/ids.ts';
import { testApp, type TestApp } from '#testing/app.ts';
import { decideEffect, listEffects } from './operations/effects.ts';
import { getEngine, pauseEngine, resumeEngine } from './operations/engine.ts';
import { cancelRun, getRun, listRuns, pauseRun, resumeRun, retryRun } from './operations/runs.ts';
import { listSchedules } from './operations/schedules.ts';
import { createTask, listTasks, updateTask } from './operations/tasks.ts';
import { listVersions } from './operations/versions.ts';
import { createWorkflow, getWorkflow, listWorkflows, startWorkflow, updateWorkflow } from './operations/workflows.ts';

const steps = [
  { id: 'call', title: 'Call them', type: 'task', input: { title: 'Call the customer', wait: true } },
  { id: 'pause', title: 'A day', type: 'wait', input: { for: { days: 1 } } },
  { id: 'fin', title: 'Fin', type: 'end', input: { outcome: 'called' } },
];
const definition = (name: string, triggers: object[]) =>
  JSON.parse(JSON.stringify({ name, title: name, subject: 'company', triggers, settings: { tone: 'warm' }, steps }));

describe('workflows', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await testApp();
  });
  afterAll(() => app.close());

  test('are refused with the path of each fault', async () => {
    const broken = {
      ...definition('broken', [{ on: 'schedule', schedule: { cron: '99 * * * *', timeZone: 'Mars/Olympus', missed: { policy: 'once' } } }]),
    };
    broken.steps = [
      { id: 'a', title: 'A', type: 'fly', input: {} },
      { id: 'b', title: 'B', type: 'wait', input: { for: {} } },
      { id: 'b', title: 'C', type: 'end', input: {} },
      steps[1],
    ];
    const refused = app.call(createWorkflow, { definition: broken });
    await expect(refused).rejects.toMatchObject({
      code: 'invalid_input',
      fields: expect.arrayContaining([
        expect.objectContaining({ path: 'definition.triggers.0.schedule.timeZone' }),
        expect.objectContaining({ path: 'definition.steps.0.type' }),
        expect.objectContaining({ path: expect.stringMatching(/^definition\.steps\.1\.input/) }),
        expect.objectContaining({ path: 'definition.steps.2.id' }),
        expect.objectContaining({ path: 'definition.steps.3' }),
      ]),
    });
  });

  test('start by webhook, wait for a person, and show each step', async () => {
    const made = await app.call(createWorkflow, { definition: definition('order', [{ on: 'webhook', key: 'orders' }]), active: true });
    const [hook] = made.hooks;
    const post = (key: string) =>
      app.http.inject({ method: 'POST', url: hook?.path ?? '', payload: { order: 7 }, headers: { 'idempotency-key': key } });
    expect((await post('d1')).statusCode).toBe(202);
    expect((await post('d1')).statusCode).toBe(202);
    await app.drain();
    const { items } = await app.call(listRuns, { workflowId: made.id });
    expect(items).toMatchObject([
      { state: 'waiting', stepId: 'call', stepTitle: 'Call them', triggerType: 'webhook', workflowName: 'order' },
    ]);
    const [task] = (await app.call(listTasks, { state: 'open' })).items;
    expect(task).toMatchObject({ title: 'Call the customer', runId: items[0]?.id });
    await app.call(updateTask, { taskId: task?.id ?? '', state: 'done' });
    await app.drain();
    await app.advance({ days: 1 });
    const run = await app.call(getRun, { runId: items[0]?.id ?? '' });
    expect(run).toMatchObject({
      state: 'done',
      outcome: 'called',
      actionsPerformed: ['call', 'pause', 'fin'],
      results: { trigger: { body: { order: 7 } }, call: { state: 'done' } },
    });
    expect(run.journal.map((entry) => entry.state)).toEqual(['done', 'done', 'done']);
    expect((await app.call(getWorkflow, { workflowId: made.id })).runs).toMatchObject({ done: 1, waiting: 0 });
  });

  test('refuse a webhook that nobody made, and a body that can’t be kept', async () => {
    expect((await app.http.inject({ method: 'POST', url: '/hooks/nothing', payload: {} })).statusCode).toBe(404);
    const bad = await app.http.inject({
      method: 'POST',
      url: '/hooks/nothing',
      payload: '{"a":',
      headers: { 'content-type': 'application/json' },
    });
    expect(bad.statusCode).toBe(422);
    const nul = await app.http.inject({
      method: 'POST',
      url: '/hooks/nothing',
      payload: '"a\\u0000"',
      headers: { 'content-type': 'application/json' },
    });
    expect(nul.statusCode).toBe(422);
  });

  test('keep a version for runs under way when the definition changes', async () => {
    const made = await app.call(createWorkflow, { definition: definition('versions', [{ on: 'manual' }]), active: true });
    const started = await app.call(startWorkflow, { workflowId: made.id });
    const next = { ...definition('versions', [{ on: 'manual' }]), title: 'Renamed' };
    const updated = await app.call(updateWorkflow, { workflowId: made.id, definition: next, settings: { tone: 'cool' } });
    expect(updated).toMatchObject({ version: 2, title: 'Renamed', customised: true, settings: { tone: 'cool' } });
    await app.call(updateWorkflow, { workflowId: made.id, definition: next });
    expect((await app.call(listVersions, { workflowId: made.id })).items.map((one) => one.version)).toEqual([2, 1]);
    expect(await app.call(getRun, { runId: started.runs[0]?.runId ?? '' })).toMatchObject({ version: 1 });
  });

  test('can be steered: paused, resumed, cancelled, retried from a step', async () => {
    const made = await app.call(createWorkflow, { definition: definition('steered', [{ on: 'manual' }]), active: true });
    const started = await app.call(startWorkflow, { workflowId: made.id });
    const runId = started.runs[0]?.runId ?? '';
    await app.drain();
    expect(await app.call(pauseRun, { runId })).toMatchObject({ state: 'paused' });
    await expect(app.call(pauseRun, { runId })).rejects.toThrow('paused');
    expect(await app.call(resumeRun, { runId })).toMatchObject({ state: 'waiting' });
    expect(await app.call(cancelRun, { runId })).toMatchObject({ state: 'cancelled' });
    await expect(app.call(retryRun, { runId, stepId: 'nowhere' })).rejects.toMatchObject({ code: 'not_found' });
    expect(await app.call(retryRun, { runId, stepId: 'fin' })).toMatchObject({ state: 'waiting', stepId: 'fin' });
    await app.drain();
    expect(await app.call(getRun, { runId })).toMatchObject({ state: 'done', outcome: 'called' });
  });

  test('stand still while the workflow or the company is paused', async () => {
    const made = await app.call(createWorkflow, { definition: definition('still', [{ on: 'manual' }]), active: true });
    await app.call(pauseEngine, {});
    const { runs } = await app.call(startWorkflow, { workflowId: made.id });
    await app.drain();
    const runId = runs[0]?.runId ?? '';
    expect(await app.call(getRun, { runId })).toMatchObject({ state: 'paused', reason: 'its company is paused' });
    await app.call(updateWorkflow, { workflowId: made.id, paused: true });
    await app.call(resumeEngine, {});
    await app.drain();
    expect(await app.call(getRun, { runId })).toMatchObject({ state: 'paused', reason: 'its workflow is paused' });
    await app.call(updateWorkflow, { workflowId: made.id, paused: false });
    await app.drain();
    expect(await app.call(getRun, { runId })).toMatchObject({ state: 'waiting', stepId: 'call' });
    expect(await app.call(getEngine, {})).toMatchObject({ paused: false });
  });

  test('run on a schedule, show the next ten firings, and stop when switched off', async () => {
    const schedule = { cron: '0 9 * * *', timeZone: 'Europe/Vienna', missed: { policy: 'once' } };
    const made = await app.call(createWorkflow, { definition: definition('daily', [{ on: 'schedule', schedule }]), active: true });
    const [shown] = (await app.call(listSchedules, { workflowId: made.id })).items;
    expect(shown?.next).toHaveLength(10);
    await app.advance({ days: 2 });
    expect((await app.call(listRuns, { workflowId: made.id })).items).toHaveLength(2);
    await app.call(updateWorkflow, { workflowId: made.id, active: false });
    await app.advance({ days: 2 });
    expect((await app.call(listRuns, { workflowId: made.id })).items).toHaveLength(2);
  });

  test('of another company are not there', async () => {
    const other = await app.aCompany('Other');
    const made = await app.call(createWorkflow, { definition: definition('mine', [{ on: 'manual' }]) });
    await expect(app.call(getWorkflow, { workflowId: made.id }, { as: other.admin })).rejects.toMatchObject({ code: 'not_found' });
    await expect(app.call(updateWorkflow, { workflowId: made.id, active: true }, { as: other.admin })).rejects.toMatchObject({
      code: 'not_found',
    });
    expect((await app.call(listWorkflows, {}, { as: other.admin })).items.filter((one) => !one.builtIn)).toEqual([]);
    await expect(app.call(decideEffect, { effectId: newId(), decision: 'drop' })).rejects.toMatchObject({ code: 'not_found' });
    expect((await app.call(listEffects, { state: 'in_doubt' })).items).toEqual([]);
  });

  test('tasks can be made by hand and dropped', async () => {
    const task = await app.call(createTask, { title: 'Water the plants' });
    expect(await app.call(updateTask, { taskId: task.id, state: 'dropped' })).toMatchObject({
      state: 'dropped',
      doneBy: app.company.userId,
    });
    expect(await app.call(updateTask, { taskId: task.id, state: 'open' })).toMatchObject({ state: 'open', doneAt: null });
  });
});
