import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { Forbidden, InvalidInput, NotFound } from '#core/errors.ts';
import { newId } from '#core/ids.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';

/** No such saved view, or one that is somebody else's alone. */
export class ViewNotFound extends NotFound {
  override readonly code = 'view_not_found';
}

const viewId = () => z.uuid().describe('Id of the saved view');
const list = () =>
  z
    .string()
    .trim()
    .regex(/^[a-z][a-z_]{0,39}$/, { error: 'is the name of a list, such as leads' });
const name = () => z.string().trim().min(1).max(80);
const query = () =>
  z
    .record(z.string().max(40), z.string().max(2_000))
    .refine((value) => Object.keys(value).length <= 40, { error: 'has more than 40 parameters' })
    .describe("The page's search parameters: filters, sort, layout");
const columns = () =>
  z
    .array(z.object({ key: z.string().max(80), width: z.number().int().min(40).max(1_200).optional() }))
    .max(60)
    .describe('Columns in order, width in pixels; empty: as the list comes');

export const SavedView = z.object({
  id: z.uuid(),
  companyId: z.uuid(),
  list: z.string(),
  name: z.string(),
  shared: z.boolean(),
  mine: z.boolean().describe('May be changed by whoever asks'),
  query: z.record(z.string(), z.string()),
  columns: z.array(z.object({ key: z.string(), width: z.number().optional() })),
  createdAt: z.date(),
  updatedAt: z.date(),
});
type SavedView = z.output<typeof SavedView>;

const COLUMNS = `v.id, v.company_id as "companyId", v.list, v.name, v.shared,
  (v.user_id is not distinct from $2::uuid or $3::boolean) as mine, v.query, v.columns, v.created_at as "createdAt", v.updated_at as "updatedAt"`;
/** Personal views are seen by their owner; those of a user who is gone by admins. */
const VISIBLE = `(v.shared or v.user_id is not distinct from $2::uuid
  or ($3::boolean and not exists (select from users u where u.id = v.user_id and u.deleted_at is null)))`;

const LIST: Statement = {
  name: 'views.list',
  text: `select ${COLUMNS} from saved_views v where v.company_id = $1 and ${VISIBLE} and v.list = $4 order by v.created_at, v.id limit 200`,
};
const GET: Statement = {
  name: 'views.get',
  text: `select ${COLUMNS} from saved_views v where v.company_id = $1 and ${VISIBLE} and v.id = $4`,
};
const DEFAULT: Statement = {
  name: 'views.default',
  text: 'select view_id as "viewId" from default_views where company_id = $1 and user_id = $2 and list = $3',
};
const INSERT: Statement = {
  name: 'views.insert',
  text: `insert into saved_views (id, company_id, list, name, shared, user_id, query, columns, created_at, updated_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)`,
};
const UPDATE: Statement = {
  name: 'views.update',
  text: `update saved_views set name = coalesce($3, name), shared = coalesce($4, shared), query = coalesce($5, query), columns = coalesce($6, columns), updated_at = $7
          where id = $1 and company_id = $2`,
};
const DELETE: Statement = { name: 'views.delete', text: 'delete from saved_views where id = $1 and company_id = $2' };
const SET_DEFAULT: Statement = {
  name: 'views.default.set',
  text: `insert into default_views (company_id, user_id, list, view_id) values ($1, $2, $3, $4) on conflict (user_id, list) do update set view_id = excluded.view_id`,
};
const CLEAR_DEFAULT: Statement = {
  name: 'views.default.clear',
  text: 'delete from default_views where company_id = $1 and user_id = $2 and list = $3',
};

const userOf = (ctx: Ctx): string | null => ('userId' in ctx.principal ? ctx.principal.userId : null);
const isAdmin = (ctx: Ctx): boolean => 'role' in ctx.principal && ctx.principal.role === 'admin';

/** @throws ViewNotFound */
async function viewOf(ctx: Ctx, id: string): Promise<SavedView> {
  const [view] = await ctx.query<SavedView>(GET, [ctx.companyId, userOf(ctx), isAdmin(ctx), id]);
  if (view === undefined) throw new ViewNotFound('There is no such view; list them with GET /api/views');
  return view;
}

/** @throws ViewNotFound, Forbidden */
async function ownView(ctx: Ctx, id: string): Promise<SavedView> {
  const view = await viewOf(ctx, id);
  if (!view.mine) throw new Forbidden('This view belongs to somebody else; save a copy of your own');
  return view;
}

