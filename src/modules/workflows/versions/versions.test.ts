import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { VersionChanged } from '#core/errors.ts';
import { execute } from '#core/operation/execute.ts';
import { newId } from '#core/ids.ts';
import { testApp, type TestApp } from '#testing/app.ts';
import { getRun } from '../operations/runs.ts';
import {
  checkWorkflow,
  diffWorkflow,
  discardDraft,
  getMove,
  listMoves,
  listVersions,
  publishWorkflow,
  rollbackWorkflow,
  saveDraft,
  workflowCohorts,
} from '../operations/versions.ts';
import { createWorkflow, getWorkflow, startWorkflow } from '../operations/workflows.ts';

const end = (id: string, title = 'End') => ({ id, title, type: 'end', input: { outcome: id } });
const wait = (id: string, days: number) => ({ id, title: id, type: 'wait', input: { for: { days } } });
const definition = (name: string, steps: object[], more: object = {}) =>
  JSON.parse(
    JSON.stringify({
      name,
      title: name,
      subject: 'company',
      triggers: [{ on: 'manual' }],
      stopOn: [],
      settings: {},
      steps,
      reentry: 'always',
      ...more,
    }),
  );

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});
afterAll(() => app.close());

const made = (name: string, steps: object[]) => app.call(createWorkflow, { definition: definition(name, steps), active: true });
async function runOf(workflowId: string): Promise<string> {
  const { runs } = await app.call(startWorkflow, { workflowId });
  await app.drain();
  return runs[0]?.runId ?? '';
}

describe('a draft', () => {
  test('keeps faults, is shown beside the workflow, and is gone when it is thrown away', async () => {
    const workflow = await made('drafted', [wait('w', 1), end('fin')]);
    expect(workflow.draft).toBeNull();
    const draft = await app.call(saveDraft, { workflowId: workflow.id, definition: { name: 'drafted', steps: [{ id: 'x' }] } });
    expect(draft).toMatchObject({ baseVersion: 1, updatedBy: app.company.userId });
    expect((await app.call(getWorkflow, { workflowId: workflow.id })).draft).toMatchObject({ definition: { steps: [{ id: 'x' }] } });
    await app.call(discardDraft, { workflowId: workflow.id });
    expect((await app.call(getWorkflow, { workflowId: workflow.id })).draft).toBeNull();
    await expect(app.call(discardDraft, { workflowId: workflow.id })).rejects.toMatchObject({ code: 'not_found' });
  });

  test('is not written over by whoever saw an older one', async () => {
    const workflow = await made('contested', [end('fin')]);
    const first = await app.call(saveDraft, { workflowId: workflow.id, definition: { title: 'mine' } });
    const save = (ifMatch: number, title: string) =>
      execute(app.runtime, {
        operation: saveDraft,
        principal: app.company.admin,
        request: { id: newId(), face: 'test', ip: null, userAgent: null },
        input: { workflowId: workflow.id, definition: { title } },
        names: 'code',
        ifMatch,
      });
    await save(first.updatedAt.getTime(), 'mine again');
    await expect(save(first.updatedAt.getTime(), 'theirs')).rejects.toThrow(VersionChanged);
    expect((await app.call(getWorkflow, { workflowId: workflow.id })).draft).toMatchObject({ definition: { title: 'mine again' } });
  });

  test('can be what a workflow begins with', async () => {
    const workflow = await app.call(createWorkflow, { definition: definition('begun', []), draft: true, active: true });
    expect(workflow).toMatchObject({ active: false, version: 1, draft: { definition: { steps: [] } } });
    await expect(app.call(publishWorkflow, { workflowId: workflow.id })).rejects.toMatchObject({
      code: 'invalid_input',
      fields: [{ path: 'definition.steps', message: 'Add a first step' }],
    });
    await app.call(saveDraft, { workflowId: workflow.id, definition: definition('begun', [end('fin')]) });
    expect(await app.call(publishWorkflow, { workflowId: workflow.id })).toMatchObject({ published: 2, draft: null, move: null });
  });
});

