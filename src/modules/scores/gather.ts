import type { Statement, Transaction } from '#core/database/database.ts';
import type { Facts } from '#core/engine/types.ts';
import { TAG_NAMES_COLUMN } from '#modules/people/public.ts';
import type { Touch } from './compute.ts';

/** A lead with everything that its score is made of. */
export interface Candidate {
  readonly leadId: string;
  readonly personId: string;
  readonly name: string;
  readonly ownerId: string | null;
  readonly facts: Facts;
  readonly touches: readonly Touch[];
  /** As it stands; null: never worked out. */
  readonly before: {
    readonly score: number;
    readonly reached: number;
    readonly version: number;
    readonly history: readonly [number, number][];
  } | null;
}

/** Touches older than this no longer count, and of one person no more than the latest. */
const DAYS = 400;
const MOST_TOUCHES = 200;

type LeadRow = Omit<Candidate, 'touches' | 'before'> & {
  readonly touched: boolean;
  readonly score: number | null;
  readonly reached: number | null;
  readonly version: number | null;
  readonly history: readonly [number, number][] | null;
};

/** $3: closed ones, too. Leads and people are named here as the timeline does: one query, and nothing of it twice. */
const LEADS: Statement = {
  name: 'scores.leads',
  text: `select l.id as "leadId", l.person_id as "personId", coalesce(nullif(p.full_name, ''), p.email, 'Somebody') as name, l.owner_id as "ownerId",
           l.last_touch_at > $4::timestamptz - interval '${DAYS} days' as touched, s.score, s.reached, s.version, s.history,
           jsonb_build_object(
             'lead', jsonb_build_object('id', l.id, 'status', l.status, 'source', l.source, 'notes', l.notes, 'owner_id', l.owner_id, 'created_at', l.created_at),
             'person', jsonb_build_object('id', p.id, 'name', p.full_name, 'email', p.email, 'phone', coalesce(p.phone, p.phone_raw), 'time_zone', p.time_zone,
               'language', p.language, 'country', p.country, 'owner_id', p.owner_id, 'opted_out', p.opted_out_at is not null, 'created_at', p.created_at, 'custom', p.custom, 'tags', ${TAG_NAMES_COLUMN}),
             'organisation', case when o.id is null then null else jsonb_build_object('id', o.id, 'name', o.name, 'domain', o.domain) end) as facts
         from unnest($2::uuid[]) as wanted(id)
         join leads l on l.id = wanted.id and l.company_id = $1
         join people p on p.id = l.person_id and p.company_id = $1
         left join organisations o on o.id = p.organisation_id and o.company_id = $1
         left join lead_scores s on s.lead_id = l.id and s.company_id = $1
        where $3 or l.status not in ('converted', 'lost')`,
};

const TOUCHES: Statement = {
  name: 'scores.touches',
  text: `select t.* from unnest($2::uuid[]) as wanted(person_id) cross join lateral (
           select i.person_id as "personId", i.type, i.direction, i.status, i.channel, i.metadata ->> 'class' as class, i.created_at as at
             from interactions i where i.person_id = wanted.person_id and i.company_id = $1 and i.direction <> 'internal'
              and i.created_at > $3::timestamptz - interval '${DAYS} days' and i.created_at <= $3
            order by i.created_at desc, i.id desc limit ${MOST_TOUCHES}) t`,
};

/** Two queries, however many leads. Leads of other companies, and closed ones unless wanted, are left out. */
export async function gather(
  tx: Transaction,
  companyId: string,
  leadIds: readonly string[],
  now: Date,
  { closed = false }: { readonly closed?: boolean } = {},
): Promise<Candidate[]> {
  if (leadIds.length === 0) return [];
  const leads = await tx.query<LeadRow>(LEADS, [companyId, leadIds, closed, now]);
  const persons = [...new Set(leads.filter((lead) => lead.touched).map((lead) => lead.personId))];
  const rows = persons.length === 0 ? [] : await tx.query<Touch & { personId: string }>(TOUCHES, [companyId, persons, now]);
  const touches = Map.groupBy(rows, (row) => row.personId);
  return leads.map(({ touched: _, score, reached, version, history, ...lead }) => ({
    ...lead,
    touches: touches.get(lead.personId) ?? [],
    before: score === null || reached === null || version === null ? null : { score, reached, version, history: history ?? [] },
  }));
}
