import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { newId } from '#core/ids.ts';
import { testEngine } from '#testing/engine.ts';
import { workflow } from './builder.ts';
import { dispatch } from './dispatcher.ts';
import { endRuns } from './family.ts';
import { batchStep, type EventHandler } from './types.ts';

/** It waits for an answer, and takes a moment once that is there. */
const asks = batchStep({
  type: 'asks',
  title: 'Asks',
  input: z.strictObject({}),
  facts: false,
  quickAgain: true,
  run: (_tx, items) =>
    Promise.resolve(
      items.map(({ run }) =>
        run.signal === null
          ? { kind: 'wait', until: null, events: ['thing.answered'], reason: 'an answer is awaited' }
          : { kind: 'next', output: run.signal.payload['word'] ?? null },
      ),
    ),
});
/** What a module does when something is answered. */
let onAnswer: EventHandler['handle'] = () => Promise.resolve();
const answered: EventHandler = { event: 'thing.answered', handle: (...given) => onAnswer(...given) };
/** A step that nobody calls quick. */
const slow = batchStep({
  type: 'slow',
  title: 'Slow',
  input: z.strictObject({}),
  facts: false,
  run: (_tx, items) => Promise.resolve(items.map(() => ({ kind: 'next' }))),
});
const beside = { subject: 'thing', reentry: 'always' } as const;
const on = (event: string) => [{ on: 'event', event }] as const;
const ends = workflow('ends', { title: 'Ends', ...beside, triggers: on('thing.made') }, (w) => [
  w.branch('Always', { field: 'thing.id', exists: true }, [
    w.loop('Twice', [1, 2], [w.branch('Each', { field: 'thing.id', exists: true }, [])]),
  ]),
  w.end(),
]);
const waits = workflow('waits', { title: 'Waits', ...beside, triggers: on('thing.asked') }, (w) => [
  w.waitFor('An answer', ['thing.answered'], { within: { days: 1 } }),
  w.end(),
]);
const rests = workflow('rests', { title: 'Rests', ...beside, triggers: on('thing.sent') }, (w) => [
  w.branch('Always', { field: 'thing.id', exists: true }, []),
  w.step('Slow', slow, {}),
  w.end(),
]);
const wakes = workflow('wakes', { title: 'Wakes', subject: 'thing', triggers: on('thing.called') }, (w) => [
  w.step('Asks', asks, {}),
  w.end(),
]);
const wakesToRest = workflow('wakes-to-rest', { title: 'Wakes to rest', subject: 'thing', triggers: on('thing.rung') }, (w) => [
  w.step('Asks', asks, {}),
  w.step('Slow', slow, {}),
  w.end(),
]);

describe('runs that are started', () => {
  let app: Awaited<ReturnType<typeof testEngine>>;
  beforeAll(async () => {
    app = await testEngine({ steps: [slow], definitions: [ends, waits, rests] });
  });
  afterAll(() => app.close());
  const queued = async () => (await app.sql<{ n: number }>(`select count(*)::int as n from pgboss.job where name = 'runs'`))[0]?.n;
  const ofThing = async (id: string) => (await app.runs()).filter((run) => run.subject_id === id);

  test('take their quick steps at once, each in the journal, and never see the queue', async () => {
    const id = newId();
    await app.emit('thing.made', id);
    expect(await dispatch(app.parts, 10)).toMatchObject({ events: 1, due: 0 });
    const [run] = await ofThing(id);
    expect(run).toMatchObject({ state: 'done' });
    expect((await app.journal(run?.id ?? '')).map((row) => [row.step_id, row.state])).toEqual([
      ['always', 'done'],
      ['twice', 'done'],
      ['each', 'done'],
      ['twice', 'done'],
      ['each', 'done'],
      ['twice', 'done'],
      ['end', 'done'],
    ]);
    expect(await queued()).toBe(0);
  });

  test('rest at a step that is not quick, and go on through the queue', async () => {
    const id = newId();
    await app.emit('thing.sent', id);
    expect(await dispatch(app.parts, 10)).toMatchObject({ events: 1, due: 1, steps: 1 });
    expect(await ofThing(id)).toMatchObject([{ state: 'running', step_id: 'slow' }]);
    expect(await queued()).toBe(1);
    await app.drain();
    expect(await ofThing(id)).toMatchObject([{ state: 'done' }]);
  });

  test('wait for what comes after their event, not for what came before it in the same batch', async () => {
    const [late, early] = [newId(), newId()];
    await app.emit('thing.answered', early);
    await app.emit('thing.asked', early);
    await app.emit('thing.asked', late);
    await app.emit('thing.answered', late);
    await app.drain();
    expect(await ofThing(early)).toMatchObject([{ state: 'waiting' }]);
    expect(await ofThing(late)).toMatchObject([{ state: 'done' }]);
  });

  test('are started once, though two processes take the same event name at the same moment', async () => {
    const ids = Array.from({ length: 30 }, () => newId());
    for (const id of ids) await app.emit('thing.made', id);
    const others = app.another().parts;
    await Promise.all([dispatch(app.parts, 10), dispatch(others, 10), dispatch(app.parts, 10)]);
    await app.drain();
    const runs = (await app.runs()).filter((run) => ids.includes(run.subject_id));
    expect(runs.map((run) => run.state)).toEqual(ids.map(() => 'done'));
  });
});

