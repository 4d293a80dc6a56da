import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { NotFound } from '#core/errors.ts';
import { operation } from '#core/operation/operation.ts';
import { decodeCursor, pageInput, pageOf, toPage } from '#core/operation/page.ts';
import { beginSearch, runSearch } from './find.ts';

/** These two are no pair of this company's list. */
export class PairNotFound extends NotFound {
  override readonly code = 'pair_not_found';
}

const Search = z.object({
  state: z.enum(['never', 'running', 'done', 'failed']),
  stage: z.string().nullable().describe('What it looks at: email, phone or name'),
  peopleSeen: z.int(),
  peopleTotal: z.int(),
  open: z.int().describe('Pairs that nobody has decided on'),
  error: z.string().nullable(),
  startedAt: z.date().nullable(),
  finishedAt: z.date().nullable(),
});
type Search = z.output<typeof Search>;

const STATUS: Statement = {
  name: 'people.duplicates.status',
  text: `select coalesce(s.state, 'never') as state, s.stage, coalesce(s.people_seen, 0) as "peopleSeen", coalesce(s.people_total, 0) as "peopleTotal", s.error, s.started_at as "startedAt", s.finished_at as "finishedAt",
           (select count(*)::integer from duplicate_pairs d where d.company_id = c.id and d.dismissed_at is null) as open
           from companies c left join duplicate_searches s on s.company_id = c.id where c.id = $1`,
};

export const searchDuplicates = operation({
  name: 'duplicates.search',
  summary: 'Look for people who may be one: same mailbox, same number, similar name at one company; in the background',
  http: 'POST /api/people/duplicates/search',
  cli: 'people find-duplicates',
  access: 'outside',
  status: 202,
  scope: 'people:write',
  input: z.object({ wait: z.boolean().default(false).describe('Answer only when it is done') }),
  output: Search,
  async run(ctx, input) {
    const { runtime, companyId } = ctx;
    const begun = await ctx.inCompany(companyId, (inner) => beginSearch(inner, companyId, ctx.clock.now()));
    if (begun) {
      const running = runSearch(runtime, companyId);
      if (input.wait) await running;
      else running.catch((error: unknown) => runtime.log.error({ err: error }, 'the search for duplicates could not note how it ended'));
    }
    const [status] = await runtime.database.read(companyId, (tx) => tx.query<Search>(STATUS, [companyId]));
    if (status === undefined) throw new Error('a company has a status');
    return status;
  },
});

export const duplicateStatus = operation({
  name: 'duplicates.status',
  summary: 'How far the search for duplicates is, and how many pairs are open',
  http: 'GET /api/people/duplicates/status',
  cli: 'people duplicate-status',
  access: 'read',
  scope: 'people:read',
  input: z.object({}),
  output: Search,
  async run(ctx) {
    const [status] = await ctx.query<Search>(STATUS, [ctx.companyId]);
    if (status === undefined) throw new Error('a company has a status');
    return status;
  },
});

const Side = z.object({
  id: z.uuid(),
  fullName: z.string(),
  email: z.string().nullable(),
  phone: z.string().nullable(),
  organisation: z.string().nullable(),
  optedOut: z.boolean(),
  createdAt: z.string(),
});
const Pair = z.object({
  score: z.int().describe('0 to 100: how sure it is'),
  reasons: z.array(
    z.enum(['same_address', 'plus_address', 'gmail_dots', 'same_phone', 'same_name_and_company', 'similar_name_and_company', 'same_name']),
  ),
  one: Side,
  other: Side,
});
type Pair = z.output<typeof Pair>;

const side = (p: string) =>
  `(select jsonb_build_object('id', p.id, 'fullName', p.full_name, 'email', p.email, 'phone', coalesce(p.phone, p.phone_raw), 'organisation', o.name, 'optedOut', p.opted_out_at is not null, 'createdAt', to_char(p.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
      from people p left join organisations o on o.id = p.organisation_id where p.id = ${p})`;
const COLUMNS = `d.score, d.reasons, ${side('d.a_id')} as one, ${side('d.b_id')} as other, d.a_id as "aId", d.b_id as "bId"`;
const LIST: Statement = {
  name: 'people.duplicates.list',
  text: `select ${COLUMNS} from duplicate_pairs d where d.company_id = $1 and d.dismissed_at is null order by d.score desc, d.a_id, d.b_id limit $2`,
};
const LIST_AFTER: Statement = {
  name: 'people.duplicates.list.after',
  text: `select ${COLUMNS} from duplicate_pairs d where d.company_id = $1 and d.dismissed_at is null
           and (d.score < $3 or (d.score = $3 and (d.a_id, d.b_id) > ($4::uuid, $5::uuid))) order by d.score desc, d.a_id, d.b_id limit $2`,
};

export const listDuplicates = operation({
  name: 'duplicates.list',
  summary: 'Pairs of people who may be one, the surest first, with the reasons',
  http: 'GET /api/people/duplicates',
  cli: 'people duplicates',
  access: 'read',
  scope: 'people:read',
  input: z.object(pageInput),
  output: pageOf(Pair),
  async run(ctx, input) {
    const values = [ctx.companyId, input.limit + 1];
    type Row = Pair & { aId: string; bId: string };
    const rows =
      input.cursor === undefined
        ? await ctx.query<Row>(LIST, values)
        : await ctx.query<Row>(LIST_AFTER, [...values, ...decodeCursor(input.cursor, 3)]);
    return toPage(rows, input.limit, (row) => [row.score, row.aId, row.bId]);
  },
});

const DISMISS: Statement = {
  name: 'people.duplicates.dismiss',
  text: `update duplicate_pairs set dismissed_at = case when $4 then $5::timestamptz end, dismissed_by = case when $4 then $6::uuid end
          where company_id = $1 and a_id = least($2::uuid, $3::uuid) and b_id = greatest($2::uuid, $3::uuid) returning a_id`,
};

export const dismissDuplicate = operation({
  name: 'duplicates.dismiss',
  summary: 'These two are not the same: never ask again (or do, after all)',
  http: 'PUT /api/people/{person_id}/not/{other_id}',
  cli: 'people not-the-same',
  access: 'write',
  scope: 'people:write',
  input: z.object({ personId: z.uuid(), otherId: z.uuid(), dismissed: z.boolean().default(true) }),
  output: z.object({ dismissed: z.boolean() }),
  errors: [PairNotFound],
  async run(ctx, input) {
    const by = 'userId' in ctx.principal ? ctx.principal.userId : null;
    const done = await ctx.query(DISMISS, [ctx.companyId, input.personId, input.otherId, input.dismissed, ctx.clock.now(), by]);
    if (done.length === 0) throw new PairNotFound('These two are no pair on the list; see GET /api/people/duplicates');
    ctx.subject('people', input.personId);
    return { dismissed: input.dismissed };
  },
});
