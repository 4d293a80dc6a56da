import fc from 'fast-check';
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
      items.map(({ run }) => ({ companyId: run.companyId, kind: 'post', key: `${run.id}:${run.stepId}`, subject: run.subject })),
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
  fc.integer({ min: 1, max: 300 }).map((hours): StepNode => ({ id: id(), title: 'wait', type: 'wait', input: { for: { hours } } })),
);
const trees = fc.letrec<{ node: StepNode; list: StepNode[] }>((tie) => ({
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
  ),
  list: fc.array(tie('node'), { maxLength: 5 }),
}));
const definitions = fc.tuple(fc.array(trees.node, { minLength: 1, maxLength: 6 }), fc.array(fc.boolean(), { minLength: 1, maxLength: 6 }));

/** What a run of this definition must do, by the plain reading of it. */
function expected(
  steps: readonly StepNode[],
  trigger: Facts,
): { readonly path: string[]; readonly effects: string[]; readonly failed: boolean } {
  const path: string[] = [];
  const effects: string[] = [];
  const walk = (nodes: readonly StepNode[]): boolean => {
    for (const node of nodes) {
      if (node.type === 'branch') {
        path.push(node.id);
        const condition: unknown = node.input['condition'];
        const yes = typeof condition === 'object' && condition !== null && 'is' in condition && condition.is === trigger['yes'];
        if (!walk((yes ? node.then : node.otherwise) ?? [])) return false;
        continue;
      }
      const { fails, again } = Input.catch({ fails: 0, again: true }).parse(node.type === 'wait' ? {} : node.input);
      const attempts = fails === 0 ? 1 : again ? Math.min(fails + 1, 3) : 1;
      for (let i = 0; i < attempts; i++) path.push(node.id);
      if (node.type === 'act') effects.push(node.id);
      if (attempts <= fails) return false;
    }
    return true;
  };
  return { failed: !walk(steps), path, effects };
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
          if ((await app.runs()).every((run) => run.state === 'done' || run.state === 'failed')) break;
          app.clock.advance({ hours: 60 });
        }
        const runs = await app.runs();
        expect(runs).toHaveLength(subjects.length);
        for (const run of runs) {
          const yes = subjects.find((subject) => subject.id === run.subject_id)?.yes ?? false;
          const should = expected(steps, { yes });
          const journal = await app.sql<{ place: number; step_id: string; state: string }>(
            'select place, step_id, state from run_steps where run_id = $1 order by place',
            [run.id],
          );
          expect(journal.map((row) => row.step_id)).toEqual(should.path);
          expect(journal.map((row) => row.place)).toEqual(journal.map((_, i) => i + 1));
          expect(run.state).toBe(should.failed ? 'failed' : 'done');
          if (should.failed) expect(run.step_id).toBe(journal.at(-1)?.step_id);
          expect(journal.filter((row) => row.state === 'failed')).toHaveLength(should.failed ? 1 : 0);
          expect(done.filter((key) => key.startsWith(run.id)).toSorted()).toEqual(
            should.effects.map((step) => `${run.id}:${step}`).toSorted(),
          );
        }
        expect(await app.sql(`select 1 from pgboss.job`)).toEqual([]);
        expect(await app.sql(`select 1 from outbox`)).toEqual([]);
      }),
      { numRuns: 25 },
    );
  },
);
