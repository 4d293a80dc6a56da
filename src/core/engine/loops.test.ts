import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { newId } from '#core/ids.ts';
import { testEngine } from '#testing/engine.ts';
import { factsFor } from './facts.ts';
import { valueAt } from './conditions.ts';
import { batchStep, type Facts, type Json, type StepNode, type WorkflowDefinition } from './types.ts';

/** Says what it sees at a path; fails when that is one of `failsOn`. */
const say = batchStep({
  type: 'say',
  title: 'Say',
  input: z.strictObject({ what: z.string(), failsOn: z.array(z.json()).default([]) }),
  run: (_tx, items) =>
    Promise.resolve(
      items.map(({ run, input }) => {
        const value = valueAt(factsFor(run), input.what);
        keys.push(run.key.slice(run.id.length + 1));
        if (input.failsOn.some((one) => one === value)) return { kind: 'fail', error: `no ${String(value)}`, retry: 'never' };
        return { kind: 'next', output: value };
      }),
    ),
});
let keys: string[] = [];

const step = (id: string, type: string, input: Facts = {}, more: Partial<StepNode> = {}): StepNode => ({
  id,
  title: id,
  type,
  input,
  ...more,
});
const loop = (id: string, list: string | Json[], body: StepNode[], input: Facts = {}) => step(id, 'loop', { list, ...input }, { body });
const parallel = (id: string, branches: StepNode[][], input: Facts = {}) =>
  step(id, 'parallel', input, { branches: branches.map((steps, i) => ({ title: `B${i}`, steps })) });
const says = (id: string, what: string, failsOn: Json[] = []) => step(id, 'say', { what, failsOn });
const waits = (id: string, hours: number) => step(id, 'wait', { for: { hours } });

let app: Awaited<ReturnType<typeof testEngine>>;
const open = async (steps: StepNode[], more: Partial<WorkflowDefinition> = {}) => {
  keys = [];
  app = await testEngine({
    steps: [say],
    definitions: [
      {
        name: 'd',
        title: 'D',
        subject: 'thing',
        triggers: [{ on: 'event', event: 'thing.made' }],
        stopOn: ['thing.gone'],
        settings: {},
        steps,
        ...more,
      },
    ],
  });
};
const subject = newId();
const start = async (payload: Facts = {}) => {
  await app.emit('thing.made', subject, payload);
  await app.drain();
};
const after = async (hours: number) => {
  app.clock.advance({ hours });
  await app.drain();
};
const parent = async () => {
  const [run] = await app.sql<{ id: string; state: string; error: string | null; outputs: Facts; step_id: string; reason: string | null }>(
    'select id, state, error, outputs, step_id, reason from runs where branch is null',
  );
  if (run === undefined) throw new Error('no run');
  return run;
};
const branches = () =>
  app.sql<{ id: string; branch: number; state: string; step_id: string; reason: string | null }>(
    'select id, branch, state, step_id, reason from runs where branch is not null order by started_at, branch',
  );
const path = async (runId: string) =>
  (
    await app.sql<{ step_id: string; turn: string | null; state: string }>(
      'select step_id, turn, state from run_steps where run_id = $1 order by place',
      [runId],
    )
  ).map((row) => `${row.step_id}${row.turn === null ? '' : `@${row.turn}`}${row.state === 'done' ? '' : ` ${row.state}`}`);

afterEach(() => app.close());