describe('runs that an event wakes', () => {
  let app: Awaited<ReturnType<typeof testEngine>>;
  beforeAll(async () => {
    app = await testEngine({ steps: [slow, asks], events: [answered], definitions: [wakes, wakesToRest] });
  });
  afterAll(() => app.close());
  afterEach(() => void (onAnswer = () => Promise.resolve()));
  const queued = async () => (await app.sql<{ n: number }>(`select count(*)::int as n from pgboss.job where name = 'runs'`))[0]?.n;
  const runOf = async (id: string) => (await app.runs()).find((run) => run.subject_id === id);
  const waiting = async (event: string) => {
    const id = newId();
    await app.emit(event, id);
    await app.drain();
    expect(await runOf(id)).toMatchObject({ state: 'waiting' });
    return id;
  };

  test('go on in the same transaction, with what the event said, each step in the journal', async () => {
    const id = await waiting('thing.called');
    await app.emit('thing.answered', id, { word: 'yes' });
    expect(await dispatch(app.parts, 10)).toMatchObject({ events: 1, due: 0, steps: 2 });
    const run = await runOf(id);
    expect(run).toMatchObject({ state: 'done', outputs: { asks: 'yes' } });
    expect((await app.journal(run?.id ?? '')).map((row) => [row.step_id, row.state])).toEqual([
      ['asks', 'done'],
      ['end', 'done'],
    ]);
    expect(await queued()).toBe(0);
  });

  test('rest at a step that is not quick, and go on through the queue', async () => {
    const id = await waiting('thing.rung');
    await app.emit('thing.answered', id, { word: 'yes' });
    expect(await dispatch(app.parts, 10)).toMatchObject({ due: 1, steps: 1 });
    expect(await runOf(id)).toMatchObject({ state: 'running', step_id: 'slow' });
    expect(await queued()).toBe(1);
    await app.drain();
    expect(await runOf(id)).toMatchObject({ state: 'done' });
  });

  test('stay ended when a module ends them because of the very event', async () => {
    const id = await waiting('thing.called');
    const run = await runOf(id);
    onAnswer = (tx) => endRuns(tx, [run?.id ?? ''], 'it was not wanted', app.clock.now());
    await app.emit('thing.answered', id);
    expect(await dispatch(app.parts, 10)).toMatchObject({ due: 0, steps: 0 });
    expect(await runOf(id)).toMatchObject({ state: 'cancelled' });
  });

  test('park where their company stands still, and go on with what they heard when it does', async () => {
    const id = await waiting('thing.called');
    await app.sql(`insert into engine_pauses (company_id, reason) values ('${app.companyId}', 'a holiday')`);
    await app.emit('thing.answered', id, { word: 'later' });
    await app.drain();
    expect(await runOf(id)).toMatchObject({ state: 'paused', step_id: 'asks' });
    await app.sql('delete from engine_pauses');
    await app.sql(`update runs set state = 'waiting', paused_by = null, wake_at = '2026-06-02T08:00:00Z' where paused_by = 'company'`);
    await app.drain();
    expect(await runOf(id)).toMatchObject({ state: 'done', outputs: { asks: 'later' } });
  });
});
