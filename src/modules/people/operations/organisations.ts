import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { Conflict } from '#core/errors.ts';
import { newId } from '#core/ids.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { pageInput, pageOf, toPage } from '#core/operation/page.ts';
import { positionOf } from '../cursor.ts';
import { domainName } from '../domain-name.ts';
import { OrganisationNotFound } from '../errors.ts';
import { organisationKey } from '../lookups.ts';
import { cut, tidy } from '../names.ts';

/** Another organisation has this name. */
export class OrganisationTaken extends Conflict {
  override readonly code = 'organisation_taken';
}

/** People still belong to it. */
export class OrganisationNotEmpty extends Conflict {
  override readonly code = 'organisation_not_empty';
}

const Organisation = z.object({
  id: z.uuid(),
  companyId: z.uuid(),
  name: z.string(),
  domain: z.string().nullable(),
  people: z.int().describe('How many people belong to it'),
  createdAt: z.date(),
  updatedAt: z.date(),
});
type Organisation = z.output<typeof Organisation>;

const COLUMNS = `o.id, o.company_id as "companyId", o.name, o.domain, o.created_at as "createdAt", o.updated_at as "updatedAt",
  (select count(*)::int from people p where p.organisation_id = o.id and p.company_id = o.company_id) as people`;

const FIRST: Statement = {
  name: 'organisations.list',
  text: `select ${COLUMNS} from organisations o where o.company_id = $1 order by o.created_at desc, o.id desc limit $2`,
};
const AFTER: Statement = {
  name: 'organisations.list.after',
  text: `select ${COLUMNS} from organisations o where o.company_id = $1 and (o.created_at, o.id) < ($3::timestamptz, $4::uuid) order by o.created_at desc, o.id desc limit $2`,
};
const BY_ID: Statement = {
  name: 'organisations.get',
  text: `select ${COLUMNS} from organisations o where o.id = $1 and o.company_id = $2`,
};

/** Names that begin so first. The trigram match is not leakproof; a function with the company inside looks (migrations/0071). */
const SEARCH: Statement = {
  name: 'organisations.search',
  text: `select ${COLUMNS} from steward_search_organisations($1, $2) as hit(id, rank) join organisations o on o.id = hit.id order by hit.rank desc, o.name_key`,
};

export const listOrganisations = operation({
  name: 'organisations.list',
  summary: 'List the firms that people work for, newest first',
  http: 'GET /api/organisations',
  cli: 'organisations list',
  access: 'read',
  input: z.object({
    ...pageInput,
    q: z.string().trim().max(200).optional().describe('Words of the name; the best hits come, one page of them'),
  }),
  output: pageOf(Organisation),
  async run(ctx, { limit, cursor, q }) {
    if (q !== undefined && q !== '') return { items: await ctx.query<Organisation>(SEARCH, [q, limit]), nextCursor: null };
    const rows =
      cursor === undefined
        ? await ctx.query<Organisation>(FIRST, [ctx.companyId, limit + 1])
        : await ctx.query<Organisation>(AFTER, [ctx.companyId, limit + 1, ...positionOf(cursor)]);
    return toPage(rows, limit, (row) => [row.createdAt.getTime(), row.id]);
  },
});

export const getOrganisation = operation({
  name: 'organisations.get',
  summary: 'Read one organisation',
  http: 'GET /api/organisations/{organisation_id}',
  cli: 'organisations get',
  access: 'read',
  input: z.object({ organisationId: z.uuid() }),
  output: Organisation,
  errors: [OrganisationNotFound],
  run: (ctx, { organisationId }) => readOrganisation(ctx, organisationId),
});

async function readOrganisation(ctx: Ctx, id: string): Promise<Organisation> {
  const [row] = await ctx.query<Organisation>(BY_ID, [id, ctx.companyId]);
  if (row === undefined) throw new OrganisationNotFound('There is no such organisation; list them with GET /api/organisations');
  return row;
}

const organisationName = () =>
  z
    .string()
    .max(1_000)
    .transform((text) => cut(tidy(text), 200))
    .refine((name) => name !== '', { error: 'is empty; give the organisation a name' });

const INSERT: Statement = {
  name: 'organisations.create',
  text: `insert into organisations (id, company_id, name, name_key, domain, created_at, updated_at) values ($2, $1, $3, $4, $5, $6, $6)
         on conflict (company_id, name_key) do nothing returning id`,
};

export const createOrganisation = operation({
  name: 'organisations.create',
  summary: 'Note an organisation that people belong to',
  http: 'POST /api/organisations',
  cli: 'organisations create',
  access: 'write',
  input: z.object({ name: organisationName(), domain: domainName().nullish().describe('Such as acme.com') }),
  output: Organisation,
  errors: [OrganisationTaken],
  async run(ctx, { name, domain }) {
    const id = newId();
    const made = await ctx.query(INSERT, [ctx.companyId, id, name, organisationKey(name), domain ?? null, ctx.clock.now()]);
    if (made.length === 0) throw new OrganisationTaken(`${name} is there already`, { fields: [{ path: 'name', message: 'is taken' }] });
    return readOrganisation(ctx, id);
  },
});

const LOCK: Statement = { name: 'organisations.lock', text: 'select id from organisations where company_id = $1 and id = $2 for update' };
const UPDATE: Statement = {
  name: 'organisations.update',
  text: `update organisations set name = $3, name_key = $4, domain = $5, updated_at = $6 where company_id = $1 and id = $2
            and not exists (select from organisations o where o.company_id = $1 and o.name_key = $4 and o.id <> $2) returning id`,
};

export const updateOrganisation = operation({
  name: 'organisations.update',
  summary: 'Rename an organisation, or change its domain',
  http: 'PUT /api/organisations/{organisation_id}',
  cli: 'organisations update',
  access: 'write',
  input: z.object({ organisationId: z.uuid(), name: organisationName().optional(), domain: domainName().nullish() }),
  output: Organisation,
  errors: [OrganisationNotFound, OrganisationTaken],
  async run(ctx, input) {
    await ctx.query(LOCK, [ctx.companyId, input.organisationId]);
    const before = await readOrganisation(ctx, input.organisationId);
    ctx.expectVersion(before);
    const name = input.name ?? before.name;
    const domain = input.domain === undefined ? before.domain : input.domain;
    const updated = await ctx.query(UPDATE, [ctx.companyId, before.id, name, organisationKey(name), domain, ctx.clock.now()]);
    if (updated.length === 0) {
      throw new OrganisationTaken(`There is an organisation ${name} already`, { fields: [{ path: 'name', message: 'is taken' }] });
    }
    return readOrganisation(ctx, before.id);
  },
});

const DELETE: Statement = {
  name: 'organisations.delete',
  text: `delete from organisations o where o.company_id = $1 and o.id = $2
            and not exists (select from people p where p.organisation_id = o.id and p.company_id = $1) returning id`,
};

export const deleteOrganisation = operation({
  name: 'organisations.delete',
  summary: 'Delete an organisation that nobody belongs to',
  http: 'DELETE /api/organisations/{organisation_id}',
  cli: 'organisations delete',
  access: 'write',
  destructive: true,
  input: z.object({ organisationId: z.uuid() }),
  output: z.object({}),
  errors: [OrganisationNotFound, OrganisationNotEmpty],
  async run(ctx, { organisationId }) {
    const { people } = await readOrganisation(ctx, organisationId);
    const gone = await ctx.query(DELETE, [ctx.companyId, organisationId]);
    if (gone.length === 0) throw new OrganisationNotEmpty(`${people} people belong to it; give them another organisation first`);
    return {};
  },
});
