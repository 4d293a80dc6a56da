import { z } from 'zod';
import { durationMs } from '#core/clock.ts';
import type { Statement, Transaction } from '#core/database/database.ts';
import type { CompiledStep, CompiledWorkflow } from './definition.ts';
import { placeFault } from './control.ts';
import { branchesBelow, endRuns, RUN_ENDED } from './family.ts';
import { IN_HAND } from './moving.ts';
import { emit } from './outbox.ts';
import type { Frame, RunRow } from './rows.ts';

/** What becomes of the live runs that stand at one step of an older version. */
export interface CohortChoice {
  /** null: of every older version. */
  readonly version: number | null;
  readonly step_id: string;
  readonly choice: 'stay' | 'move' | 'finish';
  /** Where they go on; null: at the step of the same id. */
  readonly to_step_id: string | null;
  /** A wait keeps what is left of it, or is asked anew. */
  readonly waits: 'keep' | 'anew';
}

/** A publication on its way: which runs go where. */
export interface Relocation {
  readonly id: string;
  readonly company_id: string;
  readonly workflow_id: string;
  readonly to_version: number;
  readonly cohorts: readonly CohortChoice[];
  readonly others: CohortChoice['choice'];
}

/** A live run, as much of it as decides where it goes. */
export type Standing = Pick<
  RunRow,
  'id' | 'version' | 'step_id' | 'state' | 'reason' | 'since' | 'wake_at' | 'journal' | 'journal_open' | 'moving' | 'parent_id' | 'branch'
> & { readonly frames: readonly Pick<Frame, 'loop' | 'above'>[] | null };

/**
 * - `stay`: keeps its version. - `finish`: ends here. - `later`: a worker has its step in hand.
 * - `as_is`: only the version changes. - `ask`: its wait is asked again, from `since`. - `afresh`: it begins the step.
 */
export type Fate =
  | { readonly how: 'stay'; readonly reason: string }
  | { readonly how: 'finish' }
  | { readonly how: 'later' }
  | { readonly how: 'as_is'; readonly stepId: string }
  | { readonly how: 'afresh'; readonly stepId: string; readonly loops: readonly string[] }
  | { readonly how: 'ask'; readonly stepId: string; readonly since: Date };

const LIVE: ReadonlySet<string> = new Set(['running', 'waiting', 'paused']);

/** The choice for those who stand at this step of this version. */
export function choiceFor(relocation: Pick<Relocation, 'cohorts' | 'others'>, version: number, stepId: string): CohortChoice {
  const named = relocation.cohorts.filter((cohort) => cohort.step_id === stepId);
  return (
    named.find((cohort) => cohort.version === version) ??
    named.find((cohort) => cohort.version === null) ?? {
      version,
      step_id: stepId,
      choice: relocation.others,
      to_step_id: null,
      waits: 'keep',
    }
  );
}

/** Where a run lands that stands at a step: what a preview shows and what moving does. Null: nowhere; a parallel step needs as many branches as before. */
export function landingOf(
  from: CompiledStep | undefined,
  choice: CohortChoice,
  to: CompiledWorkflow,
): { readonly how: 'as_is' | 'ask' | 'afresh'; readonly step: CompiledStep } | null {
  const step = to.steps.get(choice.to_step_id ?? choice.step_id);
  if (step === undefined) return null;
  if (step.node.id !== choice.step_id || choice.waits === 'anew' || from === undefined || from.type !== step.type)
    return { how: 'afresh', step };
  if (step.parts.length !== from.parts.length) return null;
  const sameInput = JSON.stringify(from.input) === JSON.stringify(step.input);
  return { how: step.node.type === 'wait' && !sameInput ? 'ask' : 'as_is', step };
}

/** What becomes of one run, now that its lock is ours. */
export function fateOf(row: Standing, relocation: Relocation, from: CompiledStep | undefined, to: CompiledWorkflow, now: Date): Fate {
  if (!LIVE.has(row.state) || row.step_id === null) return { how: 'stay', reason: 'it had ended' };
  if (row.version >= relocation.to_version) return { how: 'stay', reason: 'it was on this version already' };
  const choice = choiceFor(relocation, row.version, row.step_id);
  if (choice.choice === 'stay') return { how: 'stay', reason: 'it keeps its version' };
  if (row.state === 'running' && row.reason === IN_HAND) return { how: 'later' };
  if (choice.choice === 'finish') return { how: 'finish' };
  const landing = landingOf(from, choice, to);
  if (landing === null) return { how: 'stay', reason: `version ${relocation.to_version} has no step ${choice.to_step_id ?? row.step_id}` };
  const stepId = landing.step.node.id;
  const elsewhere = placeFault(to, row, stepId, row.branch === null ? '' : (from?.branch ?? ''));
  if (elsewhere !== null) return { how: 'stay', reason: elsewhere };
  if (landing.how === 'afresh') return { how: 'afresh', stepId, loops: landing.step.loops };
  if (landing.how === 'as_is') return { how: 'as_is', stepId };
  // It came here a moment ago and has not asked yet: it asks the new version by itself.
  if (!row.journal_open) return { how: 'as_is', stepId };
  return { how: 'ask', stepId, since: sinceKeeping(row, from, landing.step, now) };
}

