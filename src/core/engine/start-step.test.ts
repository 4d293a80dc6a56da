import { afterEach, describe, expect, test } from 'vitest';
import { newId } from '#core/ids.ts';
import { testEngine } from '#testing/engine.ts';
import type { Facts, StepNode, WorkflowDefinition } from './types.ts';

const step = (id: string, type: string, input: Facts = {}, more: Partial<StepNode> = {}): StepNode => ({
  id,
  title: id,
  type,
  input,
  ...more,
});
const workflow = (name: string, steps: StepNode[], more: Partial<WorkflowDefinition> = {}): WorkflowDefinition => ({
  name,
  title: name,
  subject: 'thing',
  triggers: name === 'main' ? [{ on: 'event', event: 'thing.made' }] : [],
  stopOn: [],
  settings: {},
  steps,
  ...more,
});

let app: Awaited<ReturnType<typeof testEngine>>;
const open = async (...definitions: WorkflowDefinition[]) => {
  app = await testEngine({ definitions });
};
const begin = async (payload: Facts = {}) => {
  await app.emit('thing.made', newId(), payload);
  await app.drain();
};
const after = async (hours: number) => {
  app.clock.advance({ hours });
  await app.drain();
};
const runsOf = (name: string) =>
  app.sql<{ id: string; state: string; outputs: Facts; error: string | null; depth: number; outcome: string | null }>(
    'select r.id, r.state, r.outputs, r.error, r.depth, r.outcome from runs r join workflows w on w.id = r.workflow_id where w.name = $1 order by r.id',
    [name],
  );
afterEach(() => app.close());

const other = (wait: Facts = { wait: true }) => step('other', 'start_workflow', { workflow: 'other', with: { n: 'trigger.n' }, ...wait });

describe('a workflow that starts another', () => {
  test('goes on at once, or when that one has ended, with what its last step gave', async () => {
    await open(
      workflow('main', [other(), step('got', 'set', { values: { twice: { from: 'steps.other.output.twice' } } })]),
      workflow('other', [step('gap', 'wait', { for: { hours: 2 } }), step('sum', 'expression', { code: '({ twice: trigger.n * 2 })' })]),
    );
    await begin({ n: 21 });
    expect(await runsOf('main')).toMatchObject([{ state: 'waiting' }]);
    await after(2);
    expect(await runsOf('other')).toMatchObject([{ state: 'done', depth: 1 }]);
    expect(await runsOf('main')).toMatchObject([
      { state: 'done', outputs: { got: { twice: 42 }, other: { state: 'done', outcome: 'completed' } } },
    ]);
    await app.close();
    await open(workflow('main', [other({})]), workflow('other', [step('gap', 'wait', { for: { hours: 2 } })]));
    await begin({ n: 1 });
    expect(await runsOf('main')).toMatchObject([{ state: 'done' }]);
    expect(await runsOf('other')).toMatchObject([{ state: 'waiting' }]);
  });

  test('fails with it, unless it should go on; and waits no longer than it should', async () => {
    const broken = workflow('other', [step('sum', 'expression', { code: 'trigger.n.no.such' })]);
    await open(workflow('main', [other()]), broken);
    await begin({ n: 1 });
    expect((await runsOf('main'))[0]?.error).toContain('The run of other failed: TypeError');
    await app.close();
    await open(workflow('main', [other({ wait: true, failed: 'go_on' })]), broken);
    await begin({ n: 1 });
    expect(await runsOf('main')).toMatchObject([{ state: 'done', outputs: { other: { state: 'failed' } } }]);
    await app.close();
    await open(
      workflow('main', [other({ wait: true, within: { hours: 1 } })]),
      workflow('other', [step('gap', 'wait', { for: { hours: 9 } })]),
    );
    await begin({ n: 1 });
    await after(1);
    expect(await runsOf('main')).toMatchObject([{ state: 'done', outputs: { other: { state: 'running' } } }]);
  });

  test('waits until the one that is under way already for the same subject has ended, then starts its own', async () => {
    await open(
      workflow('main', [other(), step('again', 'wait', { for: { hours: 1 } })], { reentry: 'always' }),
      workflow('other', [step('gap', 'wait', { for: { hours: 3 } })]),
    );
    const subject = newId();
    for (let i = 0; i < 2; i++) await app.emit('thing.made', subject);
    await app.drain();
    expect(await runsOf('other')).toHaveLength(1);
    for (const hours of [3, 1, 3, 1]) await after(hours);
    expect(await runsOf('other')).toHaveLength(2);
    expect((await runsOf('main')).map((run) => run.state)).toEqual(['done', 'done']);
  });

  test('that starts itself ends in a fault, not in a circle without end', async () => {
    await open(workflow('main', [step('self', 'start_workflow', { workflow: 'main' })], { reentry: 'always' }));
    await begin();
    await after(1);
    const runs = await runsOf('main');
    expect(runs).toHaveLength(11);
    expect(runs.at(-1)).toMatchObject({ state: 'failed', depth: 10 });
    expect(runs.at(-1)?.error).toContain('a circle?');
  });

  test('in a loop starts one for each item', async () => {
    await open(
      workflow('main', [
        step(
          'each',
          'loop',
          { list: [1, 2, 3] },
          { body: [step('other', 'start_workflow', { workflow: 'other', with: { n: 'loop.item' }, wait: true })] },
        ),
      ]),
      workflow('other', [step('same', 'set', { values: { n: { from: 'trigger.n' } } })]),
    );
    await begin();
    expect((await runsOf('main'))[0]).toMatchObject({
      state: 'done',
      outputs: { each: { items: [1, 2, 3].map((n) => ({ other: { output: { n } } })) } },
    });
    expect(await runsOf('other')).toHaveLength(3);
  });
});
