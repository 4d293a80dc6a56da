import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { VendorRefused, VendorUnavailable } from '#core/connector/errors.ts';
import { newId } from '#core/ids.ts';
import { testEngine } from '#testing/engine.ts';
import { workflow } from './builder.ts';
import { activityStep, type RunView, type StepResult } from './types.ts';

let calls: { by: string; run: RunView }[] = [];
let commits: string[] = [];
let behave: (run: RunView) => Promise<StepResult> = () => Promise.resolve({ kind: 'next', output: 'fine' });

const ask = activityStep({
  type: 'ask',
  title: 'Ask the network',
  input: z.strictObject({ question: z.string() }),
  maxAttempts: 3,
  run({ run, input }) {
    calls.push({ by: input.question, run });
    return behave(run);
  },
  commit(_tx, { run }, result) {
    commits.push(run.id);
    return Promise.resolve(result.kind === 'next' ? { ...result, output: { said: result.output ?? null } } : undefined);
  },
});
const flow = workflow(
  'ask',
  { title: 'Ask', subject: 'thing', triggers: [{ on: 'event', event: 'thing.made' }], stopOn: ['thing.gone'] },
  (w) => [w.step('Ask', ask, { question: 'why' }), w.wait('Then', { days: 1 })],
);

describe('a step that talks to the network', () => {
  let app: Awaited<ReturnType<typeof testEngine>>;
  beforeAll(async () => {
    app = await testEngine({ steps: [ask], definitions: [flow] });
  });
  afterAll(() => app.close());
  beforeEach(() => {
    calls = [];
    commits = [];
    behave = () => Promise.resolve({ kind: 'next', output: 'fine' });
  });
  const begin = async () => {
    const id = newId();
    await app.emit('thing.made', id);
    return { id, run: async () => (await app.runs()).find((one) => one.subject_id === id) };
  };

  test('runs once, sees the facts, and commits what it made with the run', async () => {
    const { id, run } = await begin();
    await app.drain();
    expect(calls.map((call) => call.run.facts)).toEqual([{ thing: { id } }]);
    expect(await run()).toMatchObject({ state: 'waiting', step_id: 'then', outputs: { ask: { said: 'fine' } } });
    expect(commits).toHaveLength(1);
  });

  test('is tried again later when the vendor is away, and gives up in the end', async () => {
    behave = () => Promise.reject(new VendorUnavailable('busy', { retryAfterS: 600 }));
    const { run } = await begin();
    await app.drain();
    expect(await run()).toMatchObject({
      state: 'waiting',
      step_id: 'ask',
      error: 'busy',
      wake_at: new Date(app.clock.now().getTime() + 600_000),
    });
    for (let i = 0; i < 3; i++) {
      app.clock.advance({ minutes: 10 });
      await app.drain();
    }
    const failed = await run();
    expect(failed).toMatchObject({ state: 'failed', error: 'busy', attempt: 3 });
    expect((await app.journal(failed?.id ?? '')).map((row) => row.state)).toEqual(['retrying', 'retrying', 'failed']);
  });

  test('fails at once when the vendor says no', async () => {
    behave = () => Promise.reject(new VendorRefused('not allowed'));
    const { run } = await begin();
    await app.drain();
    expect(await run()).toMatchObject({ state: 'failed', error: 'not allowed', attempt: 1 });
  });

  test('may wait and run again, as the same attempt', async () => {
    behave = (run) => {
      if (app.clock.now().getTime() - run.since.getTime() >= 86_400_000) return Promise.resolve({ kind: 'next', output: 'at last' });
      return Promise.resolve({ kind: 'wait', until: new Date(run.since.getTime() + 86_400_000), reason: 'they are out of office' });
    };
    const { run } = await begin();
    await app.drain();
    expect(await run()).toMatchObject({ state: 'waiting', step_id: 'ask', attempt: 1 });
    app.clock.advance({ days: 1 });
    await app.drain();
    const done = await run();
    expect(done).toMatchObject({ step_id: 'then', outputs: { ask: { said: 'at last' } } });
    expect(await app.journal(done?.id ?? '')).toMatchObject([
      { step_id: 'ask', state: 'done', attempt: 1 },
      { step_id: 'then', state: 'waiting' },
    ]);
  });

  test('is taken over from a worker that is gone, whose late answer changes nothing', async () => {
    let answer: (result: StepResult) => void = () => undefined;
    const asked = new Promise<void>((began) => {
      behave = () => {
        began();
        return new Promise((resolve) => {
          answer = resolve;
        });
      };
    });
    const { run } = await begin();
    const first = app.drain();
    await asked;
    expect(await run()).toMatchObject({ state: 'running', step_id: 'ask' });

    // What the queue does once the heartbeat has run out.
    await app.sql(`update pgboss.job set state = 'retry' where name = 'activities' and state = 'active'`);
    behave = () => Promise.resolve({ kind: 'next', output: 'from the second' });
    await app.another().worker.drain();
    const taken = await run();
    expect(taken).toMatchObject({ state: 'waiting', step_id: 'then', outputs: { ask: { said: 'from the second' } } });
    expect(await app.journal(taken?.id ?? '')).toMatchObject([
      { state: 'lost', attempt: 1 },
      { state: 'done', attempt: 2 },
      { step_id: 'then' },
    ]);

    answer({ kind: 'next', output: 'from the first' });
    await first;
    expect(await run()).toMatchObject({ outputs: { ask: { said: 'from the second' } } });
    expect(commits).toHaveLength(1);
    expect(await app.journal(taken?.id ?? '')).toHaveLength(3);
  });

  test('is dropped when its run was ended meanwhile', async () => {
    let answer: (result: StepResult) => void = () => undefined;
    const asked = new Promise<void>((began) => {
      behave = () => {
        began();
        return new Promise((resolve) => {
          answer = resolve;
        });
      };
    });
    const { id, run } = await begin();
    const first = app.drain();
    await asked;
    await app.emit('thing.gone', id);
    await app.another().worker.drain();
    expect(await run()).toMatchObject({ state: 'cancelled', outcome: 'thing.gone' });
    answer({ kind: 'next', output: 'too late' });
    await first;
    expect(await run()).toMatchObject({ state: 'cancelled', outputs: {} });
    expect(commits).toHaveLength(0);
  });
});
