import { z } from 'zod';
import type { Statement, Transaction } from '#core/database/database.ts';
import { toPage } from '#core/operation/page.ts';
import { INTERACTION_TYPES, positionOf } from '#modules/people/public.ts';
import { ACTIVITY_KINDS, FEED_KINDS, type FeedKind } from './kinds.ts';

/** One line of the feed. */
export const Activity = z.object({
  id: z.uuid(),
  kind: z.enum(FEED_KINDS),
  person: z.object({ id: z.uuid(), name: z.string() }).nullable(),
  user: z.object({ id: z.uuid(), name: z.string() }).nullable().describe('Who did it; null: Steward itself, or the person'),
  direction: z.enum(['inbound', 'outbound', 'internal']).nullable(),
  text: z.string().describe('Beginning of what was said'),
  data: z.record(z.string(), z.json()).describe('What the kind tells: from, to, score …'),
  createdAt: z.date(),
});
export type Activity = z.output<typeof Activity>;

export interface FeedFilter {
  readonly kinds: readonly FeedKind[] | undefined;
  readonly userId: string | undefined;
  readonly limit: number;
  readonly cursor: string | undefined;
}

/**
 * Each source gives its newest page from an index that has its order, and the newest of those are the page: interactions_recent,
 * interactions_by_hand, interactions_created_by, activities_recent, activities_kind, activities_user, imports_recent.
 * $1 company, $2 rows, $3 and $4 the last row seen, $5 who.
 */
function sourcesOf({ kinds, userId, cursor }: FeedFilter): string[] {
  const wanted = new Set(kinds ?? FEED_KINDS);
  const tail = (column: string, who: string) =>
    `${userId === undefined ? '' : `and ${who} = $5::uuid`} ${cursor === undefined ? '' : `and (${column}, id) < ($3::timestamptz, $4::uuid)`}
       order by ${column} desc, id desc limit $2`;
  const touches = (where: string) =>
    `(select id, type as kind, person_id, created_by as user_id, direction, left(content, 300) as text,
        jsonb_strip_nulls(jsonb_build_object('subject', left(metadata ->> 'subject', 200), 'status', status, 'class', metadata ->> 'class', 'booking', case when channel = 'calendar' then true end)) as data, created_at
       from interactions where company_id = $1 ${where} ${tail('created_at', 'created_by')})`;
  const facts = (where: string) =>
    `(select id, kind, person_id, user_id, null as direction, '' as text, data, created_at
       from activities where company_id = $1 ${where} ${tail('created_at', 'user_id')})`;
  const imports = `(select id, 'import' as kind, null::uuid as person_id, created_by as user_id, null as direction, filename as text,
      jsonb_build_object('state', state, 'created', created_count, 'merged', merged_count, 'opt_outs_kept', opt_outs_kept, 'refused', refused_count) as data, created_at
     from imports where company_id = $1 and not dry_run and state <> 'ready' ${tail('created_at', 'created_by')})`;
  const some = (all: readonly FeedKind[], column: string, source: (where: string) => string) => {
    if (all.every((kind) => wanted.has(kind))) return [source('')];
    // the kinds are words of ours, not of whoever asks
    return all.filter((kind) => wanted.has(kind)).map((kind) => source(`and ${column} = '${kind}'`));
  };
  return [...some(INTERACTION_TYPES, 'type', touches), ...some(ACTIVITY_KINDS, 'kind', facts), ...(wanted.has('import') ? [imports] : [])];
}

function statementOf(filter: FeedFilter): Statement {
  // unnamed: planned for its sources, of which there are many mixtures
  return {
    name: '',
    text: `select f.id, f.kind, f.direction, f.text, f.data, f.created_at as "createdAt",
             case when p.id is null then null else jsonb_build_object('id', p.id, 'name', coalesce(nullif(p.full_name, ''), p.email, p.phone, 'Somebody')) end as person,
             case when u.id is null then null else jsonb_build_object('id', u.id, 'name', coalesce(nullif(u.full_name, ''), u.email)) end as "user"
           from (select * from (${sourcesOf(filter).join(' union all ')}) every order by created_at desc, id desc limit $2) f
           left join people p on p.id = f.person_id and p.company_id = $1
           left join users u on u.id = f.user_id and u.company_id = $1
          order by f.created_at desc, f.id desc`,
  };
}

export async function feed(tx: Transaction, companyId: string, filter: FeedFilter) {
  const position = filter.cursor === undefined ? [null, null] : positionOf(filter.cursor);
  const given = [companyId, filter.limit + 1, ...position, filter.userId ?? null];
  // PostgreSQL wants to know the type of each parameter, used or not
  const text = statementOf(filter).text.replace('select f.id', 'select $3::timestamptz, $4::uuid, $5::uuid, f.id');
  const rows = await tx.query<Activity>({ name: '', text }, given);
  return toPage(
    rows.map(({ id, kind, person, user, direction, text: said, data, createdAt }) => ({
      id,
      kind,
      person,
      user,
      direction,
      text: said,
      data,
      createdAt,
    })),
    filter.limit,
    (row) => [row.createdAt.getTime(), row.id],
  );
}
