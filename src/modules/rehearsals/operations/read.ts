import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { operation } from '#core/operation/operation.ts';
import { pageInput, pageOf, toPage } from '#core/operation/page.ts';
import { positionOf } from '#modules/people/public.ts';
import { changesSince, Parts, watermark, workflowRow } from '#modules/workflows/public.ts';
import { audienceOf } from '../audience.ts';
import { RehearsalNotFound } from '../errors.ts';
import { COLUMNS, FROM, getRehearsal, Rehearsal, RehearsalRow } from '../rehearsal.ts';
import { Request } from '../request.ts';
import { REHEARSAL_STATES } from '../tables.ts';

const rehearsalId = z.uuid().describe('Id of the rehearsal');

export const getRehearsalOperation = operation({
  name: 'rehearsals.get',
  summary: 'A rehearsal with what came of it: days, funnel, who is blocked, cost, warnings',
  http: 'GET /api/rehearsals/{rehearsal_id}',
  cli: 'rehearsals get',
  access: 'read',
  input: z.object({ rehearsalId }),
  output: Rehearsal,
  errors: [RehearsalNotFound],
  run: (ctx, input) => getRehearsal(ctx, ctx.companyId, input.rehearsalId),
});

const LIST: Statement = {
  name: 'rehearsals.list',
  text: `select ${COLUMNS} from ${FROM} where t.company_id = $1 and ($3::uuid is null or t.workflow_id = $3) and ($4::text is null or t.state = $4)
            and ($5::timestamptz is null or (t.created_at, t.id) < ($5, $6::uuid)) order by t.created_at desc, t.id desc limit $2`,
};

export const listRehearsals = operation({
  name: 'rehearsals.list',
  summary: 'Rehearsals of the last 30 days, newest first',
  http: 'GET /api/rehearsals',
  cli: 'rehearsals list',
  access: 'read',
  input: z.object({
    ...pageInput,
    workflowId: z.uuid().optional().describe('Of this workflow'),
    state: z.enum(REHEARSAL_STATES).optional(),
  }),
  output: pageOf(RehearsalRow),
  async run(ctx, { limit, cursor, workflowId, state }) {
    const [at, id] = cursor === undefined ? [null, null] : positionOf(cursor);
    const rows = await ctx.query<z.output<typeof RehearsalRow>>(LIST, [
      ctx.companyId,
      limit + 1,
      workflowId ?? null,
      state ?? null,
      at,
      id,
    ]);
    return toPage(rows, limit, (row) => [row.createdAt.getTime(), row.id]);
  },
});

const MADE_FROM: Statement = {
  name: 'rehearsals.made_from',
  text: 'select request, parts from rehearsals where company_id = $1 and id = $2',
};
const STAMPS: Statement = {
  name: 'rehearsals.stamps',
  text: 'select person_id as id, stamp from rehearsal_people where company_id = $1 and rehearsal_id = $2',
};

export const checkRehearsal = operation({
  name: 'rehearsals.check',
  summary: 'Is what would be launched now still what was rehearsed? Says what has changed: steps, settings, templates, sending, people',
  http: 'GET /api/rehearsals/{rehearsal_id}/check',
  cli: 'rehearsals check',
  access: 'read',
  input: z.object({ rehearsalId }),
  output: z.object({
    hash: z.string().describe('Of the rehearsal'),
    now: z.string().describe('Of what would be launched now'),
    same: z.boolean(),
    changes: z.array(z.object({ part: z.string(), says: z.string() })),
  }),
  errors: [RehearsalNotFound],
  async run(ctx, input) {
    const rehearsal = await getRehearsal(ctx, ctx.companyId, input.rehearsalId);
    const [made] = await ctx.query<{ request: unknown; parts: unknown }>(MADE_FROM, [ctx.companyId, rehearsal.id]);
    const request = Request.parse(made?.request);
    const workflow = await workflowRow(ctx, ctx.companyId, rehearsal.workflowId);
    // A launch takes the current version, whatever was rehearsed.
    const { definition } = workflow;
    const audience =
      definition.subject === 'company' ? { personIds: [], leadIds: [] } : await audienceOf(ctx, ctx.runtime, ctx.companyId, request);
    const current = await watermark(ctx, ctx.companyId, workflow.id, definition, audience);
    if (rehearsal.state !== 'done')
      return { hash: '', now: current.hash, same: false, changes: [{ part: 'rehearsal', says: `The rehearsal is ${rehearsal.state}` }] };
    const stamps = await ctx.query<{ id: string; stamp: string }>(STAMPS, [ctx.companyId, rehearsal.id]);
    const then = { parts: Parts.parse(made?.parts), stamps: new Map(stamps.map((row) => [row.id, row.stamp])) };
    return {
      hash: rehearsal.hash ?? '',
      now: current.hash,
      same: rehearsal.hash === current.hash,
      changes: changesSince(then, current, true),
    };
  },
});
