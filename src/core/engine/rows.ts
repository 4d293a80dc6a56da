import type { Statement, Transaction } from '#core/database/database.ts';
import { recordset } from '#core/database/recordset.ts';
import type { Facts, Json, RunState } from './types.ts';

/** A row of `runs` as the interpreter moves it. */
export interface RunRow {
  readonly id: string;
  readonly company_id: string;
  readonly workflow_id: string;
  readonly version: number;
  readonly subject_type: string;
  readonly subject_id: string;
  readonly person_id: string | null;
  state: RunState;
  step_id: string | null;
  since: Date;
  attempt: number;
  wake_at: Date | null;
  waits_for: readonly string[];
  reason: string | null;
  paused_by: 'run' | 'workflow' | 'company' | null;
  signal: { readonly name: string; readonly payload: Facts } | null;
  ticket: string | null;
  fence: number;
  /** The worker that has its step in hand, outside any transaction. */
  held_by: string | null;
  journal: number;
  journal_open: boolean;
  /** A person chose to move it to a newer version: it does when the step that a worker has in hand has ended. */
  readonly moving: boolean;
  outputs: Facts;
  /** The loops it is in, outermost first. */
  frames: Frame[] | null;
  /** The run that waits for its end; with `branch`, this is one of its branches. */
  readonly parent_id: string | null;
  readonly branch: number | null;
  readonly depth: number;
  outcome: string | null;
  error: string | null;
  completed_at: Date | null;
}

/** One loop that a run is in: the list as it was when the loop was reached, and what came of it so far. */
export interface Frame {
  readonly loop: string;
  readonly list: readonly Json[];
  index: number;
  /** One entry a finished turn; null when they are not kept. */
  readonly results: Facts[] | null;
  /** Length of `results` as JSON. */
  bytes: number;
  failed: number;
  /** The next item is taken when one fails. */
  readonly goes_on: boolean;
  /** Why this turn failed. */
  error: string | null;
  /** Of the run above: a branch sees the items of the loops around it, but does not turn them. */
  readonly above: boolean;
}

/** A row of the journal: one attempt of one step. Written again with the same place when a wait or an activity ends. */
export interface JournalRow {
  readonly run_id: string;
  readonly place: number;
  readonly company_id: string;
  readonly step_id: string;
  readonly type: string;
  readonly attempt: number;
  /** The turn of each loop around it, outermost first: `2.0`. */
  readonly turn: string | null;
  readonly state: 'open' | 'waiting' | 'done' | 'retrying' | 'failed' | 'lost' | 'cancelled';
  readonly output: Json | undefined;
  readonly reason: string | null;
  readonly error: string | null;
  readonly wake_at: Date | null;
  readonly started_at: Date;
  readonly finished_at: Date | null;
}

const COLUMNS = `r.id, r.company_id, r.workflow_id, r.version, r.subject_type, r.subject_id, r.person_id, r.state, r.step_id, r.since, r.attempt, r.wake_at,
  r.waits_for, r.reason, r.paused_by, r.signal, r.ticket, r.fence, r.held_by, r.journal, r.journal_open, r.moving, r.outputs, r.outcome, r.error, r.completed_at,
  r.frames, r.parent_id, r.branch, r.depth`;

// In the order of ids, as everyone locks runs: no two wait for each other crosswise.
const LOCK_BY_TICKET: Statement = {
  name: 'engine.runs_lock_by_ticket',
  text: `select ${COLUMNS} from unnest($1::uuid[], $2::uuid[]) as job (run_id, ticket)
           join runs r on r.id = job.run_id and r.ticket = job.ticket
          where r.state = 'running' order by r.id for update of r`,
};
const LOCK: Statement = {
  name: 'engine.runs_lock',
  text: `select ${COLUMNS} from runs r where r.id = any ($1::uuid[]) order by r.id for update`,
};

/** The runs these tickets may move; a stale ticket (an older worker's) finds none. */
export async function lockByTicket(
  tx: Transaction,
  tickets: readonly { readonly id: string; readonly runId: string }[],
): Promise<RunRow[]> {
  return remembered(await tx.query<RunRow>(LOCK_BY_TICKET, [tickets.map((ticket) => ticket.runId), tickets.map((ticket) => ticket.id)]));
}

