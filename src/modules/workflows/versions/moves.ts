import type { Statement, Transaction } from '#core/database/database.ts';
import { errorCode } from '#core/database/pg-error.ts';
import { IN_HAND } from '#core/engine/moving.ts';
import { fateOf, lockStanding, relocate, type CohortChoice, type Fated, type Relocation } from '#core/engine/relocate.ts';
import { AppError, Conflict, NotFound } from '#core/errors.ts';
import { newId } from '#core/ids.ts';
import { nowAndThen, type Stop } from '#core/now-and-then.ts';
import type { Runtime } from '#core/runtime.ts';
import { compiledVersions } from './compiled.ts';

/** Runs in one transaction when there are many: progress shows, and nobody waits long for a lock. */
const BATCH = 1_000;
/** Up to so many move in the publishing transaction itself: all or nothing, and done when it answers. */
export const AT_ONCE = 2_000;

export const MOVE_STATES = ['running', 'settling', 'done', 'failed'] as const;

/** Runs of this workflow are still on their way to an earlier version. */
export class MoveUnderWay extends Conflict {
  override readonly code = 'move_under_way';
}

export interface MoveRow {
  readonly id: string;
  readonly company_id: string;
  readonly workflow_id: string;
  readonly to_version: number;
  readonly cohorts: readonly CohortChoice[];
  readonly others: CohortChoice['choice'];
  readonly state: (typeof MOVE_STATES)[number];
  readonly total: number;
  readonly moved: number;
  readonly finished: number;
  readonly stayed: number;
  readonly in_hand: number;
  readonly error: string | null;
  readonly created_by: string | null;
  readonly created_at: Date;
  readonly updated_at: Date;
}

const BUSY: Statement = {
  name: 'moves.busy',
  text: `select to_version from workflow_moves where company_id = $1 and workflow_id = $2 and state = 'running' limit 1`,
};
const INSERT: Statement = {
  name: 'moves.insert',
  text: `insert into workflow_moves (id, company_id, workflow_id, to_version, cohorts, others, state, created_by, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, 'running', $7, $8, $8)`,
};
/** Who stands where a choice says that they do not stay: index runs_counts. */
const COLLECT: Statement = {
  name: 'moves.collect',
  text: `with found as (
      insert into run_moves (move_id, run_id, company_id, from_version, from_step)
      select $1, r.id, r.company_id, r.version, r.step_id from runs r
       where r.company_id = $2 and r.workflow_id = $3 and r.state in ('running', 'waiting', 'paused') and r.version < $4 and r.step_id is not null
         and ($5 or exists (select from json_to_recordset($6::json) as c (version integer, step_id text) where c.step_id = r.step_id and (c.version is null or c.version = r.version)))
      on conflict do nothing returning 1
    )
    update workflow_moves w set total = w.total + (select count(*) from found) where w.id = $1 and w.company_id = $2
    returning (select count(*)::int from found) as n`,
};
const COLUMNS = `id, company_id, workflow_id, to_version, cohorts, others, state, total, moved, finished, stayed, in_hand, error, created_by, created_at, updated_at`;
const GET: Statement = { name: 'moves.get', text: `select ${COLUMNS} from workflow_moves where company_id = $1 and id = $2` };
// Not the row: a worker that ends a step holds its run and then counts it here, so whoever moves runs must not hold this row before theirs.
const LOCK: Statement = { name: 'moves.lock', text: `select pg_advisory_xact_lock(hashtextextended($1::text, 7365031))` };

/** @throws NotFound */
export async function moveRow(tx: Transaction, companyId: string, id: string): Promise<MoveRow> {
  const [row] = await tx.query<MoveRow>(GET, [companyId, id]);
  if (row === undefined) throw new NotFound('There is no such move of runs');
  return row;
}

/** One mover at a time. */
async function lockMove(tx: Transaction, companyId: string, id: string): Promise<MoveRow> {
  await tx.query(LOCK, [id]);
  return moveRow(tx, companyId, id);
}

export interface NewMove {
  readonly companyId: string;
  readonly workflowId: string;
  readonly toVersion: number;
  readonly cohorts: readonly CohortChoice[];
  readonly others: CohortChoice['choice'];
  readonly userId: string | null;
}