describe('check', () => {
  const findings = async (steps: object[], more: object = {}) => {
    const { faults, warnings } = await app.call(checkWorkflow, { definition: definition('checked', steps, { subject: 'lead', ...more }) });
    return [...faults, ...warnings].map((one) => `${one.severity} ${one.code} ${one.path}`);
  };

  test('answers for anything, whatever its shape', async () => {
    expect(await app.call(checkWorkflow, { definition: {} })).toMatchObject({ ok: false });
    expect(await app.call(checkWorkflow, { definition: { steps: 7, name: null } })).toMatchObject({ ok: false });
    const { faults } = await app.call(checkWorkflow, { definition: definition('a', [{ id: 'x', title: '', type: 'wait', input: {} }]) });
    expect(faults).toMatchObject([{ path: 'steps.0.title', stepId: 'x', message: 'Give it a title' }]);
  });

  test('finds what can’t be reached, what does not end, and what nobody says', async () => {
    const steps = [
      { id: 'e', title: 'Over', type: 'end', input: {} },
      { id: 'w', title: 'Wait', type: 'wait', input: { events: ['message.repliedd'], within: { days: 1 } } },
    ];
    expect(await findings(steps, { stopOn: ['moon.landed'] })).toEqual([
      'fault unreachable steps.1',
      'warning no_end steps.1',
      'warning unknown_event stopOn.0',
      'warning unknown_event steps.1.input.events.0',
    ]);
  });

  test('wants a class of each message, knows its templates, and misses the connection', async () => {
    const steps = [{ id: 'm', title: 'Hello', type: 'message', input: { template: 'nowhere' } }, end('fin')];
    expect(await findings(steps)).toEqual([
      'fault message_without_class steps.0.input.class',
      'fault unknown_template steps.0.input.template',
      'warning missing_connection steps.0',
    ]);
  });

  test('resolves the names in texts against the lead, the settings and earlier steps', async () => {
    const text = (source: string) => ({
      id: 'm',
      title: 'Hello',
      type: 'message',
      input: { class: 'commercial', subject: 'Hi', text: source },
    });
    const says = async (source: string) => {
      const steps = [{ id: 't', title: 'Call', type: 'task', input: { title: 'Call' } }, text(source), wait('later', 1), end('fin')];
      return (await findings(steps, { settings: { tone: 'warm' } })).filter((one) => one.includes('unresolved') || one.includes('broken'));
    };
    expect(
      await says('Hi {{ person.first_name }}, {{ lead.status }} {{ settings.tone }} {{ steps.t.task_id }} {{ trigger.any.thing }}'),
    ).toEqual([]);
    expect(await says('{{ person.custom.colour }} {{ sender.name }} {% for tag in person.tags %}{{ tag }}{% endfor %}')).toEqual([]);
    expect(await says('{{ person.frist_name }}')).toEqual(['fault unresolved_variable steps.1.input.text']);
    expect(await says('{{ person.nick | default: "you" }}')).toEqual(['warning unresolved_variable steps.1.input.text']);
    expect(await says('{{ steps.later.until }}')).toEqual(['fault unresolved_variable steps.1.input.text']);
    expect(await says('{{ settings.colour }}')).toEqual(['fault unresolved_variable steps.1.input.text']);
    expect(await says('{{ person.first_name')).toEqual(['fault broken_template steps.1.input.text']);
  });

  test('finds nothing in the workflows that come with Steward but the missing connection', async () => {
    const list = await app.call(getWorkflow, { workflowId: await builtIn('lead-nurturing') });
    const { faults, warnings } = await app.call(checkWorkflow, {
      definition: JSON.parse(JSON.stringify(list.definition)),
      workflowId: list.id,
    });
    expect(faults).toEqual([]);
    expect(new Set(warnings.map((one) => one.code))).toEqual(new Set(['missing_connection']));
  });
});

