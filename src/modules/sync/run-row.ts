import type { Statement, Transaction } from '#core/database/database.ts';
import { newId } from '#core/ids.ts';
import type { PageCounts } from './page.ts';

export interface RunRow {
  readonly id: string;
  readonly companyId: string;
  readonly sourceId: string;
  readonly trigger: 'first' | 'schedule' | 'manual' | 'hint' | 'archive';
  readonly phase: 'everything' | 'changes' | 'writing';
  readonly pages: number;
  readonly startedAt: Date;
  /** Of a run that reads the archive: what came in between. */
  readonly archiveFrom: Date | null;
  readonly archiveTo: Date | null;
}

/** Nobody else takes a run for this long after its last sign of life, in milliseconds. */
const HOLD_MS = 120_000;

const COLUMNS = `id, company_id as "companyId", source_id as "sourceId", trigger, phase, pages, started_at as "startedAt", archive_from as "archiveFrom", archive_to as "archiveTo"`;
const BEGIN: Statement = {
  name: 'sync.runs.begin',
  text: `insert into sync_runs (id, company_id, source_id, trigger, phase, started_at, archive_from, archive_to) values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (source_id) where state = 'running' do nothing returning ${COLUMNS}`,
};

/** Null: one is under way already. */
export async function beginRun(
  tx: Transaction,
  run: {
    readonly companyId: string;
    readonly sourceId: string;
    readonly trigger: RunRow['trigger'];
    readonly everything: boolean;
    readonly at: Date;
    readonly archive?: { readonly from: Date; readonly to: Date };
  },
): Promise<RunRow | null> {
  const [row] = await tx.query<RunRow>(BEGIN, [
    newId(),
    run.companyId,
    run.sourceId,
    run.trigger,
    run.everything ? 'everything' : 'changes',
    run.at,
    run.archive?.from ?? null,
    run.archive?.to ?? null,
  ]);
  return row ?? null;
}

const TAKE: Statement = {
  name: 'sync.runs.take',
  text: `update sync_runs set holder = $1, held_until = $3, waits_until = null where company_id = $4 and id = $5 and state = 'running' and (held_until is null or held_until < $2)
          and (waits_until is null or waits_until <= $2) returning ${COLUMNS}`,
};

/** Takes a run that nobody works on. Null: somebody does, or it waits, or it is over. */
export async function takeRun(
  tx: Transaction,
  run: { readonly companyId: string; readonly id: string },
  holder: string,
  now: Date,
): Promise<RunRow | null> {
  const [row] = await tx.query<RunRow>(TAKE, [holder, now, new Date(now.getTime() + HOLD_MS), run.companyId, run.id]);
  return row ?? null;
}

const MOVE: Statement = {
  name: 'sync.runs.move',
  text: `update sync_runs set pages = pages + 1, phase = $5, total = coalesce($6, total), held_until = $7, waits_until = null, read = read + $8, created = created + $9, changed = changed + $10,
           unchanged = unchanged + $11, refused = refused + $12, opt_outs_kept = opt_outs_kept + $13, conflicts = conflicts + $14, gone = gone + $15
         where company_id = $1 and id = $2 and holder = $3 and pages = $4 and state = 'running' returning id`,
};
const PLACE: Statement = {
  name: 'sync.sources.place',
  text: 'update sync_sources set cursor = $3, mark = $4 where company_id = $1 and id = $2',
};

/** Somebody else took this run (this process was quiet for too long), or it was stopped. */
export class TakenOver extends Error {}

/** With the rows of a page: the run's counts and where it stands. @throws TakenOver */
export async function moveRun(
  tx: Transaction,
  run: RunRow,
  holder: string,
  now: Date,
  step: {
    readonly phase: RunRow['phase'];
    readonly cursor: string | null;
    readonly mark: string | null;
    readonly total: number | null;
    readonly counts: PageCounts;
  },
): Promise<void> {
  const { counts } = step;
  const moved = await tx.query(MOVE, [
    run.companyId, run.id, holder, run.pages, step.phase, step.total, new Date(now.getTime() + HOLD_MS), counts.read, counts.created, counts.changed, counts.unchanged,
    counts.refused, counts.optOutsKept, counts.conflicts, counts.gone,
  ]); // prettier-ignore
  if (moved.length === 0) throw new TakenOver('this run is somebody else’s');
  await tx.query(PLACE, [run.companyId, run.sourceId, step.cursor, step.mark]);
}

const ALIVE: Statement = {
  name: 'sync.runs.alive',
  text: `update sync_runs set held_until = $4, waits_until = $5 where company_id = $1 and id = $2 and holder = $3 and state = 'running' returning id`,
};

/** @throws TakenOver */
export async function keepRun(tx: Transaction, run: RunRow, holder: string, now: Date, waitsUntil: Date | null): Promise<void> {
  const until = new Date(Math.max(now.getTime() + HOLD_MS, (waitsUntil?.getTime() ?? 0) + HOLD_MS));
  if ((await tx.query(ALIVE, [run.companyId, run.id, holder, until, waitsUntil])).length === 0)
    throw new TakenOver('this run is somebody else’s');
}

const PARK: Statement = {
  name: 'sync.runs.park',
  text: `update sync_runs set holder = null, held_until = null, waits_until = $4 where company_id = $1 and id = $2 and holder = $3 and state = 'running'`,
};

/** Left until the vendor may be asked again; any process goes on then. */
export async function parkRun(tx: Transaction, run: RunRow, holder: string, until: Date): Promise<void> {
  await tx.query(PARK, [run.companyId, run.id, holder, until]);
}

const END: Statement = {
  name: 'sync.runs.end',
  text: `update sync_runs set state = $4, error = $5, finished_at = $6, held_until = null, waits_until = null where company_id = $1 and id = $2 and holder = $3 and state = 'running' returning id`,
};
const SETTLE: Statement = {
  name: 'sync.sources.settle',
  text: `update sync_sources set error = $3, failures = case when $3::text is null then 0 else failures + 1 end,
           next_run_at = case when every_minutes is null or state <> 'active' then next_run_at
             when $3::text is null then $4::timestamptz + make_interval(mins => every_minutes)
             else $4::timestamptz + make_interval(mins => least(1440, every_minutes * (2 ^ least(failures, 6))::int)) end
         where company_id = $1 and id = $2`,
};

/** Over. After a failure the next try comes later each time, a day at most. */
export async function endRun(
  tx: Transaction,
  run: RunRow,
  holder: string,
  state: 'done' | 'failed',
  error: string | null,
  now: Date,
): Promise<boolean> {
  const text = error?.slice(0, 1_000) ?? null;
  if ((await tx.query(END, [run.companyId, run.id, holder, state, text, now])).length === 0) return false;
  await tx.query(SETTLE, [run.companyId, run.sourceId, text, now]);
  return true;
}

const WROTE: Statement = {
  name: 'sync.runs.wrote',
  text: `update sync_runs set written = written + $4, phase = 'writing', held_until = $5 where company_id = $1 and id = $2 and holder = $3 and state = 'running' returning id`,
};

/** @throws TakenOver */
export async function countWrites(tx: Transaction, run: RunRow, holder: string, writes: number, now: Date): Promise<void> {
  if ((await tx.query(WROTE, [run.companyId, run.id, holder, writes, new Date(now.getTime() + HOLD_MS)])).length === 0)
    throw new TakenOver('this run is somebody else’s');
}