/**
 * Writes down who is to move, in the transaction that publishes, and moves them when they are few. Null: everybody stays.
 * `more`: the rest goes on with `runMove` after the commit. @throws MoveUnderWay
 */
export async function beginMove(tx: Transaction, runtime: Runtime, wanted: NewMove): Promise<{ id: string; more: boolean } | null> {
  const acting = wanted.cohorts.filter((cohort) => cohort.choice !== 'stay');
  if (acting.length === 0 && wanted.others === 'stay') return null;
  const [busy] = await tx.query<{ to_version: number }>(BUSY, [wanted.companyId, wanted.workflowId]);
  if (busy !== undefined) throw new MoveUnderWay(`Runs are still moving to version ${busy.to_version}; publish when they are through`);
  const id = newId();
  const now = runtime.clock.now();
  const { companyId, workflowId, toVersion, cohorts, others, userId } = wanted;
  await tx.query(INSERT, [id, companyId, workflowId, toVersion, JSON.stringify(cohorts), others, userId, now]);
  const found = await collect(tx, companyId, id, wanted);
  if (found > AT_ONCE) return { id, more: true };
  await moveSome(tx, runtime, await moveRow(tx, companyId, id), AT_ONCE + 1);
  return { id, more: false };
}

async function collect(
  tx: Transaction,
  companyId: string,
  id: string,
  { workflowId, toVersion, cohorts, others }: Pick<NewMove, 'workflowId' | 'toVersion' | 'cohorts' | 'others'>,
): Promise<number> {
  const acting = cohorts.filter((cohort) => cohort.choice !== 'stay').map(({ version, step_id }) => ({ version, step_id }));
  const [row] = await tx.query<{ n: number }>(COLLECT, [id, companyId, workflowId, toVersion, others !== 'stay', JSON.stringify(acting)]);
  return row?.n ?? 0;
}

const WAITING: Statement = {
  name: 'moves.waiting',
  text: `select run_id from run_moves where company_id = $1 and move_id = $2 and state = 'waiting' order by run_id limit $3`,
};
/** In hand when they were looked at, and no longer: paused, cancelled, or taken up again by a person. */
const OUT_OF_HAND: Statement = {
  name: 'moves.out_of_hand',
  text: `select m.run_id from run_moves m join runs r on r.id = m.run_id and r.company_id = m.company_id
          where m.company_id = $1 and m.move_id = $2 and m.state = 'in_hand' and not (r.state = 'running' and r.reason = $4) order by m.run_id limit $3`,
};
const GONE: Statement = {
  name: 'moves.gone',
  text: `with gone as (
      delete from run_moves m where m.company_id = $1 and m.move_id = $2 and m.run_id = any ($3::uuid[]) returning m.state
    )
    update workflow_moves w set total = w.total - (select count(*) from gone), in_hand = w.in_hand - (select count(*) from gone where state = 'in_hand')
     where w.company_id = $1 and w.id = $2`,
};
const STATE: Statement = {
  name: 'moves.state',
  text: `update workflow_moves set state = case when $3 = 'done' and in_hand > 0 then 'settling' else $3 end, error = $4, updated_at = $5 where company_id = $1 and id = $2`,
};

/** Moves up to `most` runs, by where they stand now. Answers whether more remain. */
async function moveSome(tx: Transaction, runtime: Runtime, move: MoveRow, most: number): Promise<boolean> {
  const now = runtime.clock.now();
  let found = await tx.query<{ run_id: string }>(WAITING, [move.company_id, move.id, most]);
  if (found.length === 0) found = await tx.query<{ run_id: string }>(OUT_OF_HAND, [move.company_id, move.id, most, IN_HAND]);
  const ids = found.map((row) => row.run_id);
  if (ids.length > 0) await moveRuns(tx, runtime, move, ids, now);
  if (ids.length === most) return true;
  // Runs that began on the old version while it was being published.
  if ((await collect(tx, move.company_id, move.id, { ...move, workflowId: move.workflow_id, toVersion: move.to_version })) > 0) return true;
  await tx.query(STATE, [move.company_id, move.id, 'done', null, now]);
  return false;
}

