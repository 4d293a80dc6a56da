import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { ConditionSchema } from '#core/engine/conditions.ts';
import { newId } from '#core/ids.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { pageInput, pageOf, toPage } from '#core/operation/page.ts';
import { positionOf, tidy } from '#modules/people/public.ts';
import { SegmentInUse, SegmentNameTaken, SegmentNotFound } from '../errors.ts';
import { personsWhere } from '../fields/registry.ts';
import { changeByIds, evaluate } from '../members.ts';
import { getSegment, lockSegment, Segment, SEGMENT_COLUMNS } from '../segment.ts';
import { SEGMENT_KINDS } from '../tables.ts';
import { usesOf, Use } from '../uses.ts';

export const segmentId = () => z.uuid().describe('Id of the segment');
const name = () => z.string().trim().min(1).max(120).transform(tidy);

const LIST: Statement = {
  name: 'segments.list',
  text: `select ${SEGMENT_COLUMNS} from segments s where s.company_id = $1 and ($2::text is null or s.kind = $2)
           and ($3::timestamptz is null or (s.created_at, s.id) < ($3, $4::uuid)) order by s.created_at desc, s.id desc limit $5`,
};

export const listSegments = operation({
  name: 'segments.list',
  summary: 'List segments and static lists, newest first',
  http: 'GET /api/segments',
  cli: 'segments list',
  access: 'read',
  input: z.object({ ...pageInput, kind: z.enum(SEGMENT_KINDS).optional() }),
  output: pageOf(Segment),
  async run(ctx, { limit, cursor, kind }) {
    const [at, id] = cursor === undefined ? [null, null] : positionOf(cursor);
    const rows = await ctx.query<Segment>(LIST, [ctx.companyId, kind ?? null, at, id, limit + 1]);
    return toPage(rows, limit, (row) => [row.createdAt.getTime(), row.id]);
  },
});

const DAYS: Statement = {
  name: 'segments.days',
  text: `select to_char(day, 'YYYY-MM-DD') as day, entered, departed from segment_days where segment_id = $1 and company_id = $2 and day > ($3::timestamptz - interval '90 days')::date order by day`,
};

export const getSegmentOperation = operation({
  name: 'segments.get',
  summary: 'Read one segment: its condition, members by day, and what uses it',
  http: 'GET /api/segments/{segment_id}',
  cli: 'segments get',
  access: 'read',
  input: z.object({ segmentId: segmentId() }),
  output: Segment.extend({
    days: z
      .array(z.object({ day: z.string(), entered: z.int(), departed: z.int() }))
      .describe('Days of the last 90 on which somebody came or went'),
    usedBy: z.array(Use),
  }),
  errors: [SegmentNotFound],
  async run(ctx, input) {
    const segment = await getSegment(ctx, ctx.companyId, input.segmentId);
    const days = await ctx.query<{ day: string; entered: number; departed: number }>(DAYS, [segment.id, ctx.companyId, ctx.clock.now()]);
    return { ...segment, days, usedBy: await usesOf(ctx, ctx.companyId, segment.id) };
  },
});

const INSERT: Statement = {
  name: 'segments.insert',
  text: `insert into segments (id, company_id, name, name_key, kind, condition, due_at, created_by, created_at, updated_at)
         values ($1, $2, $3, lower($3), $4, $5, $6, $7, $8, $8) on conflict (company_id, name_key) do nothing returning id`,
};

export const createSegment = operation({
  name: 'segments.create',
  summary: 'Create a segment from a condition, or a static list from people',
  http: 'POST /api/segments',
  cli: 'segments create',
  access: 'write',
  input: z
    .object({
      name: name(),
      condition: ConditionSchema.optional().describe('Who belongs to it; absent: a list that you keep by hand'),
      personIds: z.array(z.uuid()).max(10_000).optional().describe('First people of a static list'),
    })
    .refine((input) => input.condition === undefined || input.personIds === undefined, {
      path: ['personIds'],
      error: 'A segment with a condition finds its people itself: leave person_ids out',
    }),
  output: Segment,
  errors: [SegmentNameTaken],
  async run(ctx, input) {
    const id = newId();
    const now = ctx.clock.now();
    const { condition = null } = input;
    if (condition !== null) await personsWhere(ctx, ctx.runtime, ctx.companyId, condition);
    const rows = await ctx.query<{ id: string }>(INSERT, [
      id,
      ctx.companyId,
      input.name,
      condition === null ? 'static' : 'dynamic',
      condition === null ? null : JSON.stringify(condition),
      condition === null ? null : now,
      userOf(ctx),
      now,
    ]);
    if (rows.length === 0) throw nameTaken(input.name);
    if (input.personIds !== undefined && input.personIds.length > 0)
      await changeByIds(ctx, ctx.runtime, await lockSegment(ctx, ctx.companyId, id), input.personIds, true);
    ctx.afterCommit(() => ctx.runtime.engine.nudge());
    return getSegment(ctx, ctx.companyId, id);
  },
});