/** The moment from which the new wait, if it is for a length of time, ends when the old one would have. A wait until a date goes by its date. */
function sinceKeeping(row: Standing, from: CompiledStep | undefined, to: CompiledStep, now: Date): Date {
  const length = lengthOf(to);
  if (length === null || from === undefined || lengthOf(from) === null) return row.since;
  const due = row.state === 'running' ? now : (row.wake_at ?? now);
  return new Date(due.getTime() - length);
}

/** Milliseconds of a wait for a length of time, or of its deadline; null for one until a date. */
export function lengthOf(step: CompiledStep): number | null {
  const parsed = Lengths.safeParse(step.node.input);
  const duration = parsed.data?.for ?? parsed.data?.within;
  return duration === undefined ? null : durationMs(duration);
}

/** The step type's schema has checked it: `{days: 3}`. */
const Lengths = z.object({ for: z.record(z.string(), z.number()).optional(), within: z.record(z.string(), z.number()).optional() });

const STANDING: Statement = {
  name: 'engine.relocate_lock',
  text: `select id, version, step_id, state, reason, since, wake_at, journal, journal_open, moving, parent_id, branch,
                (select jsonb_agg(jsonb_build_object('loop', f -> 'loop', 'above', f -> 'above')) from jsonb_array_elements(frames) f) as frames
           from runs
          where company_id = $1 and id = any ($2::uuid[]) order by id for update`,
};
const CLOSE: Statement = {
  name: 'engine.relocate_close',
  text: `update run_steps s set state = 'cancelled', reason = $4, wake_at = null, finished_at = $3::timestamptz
           from unnest($1::uuid[], $2::integer[]) as open (run_id, place)
          where s.run_id = open.run_id and s.place = open.place and s.state in ('open', 'waiting')`,
};
// The job of a run that stood in the queue goes stale with its ticket; a worker finds the run again by wake_at.
const MOVE: Statement = {
  name: 'engine.relocate_move',
  text: `update runs r set version = $3, step_id = x.step_id, moving = false, updated_at = $4::timestamptz,
           state = case when r.state = 'paused' or x.how = 'as_is' then r.state else 'waiting' end,
           since = coalesce(x.since, r.since),
           wake_at = case when x.how = 'as_is' then r.wake_at else $4::timestamptz end,
           ticket = case when x.how = 'as_is' then r.ticket end,
           waits_for = case when x.how = 'afresh' then '{}' else r.waits_for end,
           signal = case when x.how <> 'afresh' then r.signal end,
           attempt = case when x.how = 'afresh' then 0 else r.attempt end,
           error = case when x.how <> 'afresh' then r.error end,
           reason = case when r.state = 'paused' or x.how <> 'afresh' then r.reason end,
           journal_open = r.journal_open and x.how <> 'afresh',
           frames = case when x.how <> 'afresh' or r.frames is null then r.frames else
             (select jsonb_agg(f order by n) from jsonb_array_elements(r.frames) with ordinality as e (f, n) where (f ->> 'above')::boolean or f ->> 'loop' = any (x.loops)) end
      from json_to_recordset($2::json) as x (id uuid, how text, step_id text, since timestamptz, loops text[])
     where r.company_id = $1 and r.id = x.id`,
};
const FINISH: Statement = {
  name: 'engine.relocate_finish',
  text: `update runs set state = 'done', outcome = 'finished', reason = $4, completed_at = $3::timestamptz, updated_at = $3::timestamptz, moving = false,
           wake_at = null, waits_for = '{}', signal = null, ticket = null, paused_by = null, journal_open = false
     where company_id = $1 and id = any ($2::uuid[])`,
};
const MARK: Statement = {
  name: 'engine.relocate_mark',
  text: `update runs set moving = x.moving from unnest($2::uuid[], $3::boolean[]) as x (id, moving)
          where runs.company_id = $1 and runs.id = x.id and runs.moving <> x.moving`,
};
const NOTE: Statement = {
  name: 'engine.relocate_note',
  text: `with told as (
      select * from json_to_recordset($3::json) as x (run_id uuid, state text, from_version integer, from_step text, to_version integer, to_step text, place integer, reason text)
    ), before as (
      select m.run_id, m.state from run_moves m join told t using (run_id) where m.company_id = $1 and m.move_id = $2
    ), noted as (
      update run_moves m set state = t.state, from_version = t.from_version, from_step = t.from_step, to_version = t.to_version, to_step = t.to_step,
             place = t.place, reason = t.reason, at = $4::timestamptz
        from told t where m.company_id = $1 and m.move_id = $2 and m.run_id = t.run_id
    ), counted as (
      select count(*) filter (where t.state = 'moved') as moved, count(*) filter (where t.state = 'finished') as finished,
             count(*) filter (where t.state = 'stayed') as stayed,
             count(*) filter (where t.state = 'in_hand') - count(*) filter (where b.state = 'in_hand') as in_hand
        from told t join before b using (run_id)
    )
    update workflow_moves w set moved = w.moved + c.moved, finished = w.finished + c.finished, stayed = w.stayed + c.stayed, in_hand = w.in_hand + c.in_hand,
           updated_at = $4::timestamptz, state = case when w.state = 'settling' and w.in_hand + c.in_hand = 0 then 'done' else w.state end
      from counted c where w.company_id = $1 and w.id = $2`,
};

