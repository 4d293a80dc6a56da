import fc from '#testing/property.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { modules } from '#app/modules.ts';
import { activityStep, batchStep } from '#core/engine/types.ts';
import { module } from '#core/module.ts';
import type { Runtime } from '#core/runtime.ts';
import { testApp, type TestApp } from '#testing/app.ts';
import { getRun } from '../operations/runs.ts';
import { getMove, publishWorkflow } from '../operations/versions.ts';
import { createWorkflow, startWorkflow } from '../operations/workflows.ts';
import { runMove, tendMoves } from './moves.ts';

/** How often each step of each run was carried out by a worker, and what happens in the middle of one. */
const carriedOut = new Map<string, number>();
let inTheMiddle: ((stepId: string) => Promise<void>) | null = null;

const ask = activityStep({
  type: 'probe_ask',
  title: 'Ask',
  input: z.object({ patience: z.number().default(0) }),
  facts: false,
  changesFacts: false,
  async run({ run }) {
    const key = `${run.id}/${run.stepId}`;
    carriedOut.set(key, (carriedOut.get(key) ?? 0) + 1);
    await inTheMiddle?.(run.stepId);
    return { kind: 'next', output: { asked: run.stepId } };
  },
});
const note = batchStep({
  type: 'probe_note',
  title: 'Note',
  input: z.object({}),
  facts: false,
  changesFacts: false,
  run: (_tx, items) => Promise.resolve(items.map(({ run }) => ({ kind: 'next', output: { noted: run.stepId } }))),
});

let app: TestApp;
beforeAll(async () => {
  app = await testApp({ modules: [...modules, module({ name: 'probe', operations: [], steps: [ask, note] })] });
});
afterAll(() => app.close());

interface Step {
  readonly id: string;
  readonly title: string;
  readonly type: string;
  readonly input: object;
}
const step = (id: string, type: string, input: object = {}): Step => ({ id, title: id, type, input });
const hours = (id: string, n: number) => step(id, 'wait', { for: { hours: n } });
const definition = (name: string, steps: readonly Step[]) =>
  JSON.parse(
    JSON.stringify({
      name,
      title: name,
      subject: 'company',
      triggers: [{ on: 'manual' }],
      stopOn: [],
      settings: {},
      reentry: 'always',
      steps: [...steps, step('fin', 'end', { outcome: 'through' })],
    }),
  );

async function start(workflowId: string): Promise<string> {
  const { runs } = await app.call(startWorkflow, { workflowId });
  await app.drain();
  return runs[0]?.runId ?? '';
}

/** Steps that a run has done more than once; runs that did not end. */
async function wrong(runIds: readonly string[]): Promise<string[]> {
  const faults: string[] = [];
  for (const runId of runIds) {
    const run = await app.call(getRun, { runId });
    if (run.state !== 'done')
      faults.push(`${runId} is ${run.state} at ${run.stepId} of version ${run.version}: ${run.error ?? run.reason}`);
    const done = run.journal.filter((entry) => entry.state === 'done').map((entry) => entry.stepId);
    for (const id of new Set(done)) if (done.filter((one) => one === id).length > 1) faults.push(`${runId} did ${id} twice`);
    for (const id of new Set(done)) if ((carriedOut.get(`${runId}/${id}`) ?? 1) > 1) faults.push(`${id} of ${runId} was carried out twice`);
  }
  return faults;
}

let names = 0;
const kind = fc.constantFrom('wait', 'probe_ask', 'probe_note');
const built = fc
  .array(
    fc.record({
      kind,
      hours: fc.integer({ min: 1, max: 30 }),
      keep: fc.boolean(),
      other: fc.integer({ min: 1, max: 30 }),
      before: fc.option(kind),
    }),
    {
      minLength: 2,
      maxLength: 6,
    },
  )
  .map((parts) => {
    const make = (id: string, type: string, n: number) => (type === 'wait' ? hours(id, n) : step(id, type));
    const old = parts.map((part, i) => make(`s${i}`, part.kind, part.hours));
    // The newer one: some steps are gone, some have others before them, waits are as long as it pleases. Their order stays.
    const next = parts.flatMap((part, i) => [
      ...(part.before === null ? [] : [make(`n${i}`, part.before, part.other)]),
      ...(part.keep ? [make(`s${i}`, part.kind, part.other)] : []),
    ]);
    return { old, next };
  });
