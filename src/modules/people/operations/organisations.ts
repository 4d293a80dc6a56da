import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { operation } from '#core/operation/operation.ts';
import { pageInput, pageOf, toPage } from '#core/operation/page.ts';
import { positionOf } from '../cursor.ts';
import { OrganisationNotFound } from '../errors.ts';

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
  (select count(*)::int from people p where p.organisation_id = o.id) as people`;

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

export const listOrganisations = operation({
  name: 'organisations.list',
  summary: 'List the firms that people work for, newest first',
  http: 'GET /api/organisations',
  cli: 'organisations list',
  access: 'read',
  input: z.object(pageInput),
  output: pageOf(Organisation),
  async run(ctx, { limit, cursor }) {
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
  async run(ctx, { organisationId }) {
    const [row] = await ctx.query<Organisation>(BY_ID, [organisationId, ctx.companyId]);
    if (row === undefined) throw new OrganisationNotFound('There is no such organisation; list them with GET /api/organisations');
    return row;
  },
});
