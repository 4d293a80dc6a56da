import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { modules } from '#app/modules.ts';
import { activityStep, type Facts } from '#core/engine/types.ts';
import { module } from '#core/module.ts';
import { createPersonOperation } from '#modules/people/operations/people.ts';
import { PASSWORD, testApp, type TestApp } from '#testing/app.ts';
import { bulkRuns, undoBulkRuns } from '../operations/runs-bulk.ts';
import { cancelRun, forwardRun, getRun, listRuns, replayRun, retryRun } from '../operations/runs.ts';
import { publishWorkflow } from '../operations/versions.ts';
import { createWorkflow, startWorkflow } from '../operations/workflows.ts';
import { causeOf } from './causes.ts';

/** Fails while it is told to, with these words. */
let broken: string | null = null;
const call = activityStep({
  type: 'probe_call',
  title: 'Call',
  input: z.object({ use: z.string().optional() }),
  facts: false,
  changesFacts: false,
  run: ({ run }) =>
    Promise.resolve(broken === null ? { kind: 'next', output: { by: run.stepId } } : { kind: 'fail', error: broken, retry: 'never' }),
});

let app: TestApp;
beforeAll(async () => {
  app = await testApp({ modules: [...modules, module({ name: 'probe', operations: [], steps: [call] })] });
});
afterAll(() => app.close());

const end = { id: 'fin', title: 'End', type: 'end', input: { outcome: 'through' } };
const probe = (id: string, use?: string) => ({ id, title: `Call ${id}`, type: 'probe_call', input: use === undefined ? {} : { use } });
const wait = (id: string, days: number) => ({ id, title: id, type: 'wait', input: { for: { days } } });
const definition = (name: string, subject: string, steps: object[], reentry = 'after_end') =>
  JSON.parse(
    JSON.stringify({ name, title: `The ${name}`, subject, triggers: [{ on: 'manual' }], stopOn: [], settings: {}, reentry, steps }),
  );
const made = (name: string, steps: object[], subject = 'person', reentry?: string) =>
  app.call(createWorkflow, { definition: definition(name, subject, steps, reentry), active: true });
async function person(fullName: string): Promise<string> {
  return (await app.call(createPersonOperation, { fullName, email: `${fullName.split(' ')[0]?.toLowerCase()}@runs.test` })).id;
}
async function start(workflowId: string, subjectIds: string[], payload: Facts = {}): Promise<string[]> {
  const { runs } = await app.call(startWorkflow, { workflowId, subjectIds, payload });
  await app.drain();
  return subjectIds.map((id) => runs.find((run) => run.subjectId === id)?.runId ?? '');
}

describe('the list of runs', () => {
  test('is searched by name, address, error, state, version and time, page by page', async () => {
    const people = [await person('Vera Lindqvist'), await person('Otto Lindner'), await person('Zoe Quill')];
    broken = 'The service answered 503';
    const workflow = await made('search', [probe('a'), end]);
    await start(workflow.id, people);
    broken = null;
    const found = async (filter: object) =>
      (await app.call(listRuns, { workflowId: workflow.id, ...filter })).items
        .map((run) => run.subject.name ?? '')
        .toSorted((a, b) => a.localeCompare(b));
    expect(await found({ q: 'lind' })).toEqual(['Otto Lindner', 'Vera Lindqvist']);
    expect(await found({ q: 'zoe@runs' })).toEqual(['Zoe Quill']);
    expect(await found({ q: 'nobody' })).toEqual([]);
    expect(await found({ error: '503', state: 'failed' })).toHaveLength(3);
    expect(await found({ error: 'credentials' })).toEqual([]);
    expect(await found({ live: true })).toEqual([]);
    expect(await found({ live: false, version: 1, stepId: 'a' })).toHaveLength(3);
    expect(await found({ version: 2 })).toEqual([]);
    expect(await found({ since: app.clock.now(), until: new Date(app.clock.now().getTime() + 1) })).toHaveLength(3);
    expect(await found({ until: app.clock.now() })).toEqual([]);
    const first = await app.call(listRuns, { workflowId: workflow.id, q: 'lind', limit: 1 });
    const second = await app.call(listRuns, { workflowId: workflow.id, q: 'lind', limit: 1, cursor: first.nextCursor ?? '' });
    expect(new Set([first.items[0]?.id, second.items[0]?.id]).size).toBe(2);
    expect(second.nextCursor).toBeNull();
    expect(first.items[0]).toMatchObject({ state: 'failed', cause: { code: 'service_down' } });
  });
});

