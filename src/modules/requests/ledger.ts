import type { Statement, Transaction } from '#core/database/database.ts';
import type { EffectKind, EffectState, HandVerdict, Settled } from '#core/effects/types.ts';
import type { Facts, RunView, StepResult } from '#core/engine/types.ts';
import type { Runtime } from '#core/runtime.ts';

/** Wakes the run whose act was settled; its subject is that run. */
export const EFFECT_SETTLED = 'effect.settled';

/** An act that a step of a run asks for. */
export interface Act {
  readonly run: RunView;
  readonly kind: string;
  readonly connectionId: string | null;
  readonly payload: Facts;
  /** What the run waits for meanwhile: `the answer of api.example.com`. */
  readonly waitsFor: string;
}

interface Entry {
  readonly company_id: string;
  readonly key: string;
  readonly state: EffectState;
  readonly receipt: Facts | null;
  readonly reason: string | null;
  readonly settled_at: Date | null;
}

const ENTRIES: Statement = {
  name: 'requests.effects',
  text: `select e.company_id, e.key, e.state, e.receipt, e.reason, e.settled_at
           from unnest($1::uuid[], $2::text[]) as k (company_id, key) join effects e on e.company_id = k.company_id and e.key = k.key`,
};

/** How often a person may have one step try again what was refused. */
const MOST_TRIES = 10;

/**
 * Where these acts stand in the ledger; those that are not in it yet are reserved. A confirmed one is the step's output and is never done again; a refused one
 * fails the step, and is tried anew when a person takes the run up again. One query for all of them, two with new ones.
 */
export async function settleActs(tx: Transaction, acts: readonly Act[], runtime: Runtime): Promise<StepResult[]> {
  const keys = acts.flatMap(({ run }) => Array.from({ length: MOST_TRIES }, (_, i) => [run.companyId, keyOf(run, i)] as const));
  const rows = await tx.query<Entry>(ENTRIES, [keys.map(([companyId]) => companyId), keys.map(([, key]) => key)]);
  const byKey = new Map(rows.map((row) => [`${row.company_id} ${row.key}`, row]));
  const reserve: { act: Act; key: string }[] = [];
  const results = acts.map((act): StepResult => {
    const tries = Array.from({ length: MOST_TRIES }, (_, i) => byKey.get(`${act.run.companyId} ${keyOf(act.run, i)}`));
    const used = tries.filter((entry) => entry !== undefined);
    const last = used.at(-1);
    const anew = last === undefined || (last.state === 'refused' && (last.settled_at ?? act.run.since) < act.run.since);
    if (!anew) return resultOf(last, act);
    if (used.length >= MOST_TRIES)
      return { kind: 'fail', error: `It was refused ${MOST_TRIES} times: ${last?.reason ?? ''}`, retry: 'never' };
    reserve.push({ act, key: keyOf(act.run, used.length) });
    return { kind: 'wait', until: null, events: [EFFECT_SETTLED], reason: `waits for ${act.waitsFor}` };
  });
  await runtime.effects.reserve(
    tx,
    reserve.map(({ act, key }) => ({
      companyId: act.run.companyId,
      kind: act.kind,
      key,
      subject: { type: 'run', id: act.run.id },
      connectionId: act.connectionId,
      payload: act.payload,
    })),
  );
  return results;
}

function keyOf(run: RunView, tries: number): string {
  return `${run.key}/act${tries === 0 ? '' : `/${tries + 1}`}`;
}

function resultOf(entry: Entry, act: Act): StepResult {
  switch (entry.state) {
    case 'confirmed':
      return { kind: 'next', output: entry.receipt ?? {} };
    case 'refused':
      return { kind: 'fail', error: entry.reason ?? 'it was refused', retry: 'never' };
    case 'in_doubt':
      return {
        kind: 'wait',
        until: null,
        events: [EFFECT_SETTLED],
        reason: `nobody knows whether it happened: a person decides it among the effects (${entry.reason ?? ''})`,
      };
    default:
      return { kind: 'wait', until: null, events: [EFFECT_SETTLED], reason: entry.reason ?? `waits for ${act.waitsFor}` };
  }
}

/** The run behind an effect, read with it. */
export const RUN_BESIDE = { columns: 'r.state as run_state', join: 'left join runs r on r.id = e.subject_id' };

const LOOK_AGAIN_MS = 60_000;

/** The last look before an act: a run that was ended meanwhile wants it no more, one that stands still wants it later. */
export const checkRuns: EffectKind['check'] = (_tx, effects, runtime) =>
  Promise.resolve(
    effects.map(({ beside }): HandVerdict => {
      const state = beside['run_state'];
      if (state === 'paused')
        return { go: false, until: new Date(runtime.clock.now().getTime() + LOOK_AGAIN_MS), reason: 'its run is paused' };
      return state === 'waiting' || state === 'running' ? { go: true } : { go: false, refuse: 'its run was ended before it was done' };
    }),
  );

/** Tells the runs that what they asked for has come to an end. */
export const tellRuns: EffectKind['settled'] = async (tx, outcomes, runtime) => {
  await runtime.engine.emit(
    tx,
    outcomes.map(({ effect, outcome }: Settled) => ({
      name: EFFECT_SETTLED,
      companyId: effect.companyId,
      subject: effect.subject,
      payload: { key: effect.key, state: outcome.state },
    })),
  );
};
