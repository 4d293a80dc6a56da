import fc from '#testing/property.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import type { EffectKind } from '#core/effects/types.ts';
import { newId } from '#core/ids.ts';
import { testEngine } from '#testing/engine.ts';
import { compile } from './definition.ts';
import { activityStep, batchStep, type Facts, type StepNode, type StepResult, type WorkflowDefinition } from './types.ts';

/** How often a step of a run fails before it succeeds; 9 and more: never. Part of the input, so that any run can be repeated. */
const Input = z.strictObject({ fails: z.int().default(0), again: z.boolean().default(true) });
type Input = z.output<typeof Input>;

function outcome(attempt: number, input: Input): StepResult {
  if (attempt > input.fails) return { kind: 'next', output: attempt };
  return { kind: 'fail', error: 'as asked', retry: input.again ? 'later' : 'never' };
}

const work = batchStep({
  type: 'work',
  title: 'Work',
  input: Input,
  maxAttempts: 3,
  run: (_tx, items) => Promise.resolve(items.map(({ run, input }) => outcome(run.attempt, input))),
});
const call = activityStep({
  type: 'call',
  title: 'Call',
  input: Input,
  maxAttempts: 3,
  run: ({ run, input }) => Promise.resolve(outcome(run.attempt, input)),
});
const act = batchStep({
  type: 'act',
  title: 'Act',
  input: Input,
  maxAttempts: 3,
  async run(tx, items, runtime) {
    await runtime.effects.reserve(
      tx,
      items.map(({ run }) => ({ companyId: run.companyId, kind: 'post', key: run.key, subject: run.subject })),
    );
    return items.map(({ run, input }) => outcome(run.attempt, input));
  },
});
const done: string[] = [];
const post: EffectKind = {
  kind: 'post',
  concurrency: 5,
  check: (_tx, effects) => Promise.resolve(effects.map(() => ({ go: true }))),
  perform(effect) {
    done.push(effect.key);
    return Promise.resolve({ externalId: null, detail: {} });
  },
  settled: () => Promise.resolve(),
};

let serial = 0;
const id = () => `s${++serial}`;
const inputs = fc.record({ fails: fc.constantFrom(0, 0, 0, 1, 2, 9), again: fc.constantFrom(true, true, false) });
const leaf = fc.oneof(
  fc.tuple(fc.constantFrom('work', 'call', 'act'), inputs).map(([type, input]): StepNode => ({ id: id(), title: type, type, input })),
  fc.integer({ min: 1, max: 60 }).map((hours): StepNode => ({ id: id(), title: 'wait', type: 'wait', input: { for: { hours } } })),
);
const trees = fc.letrec<{ node: StepNode; list: StepNode[]; some: StepNode[] }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    leaf,
    fc.tuple(fc.boolean(), tie('list'), tie('list')).map(([yes, then, otherwise]): StepNode => ({
      id: id(),
      title: 'branch',
      type: 'branch',
      input: { condition: { field: 'trigger.yes', is: yes } },
      then,
      otherwise,
    })),
    fc
      .tuple(
        fc.array(fc.tuple(fc.constantFrom(true, false, 'never'), fc.boolean(), tie('list')), { minLength: 1, maxLength: 4 }),
        tie('list'),
      )
      .map(([cases, otherwise]): StepNode => ({
        id: id(),
        title: 'switch',
        type: 'switch',
        input: { field: 'trigger.yes' },
        cases: cases.map(([value, plain, steps], i) => ({
          title: `c${i}`,
          ...(plain ? { is: [value, 'elsewhere'] } : { when: { field: 'trigger.yes', is: value } }),
          steps,
        })),
        otherwise,
      })),
    fc.tuple(fc.integer({ min: 0, max: 3 }), fc.constantFrom('fail', 'go_on'), tie('some')).map(([turns, failed, body]): StepNode => ({
      id: id(),
      title: 'loop',
      type: 'loop',
      input: { list: Array.from({ length: turns }, (_, i) => i), failed },
      body,
    })),
    fc.array(tie('some'), { minLength: 2, maxLength: 3 }).map((branches): StepNode => ({
      id: id(),
      title: 'parallel',
      type: 'parallel',
      input: {},
      branches: branches.map((steps, i) => ({ title: `b${i}`, steps })),
    })),
  ),
  list: fc.array(tie('node'), { maxLength: 5 }),
  some: fc.array(tie('node'), { minLength: 1, maxLength: 3 }),
}));
const definitions = fc.tuple(fc.array(trees.node, { minLength: 1, maxLength: 6 }), fc.array(fc.boolean(), { minLength: 1, maxLength: 6 }));

/** What a line of steps must do: its journal, the effects it asks for, and the lines of its branches, by the key of the parallel step. */
interface Line {
  readonly path: string[];
  readonly effects: string[];
  readonly branches: Map<string, Line>;
  failed: boolean;
}