describe('a loop', () => {
  test('takes its body for each item, and keeps what each turn gave', async () => {
    await open([
      loop('each', 'trigger.lines', [says('item', 'loop.item.n'), says('at', 'loop.index'), says('before', 'steps.item')]),
      says('last', 'steps.each.items.2.item'),
    ]);
    await start({ lines: [{ n: 'a' }, { n: 'b' }, { n: 'c' }] });
    const run = await parent();
    expect(run).toMatchObject({ state: 'done', error: null });
    expect(run.outputs['each']).toEqual({
      count: 3,
      failed: 0,
      items: ['a', 'b', 'c'].map((n, at) => ({ item: n, at, before: n })),
    });
    expect(run.outputs).toMatchObject({ last: 'c' });
    expect(run.outputs).not.toHaveProperty('item');
    expect(await path(run.id)).toEqual(['each', ...[0, 1, 2].flatMap((n) => [`item@${n}`, `at@${n}`, `before@${n}`, 'each']), 'last']);
    expect(keys.slice(0, 3)).toEqual(['item@0', 'at@0', 'before@0']);
    expect(new Set(keys).size).toBe(keys.length);
  });

  test('of loops knows the item of each of them, across waits', async () => {
    await open([
      loop('outer', [1, 2], [loop('inner', ['x', 'y'], [waits('gap', 1), says('both', 'loop.outer.item'), says('own', 'loop.item')])]),
    ]);
    await start();
    for (let i = 0; i < 4; i++) await after(1);
    const run = await parent();
    expect(run.state).toBe('done');
    expect(valueAt(run.outputs, 'outer.items.1.inner.items.0')).toEqual({ both: 2, own: 'x' });
    expect(keys).toContain('both@1.0');
  });

  test('of no items is passed by; of no list it fails with the path', async () => {
    await open([loop('each', 'trigger.lines', [says('item', 'loop.item')]), says('last', 'steps.each.count')]);
    await start({ lines: [] });
    expect((await parent()).outputs).toMatchObject({ last: 0, each: { count: 0, items: [] } });
    await app.close();
    await open([loop('each', 'trigger.lines', [says('item', 'loop.item')])]);
    await start({ lines: 'none' });
    expect(await parent()).toMatchObject({ state: 'failed', error: 'The loop needs a list at trigger.lines; there is a string' });
  });

  test('longer than it may be fails before its first item', async () => {
    await open([loop('each', 'trigger.lines', [says('item', 'loop.item')], { most: 2 })]);
    await start({ lines: [1, 2, 3] });
    expect(await parent()).toMatchObject({ state: 'failed', error: 'The list has 3 items; this loop takes at most 2' });
    expect(keys).toEqual([]);
  });

  test('goes on when an item fails, if it should', async () => {
    await open([
      loop('each', [1, 2, 3], [says('item', 'loop.item', [2]), says('then', 'loop.item')], { failed: 'go_on' }),
      says('last', 'steps.each.failed'),
    ]);
    await start();
    const run = await parent();
    expect(run.state).toBe('done');
    expect(run.outputs).toMatchObject({ last: 1, each: { items: [{ item: 1, then: 1 }, { error: 'no 2' }, { item: 3, then: 3 }] } });
  });

  test('that fails at an item goes on from there when a person retries', async () => {
    await open([loop('each', [1, 2, 3], [says('item', 'loop.item', [2])])]);
    await start();
    const run = await parent();
    expect(run).toMatchObject({ state: 'failed', error: 'no 2', step_id: 'item' });
    await app.sql(`update workflow_versions set definition = $1`, [
      JSON.stringify({
        name: 'd',
        title: 'D',
        subject: 'thing',
        triggers: [],
        stopOn: [],
        settings: {},
        steps: [loop('each', [1, 2, 3], [says('item', 'loop.item')])],
      }),
    ]);
    const other = app.another();
    await app.system.write((tx) => other.engine.retry(tx, { companyId: app.companyId, runId: run.id }));
    await other.worker.drain();
    expect((await parent()).outputs).toMatchObject({ each: { items: [{ item: 1 }, { item: 2 }, { item: 3 }] } });
    await app.system.write((tx) => other.engine.retry(tx, { companyId: app.companyId, runId: run.id, stepId: 'each' }));
    await other.worker.drain();
    expect((await path(run.id)).filter((one) => one === 'item@0')).toHaveLength(2);
    await expect(
      app.system.write((tx) => other.engine.retry(tx, { companyId: app.companyId, runId: run.id, stepId: 'item' })),
    ).rejects.toThrow('inside the loop each');
  });

  test('of thousands goes on in many transactions', async () => {
    await open([loop('each', 'trigger.lines', [says('item', 'loop.item')], { keep: false, most: 5_000 })]);
    await start({ lines: Array.from({ length: 2_000 }, (_, i) => i) });
    expect(await parent()).toMatchObject({ state: 'done', outputs: { each: { count: 2_000, items: [] } } });
    expect(keys).toHaveLength(2_000);
  });
});