const UPDATE: Statement = {
  name: 'segments.update',
  text: `update segments set name = coalesce($3, name), name_key = lower(coalesce($3, name)), condition = coalesce($4::jsonb, condition),
           due_at = case when $4::jsonb is null then due_at else $5::timestamptz end, updated_at = $5 where id = $1 and company_id = $2`,
};
const NAMESAKE: Statement = {
  name: 'segments.namesake',
  text: 'select id from segments where company_id = $1 and name_key = lower($2) and id <> $3',
};

export const updateSegment = operation({
  name: 'segments.update',
  summary: 'Rename a segment or change its condition; members follow within a minute',
  http: 'PUT /api/segments/{segment_id}',
  cli: 'segments update',
  access: 'write',
  input: z.object({ segmentId: segmentId(), name: name().optional(), condition: ConditionSchema.optional() }),
  output: Segment,
  errors: [SegmentNotFound, SegmentNameTaken, SegmentInUse],
  async run(ctx, input) {
    const segment = await lockSegment(ctx, ctx.companyId, input.segmentId);
    ctx.expectVersion(segment);
    if (input.condition !== undefined) {
      if (segment.kind === 'static') throw new SegmentInUse('A static list has no condition; make a new segment for one');
      await personsWhere(ctx, ctx.runtime, ctx.companyId, input.condition);
    }
    if (input.name !== undefined) {
      const taken = await ctx.query(NAMESAKE, [ctx.companyId, input.name, segment.id]);
      if (taken.length > 0) throw nameTaken(input.name);
    }
    const condition = input.condition === undefined ? null : JSON.stringify(input.condition);
    await ctx.query(UPDATE, [segment.id, ctx.companyId, input.name ?? null, condition, ctx.clock.now()]);
    return getSegment(ctx, ctx.companyId, segment.id);
  },
});

const DELETE: Statement = { name: 'segments.delete', text: 'delete from segments where id = $1 and company_id = $2' };

export const deleteSegment = operation({
  name: 'segments.delete',
  summary: 'Delete a segment; its people stay',
  http: 'DELETE /api/segments/{segment_id}',
  cli: 'segments delete',
  access: 'write',
  destructive: true,
  input: z.object({ segmentId: segmentId() }),
  output: z.null(),
  errors: [SegmentNotFound, SegmentInUse],
  async run(ctx, input) {
    const segment = await lockSegment(ctx, ctx.companyId, input.segmentId);
    ctx.expectVersion(segment);
    const [live] = (await usesOf(ctx, ctx.companyId, segment.id)).filter((use) => use.kind === 'workflow' && use.active);
    if (live !== undefined) throw new SegmentInUse(`${live.title} uses this segment; switch it off or change it first`);
    await ctx.query(DELETE, [segment.id, ctx.companyId]);
    ctx.subject('segments', segment.id);
    return null;
  },
});

export const refreshSegment = operation({
  name: 'segments.refresh',
  summary: 'Bring a segment up to date at once; otherwise it is looked at every minute or so',
  http: 'POST /api/segments/{segment_id}/refresh',
  cli: 'segments refresh',
  access: 'write',
  status: 200,
  input: z.object({ segmentId: segmentId() }),
  output: Segment,
  errors: [SegmentNotFound],
  async run(ctx, input) {
    await evaluate(ctx, ctx.runtime, await lockSegment(ctx, ctx.companyId, input.segmentId));
    ctx.afterCommit(() => ctx.runtime.engine.nudge());
    return getSegment(ctx, ctx.companyId, input.segmentId);
  },
});

const nameTaken = (taken: string) =>
  new SegmentNameTaken(`There is a segment called ${taken} already; choose another name`, {
    fields: [{ path: 'name', message: 'is taken' }],
  });

function userOf({ principal }: Ctx): string | null {
  return principal.kind === 'user' ? principal.userId : null;
}
