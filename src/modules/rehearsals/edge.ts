import type { Statement, Transaction } from '#core/database/database.ts';

/** Why somebody is worth a look before anybody else. In the order in which they are shown. */
export const EDGES = [
  'opted_out',
  'no_email',
  'suppressed',
  'missing_name',
  'unusual_characters',
  'longest_name',
  'odd_time_zone',
  'replied',
  'other_sequence',
  'duplicate',
  'colleague_replied',
] as const;
export type Edge = (typeof EDGES)[number];

/** Of each kind. */
const MOST = 2;

// $1 company, $2 people, $3 the moment, $4 the workflow. One pass over the people; each kind ranks its own.
const FIND: Statement = {
  name: 'rehearsals.edges',
  text: `with meant as materialized (
      select p.id, p.full_name, p.first_name, p.email, p.time_zone, p.organisation_id, p.opted_out_at,
             coalesce(z.utc_offset, o.utc_offset) as zone, o.utc_offset as home
        from people p
        cross join lateral (select coalesce(c.settings ->> 'time_zone', 'UTC') as name from companies c where c.id = $1) own
        left join pg_timezone_names z on z.name = p.time_zone
        left join pg_timezone_names o on o.name = own.name
       where p.company_id = $1 and p.id = any ($2::uuid[])
    ), answers as materialized (
      select person_id from messages where company_id = $1 and direction = 'inbound' and not auto and created_at >= $3::timestamptz - interval '30 days'
    ), kinds as (
      select id, 'opted_out' as kind, 0::float8 as rank from meant where opted_out_at is not null
      union all select id, 'no_email', 0 from meant where email is null
      union all select m.id, 'suppressed', 0 from meant m join suppressions s on s.company_id = $1 and s.channel = 'email' and s.address = m.email where m.opted_out_at is null
      union all select id, 'missing_name', 0 from meant where coalesce(first_name, '') = ''
      union all select id, 'unusual_characters', length(full_name) from meant where full_name ~ '[^[:ascii:]À-ž’ʼ–]' or full_name ~ '[<>{}&|\\\\/@0-9]'
      union all select id, 'longest_name', -length(full_name) from meant where length(full_name) > 24
      union all select id, 'odd_time_zone', -abs(extract(epoch from zone - home)) - case when extract(minute from zone) <> 0 then 100000 else 0 end
          from meant where zone <> home or (time_zone is not null and zone is null)
      union all select m.id, 'replied', 0 from meant m where m.id in (select person_id from answers)
      union all select m.id, 'colleague_replied', 0 from meant m where m.organisation_id in (
          select q.organisation_id from people q where q.company_id = $1 and q.id in (select person_id from answers) and q.organisation_id is not null)
          and m.id not in (select person_id from answers where person_id is not null)
      union all select distinct m.id, 'other_sequence', 0 from meant m join runs r on r.person_id = m.id and r.company_id = $1 and r.state in ('running', 'waiting', 'paused') and r.workflow_id <> $4
      union all select m.id, 'duplicate', 0 from meant m join (
          select lower(full_name) as name from meant where full_name <> '' group by 1 having count(*) > 1) twice on lower(m.full_name) = twice.name
    ), ranked as (
      select id, kind, row_number() over (partition by kind order by rank, id) as place, count(*) over (partition by kind) as found from kinds
    )
    select id, kind, place::int, found::int from ranked where place <= ${MOST} order by kind, place`,
};

export interface Edges {
  /** Kinds by person. */
  readonly of: ReadonlyMap<string, Edge[]>;
  /** How many there are of each kind. */
  readonly found: Readonly<Record<string, number>>;
}

/** Picks, of each kind that is there, the two people who show it best. In the sandbox, before anything has happened. */
export async function findEdges(
  tx: Transaction,
  companyId: string,
  personIds: readonly string[],
  workflowId: string,
  now: Date,
): Promise<Edges> {
  const rows = await tx.query<{ id: string; kind: Edge; found: number }>(FIND, [companyId, personIds, now, workflowId]);
  const of = new Map<string, Edge[]>();
  for (const row of rows) of.set(row.id, [...(of.get(row.id) ?? []), row.kind]);
  return { of, found: Object.fromEntries(rows.map((row) => [row.kind, row.found])) };
}
