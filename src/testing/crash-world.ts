import { z } from 'zod';
import type { DatabaseTarget } from '#core/database/target.ts';
import type { EffectKind } from '#core/effects/types.ts';
import { workflow } from '#core/engine/builder.ts';
import type { Registry } from '#core/engine/parts.ts';
import { activityStep, batchStep, type SubjectType } from '#core/engine/types.ts';

/** What a process that will be killed is told. */
export interface CrashOrder {
  readonly target: DatabaseTarget;
  readonly receiver: string;
  /** Where it dies, and the how manyth time it passes there; null: it lives until it is told to stop. */
  readonly point: string | null;
  readonly hit: number;
}

/** Effects of the crash tests: a POST to a receiver that counts, in three kinds by what can be known afterwards. */
export const CRASH_KINDS = ['keyed', 'asked', 'blind'] as const;
export type CrashKind = (typeof CRASH_KINDS)[number];
export const CRASH_CONCURRENCY = 4;

/**
 * The receiver honours an idempotency key for `keyed` (`repeat`), can be asked for `asked` (`find`), and tells nothing for `blind`.
 */
function kind(name: CrashKind, receiver: string): EffectKind {
  const base: EffectKind = {
    kind: name,
    concurrency: CRASH_CONCURRENCY,
    check: (_tx, effects) => Promise.resolve(effects.map(() => ({ go: true }))),
    async perform(effect) {
      const reply = await fetch(`${receiver}/${name}/${effect.key}`, { method: 'POST' });
      return { externalId: await reply.text(), detail: {} };
    },
    settled: (tx, outcomes) =>
      tx
        .query({ name: `crash.settled`, text: 'insert into crash_settled (key, state) select * from unnest($1::text[], $2::text[])' }, [
          outcomes.map(({ effect }) => effect.key),
          outcomes.map(({ outcome }) => outcome.state),
        ])
        .then(() => undefined),
  };
  if (name === 'keyed') return { ...base, find: () => Promise.resolve('repeat') };
  if (name === 'blind') return base;
  return {
    ...base,
    async find(effect) {
      const reply = await fetch(`${receiver}/asked/${effect.key}`);
      return reply.ok ? { externalId: await reply.text(), detail: {} } : 'not_done';
    },
  };
}

/** A note in the database for each run: must be there once, whatever is killed. */
const note = batchStep({
  type: 'note',
  title: 'Note',
  input: z.strictObject({}),
  facts: false,
  async run(tx, items) {
    await tx.query({ name: 'crash.note', text: 'insert into crash_notes (run_id, step_id) select * from unnest($1::uuid[], $2::text[])' }, [
      items.map(({ run }) => run.id),
      items.map(({ run }) => run.stepId),
    ]);
    return items.map(() => ({ kind: 'next' }));
  },
});

const think = activityStep({
  type: 'think',
  title: 'Think',
  input: z.strictObject({}),
  facts: false,
  run: () => Promise.resolve({ kind: 'next', output: 'thought' }),
  async commit(tx, { run }) {
    await tx.query({ name: 'crash.thought', text: 'insert into crash_notes (run_id, step_id) values ($1, $2)' }, [run.id, run.stepId]);
  },
});

const send = batchStep({
  type: 'send',
  title: 'Send',
  input: z.strictObject({ kinds: z.array(z.enum(CRASH_KINDS)) }),
  facts: false,
  async run(tx, items, runtime) {
    const reservations = items.flatMap(({ run, input }) =>
      input.kinds.map((one) => ({ companyId: run.companyId, kind: one, key: `${one}-${run.subject.id}`, subject: run.subject })),
    );
    await runtime.effects.reserve(tx, reservations);
    return items.map(() => ({ kind: 'next' }));
  },
});

/** Event → note → think (activity) → wait a second → note → two branches that join → a loop over two items → three effects → end. */
const journey = workflow('journey', { title: 'Journey', subject: 'thing', triggers: [{ on: 'event', event: 'thing.made' }] }, (w) => [
  w.act('First note', note),
  w.act('Think', think),
  w.wait('A second', { seconds: 1 }),
  w.act('Second note', note),
  w.parallel('Both', { left: [w.act('Left note', note)], right: [w.act('Right note', note), w.act('Think right', think)] }),
  w.loop('Each', [1, 2], [w.act('Item note', note)]),
  w.step('Send', send, { kinds: [...CRASH_KINDS] }),
  w.end(),
]);

const thing: SubjectType = {
  type: 'thing',
  load: (_tx, subjects) => Promise.resolve(new Map(subjects.map((subject) => [subject.id, { personId: null, facts: {} }]))),
};

export function crashRegistry(receiver: string): Registry {
  return {
    steps: [note, think, send],
    subjects: [thing],
    events: [],
    workflows: [{ definition: journey, active: true }],
    effects: CRASH_KINDS.map((name) => kind(name, receiver)),
  };
}

export const CRASH_TABLES = `create table crash_notes (run_id uuid not null, step_id text not null);
  create table crash_settled (key text not null, state text not null);`;
