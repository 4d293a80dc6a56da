import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '#core/ids.ts';
import { testEngine } from '#testing/engine.ts';
import { workflow } from './builder.ts';
import { Traces } from './traces.ts';

test('an event of a round that has not committed yet is looked for again when it has', () => {
  const traces = new Traces();
  const long = traces.mark();
  const short = traces.mark();
  traces.emitted(); // by the long one; the short one ends first and looks in vain
  expect(traces.since(short)).toEqual({ events: true, effects: false });
  expect(traces.since(long)).toEqual({ events: true, effects: false });
  const later = traces.mark();
  expect(traces.since(later)).toEqual({ events: false, effects: false });
  traces.reserved();
  expect(traces.since(later)).toEqual({ events: false, effects: true });
});

const flow = workflow('flow', { title: 'Flow', subject: 'thing', triggers: [{ on: 'event', event: 'thing.made' }] }, (w) => [
  w.waitUntil('At once', { at: '2020-01-01T00:00:00Z' }),
  w.end(),
]);

describe('two workers with the backlog of one company and a few runs of another', () => {
  let app: Awaited<ReturnType<typeof testEngine>>;
  let small = '';
  beforeAll(async () => {
    app = await testEngine({ definitions: [flow] });
    small = await app.aCompany();
  });
  afterAll(() => app.close());

  test('start each run once, of the backlog and of those beside it, and all of them end', async () => {
    const made = (companyId: string) => ({ name: 'thing.made', companyId, subject: { type: 'thing', id: newId() } });
    await app.system.write((tx) =>
      app.engine.emit(
        tx,
        Array.from({ length: 800 }, () => made(app.companyId)),
      ),
    );
    const workers = [app.worker, app.another().worker];
    for (const worker of workers) await worker.start();
    for (let turn = 0; turn < 5; turn++) {
      await app.system.write((tx) =>
        app.engine.emit(
          tx,
          Array.from({ length: 4 }, () => made(small)),
        ),
      );
      for (const worker of workers) worker.nudge();
      const started = () => app.sql<{ n: number }>('select count(*)::int as n from runs where company_id = $1', [small]);
      await expect.poll(async () => (await started())[0]?.n, { timeout: 20_000 }).toBe((turn + 1) * 4);
    }
    const ended = () =>
      app.sql<{ done: number; subjects: number; steps: number }>(
        `select count(*) filter (where state = 'done')::int as done, count(distinct subject_id)::int as subjects,
                (select count(*)::int from run_steps where state = 'done') as steps from runs`,
      );
    await expect.poll(async () => (await ended())[0], { timeout: 30_000 }).toEqual({ done: 820, subjects: 820, steps: 1_640 });
    for (const worker of workers) await worker.stop();
    expect(await app.sql('select id from outbox')).toEqual([]);
  });
});
