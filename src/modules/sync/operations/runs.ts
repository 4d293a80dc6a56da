import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { operation } from '#core/operation/operation.ts';
import { decodeCursor, pageInput, pageOf, toPage } from '#core/operation/page.ts';
import { beginRun } from '../run-row.ts';
import { getSource, SourceNotFound } from '../source.ts';
import { Run, RUN_COLUMNS } from './shapes.ts';
import { SourceAtWork, sourceId } from './sources.ts';

const ACTIVATE: Statement = {
  name: 'sync.sources.activate',
  text: `update sync_sources set state = 'active', updated_at = $3, error = null,
           next_run_at = case when every_minutes is null then null else $3::timestamptz + make_interval(mins => every_minutes) end where company_id = $1 and id = $2`,
};
const BY_ID: Statement = { name: 'sync.runs.one', text: `select ${RUN_COLUMNS} from sync_runs r where r.company_id = $1 and r.id = $2` };

export const runSource = operation({
  name: 'sources.run',
  summary: 'Read a source now. The first run reads everything and switches the source on',
  http: 'POST /api/sources/{source_id}/run',
  cli: 'sources run',
  access: 'write',
  role: 'manager',
  status: 200,
  input: z.object({ sourceId }),
  output: Run,
  errors: [SourceNotFound, SourceAtWork],
  async run(ctx, input) {
    const source = await getSource(ctx, ctx.companyId, input.sourceId, 'lock');
    const at = ctx.clock.now();
    const first = source.state === 'draft';
    const run = await beginRun(ctx, {
      companyId: ctx.companyId,
      sourceId: source.id,
      trigger: first ? 'first' : 'manual',
      everything: source.mark === null,
      at,
    });
    if (run === null) throw new SourceAtWork('It is being read already; look at its progress with GET /api/sources/{source_id}/runs');
    if (first) await ctx.query(ACTIVATE, [ctx.companyId, source.id, at]);
    ctx.subject('source', source.id);
    const [row] = await ctx.query<z.output<typeof Run>>(BY_ID, [ctx.companyId, run.id]);
    if (row === undefined) throw new SourceNotFound('The run is gone');
    return row;
  },
});

const STOP: Statement = {
  name: 'sync.runs.stop',
  text: `update sync_runs r set state = 'stopped', finished_at = $3, waits_until = null where r.company_id = $1 and r.source_id = $2 and r.state = 'running' returning ${RUN_COLUMNS}`,
};

export const stopSource = operation({
  name: 'sources.stop',
  summary: 'Stop the run that is under way. What came in stays, and the next run goes on there',
  http: 'POST /api/sources/{source_id}/stop',
  cli: 'sources stop',
  access: 'write',
  role: 'manager',
  status: 200,
  input: z.object({ sourceId }),
  output: z.object({ stopped: z.boolean().describe('false: nothing was under way') }),
  errors: [SourceNotFound],
  async run(ctx, input) {
    const source = await getSource(ctx, ctx.companyId, input.sourceId);
    ctx.subject('source', source.id);
    return { stopped: (await ctx.query(STOP, [ctx.companyId, source.id, ctx.clock.now()])).length > 0 };
  },
});

const RUNS: Statement = {
  name: 'sync.runs.list',
  text: `select ${RUN_COLUMNS} from sync_runs r where r.company_id = $1 and r.source_id = $2 and ($3::timestamptz is null or (r.started_at, r.id) < ($3::timestamptz, $4::uuid))
          order by r.started_at desc, r.id desc limit $5`,
};

export const listRuns = operation({
  name: 'sources.runs',
  summary: 'What was read of a source and when, the newest first; the one under way shows its progress',
  http: 'GET /api/sources/{source_id}/runs',
  cli: 'sources runs',
  access: 'read',
  input: z.object({ sourceId, ...pageInput }),
  output: pageOf(Run),
  errors: [SourceNotFound],
  async run(ctx, { sourceId: id, limit, cursor }) {
    await getSource(ctx, ctx.companyId, id);
    const [at, after] = cursor === undefined ? [null, null] : z.tuple([z.number(), z.uuid()]).parse(decodeCursor(cursor, 2));
    const rows = await ctx.query<z.output<typeof Run>>(RUNS, [ctx.companyId, id, at === null ? null : new Date(at), after, limit + 1]);
    return toPage(rows, limit, (row) => [row.startedAt.getTime(), row.id]);
  },
});

const Quality = z.object({
  day: z.string(),
  rows: z.int(),
  missing: z.int().describe('Without an address or a name'),
  malformed: z.int().describe('With something in it that can’t be read'),
  stale: z.int().describe('Touched by nobody there for a year'),
  duplicate: z.int().describe('Further records of somebody who has one'),
  outlier: z.int().describe('With a moment that can’t be'),
});
const QUALITY: Statement = {
  name: 'sync.quality.list',
  text: `select to_char(day, 'YYYY-MM-DD') as day, rows, missing, malformed, stale, duplicate, outlier from sync_quality
          where company_id = $1 and source_id = $2 and day > $3::date - 90 order by day`,
};

export const sourceQuality = operation({
  name: 'sources.quality',
  summary: 'How good the rows of a source are, day by day, ninety days at most',
  http: 'GET /api/sources/{source_id}/quality',
  cli: 'sources quality',
  access: 'read',
  input: z.object({ sourceId }),
  output: z.object({ items: z.array(Quality), nextCursor: z.null() }),
  errors: [SourceNotFound],
  async run(ctx, input) {
    await getSource(ctx, ctx.companyId, input.sourceId);
    const day = ctx.clock.now().toISOString().slice(0, 10);
    return { items: await ctx.query<z.output<typeof Quality>>(QUALITY, [ctx.companyId, input.sourceId, day]), nextCursor: null };
  },
});