/** The runs by id, locked in the order in which everyone locks runs. */
export function lockStanding(tx: Transaction, companyId: string, ids: readonly string[]): Promise<Standing[]> {
  return tx.query<Standing>(STANDING, [companyId, ids]);
}

export interface Fated {
  readonly row: Standing;
  readonly fate: Fate;
}

/** Does what was decided, with its line in the journal of moves and the counts of the move. The rows are locked. */
export async function relocate(tx: Transaction, relocation: Relocation, fated: readonly Fated[], now: Date): Promise<void> {
  const { company_id: company, to_version: version } = relocation;
  const moves = fated.flatMap(({ row, fate }) => ('stepId' in fate ? [{ row, fate }] : []));
  const finished = fated.filter(({ fate }) => fate.how === 'finish').map(({ row }) => row);
  const cut = [...moves.filter(({ fate }) => fate.how === 'afresh').map(({ row }) => row), ...finished].filter((row) => row.journal_open);
  const marks = fated.filter(({ fate }) => fate.how === 'later' || fate.how === 'stay');
  const told = `version ${version} was published`;
  if (cut.length > 0) await tx.query(CLOSE, [cut.map((row) => row.id), cut.map((row) => row.journal), now, told]);
  if (moves.length > 0) {
    const rows = moves.map(({ row, fate }) => ({
      id: row.id,
      how: fate.how,
      step_id: fate.stepId,
      since: fate.how === 'ask' ? fate.since : fate.how === 'afresh' ? now : null,
      loops: fate.how === 'afresh' ? fate.loops : null,
    }));
    await tx.query(MOVE, [company, JSON.stringify(rows), version, now]);
  }
  if (finished.length > 0) await finish(tx, company, finished, `finished when ${told}`, now);
  const left = [...moves.filter(({ fate }) => fate.how === 'afresh').map(({ row }) => row.id), ...finished.map((row) => row.id)];
  // Branches of a parallel step that the run has left.
  await endRuns(tx, await branchesBelow(tx, left), `the run above left them when ${told}`, now);
  if (marks.length > 0) await tx.query(MARK, [company, marks.map(({ row }) => row.id), marks.map(({ fate }) => fate.how === 'later')]);
  await tx.query(NOTE, [company, relocation.id, JSON.stringify(fated.map((one) => lineOf(one, version))), now]);
}

/** Ends them, and tells the runs above that wait for them. */
async function finish(tx: Transaction, companyId: string, rows: readonly Standing[], reason: string, now: Date): Promise<void> {
  const ids = new Set(rows.map((row) => row.id));
  await tx.query(FINISH, [companyId, [...ids], now, reason]);
  const events = rows.flatMap((row) =>
    row.parent_id === null || ids.has(row.parent_id)
      ? []
      : [
          {
            name: RUN_ENDED,
            companyId,
            subject: { type: 'run', id: row.parent_id },
            payload: { run_id: row.id, branch: row.branch, state: 'done', outcome: 'finished' },
          },
        ],
  );
  if (events.length > 0) await emit(tx, events, now);
}

function lineOf({ row, fate }: Fated, version: number) {
  const moved = 'stepId' in fate;
  return {
    run_id: row.id,
    state: fate.how === 'finish' ? 'finished' : fate.how === 'later' ? 'in_hand' : moved ? 'moved' : 'stayed',
    from_version: row.version,
    from_step: row.step_id,
    to_version: moved ? version : null,
    to_step: moved ? fate.stepId : null,
    place: row.journal,
    reason: fate.how === 'stay' ? fate.reason : null,
  };
}