async function builtIn(name: string): Promise<string> {
  const text = 'select id from workflows where company_id = $1 and name = $2';
  const [row] = await app.runtime.system.read((tx) =>
    tx.query<{ id: string }>({ name: 't.built_in', text }, [app.company.companyId, name]),
  );
  return row?.id ?? '';
}

describe('publishing', () => {
  test('leaves those under way alone unless told otherwise, and shows who stands where', async () => {
    const workflow = await made('lonely', [wait('first', 1), wait('second', 1), end('fin')]);
    const run = await runOf(workflow.id);
    await app.call(saveDraft, { workflowId: workflow.id, definition: definition('lonely', [wait('first', 3), end('fin')]) });
    const preview = await app.call(workflowCohorts, { workflowId: workflow.id });
    expect(preview.items).toMatchObject([
      { version: 1, stepId: 'first', live: 1, waiting: 1, suggestion: 'move', landsOn: { stepId: 'first' }, waits: 'kept' },
    ]);
    expect(preview.steps.map((step) => step.stepId)).toEqual(['first', 'fin']);
    expect(await app.call(publishWorkflow, { workflowId: workflow.id, note: 'Longer' })).toMatchObject({
      published: 2,
      moved: 0,
      stayed: 1,
    });
    expect(await app.call(getRun, { runId: run })).toMatchObject({ version: 1, state: 'waiting' });
    await app.advance({ days: 2 });
    expect(await app.call(getRun, { runId: run })).toMatchObject({
      version: 1,
      state: 'done',
      actionsPerformed: ['first', 'second', 'fin'],
    });
    expect((await app.call(listVersions, { workflowId: workflow.id })).items).toMatchObject([
      { version: 2, note: 'Longer', live: 0, createdBy: app.company.userId, createdByName: 'Ada Admin' },
      { version: 1, note: null, live: 0 },
    ]);
  });

  test('moves those at a step: a wait keeps what is left of it, or is asked anew', async () => {
    const workflow = await made('waits', [wait('w', 4), end('fin')]);
    const [kept, anew] = [await runOf(workflow.id), await runOf(workflow.id)];
    await app.advance({ days: 3 });
    const next = definition('waits', [wait('w', 10), end('longer')]);
    await app.call(publishWorkflow, { workflowId: workflow.id, definition: next, cohorts: [{ stepId: 'w', choice: 'move' }] });
    expect(await app.call(getRun, { runId: kept })).toMatchObject({ version: 2, state: 'waiting' });
    const third = definition('waits', [wait('w', 2), end('shorter')]);
    await app.drain();
    const cohort = { version: 2, stepId: 'w', choice: 'move' as const, waits: 'anew' as const };
    const one = await runOf(workflow.id);
    expect(await app.call(publishWorkflow, { workflowId: workflow.id, definition: third })).toMatchObject({
      published: 3,
      moved: 0,
      stayed: 3,
    });
    await app.advance({ days: 1 });
    expect(await app.call(getRun, { runId: kept })).toMatchObject({ version: 2, state: 'done', outcome: 'longer' });
    expect(await app.call(getRun, { runId: anew })).toMatchObject({ version: 2, state: 'done' });
    const again = await app.call(publishWorkflow, { workflowId: workflow.id, definition: third, cohorts: [cohort] });
    expect(again).toMatchObject({ published: 3, moved: 1, stayed: 0, move: { state: 'done', total: 1 } });
    await app.advance({ days: 1 });
    expect(await app.call(getRun, { runId: one })).toMatchObject({ version: 3, state: 'waiting' });
    await app.advance({ days: 1 });
    expect(await app.call(getRun, { runId: one })).toMatchObject({ version: 3, state: 'done', outcome: 'shorter' });
    expect((await app.call(listMoves, { workflowId: workflow.id })).items).toMatchObject([{ toVersion: 3 }, { toVersion: 2, moved: 2 }]);
  });

  test('moves to another step or ends the run, and refuses a step that is not there', async () => {
    const workflow = await made('elsewhere', [wait('a', 9), wait('b', 9), end('fin')]);
    const [x, y] = [await runOf(workflow.id), await runOf(workflow.id)];
    const next = definition('elsewhere', [wait('c', 1), { ...end('fin'), input: { outcome: 'by c' } }]);
    await expect(
      app.call(publishWorkflow, { workflowId: workflow.id, definition: next, cohorts: [{ stepId: 'a', choice: 'move' }] }),
    ).rejects.toMatchObject({ fields: [{ path: 'cohorts.0.to_step_id' }] });
    const cohorts = [{ stepId: 'a', choice: 'move' as const, toStepId: 'c' }];
    expect(await app.call(publishWorkflow, { workflowId: workflow.id, definition: next, cohorts })).toMatchObject({
      published: 2,
      moved: 2,
    });
    await app.drain();
    const moved = await app.call(getRun, { runId: x });
    expect(moved).toMatchObject({ version: 2, state: 'waiting', stepId: 'c' });
    expect(moved.journal.map((entry) => [entry.stepId, entry.state, entry.attempt])).toEqual([
      ['a', 'cancelled', 1],
      ['c', 'waiting', 1],
    ]);
    const last = definition('elsewhere', [end('fin')]);
    const ended = await app.call(publishWorkflow, { workflowId: workflow.id, definition: last, others: 'finish' });
    expect(ended).toMatchObject({ published: 3, finished: 2, stayed: 0, move: { state: 'done' } });
    expect(await app.call(getRun, { runId: y })).toMatchObject({ state: 'done', outcome: 'finished', version: 2 });
    expect(await app.call(getMove, { moveId: ended.move?.id ?? '' })).toMatchObject({ finished: 2, inHand: 0 });
  });

  test('a paused run moves and stays paused', async () => {
    const workflow = await made('paused', [wait('a', 5), end('fin')]);
    const run = await runOf(workflow.id);
    await app.runtime.system.write((tx) => app.runtime.engine.pause(tx, { companyId: app.company.companyId, runIds: [run] }, 'a break'));
    const next = definition('paused', [wait('b', 1), end('fin')]);
    await app.call(publishWorkflow, {
      workflowId: workflow.id,
      definition: next,
      cohorts: [{ stepId: 'a', choice: 'move', toStepId: 'b' }],
    });
    await app.advance({ days: 2 });
    expect(await app.call(getRun, { runId: run })).toMatchObject({ version: 2, state: 'paused', stepId: 'b' });
  });

  test('brings an old version back as a new one, and says what differs', async () => {
    const workflow = await made('back', [wait('a', 1), wait('b', 1), end('fin')]);
    const next = definition('back', [
      wait('b', 2),
      wait('a', 1),
      { id: 'n', title: 'New', type: 'task', input: { title: 'T' } },
      end('fin'),
    ]);
    await app.call(publishWorkflow, { workflowId: workflow.id, definition: { ...next, title: 'Renamed' } });
    const { changes } = await app.call(diffWorkflow, { workflowId: workflow.id, from: 1, to: 2 });
    expect(changes.map((change) => `${change.kind} ${change.stepId ?? ''} ${change.path}`)).toEqual([
      'changed  title',
      'changed b steps.0.input.for.days',
      'moved a steps.1',
      'added n steps.2',
    ]);
    expect(changes.find((change) => change.kind === 'moved')?.says).toBe('“a” stands after “b” instead of at the beginning');
    const rolled = await app.call(rollbackWorkflow, { workflowId: workflow.id, version: 1 });
    expect(rolled).toMatchObject({ published: 3, title: 'back' });
    expect((await app.call(diffWorkflow, { workflowId: workflow.id, from: 1, to: 3 })).changes).toEqual([]);
    expect((await app.call(listVersions, { workflowId: workflow.id })).items[0]).toMatchObject({ version: 3, restores: 1 });
    await expect(app.call(diffWorkflow, { workflowId: workflow.id, from: 9 })).rejects.toMatchObject({ fields: [{ path: 'from' }] });
    await expect(app.call(rollbackWorkflow, { workflowId: workflow.id, version: 9 })).rejects.toMatchObject({ code: 'not_found' });
  });
});
