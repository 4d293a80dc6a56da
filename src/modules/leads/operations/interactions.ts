import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { operation } from '#core/operation/operation.ts';
import { pageInput, pageOf, toPage } from '#core/operation/page.ts';
import { DIRECTIONS, INTERACTION_COLUMNS, INTERACTION_TYPES, Interaction, positionOf, recordInteractions } from '#modules/people/public.ts';
import { getLead, LeadNotFound } from '../lead.ts';
import { leadId } from './fields.ts';

export const createInteraction = operation({
  name: 'interactions.create',
  summary: 'Record a touch with a lead: a call, a meeting, a mail that went elsewhere',
  http: 'POST /api/lead-nurturing/interactions',
  cli: 'interactions create',
  access: 'write',
  input: z.object({
    leadId: leadId(),
    type: z.enum(INTERACTION_TYPES),
    direction: z.enum(DIRECTIONS).default('outbound'),
    content: z.string().max(100_000).default(''),
    channel: z.string().trim().max(100).nullish(),
    status: z.string().trim().max(100).nullish(),
    metadata: z.record(z.string(), z.json()).default({}),
  }),
  output: Interaction,
  errors: [LeadNotFound],
  async run(ctx, input) {
    const lead = await getLead(ctx, ctx.companyId, input.leadId);
    const [row] = await recordInteractions(ctx, [
      {
        ...input,
        companyId: ctx.companyId,
        personId: lead.personId,
        createdBy: 'userId' in ctx.principal ? ctx.principal.userId : null,
        at: ctx.clock.now(),
      },
    ]);
    if (row === undefined) throw new LeadNotFound('This lead was deleted a moment ago');
    return row;
  },
});

const statements = new Map<string, Statement>();

function listStatement(byLead: boolean, byType: boolean, after: boolean): Statement {
  const name = ['interactions.list', byLead, byType, after].join('.');
  const known = statements.get(name);
  if (known !== undefined) return known;
  let position = 2;
  const where = [
    'i.company_id = $1',
    ...(byLead ? [`i.lead_id = $${++position}`] : []),
    ...(byType ? [`i.type = $${++position}`] : []),
    ...(after ? [`(i.created_at, i.id) < ($${++position}::timestamptz, $${++position}::uuid)`] : []),
  ];
  const text = `select ${INTERACTION_COLUMNS} from interactions i where ${where.join(' and ')} order by i.created_at desc, i.id desc limit $2`;
  const statement = { name, text };
  statements.set(name, statement);
  return statement;
}

export const listInteractions = operation({
  name: 'interactions.list',
  summary: 'List touches, newest first, of one lead or of all',
  http: 'GET /api/lead-nurturing/interactions',
  cli: 'interactions list',
  access: 'read',
  input: z.object({ ...pageInput, leadId: leadId().optional(), type: z.enum(INTERACTION_TYPES).optional() }),
  output: pageOf(Interaction),
  errors: [LeadNotFound],
  async run(ctx, { limit, cursor, leadId: lead, type }) {
    if (lead !== undefined) await getLead(ctx, ctx.companyId, lead);
    const after = cursor === undefined ? [] : positionOf(cursor);
    const values = [ctx.companyId, limit + 1, ...(lead === undefined ? [] : [lead]), ...(type === undefined ? [] : [type]), ...after];
    const rows = await ctx.query<Interaction>(listStatement(lead !== undefined, type !== undefined, cursor !== undefined), values);
    return toPage(rows, limit, (row) => [row.createdAt.getTime(), row.id]);
  },
});