describe('a parallel step', () => {
  beforeEach(() => {
    keys = [];
  });

  test('takes its branches at the same time and goes on when all are done, with what each gave', async () => {
    await open([
      says('before', 'trigger.n'),
      parallel('both', [
        [waits('a1', 2), says('a2', 'steps.before')],
        [says('b1', 'trigger.n'), waits('b2', 1)],
      ]),
      says('after', 'steps.a2'),
      says('first', 'steps.both.first'),
    ]);
    await start({ n: 7 });
    expect(await parent()).toMatchObject({ state: 'waiting', step_id: 'both', reason: 'waits for its branches' });
    await after(1);
    expect((await branches()).map((row) => row.state)).toEqual(['waiting', 'done']);
    await after(1);
    const run = await parent();
    expect(run).toMatchObject({ state: 'done', outputs: { after: 7, first: 'B1', both: { done: 2, failed: 0 } } });
    expect(await path(run.id)).toEqual(['before', 'both', 'after', 'first']);
    expect(await app.sql('select 1 from pgboss.job')).toEqual([]);
  });

  test('goes on with the first branch, and ends the others', async () => {
    await open([parallel('race', [[waits('slow', 9)], [waits('fast', 1)]], { join: 'first' }), says('who', 'steps.race.first')]);
    await start();
    await after(1);
    expect(await parent()).toMatchObject({ state: 'done', outputs: { who: 'B1' } });
    expect(await branches()).toMatchObject([{ state: 'cancelled', reason: 'its branch is not needed any more' }, { state: 'done' }]);
  });

  test('lets the others finish by themselves, if it should', async () => {
    await open([parallel('race', [[waits('slow', 9), says('late', 'trigger.n')], [waits('fast', 1)]], { join: 1, others: 'go_on' })]);
    await start({ n: 1 });
    await after(1);
    expect((await parent()).state).toBe('done');
    await after(9);
    expect((await branches()).map((row) => row.state)).toEqual(['done', 'done']);
    expect(keys).toEqual(['late']);
  });

  test('fails with its branch; a retry takes up only what failed or was ended', async () => {
    await open([parallel('both', [[says('a', 'trigger.n')], [says('b', 'trigger.n', [1])], [waits('c', 5), says('c2', 'trigger.n')]])]);
    await start({ n: 1 });
    const run = await parent();
    expect(run).toMatchObject({ state: 'failed', error: 'The branch “B1” failed: no 1' });
    expect((await branches()).map((row) => row.state)).toEqual(['done', 'failed', 'cancelled']);
    await app.sql(`update runs set outputs = jsonb_set(outputs, '{trigger,n}', '2')`);
    await app.system.write((tx) => app.engine.retry(tx, { companyId: app.companyId, runId: run.id }));
    await app.drain();
    await after(5);
    expect(await parent()).toMatchObject({ state: 'done', outputs: { a: 1, b: 2, c2: 2 } });
    expect(keys.filter((key) => key === 'a')).toHaveLength(1);
  });

  test('counts what is done when branches may fail, and fails when too few are left', async () => {
    const fails = (id: string) => [says(id, 'trigger.n', [1])];
    await open([parallel('some', [fails('a'), [waits('b', 1)], fails('c')], { failed: 'go_on' }), says('n', 'steps.some.failed')]);
    await start({ n: 1 });
    await after(1);
    expect(await parent()).toMatchObject({ state: 'done', outputs: { n: 2 } });
    await app.close();
    await open([parallel('some', [fails('a'), [waits('b', 1)], fails('c')], { failed: 'go_on', join: 2 })]);
    await start({ n: 1 });
    expect((await parent()).error).toMatch(/^Only 1 of 2 branches could be done; “B0”: no 1/);
    expect((await branches()).map((row) => row.state)).toEqual(['failed', 'cancelled', 'failed']);
  });

  test('is steered with its branches: pause, resume, stop', async () => {
    await open([parallel('both', [[waits('a', 1)], [parallel('deep', [[waits('b', 1)], [waits('c', 2)]])]])]);
    await start();
    const { id } = await parent();
    const which = { companyId: app.companyId, runIds: [id] };
    expect(await app.system.write((tx) => app.engine.pause(tx, which, 'stop'))).toBe(1);
    expect(new Set((await branches()).map((row) => row.state))).toEqual(new Set(['paused']));
    await after(5);
    expect(await branches()).toHaveLength(4);
    await app.system.write((tx) => app.engine.resume(tx, which));
    await app.drain();
    expect((await parent()).state).toBe('done');
    await app.close();

    await open([parallel('both', [[waits('a', 1)], [parallel('deep', [[waits('b', 1)], [waits('c', 2)]])]])]);
    await start();
    await app.emit('thing.gone', subject);
    await app.drain();
    expect((await parent()).state).toBe('cancelled');
    expect(new Set((await branches()).map((row) => row.state))).toEqual(new Set(['cancelled']));
    await app.close();

    await open([parallel('both', [[waits('a', 1)], [parallel('deep', [[waits('b', 1)], [waits('c', 2)]])]])]);
    await start();
    await app.system.write(async (tx) => app.engine.cancel(tx, { companyId: app.companyId, runIds: [(await parent()).id] }, 'enough'));
    expect(new Set((await branches()).map((row) => row.state))).toEqual(new Set(['cancelled']));
    expect(await app.sql(`select 1 from run_steps where state in ('open', 'waiting')`)).toEqual([]);
  });

  test('fails when a person ends one of its branches', async () => {
    await open([parallel('both', [[waits('a', 1)], [waits('b', 1)]])]);
    await start();
    const [one] = await branches();
    await app.system.write((tx) => app.engine.cancel(tx, { companyId: app.companyId, runIds: [one?.id ?? ''] }, 'not this one'));
    await app.drain();
    expect((await parent()).error).toBe('The branch “B0” was ended: not this one');
  });

  test('in a loop has its own branches each turn, which see the item', async () => {
    await open([
      loop('each', ['x', 'y'], [parallel('both', [[says('a', 'loop.item')], [says('b', 'loop.index')]]), says('sum', 'steps.a')]),
    ]);
    await start();
    expect((await parent()).outputs).toMatchObject({
      each: {
        items: [
          { a: 'x', b: 0, sum: 'x' },
          { a: 'y', b: 1, sum: 'y' },
        ],
      },
    });
    expect(await branches()).toHaveLength(4);
    expect(new Set(keys).size).toBe(keys.length);
  });

  test('takes its branches again under their ids when a person goes back before it', async () => {
    await open([says('before', 'trigger.n'), parallel('both', [[says('a', 'trigger.n')], [says('b', 'trigger.n')]])]);
    await start({ n: 1 });
    const { id } = await parent();
    const known = await branches();
    await app.system.write((tx) => app.engine.retry(tx, { companyId: app.companyId, runId: id, stepId: 'before' }));
    await app.drain();
    expect((await parent()).state).toBe('done');
    expect((await branches()).map((row) => row.id)).toEqual(known.map((row) => row.id));
    expect(keys.toSorted()).toEqual(['a', 'a', 'b', 'b', 'before', 'before']);
  });

  test('goes with its run when that is deleted', async () => {
    await open([parallel('both', [[waits('a', 1)], [waits('b', 1)]])]);
    await start();
    await app.sql('delete from runs where branch is null');
    expect(await app.sql('select 1 from runs')).toEqual([]);
    expect(await app.sql('select 1 from run_steps')).toEqual([]);
  });
});