export const listViews = operation({
  name: 'views.list',
  summary: 'Saved views of a list: your own and the shared ones, oldest first',
  http: 'GET /api/views',
  cli: 'views list',
  access: 'read',
  input: z.object({ list: list().default('leads') }),
  output: z.object({
    items: z.array(SavedView),
    nextCursor: z.string().nullable(),
    defaultViewId: z.uuid().nullable().describe('What your list opens with'),
  }),
  async run(ctx, input) {
    const items = await ctx.query<SavedView>(LIST, [ctx.companyId, userOf(ctx), isAdmin(ctx), input.list]);
    const [chosen] = await ctx.query<{ viewId: string }>(DEFAULT, [ctx.companyId, userOf(ctx), input.list]);
    return { items, nextCursor: null, defaultViewId: items.find((view) => view.id === chosen?.viewId)?.id ?? null };
  },
});

export const createView = operation({
  name: 'views.create',
  summary: 'Save how a list is filtered, sorted and laid out, for yourself or for everybody',
  http: 'POST /api/views',
  cli: 'views create',
  access: 'write',
  input: z.object({
    list: list(),
    name: name(),
    shared: z.boolean().default(false).describe('Everybody in the company sees it'),
    query: query().default({}),
    columns: columns().default([]),
  }),
  output: SavedView,
  async run(ctx, input) {
    const id = newId();
    const { query: parameters, columns: shown } = input;
    const values = [
      id,
      ctx.companyId,
      input.list,
      input.name,
      input.shared,
      userOf(ctx),
      JSON.stringify(parameters),
      JSON.stringify(shown),
      ctx.clock.now(),
    ];
    await ctx.query(INSERT, values);
    return viewOf(ctx, id);
  },
});

export const updateView = operation({
  name: 'views.update',
  summary: 'Change a saved view of yours; admins may change every shared one',
  http: 'PUT /api/views/{view_id}',
  cli: 'views update',
  access: 'write',
  input: z.object({
    viewId: viewId(),
    name: name().optional(),
    shared: z.boolean().optional(),
    query: query().optional(),
    columns: columns().optional(),
  }),
  output: SavedView,
  errors: [ViewNotFound],
  async run(ctx, input) {
    const view = await ownView(ctx, input.viewId);
    ctx.expectVersion(view);
    const json = (value: unknown) => (value === undefined ? null : JSON.stringify(value));
    const changes = [input.name ?? null, input.shared ?? null, json(input.query), json(input.columns)];
    await ctx.query(UPDATE, [view.id, ctx.companyId, ...changes, ctx.clock.now()]);
    return viewOf(ctx, view.id);
  },
});

export const deleteView = operation({
  name: 'views.delete',
  summary: 'Delete a saved view of yours; no row of the list is touched',
  http: 'DELETE /api/views/{view_id}',
  cli: 'views delete',
  access: 'write',
  destructive: true,
  input: z.object({ viewId: viewId() }),
  output: z.null(),
  errors: [ViewNotFound],
  async run(ctx, input) {
    const view = await ownView(ctx, input.viewId);
    ctx.expectVersion(view);
    await ctx.query(DELETE, [view.id, ctx.companyId]);
    ctx.subject('views', view.id);
    return null;
  },
});

export const setDefaultView = operation({
  name: 'views.set_default',
  summary: 'Choose the view that your list opens with; null: all rows',
  http: 'POST /api/views/default',
  cli: 'views set-default',
  access: 'write',
  status: 200,
  input: z.object({ list: list().default('leads'), viewId: viewId().nullable().default(null) }),
  output: z.object({ list: z.string(), viewId: z.uuid().nullable() }),
  errors: [ViewNotFound],
  async run(ctx, input) {
    const userId = userOf(ctx);
    if (userId === null) throw new InvalidInput('A default view belongs to a user; sign in as one');
    if (input.viewId === null) {
      await ctx.query(CLEAR_DEFAULT, [ctx.companyId, userId, input.list]);
      return { list: input.list, viewId: null };
    }
    const view = await viewOf(ctx, input.viewId);
    if (view.list !== input.list) throw new ViewNotFound(`This view is one of the list ${view.list}`);
    await ctx.query(SET_DEFAULT, [ctx.companyId, userId, view.list, view.id]);
    return { list: view.list, viewId: view.id };
  },
});
