import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { Conflict, InvalidInput, NotFound } from '#core/errors.ts';
import { newId } from '#core/ids.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { pageInput, pageOf, toPage } from '#core/operation/page.ts';
import { leadFilter, LEAD_STATUSES, named, requireFilter } from '#modules/leads/public.ts';
import { peopleFilter, positionOf, readPeopleFilter, requireUser } from '#modules/people/public.ts';
import { BulkChange, BulkChangeNotFound, getChange, lockChange, settle, type Change } from './change.ts';
import { AT_ONCE, runChange, step } from './run.ts';
import { keepRows, selected } from './select.ts';
import { ACTIONS, NOUNS, type BulkSettings } from './tables.ts';

/** Old values are kept this long. */
const UNDO_DAYS = 7;
const MOST_IDS = 10_000;

const ids = (what: string) =>
  z
    .array(z.uuid())
    .min(1)
    .max(MOST_IDS)
    .optional()
    .describe(`Ids of the ${what}, ${MOST_IDS.toLocaleString('en')} at most`);
const tag = () =>
  z
    .string()
    .trim()
    .min(1)
    .max(60)
    .refine((name) => !name.includes(','), { error: 'has a comma; give several tags as a list' });

/** This cannot be taken back: it was already, or its time is over. */
export class NothingToUndo extends Conflict {
  override readonly code = 'nothing_to_undo';
}

const what = {
  noun: z.enum(NOUNS).default('leads'),
  action: z.enum(ACTIONS),
  leadIds: ids('leads'),
  personIds: ids('people'),
  filter: z.object(leadFilter).optional().describe('All leads that it finds, instead of ids'),
  peopleFilter: z.object(peopleFilter).optional().describe('All people that it finds, instead of ids; for noun people'),
  status: z.enum(LEAD_STATUSES).optional().describe('For set_status'),
  ownerId: z.uuid().nullable().optional().describe('For assign; null: nobody'),
  tags: z.array(tag()).min(1).max(20).optional().describe('For add_tags and remove_tags'),
};
const What = z.object(what);
type What = z.output<typeof What>;

/** @throws InvalidInput when the action lacks what it needs, or does not fit the noun */
function settingsOf(input: What): BulkSettings {
  const need = (field: string) => new InvalidInput(`${input.action} needs ${field}`, { fields: [{ path: field, message: 'is missing' }] });
  if (input.noun === 'people' && (input.action === 'set_status' || input.action === 'delete'))
    throw new InvalidInput(`${input.action} is for leads; people have no status and are erased one by one`, {
      fields: [{ path: 'action', message: 'is for leads' }],
    });
  switch (input.action) {
    case 'set_status':
      if (input.status === undefined) throw need('status');
      return { status: input.status };
    case 'assign':
      if (input.ownerId === undefined) throw need('owner_id');
      return { ownerId: input.ownerId };
    case 'add_tags':
    case 'remove_tags':
      if (input.tags === undefined) throw need('tags');
      return { tags: input.tags };
    case 'delete':
      return {};
  }
}

const INSERT: Statement = {
  name: 'bulk.insert',
  text: `insert into bulk_changes (id, company_id, noun, action, settings, total, created_by, undo_until, created_at, updated_at) values ($1, $2, $3, $4, $5, 0, $6, $7, $8, $8)`,
};
const TOTAL: Statement = { name: 'bulk.total', text: 'update bulk_changes set total = $3 where id = $1 and company_id = $2' };

async function prepare(ctx: Ctx, input: What): Promise<{ settings: BulkSettings; rows: ReturnType<typeof selected> }> {
  const settings = settingsOf(input);
  await requireUser(ctx, ctx.companyId, input.ownerId);
  await requireFilter(ctx, ctx.companyId, input.filter ?? {});
  const found = input.peopleFilter === undefined ? undefined : await readPeopleFilter(ctx, ctx.companyId, input.peopleFilter);
  return { settings, rows: selected(input.noun, { ...input, peopleFilter: found }, ctx.clock) };
}

export const checkBulk = operation({
  name: 'bulk.check',
  summary: 'How many rows a bulk change would touch; nothing is changed',
  http: 'POST /api/bulk/check',
  access: 'read',
  status: 200,
  input: What,
  output: z.object({ total: z.int(), undoDays: z.int().describe('How long it can be taken back') }),
  errors: [NotFound],
  async run(ctx, input) {
    const { text, values, asked } = (await prepare(ctx, input)).rows;
    const [row] = await ctx.query<{ n: number }>(named('bulk.check', `select count(*)::int as n from (${text}) as meant`), [
      ctx.companyId,
      ...values,
    ]);
    if (asked !== null && row?.n !== asked) throw new NotFound('Some of these rows do not exist; read the list again');
    return { total: row?.n ?? 0, undoDays: UNDO_DAYS };
  },
});

