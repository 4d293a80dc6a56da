import { z } from 'zod';
import { durationMs } from '#core/clock.ts';
import type { Statement, Transaction } from '#core/database/database.ts';
import { AppError } from '#core/errors.ts';
import type { Runtime } from '#core/runtime.ts';
import { valueAt } from '../conditions.ts';
import { factsFor } from '../facts.ts';
import { isLive, RUN_ENDED } from '../family.ts';
import { batchStep, type Facts, type RunState, type StepItem, type StepResult } from '../types.ts';
import { definite, DurationSchema } from './duration.ts';

/** Runs that start one another: deeper than this it is a circle. */
const MOST_DEEP = 10;
/** A run of ours tells us of its end; one that somebody else started is looked at this often. */
const LOOK_AGAIN_MS = { ours: 86_400_000, others: 300_000 };

const Input = z.strictObject({
  workflow: z.string().min(1).max(200).meta({ title: 'Workflow', format: 'workflow' }).describe('Its name'),
  with: z
    .record(z.string().regex(/^\w{1,60}$/), z.string().min(1).max(200))
    .default({})
    .meta({ title: 'What it is given' })
    .describe('By name the path of a value, e.g. order: steps.ask.body.order; there it is trigger.order'),
  wait: z.boolean().default(false).meta({ title: 'Wait for its end' }),
  within: DurationSchema.default({ days: 30 }).meta({ title: 'Wait no longer than', format: 'duration' }),
  failed: z
    .enum(['fail', 'go_on'])
    .default('fail')
    .meta({ title: 'When it fails' })
    .describe('Of wait. fail: this run fails, too; go_on: later steps read steps.<id>.state'),
});
type Item = StepItem<z.output<typeof Input>>;

interface Started {
  readonly id: string;
  readonly subject_id: string;
  readonly trigger_id: string;
  readonly parent_id: string | null;
  readonly state: RunState;
  readonly step_id: string | null;
  readonly outcome: string | null;
  readonly error: string | null;
  readonly outputs: Facts;
}

const COLUMNS = 'r.id, r.subject_id, r.trigger_id, r.parent_id, r.state, r.step_id, r.outcome, r.error, r.outputs';
const BY_TRIGGER: Statement = {
  name: 'engine.runs_started_by',
  text: `select ${COLUMNS} from workflows w join runs r on r.workflow_id = w.id
          where w.company_id = $1 and w.name = $2 and r.subject_id = any ($3::uuid[]) and r.trigger_id = any ($4::text[])`,
};
const BY_ID: Statement = {
  name: 'engine.runs_started_ids',
  text: `select ${COLUMNS} from runs r where r.company_id = $1 and r.id = any ($2::uuid[])`,
};

/**
 * Starts another workflow for the same subject, once for each time the step is reached, whatever happens in between. With `wait` the run goes on when that
 * one has ended; its output is what its last step gave. Where one is under way already for this subject and may not be beside another, it waits for the end of
 * that one first.
 */
export const startStep = batchStep({
  type: 'start_workflow',
  title: 'Start a workflow',
  description: 'Starts another workflow for the same subject, and may wait for its end',
  input: Input,
  output: z.object({
    run_id: z.string().nullable(),
    state: z.string().optional().describe('Of wait: done, failed, cancelled; running when it was not waited for longer'),
    outcome: z.string().nullable().optional(),
    output: z.json().optional().describe('Of wait: what its last step gave'),
  }),
  facts: false,
  changesFacts: false,
  async run(tx, items, runtime) {
    const results = new Map<Item, StepResult>();
    for (const group of Map.groupBy(items, ({ run, input }) => `${run.companyId} ${input.workflow}`).values()) {
      for (const [item, result] of await startGroup(tx, group, runtime)) results.set(item, result);
    }
    return items.map((item) => results.get(item) ?? { kind: 'fail', error: 'It was not started', retry: 'later' });
  },
});

