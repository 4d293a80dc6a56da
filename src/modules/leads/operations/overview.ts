import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { NotFound } from '#core/errors.ts';
import { operation } from '#core/operation/operation.ts';
import { countByStatus, countUpTo } from '../count.ts';
import { applyStatus } from '../status.ts';
import { LEAD_STATUSES } from '../tables.ts';
import { leadFilter, leadId, requireFilter, status } from './fields.ts';

/** A count that everybody waits for must not read a million rows; whoever has more sees "200,000+". */
const MOST_COUNTED = 200_000;

/** One index probe for each source that occurs, however many leads there are. */
const SOURCES: Statement = {
  name: 'leads.sources',
  text: `with recursive found as (
      (select source from leads where company_id = $1 and source is not null order by source limit 1)
      union all
      select (select l.source from leads l where l.company_id = $1 and l.source > f.source order by l.source limit 1) from found f where f.source is not null
    ) select source from found where source is not null limit 200`,
};

export const countLeads = operation({
  name: 'leads.counts',
  summary: 'How many leads there are by status, and which sources occur',
  http: 'GET /api/lead-nurturing/leads/counts',
  cli: 'leads counts',
  access: 'read',
  input: z.object(leadFilter),
  output: z.object({
    total: z.int(),
    byStatus: z.object(Object.fromEntries(LEAD_STATUSES.map((name) => [name, z.int()]))),
    sources: z.array(z.string()).describe('All that occur, whatever the filter'),
  }),
  async run(ctx, input) {
    await requireFilter(ctx, ctx.companyId, input);
    const [counts, sources] = await Promise.all([
      countByStatus(ctx, ctx.companyId, input, ctx.clock),
      ctx.query<{ source: string }>(SOURCES, [ctx.companyId]),
    ]);
    const byStatus = Object.fromEntries(LEAD_STATUSES.map((name) => [name, counts.find((row) => row.status === name)?.n ?? 0]));
    return { total: counts.reduce((sum, row) => sum + row.n, 0), byStatus, sources: sources.map((row) => row.source) };
  },
});

export const countLeadsFast = operation({
  name: 'leads.count',
  summary: 'How many leads a filter finds; stops counting at 200,000',
  http: 'GET /api/lead-nurturing/leads/count',
  cli: 'leads count',
  access: 'read',
  input: z.object(leadFilter),
  output: z.object({ count: z.int(), exact: z.boolean().describe('False: there are more') }),
  async run(ctx, input) {
    await requireFilter(ctx, ctx.companyId, input);
    const count = await countUpTo(ctx, ctx.companyId, input, ctx.clock, MOST_COUNTED + 1);
    return { count: Math.min(count, MOST_COUNTED), exact: count <= MOST_COUNTED };
  },
});

const KNOWN: Statement = {
  name: 'leads.known',
  text: 'select count(*)::int as n from leads where company_id = $1 and id = any($2::uuid[])',
};

export const setLeadStatus = operation({
  name: 'leads.set_status',
  summary: 'Move several leads to one status; who opted out stays so and is counted as skipped',
  http: 'POST /api/lead-nurturing/leads/status',
  access: 'write',
  input: z.object({ leadIds: z.array(leadId()).min(1).max(1_000), status: status() }),
  output: z.object({ changed: z.int(), skipped: z.int() }),
  async run(ctx, input) {
    const ids = [...new Set(input.leadIds)];
    const [known] = await ctx.query<{ n: number }>(KNOWN, [ctx.companyId, ids]);
    if (known?.n !== ids.length)
      throw new NotFound('Some of these leads do not exist; read the list again', {
        fields: [{ path: 'lead_ids', message: 'no such lead' }],
      });
    const changes = ids.map((id) => ({ companyId: ctx.companyId, leadId: id, to: input.status, reason: 'api' }));
    const { changed, events } = await applyStatus(ctx, changes, ctx.clock.now());
    events.forEach((event) => ctx.emit(event));
    return { changed: changed.length, skipped: ids.length - changed.length };
  },
});