test('errors have a likely cause in words, and a page where they are mended', () => {
  const about = { workflowId: 'w', personId: 'p' };
  const codes = [
    ['The connection rejects its credentials', 'credentials_rejected', '/connections'],
    ['401 Unauthorized: invalid api key', 'credentials_rejected', '/connections'],
    ['The template needs person.first_name, which is not known here; fill it in', 'variable_missing', '/people/p'],
    ['There is no template welcome', 'template_missing', '/settings/templates'],
    ["Its workflow can't run as it is: steps.0.type", 'definition_broken', '/workflows/w'],
    ['The step a is not in version 3 of its workflow', 'definition_broken', '/workflows/w'],
    ['The workflow onboarding is switched off; switch it on first', 'workflow_off', '/workflows'],
    ['took longer than 120 s', 'service_down', '/connections'],
    ['connect ECONNREFUSED 10.0.0.1:443', 'service_down', '/connections'],
    ['429 Too Many Requests', 'too_fast', undefined],
    ['blocked: no consent', 'blocked_by_rule', '/people/p'],
    ['something else', 'unknown', '/workflows/w'],
  ] as const;
  expect(codes.map(([error]) => [error, causeOf(error, about).code, causeOf(error, about).next?.path])).toEqual(codes);
});

describe('fix-forward', () => {
  test('a failed run goes on from a step of the newer version with its recorded outputs', async () => {
    const workflow = await made('forward', [probe('first'), wait('pause', 1), probe('second'), end]);
    const [run = ''] = await start(workflow.id, [await person('Ada Forward')], { order: 7 });
    broken = 'invalid value';
    await app.advance({ days: 1 });
    broken = null;
    expect(await app.call(getRun, { runId: run })).toMatchObject({ state: 'failed', stepId: 'second', cause: { code: 'input_refused' } });
    const mended = [
      probe('first'),
      probe('checked'),
      wait('pause', 1),
      probe('second', '{{ steps.first.by }} {{ steps.checked.by }}'),
      end,
    ];
    await app.call(publishWorkflow, { workflowId: workflow.id, definition: definition('forward', 'person', mended) });
    const preview = await app.call(forwardRun, { runId: run });
    expect(preview).toMatchObject({
      version: 2,
      stepId: 'second',
      possible: true,
      kept: [{ stepId: 'first' }],
      missing: [{ stepId: 'checked', usedBy: ['Call second'] }],
      again: [],
    });
    expect(await app.call(forwardRun, { runId: run, stepId: 'checked' })).toMatchObject({ missing: [], possible: true });
    expect(await app.call(forwardRun, { runId: run, stepId: 'gone' })).toMatchObject({ possible: false });
    await app.call(retryRun, { runId: run, stepId: 'checked', version: 2 });
    await app.drain();
    await app.advance({ days: 1 });
    const done = await app.call(getRun, { runId: run });
    expect(done).toMatchObject({ state: 'done', version: 2, actionsPerformed: ['first', 'pause', 'checked', 'pause', 'second', 'fin'] });
    expect(done.results).toMatchObject({ first: { by: 'first' }, checked: { by: 'checked' }, trigger: { order: 7 } });
    await expect(app.call(retryRun, { runId: run, stepId: 'first', version: 9 })).rejects.toMatchObject({ code: 'conflict' });
  });

  test('many go on at once by the newest version; those that can’t are counted with the reason', async () => {
    broken = 'The service answered 503';
    const people = await Promise.all(['Bea', 'Cleo', 'Dora'].map((name) => person(`${name} Bulk`)));
    const workflow = await made('many', [probe('a'), end]);
    const runs = await start(workflow.id, people);
    broken = null;
    await app.call(publishWorkflow, { workflowId: workflow.id, definition: definition('many', 'person', [probe('a'), wait('w', 1), end]) });
    // One has another run meanwhile: two at once are not allowed.
    broken = null;
    const [again = ''] = await start(workflow.id, [people[0] ?? '']);
    expect(again).not.toBe(runs[0]);
    const result = await app.call(bulkRuns, {
      action: 'retry',
      filter: { workflowId: workflow.id, error: '503', state: 'failed' },
      newest: true,
    });
    expect(result).toMatchObject({ changed: 2, skipped: 1, undoable: false });
    expect(result.reasons[0]?.reason).toContain('Another run');
    await app.drain();
    expect(await app.call(getRun, { runId: runs[1] ?? '' })).toMatchObject({ state: 'waiting', version: 2, stepId: 'w' });
  });
});