async function moveRuns(tx: Transaction, runtime: Runtime, move: MoveRow, ids: readonly string[], now: Date): Promise<void> {
  const relocation: Relocation = move;
  const standing = await lockStanding(tx, move.company_id, ids);
  const versions = new Set([move.to_version, ...standing.map((row) => row.version)]);
  const compiled = await compiledVersions(tx, runtime, move.company_id, move.workflow_id, [...versions]);
  const to = compiled.get(move.to_version);
  if (to === undefined || to instanceof Error)
    throw new Conflict(`Version ${move.to_version} can't run as it is: ${to?.message ?? 'it is gone'}`);
  const fated = standing.map((row): Fated => {
    const from = compiled.get(row.version);
    const step = from === undefined || from instanceof Error ? undefined : from.steps.get(row.step_id ?? '');
    return { row, fate: fateOf(row, relocation, step, to, now) };
  });
  const known = new Set(standing.map((row) => row.id));
  const gone = ids.filter((id) => !known.has(id));
  if (gone.length > 0) await tx.query(GONE, [move.company_id, move.id, gone]);
  if (fated.length > 0) await relocate(tx, relocation, fated, now);
}

/** Goes on until it is through; each batch commits with its lines, so that a killed process loses and repeats nothing. */
export async function runMove(runtime: Runtime, companyId: string, moveId: string): Promise<void> {
  try {
    for (let more = true; more;) {
      more = await again(() =>
        runtime.database.write(companyId, async (tx) => {
          const move = await lockMove(tx, companyId, moveId);
          return move.state === 'running' || move.state === 'settling' ? moveSome(tx, runtime, move, BATCH) : false;
        }),
      );
      runtime.engine.nudge();
    }
  } catch (error) {
    runtime.log.error({ err: error, moveId }, 'runs could not be moved to the new version');
    if (error instanceof AppError && error.retry === 'later') return; // the database is away: whoever looks after moves goes on with it
    const told =
      error instanceof Conflict ? error.message : 'It stopped because of an error of ours; who has not moved keeps the old version';
    await runtime.database
      .write(companyId, (tx) => tx.query(STATE, [companyId, moveId, 'failed', told, runtime.clock.now()]))
      .catch((cause: unknown) => runtime.log.error({ err: cause, moveId }, 'it could not even be written down that a move failed'));
  }
}

/** Once more after a deadlock: the engine locks runs, too. */
async function again<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (errorCode(error) === '40P01' || errorCode(error) === '40001') return work();
    throw error;
  }
}

const EVERY_MS = 15_000;
/** A running move commits every second or so; one this quiet has lost its process. */
const QUIET_S = 60;
const SETTLE_S = 10;

const TAKE: Statement = {
  name: 'moves.take',
  text: `update workflow_moves set updated_at = $1 where id in (
      select id from workflow_moves where (state = 'running' and updated_at < $1::timestamptz - make_interval(secs => $2))
                                       or (state = 'settling' and updated_at < $1::timestamptz - make_interval(secs => $3))
       order by updated_at limit 1 for update skip locked
    ) returning id, company_id as "companyId"`,
};

/** Goes on with moves whose process died, and looks after those that wait for a worker. */
export async function tendMoves(runtime: Runtime): Promise<number> {
  const { system, clock } = runtime;
  for (let taken = 0; ; taken++) {
    const [one] = await system.write((tx) => tx.query<{ id: string; companyId: string }>(TAKE, [clock.now(), QUIET_S, SETTLE_S]));
    if (one === undefined) return taken;
    await runMove(runtime, one.companyId, one.id);
  }
}

/** The worker's share. */
export function tendMovesForEver(runtime: Runtime): Stop {
  return nowAndThen({
    log: runtime.log,
    everyMs: EVERY_MS,
    what: 'look after runs that move to a new version',
    round: () => tendMoves(runtime),
  });
}

export function presentMove(row: MoveRow) {
  return {
    id: row.id,
    companyId: row.company_id,
    workflowId: row.workflow_id,
    toVersion: row.to_version,
    state: row.state,
    total: row.total,
    moved: row.moved,
    finished: row.finished,
    stayed: row.stayed,
    inHand: row.in_hand,
    error: row.error,
    createdBy: row.created_by,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
