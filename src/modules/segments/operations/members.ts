import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { ConditionSchema } from '#core/engine/conditions.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { pageInput, pageOf, toPage } from '#core/operation/page.ts';
import { InvalidInput, NotFound } from '#core/errors.ts';
import { positionOf } from '#modules/people/public.ts';
import { SegmentNotFound, SegmentNotStatic } from '../errors.ts';
import { changeByCondition, changeByIds } from '../members.ts';
import { getSegment, lockSegment } from '../segment.ts';
import { segmentId } from './segments.ts';

const Member = z.object({
  personId: z.uuid(),
  name: z.string(),
  email: z.string().nullable(),
  optedOut: z.boolean(),
  leadStatus: z.string().nullable(),
  enteredAt: z.date(),
});
type Member = z.output<typeof Member>;

const MEMBERS: Statement = {
  name: 'segments.members',
  text: `select m.person_id as "personId", p.full_name as name, p.email, p.opted_out_at is not null as "optedOut", l.status as "leadStatus", m.entered_at as "enteredAt"
           from (select * from segment_members where segment_id = $1 and company_id = $2
                    and ($3::timestamptz is null or (entered_at, person_id) < ($3, $4::uuid)) order by entered_at desc, person_id desc limit $5) m
           join people p on p.id = m.person_id and p.company_id = $2
           left join lateral (select status from leads l where l.person_id = p.id and l.company_id = $2
                               order by l.status not in ('converted', 'lost') desc, l.created_at desc limit 1) l on true
          order by m.entered_at desc, m.person_id desc`,
};

export const listMembers = operation({
  name: 'segments.members',
  summary: 'Members of a segment, the latest to enter first',
  http: 'GET /api/segments/{segment_id}/members',
  cli: 'segments members',
  access: 'read',
  input: z.object({ segmentId: segmentId(), ...pageInput }),
  output: pageOf(Member),
  errors: [SegmentNotFound],
  async run(ctx, { segmentId: id, limit, cursor }) {
    const segment = await getSegment(ctx, ctx.companyId, id);
    const [at, after] = cursor === undefined ? [null, null] : positionOf(cursor);
    const rows = await ctx.query<Member>(MEMBERS, [segment.id, ctx.companyId, at, after, limit + 1]);
    return toPage(rows, limit, (row) => [row.enteredAt.getTime(), row.personId]);
  },
});

const IDS: Statement = {
  name: 'segments.person_ids',
  text: 'select person_id as id from segment_members where segment_id = $1 and company_id = $2 order by entered_at desc, person_id desc limit 10000',
};

export const memberIds = operation({
  name: 'segments.person_ids',
  summary: 'Ids of the members, the latest 10,000: to enrol them in a sequence, or to change them together',
  http: 'GET /api/segments/{segment_id}/person-ids',
  cli: 'segments person-ids',
  access: 'read',
  input: z.object({ segmentId: segmentId() }),
  output: z.object({ personIds: z.array(z.uuid()), total: z.int() }),
  errors: [SegmentNotFound],
  async run(ctx, { segmentId: id }) {
    const segment = await getSegment(ctx, ctx.companyId, id);
    const rows = await ctx.query<{ id: string }>(IDS, [segment.id, ctx.companyId]);
    return { personIds: rows.map((row) => row.id), total: segment.memberCount };
  },
});

const who = {
  segmentId: segmentId(),
  personIds: z.array(z.uuid()).max(10_000).optional().describe('Ids of people, 10,000 at most'),
  condition: ConditionSchema.optional().describe('Everyone who fits this now'),
};
interface Who {
  readonly segmentId: string;
  readonly personIds?: readonly string[] | undefined;
  readonly condition?: z.output<typeof ConditionSchema> | undefined;
}
const PEOPLE: Statement = { name: 'segments.people_exist', text: 'select id from people where company_id = $1 and id = any ($2::uuid[])' };

async function change(ctx: Ctx, input: Who, enter: boolean) {
  const segment = await lockSegment(ctx, ctx.companyId, input.segmentId);
  if (segment.kind !== 'static')
    throw new SegmentNotStatic('This segment finds its people by its condition; change the condition, or make a static list');
  ctx.subject('segments', segment.id);
  ctx.afterCommit(() => ctx.runtime.engine.nudge());
  if (input.condition !== undefined) return changeByCondition(ctx, ctx.runtime, segment, input.condition, enter);
  const { personIds = [] } = input;
  if (personIds.length === 0)
    throw new InvalidInput('Say who: person_ids or a condition', { fields: [{ path: 'person_ids', message: 'or condition' }] });
  const known = await ctx.query(PEOPLE, [ctx.companyId, personIds]);
  if (known.length < new Set(personIds).size) throw new NotFound('Some of these people are not here; read the list again');
  return changeByIds(ctx, ctx.runtime, segment, personIds, enter);
}

export const addMembers = operation({
  name: 'segments.add',
  summary: 'Put people on a static list, by id or all who fit a condition',
  http: 'POST /api/segments/{segment_id}/members',
  cli: 'segments add',
  access: 'write',
  status: 200,
  input: z.object(who),
  output: z.object({ added: z.int() }),
  errors: [SegmentNotFound, SegmentNotStatic],
  run: async (ctx, input) => ({ added: (await change(ctx, input, true)).entered }),
});

export const removeMembers = operation({
  name: 'segments.remove',
  summary: 'Take people off a static list, by id or all who fit a condition',
  http: 'POST /api/segments/{segment_id}/members/remove',
  cli: 'segments remove',
  access: 'write',
  status: 200,
  input: z.object(who),
  output: z.object({ removed: z.int() }),
  errors: [SegmentNotFound, SegmentNotStatic],
  run: async (ctx, input) => ({ removed: (await change(ctx, input, false)).departed }),
});