describe('many runs at once', () => {
  test('are cancelled, and stand where they stood when that is taken back', async () => {
    const people = await Promise.all(['Eve', 'Fay'].map((name) => person(`${name} Undo`)));
    const workflow = await made('undo', [wait('w', 3), end]);
    const runs = await start(workflow.id, people);
    const before = await app.call(getRun, { runId: runs[0] ?? '' });
    const cancelled = await app.call(bulkRuns, { action: 'cancel', filter: { workflowId: workflow.id, live: true } });
    expect(cancelled).toMatchObject({ changed: 2, skipped: 0, undoable: true });
    expect(await app.call(getRun, { runId: runs[0] ?? '' })).toMatchObject({ state: 'cancelled' });
    // One begins anew meanwhile: its old run stays cancelled.
    await start(workflow.id, [people[1] ?? '']);
    expect(await app.call(undoBulkRuns, { changeId: cancelled.id })).toEqual({ undone: 1, refused: 1 });
    const after = await app.call(getRun, { runId: runs[0] ?? '' });
    expect({ ...after, updatedAt: null }).toEqual({ ...before, updatedAt: null });
    await app.advance({ days: 3 });
    expect(await app.call(getRun, { runId: runs[0] ?? '' })).toMatchObject({ state: 'done', actionsPerformed: ['w', 'fin'] });
    await expect(app.call(undoBulkRuns, { changeId: cancelled.id })).rejects.toMatchObject({ code: 'conflict' });
  });

  test('pause and go on again; ids of others are not found', async () => {
    const workflow = await made('pauses', [wait('w', 3), end]);
    const runs = await start(workflow.id, [await person('Gus Pause')]);
    const paused = await app.call(bulkRuns, { action: 'pause', runIds: runs });
    expect(await app.call(getRun, { runId: runs[0] ?? '' })).toMatchObject({ state: 'paused' });
    expect(await app.call(undoBulkRuns, { changeId: paused.id })).toEqual({ undone: 1, refused: 0 });
    expect(await app.call(getRun, { runId: runs[0] ?? '' })).toMatchObject({ state: 'waiting' });
    const other = await app.aCompany('Other');
    await expect(app.call(bulkRuns, { action: 'cancel', runIds: runs }, { as: other.admin })).rejects.toMatchObject({ code: 'not_found' });
    await expect(app.call(bulkRuns, { action: 'cancel', filter: {} })).rejects.toMatchObject({ code: 'invalid_input' });
  });
});

test('a copy begins anew with what started the first, unless one is under way', async () => {
  const workflow = await made('copies', [probe('a'), wait('w', 1), end]);
  const [run = ''] = await start(workflow.id, [await person('Ida Copy')], { order: 9 });
  await expect(app.call(replayRun, { runId: run })).rejects.toMatchObject({ code: 'conflict' });
  await app.call(cancelRun, { runId: run });
  const copy = await app.call(replayRun, { runId: run });
  expect(copy).toMatchObject({ state: 'waiting', triggerType: 'manual', results: { trigger: { order: 9 } } });
  expect(copy.id).not.toBe(run);
});

test('pages hear of runs of their own company, and of what they missed', async () => {
  const workflow = await made('told', [wait('w', 1), end], 'company', 'always');
  const base = await app.http.listen({ port: 0, host: '127.0.0.1' });
  const url = `${base}/api/runs/stream?workflow_id=${workflow.id}`;
  expect((await fetch(url)).status).toBe(401);
  const sign = await app.http.inject({ method: 'POST', url: '/token', payload: { username: app.company.email, password: PASSWORD } });
  const authorization = `Bearer ${String(sign.json().access_token)}`;
  const heard = async (headers: Record<string, string>, work: () => Promise<unknown>, query = '') => {
    const abort = new AbortController();
    const answer = await fetch(`${url}${query}`, { headers: { authorization, ...headers }, signal: abort.signal });
    expect(answer.headers.get('content-type')).toContain('text/event-stream');
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
    await work();
    for (let text = ''; ;) {
      const { value = '', done } = (await reader?.read()) ?? { done: true };
      text += value;
      if (done || text.includes('event: changed')) {
        abort.abort();
        return text;
      }
    }
  };
  // A page that comes new is told to read; so is one that comes back.
  expect(await heard({}, () => Promise.resolve())).toContain('event: changed');
  const [run] = (await app.call(startWorkflow, { workflowId: workflow.id })).runs;
  await app.drain();
  const text = await heard(
    { 'last-event-id': String(app.clock.now().getTime()) },
    () => app.call(cancelRun, { runId: run?.runId ?? '' }),
    `&run_id=${run?.runId}`,
  );
  expect(text).toMatch(/id: \d+\nevent: changed/);
});