const scenario = fc.record({
  built,
  starts: fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 6 }),
  picks: fc.array(
    fc.record({ choice: fc.constantFrom('stay', 'move', 'move', 'finish'), to: fc.nat(), waits: fc.constantFrom('keep', 'anew') }),
    {
      minLength: 7,
      maxLength: 7,
    },
  ),
  midway: fc.boolean(),
});

describe('moving runs to a newer version', () => {
  test('loses nobody and does no step again, whatever the versions, the positions and the choices', { timeout: 240_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async ({ built: { old, next }, starts, picks, midway }) => {
        carriedOut.clear();
        const name = `moving-${++names}`;
        const workflow = await app.call(createWorkflow, { definition: definition(name, old), active: true });
        const newIds = new Set([...next.map((one) => one.id), 'fin']);
        const order = ['s0', 'n1', 's1', 'n2', 's2', 'n3', 's3', 'n4', 's4', 'n5', 's5', 'fin'];
        const cohorts = [...old.map((one) => one.id), 'fin'].map((stepId, i) => {
          const pick = picks[i % picks.length];
          // Onwards only: whoever is sent back does again what they are sent back to.
          const ahead = [...newIds].filter((id) => order.indexOf(id) > order.indexOf(stepId));
          const same = newIds.has(stepId) && (pick?.to ?? 0) % 2 === 0;
          const toStepId = same ? stepId : (ahead[(pick?.to ?? 0) % Math.max(1, ahead.length)] ?? 'fin');
          return { stepId, choice: pick?.choice as 'stay' | 'move' | 'finish', toStepId, waits: pick?.waits as 'keep' | 'anew' }; // fast-check widens constants
        });
        const publishing = () => app.call(publishWorkflow, { workflowId: workflow.id, definition: definition(name, next), cohorts });
        let published = false;
        // In the middle of a step that a worker has in hand, where there is one.
        inTheMiddle = midway
          ? async () => {
              if (published) return;
              published = true;
              await publishing();
            }
          : null;
        const runs: string[] = [];
        for (const wait of starts) {
          runs.push(await start(workflow.id));
          await app.advance({ hours: wait });
        }
        if (!published) await publishing();
        await app.drain();
        inTheMiddle = null;
        app.clock.advance({ minutes: 2 });
        await tendMoves(app.runtime);
        for (let i = 0; i < 13; i++) {
          app.clock.advance({ hours: 31 });
          await app.drain();
        }
        expect(await wrong(runs)).toEqual([]);
      }),
      { numRuns: 25 },
    );
  });

  test('a run whose step is in a worker’s hand moves when that has ended, and its result counts', async () => {
    carriedOut.clear();
    const old = [step('first', 'probe_ask'), hours('later', 5), step('last', 'probe_note')];
    const next = [step('first', 'probe_ask', { patience: 1 }), step('new', 'probe_note'), hours('later', 1)];
    const workflow = await app.call(createWorkflow, { definition: definition('in-hand', old), active: true });
    const seen: object[] = [];
    inTheMiddle = async () => {
      inTheMiddle = null;
      const cohorts = [{ stepId: 'first', choice: 'move' as const }];
      const { move } = await app.call(publishWorkflow, { workflowId: workflow.id, definition: definition('in-hand', next), cohorts });
      seen.push(move ?? {});
    };
    const runId = await start(workflow.id);
    expect(seen).toMatchObject([{ state: 'settling', inHand: 1, moved: 0 }]);
    const run = await app.call(getRun, { runId });
    expect(run).toMatchObject({
      version: 2,
      state: 'waiting',
      stepId: 'later',
      results: { first: { asked: 'first' }, new: { noted: 'new' } },
    });
    expect(carriedOut.get(`${runId}/first`)).toBe(1);
    expect(await app.call(getMove, { moveId: (seen[0] as { id: string }).id })).toMatchObject({ state: 'done', inHand: 0, moved: 1 }); // as publish answered
  });

  test('a run in hand goes on at another step, or ends, once its result is written', async () => {
    carriedOut.clear();
    for (const [choice, wanted] of [
      ['move', { version: 2, state: 'waiting', stepId: 'other' }],
      ['finish', { version: 1, state: 'done', outcome: 'finished' }],
    ] as const) {
      const name = `leaving-${choice}`;
      const workflow = await app.call(createWorkflow, {
        definition: definition(name, [step('first', 'probe_ask'), hours('later', 5)]),
        active: true,
      });
      inTheMiddle = async () => {
        inTheMiddle = null;
        const cohorts = [{ stepId: 'first', choice, ...(choice === 'move' ? { toStepId: 'other' } : {}) }];
        await app.call(publishWorkflow, { workflowId: workflow.id, definition: definition(name, [hours('other', 3)]), cohorts });
      };
      const runId = await start(workflow.id);
      const run = await app.call(getRun, { runId });
      expect(run).toMatchObject(wanted);
      expect(run.journal[0]).toMatchObject({ stepId: 'first', state: 'done' });
      expect(run.results['first']).toEqual({ asked: 'first' });
      expect(carriedOut.get(`${runId}/first`)).toBe(1);
    }
  });

  test('of thousands goes on behind the answer; a killed process loses and repeats nothing', { timeout: 120_000 }, async () => {
    const name = 'thousands';
    const workflow = await app.call(createWorkflow, { definition: definition(name, [hours('long', 50)]), active: true });
    const text = `with made as (
        insert into runs (id, company_id, workflow_id, version, subject_type, subject_id, state, step_id, since, wake_at, attempt, journal, journal_open, solo, trigger_type, trigger_id, started_at, updated_at, outputs)
        select gen_random_uuid(), $1, $2, 1, 'company', $1, 'waiting', 'long', $3::timestamptz, $3::timestamptz + interval '50 hours', 1, 1, true, false, 'manual', n::text, $3, $3, '{}' from generate_series(1, 5000) n
        returning id)
      insert into run_steps (run_id, place, company_id, step_id, type, attempt, state, wake_at, started_at)
      select id, 1, $1, 'long', 'wait', 1, 'waiting', $3::timestamptz + interval '50 hours', $3 from made`;
    await app.runtime.system.write((tx) => tx.query({ name: 't.many', text }, [app.company.companyId, workflow.id, app.clock.now()]));
    // The process dies in its second batch: neither that nor any word of it is written.
    let batches = 0;
    const write = app.runtime.database.write.bind(app.runtime.database);
    Object.assign(app.runtime.database, {
      write: (company: string, work: Parameters<Runtime['database']['write']>[1]) =>
        write(company, async (tx) => {
          const result = await work(tx);
          if (batches >= 0 && ++batches > 2) throw new Error('killed');
          return result;
        }),
    });
    const cohorts = [{ stepId: 'long', choice: 'move' as const }];
    const next = definition(name, [hours('long', 60)]);
    const published = await app.call(publishWorkflow, { workflowId: workflow.id, definition: next, cohorts });
    expect(published.move).toMatchObject({ total: 5_000, state: 'running' });
    const moveId = published.move?.id ?? '';
    await expect.poll(() => batches, { timeout: 20_000 }).toBeGreaterThan(3);
    batches = -1;
    const half = await app.call(getMove, { moveId });
    expect(half).toMatchObject({ state: 'running', moved: 1_000 });
    await expect(app.call(publishWorkflow, { workflowId: workflow.id, definition: next, cohorts })).rejects.toMatchObject({
      code: 'move_under_way',
    });
    app.clock.advance({ minutes: 2 });
    // Another process takes it up, twice at once.
    await Promise.all([tendMoves(app.runtime), runMove(app.runtime, app.company.companyId, moveId)]);
    expect(await app.call(getMove, { moveId })).toMatchObject({ state: 'done', total: 5_000, moved: 5_000, stayed: 0 });
    const count = `select version, state, count(*)::int as n from runs where workflow_id = $1 group by 1, 2`;
    const standing = await app.runtime.system.read((tx) => tx.query({ name: 't.standing', text: count }, [workflow.id]));
    expect(standing).toEqual([{ version: 2, state: 'waiting', n: 5_000 }]);
    // What is left of their wait stays: fifty hours, though the new one is sixty.
    app.clock.advance({ hours: 49 });
    await app.drain();
    const due = `select count(*)::int as n from runs where workflow_id = $1 and state = 'waiting'`;
    const waiting = () => app.runtime.system.read((tx) => tx.query<{ n: number }>({ name: 't.due', text: due }, [workflow.id]));
    expect(await waiting()).toEqual([{ n: 5_000 }]);
    app.clock.advance({ hours: 2 });
    await app.drain();
    expect(await waiting()).toEqual([{ n: 0 }]);
  });
});