/** What a run of this definition must do, by the plain reading of it. */
function expected(steps: readonly StepNode[], trigger: Facts, turns: readonly number[] = []): Line {
  const line: Line = { path: [], effects: [], branches: new Map(), failed: false };
  const keyOf = (node: StepNode, inside: readonly number[]) => `${node.id}${inside.length === 0 ? '' : `@${inside.join('.')}`}`;
  const walk = (nodes: readonly StepNode[], inside: readonly number[]): boolean => {
    for (const node of nodes) {
      line.path.push(node.id);
      if (node.type === 'branch') {
        const condition: unknown = node.input['condition'];
        const yes = typeof condition === 'object' && condition !== null && 'is' in condition && condition.is === trigger['yes'];
        if (!walk((yes ? node.then : node.otherwise) ?? [], inside)) return false;
      } else if (node.type === 'switch') {
        const answer = trigger['yes'];
        const taken = (node.cases ?? []).find(({ is, when }) =>
          is === undefined ? when !== undefined && 'is' in when && when.is === answer : is[0] === answer,
        );
        if (!walk(taken?.steps ?? node.otherwise ?? [], inside)) return false;
      } else if (node.type === 'loop') {
        const list = node.input['list'];
        for (let i = 0; Array.isArray(list) && i < list.length; i++) {
          if (!walk(node.body ?? [], [...inside, i]) && node.input['failed'] === 'fail') return false;
          line.path.push(node.id);
        }
      } else if (node.type === 'parallel') {
        const all = (node.branches ?? []).map((branch) => expected(branch.steps, trigger, inside));
        for (const [i, one] of all.entries()) line.branches.set(`${keyOf(node, inside)}:${i}`, one);
        if (all.some((one) => one.failed)) return false;
      } else {
        const { fails, again } = Input.catch({ fails: 0, again: true }).parse(node.type === 'wait' ? {} : node.input);
        const attempts = fails === 0 ? 1 : again ? Math.min(fails + 1, 3) : 1;
        for (let i = 1; i < attempts; i++) line.path.push(node.id);
        if (node.type === 'act') line.effects.push(keyOf(node, inside));
        if (attempts <= fails) return false;
      }
    }
    return true;
  };
  line.failed = !walk(steps, turns);
  return line;
}

interface Row {
  readonly id: string;
  readonly parent_id: string | null;
  readonly trigger_id: string;
  readonly state: string;
  readonly step_id: string | null;
}

/** Journal, state and effects of a run and of its branches. A branch that was ended, because another one failed, is as far as it came. */
async function compare(run: Row, should: Line, all: readonly Row[]): Promise<void> {
  const journal = await app.sql<{ place: number; step_id: string; state: string }>(
    'select place, step_id, state from run_steps where run_id = $1 order by place',
    [run.id],
  );
  const path = journal.map((row) => row.step_id);
  expect(journal.map((row) => row.place)).toEqual(journal.map((_, i) => i + 1));
  const effects = done.filter((key) => key.startsWith(run.id)).map((key) => key.slice(run.id.length + 1));
  if (run.state === 'cancelled') {
    expect(should.path.slice(0, path.length)).toEqual(path);
    expect(should.effects).toEqual(expect.arrayContaining(effects));
  } else {
    expect(path).toEqual(should.path);
    expect(run.state).toBe(should.failed ? 'failed' : 'done');
    if (should.failed) expect(run.step_id).toBe(path.at(-1));
    expect(effects.toSorted()).toEqual(should.effects.toSorted());
  }
  const branches = all.filter((one) => one.parent_id === run.id);
  if (run.state !== 'cancelled') expect(branches).toHaveLength(should.branches.size);
  for (const branch of branches) {
    const line = should.branches.get(branch.trigger_id.slice(run.id.length + 1));
    expect(line).toBeDefined();
    if (line !== undefined) await compare(branch, line, all);
  }
}

let app: Awaited<ReturnType<typeof testEngine>>;
beforeAll(async () => {
  app = await testEngine({ steps: [work, call, act], effects: [post] });
});
afterAll(() => app.close());

test(
  'whatever the definition: each step as often as it must, each effect once, journal and cursor agree',
  { timeout: 120_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(definitions, async ([steps, answers]) => {
        serial += 1;
        const definition: WorkflowDefinition = {
          name: `d${serial}`,
          title: 'D',
          subject: 'thing',
          triggers: [{ on: 'event', event: 'thing.made' }],
          stopOn: [],
          settings: {},
          steps,
        };
        compile(definition, app.vocabulary);
        await app.sql('delete from workflows');
        const workflowId = newId();
        await app.sql(
          `insert into workflows (id, company_id, name, title, subject, active, events) values ($1, $2, $3, 'D', 'thing', true, '{thing.made}')`,
          [workflowId, app.companyId, definition.name],
        );
        await app.sql(`insert into workflow_versions (workflow_id, version, company_id, definition, digest) values ($1, 1, $2, $3, '')`, [
          workflowId,
          app.companyId,
          JSON.stringify(definition),
        ]);
        done.length = 0;
        const subjects = answers.map((yes) => ({ yes, id: newId() }));
        for (const subject of subjects) await app.emit('thing.made', subject.id, { yes: subject.yes });
        for (let i = 0; i < 400; i++) {
          await app.drain();
          if ((await app.runs()).every((run) => ['done', 'failed', 'cancelled'].includes(run.state))) break;
          app.clock.advance({ hours: 60 });
        }
        const all = await app.sql<Row & { readonly subject_id: string }>(
          'select id, parent_id, trigger_id, state, step_id, subject_id from runs',
        );
        const runs = all.filter((run) => run.parent_id === null);
        expect(runs).toHaveLength(subjects.length);
        for (const run of runs) {
          const yes = subjects.find((subject) => subject.id === run.subject_id)?.yes ?? false;
          await compare(run, expected(steps, { yes }), all);
        }
        expect(await app.sql(`select 1 from pgboss.job`)).toEqual([]);
        expect(await app.sql(`select 1 from outbox`)).toEqual([]);
      }),
      { numRuns: 25 },
    );
  },
);
