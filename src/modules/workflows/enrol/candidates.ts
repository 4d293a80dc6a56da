import type { Statement, Transaction } from '#core/database/database.ts';
import { NotFound } from '#core/errors.ts';

/** Who is meant: by lead, by person, or both. */
export interface Wanted {
  readonly leadIds?: readonly string[] | undefined;
  readonly personIds?: readonly string[] | undefined;
}

/** One person who may enter a sequence, with all that speaks against it. */
export interface Candidate {
  readonly personId: string;
  /** The lead she is, open or not; null when she is none. */
  readonly leadId: string | null;
  readonly status: string | null;
  readonly name: string;
  readonly email: string | null;
  readonly ownerId: string | null;
  readonly owner: string | null;
  readonly optedOut: boolean;
  readonly suppressed: string | null;
  readonly live: boolean;
  readonly endedAt: Date | null;
  readonly others: readonly string[] | null;
  readonly repliedAt: Date | null;
  readonly colleague: string | null;
  readonly colleagueAt: Date | null;
  readonly mailed: number;
}

/** How far back a reply or a colleague's reply still warns, in days: as long as the gate holds a conversation open. */
const CONVERSATION_DAYS = 30;
/** How far back mail of any sequence counts as recent, in days. */
const RECENT_DAYS = 7;
const DAY_MS = 86_400_000;

/**
 * Set-based for ten thousand at once: replies of the last weeks are read once by time, everything else by person.
 * Another sequence is another workflow with commercial messages in the version that the run is pinned to.
 */
const CANDIDATES: Statement = {
  name: 'workflows.enrol.candidates',
  text: `with wanted as materialized (
      select l.person_id, l.id as lead_id, l.status, l.owner_id from leads l where l.company_id = $1 and l.id = any ($2::uuid[])
      union
      select p.id, l.id, l.status, coalesce(l.owner_id, p.owner_id)
        from people p left join leads l on l.person_id = p.id and l.company_id = $1 and l.status not in ('converted', 'lost')
       where p.company_id = $1 and p.id = any ($3::uuid[])
    ), answers as materialized (
      select q.organisation_id, q.id, q.full_name, max(m.created_at) as at
        from messages m join people q on q.id = m.person_id and q.company_id = $1
       where m.company_id = $1 and m.direction = 'inbound' and not m.auto and m.created_at > $6::timestamptz
       group by q.id
    ), others as materialized (
      select r.person_id, array_agg(distinct w.title) as titles
        from wanted join runs r on r.person_id = wanted.person_id and r.company_id = $1 and r.state in ('running', 'waiting', 'paused') and r.workflow_id <> $4
        join workflows w on w.id = r.workflow_id
        join workflow_versions v on v.workflow_id = r.workflow_id and v.version = r.version
       where v.definition @? '$.steps.**.input.class ? (@ == "commercial")'
       group by r.person_id
    ), own as materialized (
      select r.subject_id, bool_or(r.state in ('running', 'waiting', 'paused')) as live, max(r.completed_at) as ended_at
        from wanted join runs r on r.workflow_id = $4 and r.company_id = $1 and r.subject_id = case when $5 = 'lead' then wanted.lead_id else wanted.person_id end
       group by r.subject_id
    ), mailed as materialized (
      select m.person_id, count(*)::int as count
        from wanted join messages m on m.person_id = wanted.person_id and m.company_id = $1
       where m.direction = 'outbound' and m.class = 'commercial' and m.state in ('sent', 'captured') and m.created_at > $7::timestamptz
       group by m.person_id
    )
    select wanted.person_id as "personId", wanted.lead_id as "leadId", wanted.status, p.full_name as name, p.email,
           wanted.owner_id as "ownerId", u.full_name as owner, p.opted_out_at is not null as "optedOut", s.reason as suppressed,
           coalesce(own.live, false) as live, own.ended_at as "endedAt", others.titles as others, answered.at as "repliedAt",
           colleague.full_name as colleague, colleague.at as "colleagueAt", coalesce(mailed.count, 0) as mailed
      from wanted join people p on p.id = wanted.person_id
      left join users u on u.id = wanted.owner_id
      left join suppressions s on s.company_id = $1 and s.channel = 'email' and s.address = p.email
      left join own on own.subject_id = case when $5 = 'lead' then wanted.lead_id else wanted.person_id end
      left join others on others.person_id = wanted.person_id
      left join answers answered on answered.id = wanted.person_id
      left join mailed on mailed.person_id = wanted.person_id
      left join lateral (
        select a.full_name, a.at from answers a where a.organisation_id = p.organisation_id and a.id <> p.id order by a.at desc limit 1
      ) colleague on true
     order by p.full_name, wanted.person_id`,
};

/**
 * Those who are meant, each person once.
 * @param subject what a run of the workflow is about: `lead` or `person`
 * @throws NotFound when an id names no lead or person of this company
 */
export async function candidates(
  tx: Transaction,
  companyId: string,
  workflowId: string,
  subject: string,
  wanted: Wanted,
  now: Date,
): Promise<Candidate[]> {
  const { leadIds = [], personIds = [] } = wanted;
  const rows = await tx.query<Candidate>(CANDIDATES, [
    companyId,
    leadIds,
    personIds,
    workflowId,
    subject,
    new Date(now.getTime() - CONVERSATION_DAYS * DAY_MS),
    new Date(now.getTime() - RECENT_DAYS * DAY_MS),
  ]);
  const leads = new Set(rows.map((row) => row.leadId));
  const people = new Set(rows.map((row) => row.personId));
  const noLead = leadIds.find((id) => !leads.has(id));
  if (noLead !== undefined) throw new NotFound(`There is no lead ${noLead}`);
  const nobody = personIds.find((id) => !people.has(id));
  if (nobody !== undefined) throw new NotFound(`There is no person ${nobody}`);
  // A person by two leads, or by lead and by herself, enters once: by her open lead.
  const byPerson = new Map<string, Candidate>();
  for (const row of rows) if (!byPerson.has(row.personId) || isOpen(row)) byPerson.set(row.personId, row);
  return [...byPerson.values()];
}

const isOpen = (row: Candidate) => row.status !== null && row.status !== 'converted' && row.status !== 'lost';