/**
 * Up to 2,000 rows are changed at once, in one transaction. More go on behind the answer in batches: its state is `running`,
 * its counts grow, a killed process takes it up again. Every row's old values are kept for a week.
 */
export const startBulk = operation({
  name: 'bulk.start',
  summary: 'Change many rows: status, owner, tags, or delete them; it can be taken back for a week',
  http: 'POST /api/bulk',
  cli: 'bulk start',
  access: 'write',
  input: What,
  output: BulkChange,
  errors: [NotFound],
  async run(ctx, input) {
    const { settings, rows } = await prepare(ctx, input);
    const id = newId();
    const at = ctx.clock.now();
    const by = 'userId' in ctx.principal ? ctx.principal.userId : null;
    const until = new Date(at.getTime() + UNDO_DAYS * 86_400_000);
    await ctx.query(INSERT, [id, ctx.companyId, input.noun, input.action, JSON.stringify(settings), by, until, at]);
    const total = await keepRows(ctx, ctx.companyId, id, rows);
    await ctx.query(TOTAL, [id, ctx.companyId, total]);
    await goOn(ctx, await lockChange(ctx, ctx.companyId, id), total);
    ctx.subject('bulk', id);
    return getChange(ctx, ctx.companyId, id);
  },
});

/** Few rows now; many behind the answer. */
async function goOn(ctx: Ctx, change: Change, rows: number): Promise<void> {
  if (rows <= AT_ONCE) {
    await step(ctx, ctx.runtime, change, AT_ONCE + 1);
    ctx.afterCommit(() => ctx.runtime.engine.nudge());
  } else {
    ctx.afterCommit(() => void runChange(ctx.runtime, ctx.companyId, change.id));
  }
}

export const getBulk = operation({
  name: 'bulk.get',
  summary: 'How far a bulk change is, and which rows were left out and why',
  http: 'GET /api/bulk/{bulk_id}',
  cli: 'bulk get',
  access: 'read',
  input: z.object({ bulkId: z.uuid() }),
  output: BulkChange,
  errors: [BulkChangeNotFound],
  run: (ctx, input) => getChange(ctx, ctx.companyId, input.bulkId),
});

const UNDO_STATE: Statement = {
  name: 'bulk.undo.state',
  text: 'select undo_until > $3 as "inTime", (changed - undone - refused) as rows from bulk_changes where id = $1 and company_id = $2',
};

/** A row that was changed since is left as it is and named in `left`. What a person withdrew (an opt-out) stays withdrawn. */
export const undoBulk = operation({
  name: 'bulk.undo',
  summary: 'Take a bulk change back; rows changed since are left alone and named',
  http: 'POST /api/bulk/{bulk_id}/undo',
  cli: 'bulk undo',
  access: 'write',
  status: 200,
  input: z.object({ bulkId: z.uuid() }),
  output: BulkChange,
  errors: [BulkChangeNotFound, NothingToUndo],
  async run(ctx, input) {
    const change = await lockChange(ctx, ctx.companyId, input.bulkId);
    const at = ctx.clock.now();
    const [found] = await ctx.query<{ inTime: boolean; rows: number }>(UNDO_STATE, [change.id, ctx.companyId, at]);
    if (change.state === 'running' || change.state === 'undoing') throw new NothingToUndo('This is still under way; wait until it is done');
    if (change.state === 'undone') throw new NothingToUndo('This was taken back already');
    if (found?.inTime !== true) throw new NothingToUndo(`This is older than ${UNDO_DAYS} days; its old values are gone`);
    await settle(ctx, change, 'undoing', at);
    await goOn(ctx, { ...change, state: 'undoing' }, found.rows);
    ctx.subject('bulk', change.id);
    return getChange(ctx, ctx.companyId, change.id);
  },
});

const BulkSummary = BulkChange.omit({ left: true });
const LIST: Statement = {
  name: 'bulk.list',
  text: `select id, company_id as "companyId", noun, action, settings, state, total, changed, skipped, undone, refused, error, created_by as "createdBy",
                undo_until as "undoUntil", created_at as "createdAt", updated_at as "updatedAt"
           from bulk_changes where company_id = $1 and ($3::timestamptz is null or (created_at, id) < ($3, $4::uuid)) order by created_at desc, id desc limit $2`,
};

export const listBulk = operation({
  name: 'bulk.list',
  summary: 'Bulk changes of the last week, newest first',
  http: 'GET /api/bulk',
  cli: 'bulk list',
  access: 'read',
  input: z.object(pageInput),
  output: pageOf(BulkSummary),
  async run(ctx, { limit, cursor }) {
    const [at, id] = cursor === undefined ? [null, null] : positionOf(cursor);
    const rows = await ctx.query<z.output<typeof BulkSummary>>(LIST, [ctx.companyId, limit + 1, at, id]);
    return toPage(rows, limit, (row) => [row.createdAt.getTime(), row.id]);
  },
});