/** Runs of one company that start the same workflow: one call, one look. */
async function startGroup(tx: Transaction, group: readonly Item[], runtime: Runtime): Promise<Map<Item, StepResult>> {
  const known = await find(tx, group);
  const fresh = group.filter((item) => !known.has(item) && item.run.depth < MOST_DEEP);
  const fault = await start(tx, fresh, runtime, known);
  const now = runtime.clock.now();
  return new Map(
    group.map((item) => {
      const started = known.get(item);
      if (started !== undefined) return [item, resultOf(started, item, now)];
      if (item.run.depth >= MOST_DEEP)
        return [item, { kind: 'fail', error: `More than ${MOST_DEEP} runs have started one another: a circle?`, retry: 'never' }];
      return [item, fault ?? { kind: 'fail', error: 'It was not started', retry: 'later' }];
    }),
  );
}

async function find(tx: Transaction, group: readonly Item[]): Promise<Map<Item, Started>> {
  const [first] = group;
  if (first === undefined) return new Map();
  const rows = await tx.query<Started>(BY_TRIGGER, [
    first.run.companyId,
    first.input.workflow,
    [...new Set(group.map(({ run }) => run.subject.id))],
    group.map(({ run }) => run.key),
  ]);
  const byKey = new Map(rows.map((row) => [`${row.subject_id} ${row.trigger_id}`, row]));
  return new Map(
    group.flatMap((item) => {
      const row = byKey.get(`${item.run.subject.id} ${item.run.key}`);
      return row === undefined ? [] : [[item, row]];
    }),
  );
}

/** Puts the runs of these into `into`; where a live one of the same subject is in the way, that one. Answers the fault that all of them share. */
async function start(tx: Transaction, fresh: readonly Item[], runtime: Runtime, into: Map<Item, Started>): Promise<StepResult | null> {
  const [first] = fresh;
  if (first === undefined) return null;
  try {
    const ids = await runtime.engine.start(tx, {
      companyId: first.run.companyId,
      workflow: first.input.workflow,
      subjects: fresh.map(({ run, input }) => ({
        ...run.subject,
        personId: run.personId,
        triggerId: run.key,
        payload: { run_id: run.id, ...given(run, input.with) },
        above: { runId: input.wait ? run.id : null, place: run.place, depth: run.depth },
      })),
      trigger: { type: 'run', id: first.run.id },
    });
    for (const [item, row] of await find(tx, fresh)) into.set(item, row);
    const left = fresh.filter((item) => !into.has(item));
    const others = await tx.query<Started>(BY_ID, [first.run.companyId, left.flatMap(({ run }) => ids.get(run.subject.id) ?? [])]);
    const byId = new Map(others.map((row) => [row.id, row]));
    for (const item of left) {
      const row = byId.get(ids.get(item.run.subject.id) ?? '');
      if (row !== undefined) into.set(item, row);
    }
    return null;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { kind: 'fail', error: error.message, retry: error.retry };
  }
}

function given(run: Item['run'], paths: Readonly<Record<string, string>>): Facts {
  const facts = factsFor(run);
  return Object.fromEntries(Object.entries(paths).map(([name, path]) => [name, valueAt(facts, path)]));
}

function resultOf(started: Started, { run, input }: Item, now: Date): StepResult {
  if (!input.wait) return { kind: 'next', output: { run_id: started.id } };
  const until = new Date(run.since.getTime() + durationMs(definite(input.within)));
  if (isLive(started)) {
    if (now >= until) return { kind: 'next', output: { run_id: started.id, state: 'running', outcome: null, output: null } };
    const again = now.getTime() + (started.parent_id === run.id ? LOOK_AGAIN_MS.ours : LOOK_AGAIN_MS.others);
    return { kind: 'wait', until: new Date(Math.min(until.getTime(), again)), events: [RUN_ENDED], reason: `waits for ${input.workflow}` };
  }
  if (started.state !== 'done' && input.failed === 'fail')
    return {
      kind: 'fail',
      error: `The run of ${input.workflow} ${started.state === 'failed' ? `failed: ${started.error ?? ''}` : 'was ended'}; let that one go on first, then this one`,
      retry: 'never',
    };
  const output = started.step_id === null ? null : (started.outputs[started.step_id] ?? null);
  return { kind: 'next', output: { run_id: started.id, state: started.state, outcome: started.outcome, output } };
}
