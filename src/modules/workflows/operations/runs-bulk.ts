import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { Conflict, InvalidInput, NotFound } from '#core/errors.ts';
import { newId } from '#core/ids.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { listPage } from '../list.ts';
import { runFilter, RUNS, searched } from '../runs/list.ts';
import type { RunState } from '../runs/present.ts';
import { RunChange } from '../shapes.ts';
import { asConflict } from './runs.ts';
import { userIdOf } from './workflows.ts';

/** Runs of one call, all in one transaction; more are more calls. */
const MOST = 5_000;
/** How long one may take it back. */
const UNDO_HOURS = 24;

const ACTIONS = ['cancel', 'pause', 'resume', 'retry'] as const;
type Action = (typeof ACTIONS)[number];
/** The states in which it does something. */
const FITTING: Record<Action, readonly RunState[]> = {
  cancel: ['running', 'waiting', 'paused'],
  pause: ['running', 'waiting'],
  resume: ['paused'],
  retry: ['failed', 'cancelled', 'running', 'waiting', 'paused'],
};

interface Found {
  readonly id: string;
  readonly state: RunState;
}

const which = {
  runIds: z
    .array(z.uuid())
    .min(1)
    .max(MOST)
    .optional()
    .describe(`Ids, ${MOST.toLocaleString('en')} at most`),
  filter: z
    .object(runFilter)
    .optional()
    .describe(`All that it finds, the newest ${MOST.toLocaleString('en')}`),
};

const BY_ID: Statement = { name: 'runs.bulk_ids', text: `select id, state from runs where company_id = $1 and id = any ($2::uuid[])` };

async function chosen(
  ctx: Ctx,
  input: { runIds?: string[] | undefined; filter?: z.output<z.ZodObject<typeof runFilter>> | undefined },
): Promise<Found[]> {
  if (input.runIds !== undefined) {
    const rows = await ctx.query<Found>(BY_ID, [ctx.companyId, input.runIds]);
    if (rows.length < new Set(input.runIds).size) throw new NotFound('Some of these runs do not exist; read the list again');
    return rows;
  }
  if (input.filter === undefined || Object.values(input.filter).every((value) => value === undefined))
    throw new InvalidInput('Say which runs: run_ids, or a filter', { fields: [{ path: 'filter', message: 'is missing' }] });
  const narrowed = { ...(await searched(ctx, input.filter)), whole: true };
  const listing = { ...RUNS, name: 'runs.bulk', select: 'select t.id, t.state from runs t join workflows w on w.id = t.workflow_id' };
  return (await listPage<Found>(ctx, ctx.companyId, listing, narrowed, { limit: MOST })).items;
}

const INSERT: Statement = {
  name: 'runs.bulk_insert',
  text: `insert into run_changes (id, company_id, action, changed, skipped, created_by, created_at) values ($1, $2, $3, $4, $5, $6, date_trunc('milliseconds', $7::timestamptz))`,
};
// The journal row of a wait that is cut off is opened again with it.
const KEEP: Statement = {
  name: 'runs.bulk_keep',
  text: `insert into run_change_rows (change_id, run_id, company_id, before)
         select $1, r.id, r.company_id, jsonb_build_object('state', r.state, 'wake_at', r.wake_at, 'waits_for', r.waits_for, 'reason', r.reason,
                  'paused_by', r.paused_by, 'journal_open', r.journal_open, 'outcome', r.outcome, 'entry', (select jsonb_build_object('state', s.state, 'reason', s.reason) from run_steps s where s.run_id = r.id and s.place = r.journal))
           from runs r where r.company_id = $2 and r.id = any ($3::uuid[])`,
};

/** What is left out counts with its reason. Cancel, pause and resume can be taken back for a day; what goes on can't. */
export const bulkRuns = operation({
  name: 'runs.bulk',
  summary: 'Cancel, pause, resume or retry many runs, by ids or by a filter; retry may go on by the newest version',
  http: 'POST /api/runs/bulk',
  cli: 'runs bulk',
  access: 'write',
  role: 'manager',
  status: 200,
  input: z.object({
    action: z.enum(ACTIONS),
    ...which,
    stepId: z.string().min(1).max(100).optional().describe('retry: from this step; default: where each stands'),
    newest: z.boolean().default(false).describe('retry: by the version that new runs get, with the outputs recorded so far'),
  }),
  output: RunChange,
  async run(ctx, input) {
    const runs = await chosen(ctx, input);
    const fitting = runs.filter((run) => FITTING[input.action].includes(run.state)).map((run) => run.id);
    const reasons = Map.groupBy(
      runs.filter((run) => !FITTING[input.action].includes(run.state)),
      (run) => `It is ${run.state}`,
    );
    const counts = new Map([...reasons].map(([reason, left]) => [reason, left.length]));
    const id = newId();
    let changed = fitting.length;
    if (input.action === 'retry') {
      const options = {
        ...(input.stepId === undefined ? {} : { stepId: input.stepId }),
        ...(input.newest ? { version: 'newest' as const } : {}),
      };
      const retried = await asConflict(() => ctx.runtime.engine.retryMany(ctx, { companyId: ctx.companyId, runIds: fitting, ...options }));
      changed = retried.done.length;
      for (const { reason } of retried.skipped) counts.set(reason, (counts.get(reason) ?? 0) + 1);
    }
    await ctx.query(INSERT, [id, ctx.companyId, input.action, changed, runs.length - changed, userIdOf(ctx), ctx.clock.now()]);
    if (input.action !== 'retry' && fitting.length > 0) {
      await ctx.query(KEEP, [id, ctx.companyId, fitting]);
      const selection = { companyId: ctx.companyId, runIds: fitting };
      if (input.action === 'cancel') await ctx.runtime.engine.cancel(ctx, selection, 'cancelled by a person');
      if (input.action === 'pause') await ctx.runtime.engine.pause(ctx, selection, 'paused by a person');
      if (input.action === 'resume') await ctx.runtime.engine.resume(ctx, selection);
    }
    ctx.subject('run_changes', id);
    ctx.afterCommit(() => ctx.runtime.engine.nudge());
    return {
      id,
      action: input.action,
      changed,
      skipped: runs.length - changed,
      reasons: [...counts].map(([reason, count]) => ({ reason, count })),
      undoable: input.action !== 'retry' && changed > 0,
    };
  },
});

