import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { newId } from '#core/ids.ts';
import { testEngine } from '#testing/engine.ts';
import { workflow } from './builder.ts';
import { batchStep } from './types.ts';

const boom = new Set<string>();
/** Fails for the subjects in `boom`, notes the others. */
const note = batchStep({
  type: 'note',
  title: 'Note',
  input: z.strictObject({ text: z.string() }),
  run: (_tx, items) => {
    const bad = items.find(({ run }) => boom.has(run.subject.id));
    if (bad !== undefined) throw new Error('boom');
    return Promise.resolve(items.map(({ input }) => ({ kind: 'next', output: { text: input.text } })));
  },
});

const greet = workflow(
  'greet',
  { title: 'Greet', subject: 'thing', triggers: [{ on: 'event', event: 'thing.made' }], stopOn: ['thing.gone'] },
  (w) => [
    w.step('Hello', note, { text: 'hello' }),
    w.wait('Three days', { days: 3 }),
    w.branch('Nice?', { field: 'trigger.nice', is: true }, [w.step('Praise', note, { text: 'nice' })], [w.end('No', 'not_nice')]),
    w.waitFor('Answer', 'thing.answered', { within: { days: 1 } }),
    w.step('Bye', note, { text: 'bye' }),
  ],
);

describe('a run', () => {
  let app: Awaited<ReturnType<typeof testEngine>>;
  beforeAll(async () => {
    app = await testEngine({ steps: [note], definitions: [greet] });
  });
  afterAll(() => app.close());

  const runOf = async (id: string) => {
    const run = (await app.runs()).find((one) => one.subject_id === id);
    if (run === undefined) throw new Error('no such run');
    return run;
  };

  test('goes from step to step, waits, branches, and keeps a journal', async () => {
    const id = newId();
    await app.emit('thing.made', id, { nice: true });
    await app.drain();
    expect(await runOf(id)).toMatchObject({ state: 'waiting', step_id: 'three_days', outputs: { hello: { text: 'hello' } } });
    app.clock.advance({ days: 2, hours: 23 });
    await app.drain();
    expect(await runOf(id)).toMatchObject({ state: 'waiting', step_id: 'three_days' });
    app.clock.advance({ hours: 1 });
    await app.drain();
    expect(await runOf(id)).toMatchObject({ state: 'waiting', step_id: 'answer' });
    await app.emit('thing.answered', id, { word: 'yes' });
    await app.drain();
    const run = await runOf(id);
    expect(run).toMatchObject({
      state: 'done',
      outcome: 'completed',
      outputs: { answer: { event: 'thing.answered', payload: { word: 'yes' } }, bye: { text: 'bye' } },
    });
    expect((await app.journal(run.id)).map((row) => `${row.step_id} ${row.state}`)).toEqual([
      'hello done',
      'three_days done',
      'nice done',
      'praise done',
      'answer done',
      'bye done',
    ]);
  });

  test('takes the other arm, and ends where it says so', async () => {
    const id = newId();
    await app.emit('thing.made', id, { nice: false });
    await app.drain();
    app.clock.advance({ days: 3 });
    await app.drain();
    expect(await runOf(id)).toMatchObject({ state: 'done', outcome: 'not_nice' });
  });

  test('starts once for five events about one subject, and again after its end', async () => {
    const id = newId();
    for (let i = 0; i < 5; i++) await app.emit('thing.made', id);
    await app.drain();
    expect((await app.runs()).filter((run) => run.subject_id === id)).toHaveLength(1);
    app.clock.advance({ days: 3 });
    await app.drain();
    await app.emit('thing.made', id);
    await app.drain();
    expect((await app.runs()).filter((run) => run.subject_id === id)).toHaveLength(2);
  });

  test('ends at once when an event of stopOn comes', async () => {
    const id = newId();
    await app.emit('thing.made', id);
    await app.drain();
    await app.emit('thing.gone', id);
    await app.drain();
    const run = await runOf(id);
    expect(run).toMatchObject({ state: 'cancelled', outcome: 'thing.gone', wake_at: null });
    expect((await app.journal(run.id)).at(-1)).toMatchObject({ step_id: 'three_days', state: 'cancelled' });
  });

  test('is not held up by another one whose step fails', async () => {
    const [bad, good] = [newId(), newId()];
    boom.add(bad);
    await app.emit('thing.made', bad);
    await app.emit('thing.made', good);
    await app.drain();
    expect(await runOf(good)).toMatchObject({ state: 'waiting', step_id: 'three_days' });
    expect(await runOf(bad)).toMatchObject({ state: 'waiting', step_id: 'hello', error: 'boom', attempt: 1 });
    boom.delete(bad);
    app.clock.advance({ seconds: 30 });
    await app.drain();
    const run = await runOf(bad);
    expect(run).toMatchObject({ state: 'waiting', step_id: 'three_days', error: null });
    expect(await app.journal(run.id)).toMatchObject([
      { state: 'retrying', error: 'boom' },
      { state: 'done', attempt: 2 },
      { state: 'waiting' },
    ]);
  });

  test('fails after eight attempts, and goes on from there when a person retries it', async () => {
    const id = newId();
    boom.add(id);
    await app.emit('thing.made', id);
    for (let i = 0; i < 10; i++) {
      await app.drain();
      app.clock.advance({ hours: 1 });
    }
    const failed = await runOf(id);
    expect(failed).toMatchObject({ state: 'failed', error: 'boom', attempt: 8 });
    boom.delete(id);
    await app.system.write((tx) => app.engine.retry(tx, { companyId: app.companyId, runId: failed.id }));
    await app.drain();
    expect(await runOf(id)).toMatchObject({ state: 'waiting', step_id: 'three_days', error: null });
  });

  test('stands still while paused, and takes up what came meanwhile', async () => {
    const id = newId();
    await app.emit('thing.made', id);
    await app.drain();
    const { id: runId } = await runOf(id);
    const which = { companyId: app.companyId, runIds: [runId] };
    await app.system.write((tx) => app.engine.pause(tx, which, 'a person said so'));
    app.clock.advance({ days: 10 });
    await app.drain();
    expect(await runOf(id)).toMatchObject({ state: 'paused', step_id: 'three_days' });
    await app.system.write((tx) => app.engine.resume(tx, which));
    await app.drain();
    expect(await runOf(id)).toMatchObject({ state: 'done', outcome: 'not_nice' });
  });
});
