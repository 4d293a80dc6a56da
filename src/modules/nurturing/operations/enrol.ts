import { z } from 'zod';
import { NotFound } from '#core/errors.ts';
import { newId } from '#core/ids.ts';
import { operation } from '#core/operation/operation.ts';
import type { Ctx } from '#core/operation/context.ts';
import type { Statement } from '#core/database/database.ts';
import { LEAD_NURTURING } from '../names.ts';

const LEADS: Statement = {
  name: 'nurturing.enrol.leads',
  text: `select l.id, l.person_id as "personId", l.status, p.opted_out_at is not null as "optedOut", p.email is not null as "hasEmail"
           from leads l join people p on p.id = l.person_id
          where l.company_id = $1 and l.id = any($2::uuid[])`,
};

interface LeadRow {
  readonly id: string;
  readonly personId: string;
  readonly status: string;
  readonly optedOut: boolean;
  readonly hasEmail: boolean;
}

const leadIds = z.array(z.uuid()).min(1).max(500).describe('Ids of the leads');

export const enrolLeads = operation({
  name: 'nurturing.enrol',
  summary: 'Start the nurturing sequence for these leads; says of each lead left out why',
  http: 'POST /api/lead-nurturing/enrol',
  cli: 'nurturing enrol',
  access: 'write',
  scope: 'nurturing:write',
  status: 200,
  input: z.object({ leadIds }),
  output: z.object({
    enrolled: z.array(z.object({ leadId: z.uuid(), runId: z.uuid() })),
    leftOut: z.array(z.object({ leadId: z.uuid(), reason: z.string() })),
  }),
  async run(ctx, { leadIds: wanted }) {
    const rows = await leadsOf(ctx, wanted);
    const leftOut = rows.flatMap((row) => {
      const reason = unfit(row);
      return reason === null ? [] : [{ leadId: row.id, reason }];
    });
    const fit = rows.filter((row) => unfit(row) === null);
    const runs = await ctx.runtime.engine.start(ctx, {
      companyId: ctx.companyId,
      workflow: LEAD_NURTURING,
      subjects: fit.map((row) => ({ type: 'lead', id: row.id, personId: row.personId })),
      trigger: { type: 'manual', id: newId() },
    });
    ctx.afterCommit(() => ctx.runtime.engine.nudge());
    return { enrolled: [...runs].map(([leadId, runId]) => ({ leadId, runId })), leftOut };
  },
});

export const unenrolLeads = operation({
  name: 'nurturing.unenrol',
  summary: 'End the nurturing sequence for these leads at once',
  http: 'POST /api/lead-nurturing/unenrol',
  cli: 'nurturing unenrol',
  access: 'write',
  scope: 'nurturing:write',
  status: 200,
  input: z.object({ leadIds }),
  output: z.object({ ended: z.int() }),
  async run(ctx, { leadIds: wanted }) {
    const rows = await leadsOf(ctx, wanted);
    const subjectIds = rows.map((row) => row.id);
    return {
      ended: await ctx.runtime.engine.cancel(
        ctx,
        { companyId: ctx.companyId, workflow: LEAD_NURTURING, subjectIds },
        'unenrolled by a person',
      ),
    };
  },
});

/** @throws NotFound when one of them is no lead of this company */
async function leadsOf(ctx: Ctx, ids: readonly string[]): Promise<LeadRow[]> {
  const rows = await ctx.query<LeadRow>(LEADS, [ctx.companyId, [...new Set(ids)]]);
  const missing = ids.find((id) => !rows.some((row) => row.id === id));
  if (missing !== undefined) throw new NotFound(`There is no lead ${missing}`);
  return rows;
}

function unfit(row: LeadRow): string | null {
  if (row.optedOut || row.status === 'unsubscribed') return 'opted out';
  if (row.status === 'converted' || row.status === 'lost') return `the lead is ${row.status}`;
  return row.hasEmail ? null : 'has no email address';
}