export async function lockRuns(tx: Transaction, ids: readonly string[]): Promise<RunRow[]> {
  return remembered(await tx.query<RunRow>(LOCK, [ids]));
}

/** The outputs that are in the database. They are never written into, only replaced: the same object is the same outputs. */
const written = new WeakMap<RunRow, Facts>();

function remembered(rows: RunRow[]): RunRow[] {
  for (const row of rows) written.set(row, row.outputs);
  return rows;
}

const SAVE: Statement = {
  name: 'engine.runs_save',
  text: `update runs r set state = x.state, step_id = x.step_id, since = x.since, attempt = x.attempt, wake_at = x.wake_at, waits_for = x.waits_for,
                reason = x.reason, paused_by = x.paused_by, signal = x.signal, ticket = x.ticket, fence = x.fence, held_by = x.held_by, journal = x.journal,
                journal_open = x.journal_open, outputs = coalesce(x.outputs, r.outputs), frames = x.frames, outcome = x.outcome, error = x.error, completed_at = x.completed_at, updated_at = $2::timestamptz
           from json_to_recordset($1::json) as x (id uuid, company_id uuid, state text, step_id text, since timestamptz, attempt integer, wake_at timestamptz,
             waits_for text[], reason text, paused_by text, signal jsonb, ticket uuid, fence integer, held_by uuid, journal integer, journal_open boolean,
             outputs jsonb, frames jsonb, outcome text, error text, completed_at timestamptz)
          where r.id = x.id and r.company_id = x.company_id`,
};
const JOURNAL: Statement = {
  name: 'engine.journal_write',
  text: `insert into run_steps (run_id, place, company_id, step_id, type, attempt, turn, state, output, reason, error, wake_at, started_at, finished_at, worked_from)
         select run_id, place, company_id, step_id, type, attempt, turn, state, output, reason, error, wake_at, started_at, finished_at,
                case when state = 'open' then started_at end
           from json_to_recordset($1::json) as x (run_id uuid, place integer, company_id uuid, step_id text, type text, attempt integer, turn text, state text,
             output jsonb, reason text, error text, wake_at timestamptz, started_at timestamptz, finished_at timestamptz)
         on conflict (run_id, place) do update set state = excluded.state, output = excluded.output, reason = excluded.reason, error = excluded.error,
           wake_at = excluded.wake_at, finished_at = excluded.finished_at, worked_from = coalesce(excluded.worked_from, run_steps.worked_from)`,
};
const CLOSE_JOURNAL: Statement = {
  name: 'engine.journal_close',
  text: `update run_steps s set state = $3, reason = coalesce($4, s.reason), wake_at = null, finished_at = $2::timestamptz
           from unnest($1::uuid[], $5::integer[]) as open (run_id, place)
          where s.run_id = open.run_id and s.place = open.place and s.state in ('open', 'waiting')`,
};

/** What SAVE reads. */
const SAVED = [
  'id',
  'company_id',
  'state',
  'step_id',
  'since',
  'attempt',
  'wake_at',
  'waits_for',
  'reason',
  'paused_by',
  'signal',
  'ticket',
  'fence',
  'held_by',
  'journal',
  'journal_open',
  'outputs',
  'frames',
  'outcome',
  'error',
  'completed_at',
] as const satisfies readonly (keyof RunRow)[];

/** Rows that the caller has locked. */
export async function saveRuns(tx: Transaction, rows: readonly RunRow[], now: Date): Promise<void> {
  if (rows.length === 0) return;
  // Outputs are most of a run's bytes, and two of three saves change nothing in them.
  const saved = recordset(rows, SAVED, (row, column) => column === 'outputs' && written.get(row) === row.outputs);
  remembered([...rows]);
  await tx.query(SAVE, [saved, now]);
}

export async function writeJournal(tx: Transaction, rows: readonly JournalRow[]): Promise<void> {
  if (rows.length > 0) await tx.query(JOURNAL, [recordset(rows)]);
}

/** Ends the open attempts of these runs without a result of their own. */
export async function closeJournal(
  tx: Transaction,
  open: readonly { readonly id: string; readonly journal: number }[],
  state: 'lost' | 'cancelled',
  reason: string | null,
  now: Date,
): Promise<void> {
  if (open.length > 0) await tx.query(CLOSE_JOURNAL, [open.map((row) => row.id), now, state, reason, open.map((row) => row.journal)]);
}