const LOCK: Statement = {
  name: 'runs.bulk_lock',
  text: `select action, changed, undone_at, created_at from run_changes where company_id = $1 and id = $2 for update`,
};
const UNDONE: Statement = { name: 'runs.bulk_undone', text: `update run_changes set undone_at = $3 where company_id = $1 and id = $2` };
const ROWS: Statement = {
  name: 'runs.bulk_rows',
  text: `select r.id, r.state from run_change_rows c join runs r on r.id = c.run_id and r.company_id = c.company_id
          where c.company_id = $1 and c.change_id = $2`,
};
/** Runs that are still as they were left, and beside which no other began. */
const BRING_BACK: Statement = {
  name: 'runs.bulk_bring_back',
  text: `with back as (
      update runs r set state = case when c.before ->> 'state' = 'paused' then 'paused' else 'waiting' end,
             wake_at = case when c.before ->> 'state' = 'running' then $3::timestamptz else (c.before ->> 'wake_at')::timestamptz end,
             waits_for = array(select jsonb_array_elements_text(c.before -> 'waits_for')), reason = c.before ->> 'reason', paused_by = c.before ->> 'paused_by',
             journal_open = coalesce((c.before ->> 'journal_open')::boolean and c.before -> 'entry' ->> 'state' = 'waiting', false),
             outcome = null, completed_at = null, updated_at = $3::timestamptz
        from run_change_rows c
       where c.company_id = $1 and c.change_id = $2 and r.id = c.run_id and r.company_id = c.company_id and r.state = 'cancelled' and r.outcome = 'cancelled'
         and (not r.solo or not exists (select from runs o where o.workflow_id = r.workflow_id and o.subject_id = r.subject_id and o.company_id = r.company_id
               and o.solo and o.state in ('running', 'waiting', 'paused')))
      returning r.id, r.journal, r.journal_open, (c.before ->> 'wake_at')::timestamptz as wake_at, c.before -> 'entry' ->> 'reason' as reason
    ), opened as (
      update run_steps s set state = 'waiting', finished_at = null, wake_at = back.wake_at, reason = back.reason from back
       where back.journal_open and s.run_id = back.id and s.place = back.journal and s.company_id = $1
    )
    select id from back`,
};

export const undoBulkRuns = operation({
  name: 'runs.bulk_undo',
  summary: 'Take a bulk change of runs back: cancelled ones stand where they stood, paused ones go on, resumed ones pause',
  http: 'POST /api/runs/bulk/{change_id}/undo',
  cli: 'runs bulk-undo',
  access: 'write',
  role: 'manager',
  status: 200,
  input: z.object({ changeId: z.uuid().describe('Id of the bulk change') }),
  output: z.object({ undone: z.int(), refused: z.int().describe('Runs to which something happened since') }),
  async run(ctx, input) {
    const [change] = await ctx.query<{ action: Action; changed: number; undone_at: Date | null; created_at: Date }>(LOCK, [
      ctx.companyId,
      input.changeId,
    ]);
    if (change === undefined) throw new NotFound('There is no such bulk change');
    if (change.action === 'retry') throw new Conflict('What went on can’t be taken back; cancel those runs instead');
    if (change.undone_at !== null) throw new Conflict('This was taken back already');
    const now = ctx.clock.now();
    if (now.getTime() - change.created_at.getTime() > UNDO_HOURS * 3_600_000)
      throw new Conflict(`This is older than ${UNDO_HOURS} hours; steer the runs one by one`);
    const undone = await takeBack(ctx, input.changeId, change.action, now);
    await ctx.query(UNDONE, [ctx.companyId, input.changeId, now]);
    ctx.subject('run_changes', input.changeId);
    ctx.afterCommit(() => ctx.runtime.engine.nudge());
    return { undone, refused: change.changed - undone };
  },
});

async function takeBack(ctx: Ctx, id: string, action: Exclude<Action, 'retry'>, now: Date): Promise<number> {
  if (action === 'cancel') return (await asConflict(() => ctx.query<{ id: string }>(BRING_BACK, [ctx.companyId, id, now]))).length;
  const rows = await ctx.query<Found>(ROWS, [ctx.companyId, id]);
  const states: readonly RunState[] = action === 'pause' ? ['paused'] : ['running', 'waiting'];
  const runIds = rows.filter((row) => states.includes(row.state)).map((row) => row.id);
  if (runIds.length === 0) return 0;
  const selection = { companyId: ctx.companyId, runIds };
  return action === 'pause' ? ctx.runtime.engine.resume(ctx, selection) : ctx.runtime.engine.pause(ctx, selection, 'paused by a person');
}
