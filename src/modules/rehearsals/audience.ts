import type { Statement, Transaction } from '#core/database/database.ts';
import { InvalidInput, NotFound } from '#core/errors.ts';
import type { Runtime } from '#core/runtime.ts';
import { getSegment, personsWhere } from '#modules/segments/public.ts';
import { MOST_PEOPLE, type Request } from './request.ts';

const MEMBERS: Statement = {
  name: 'rehearsals.members',
  text: `select person_id as id from segment_members where company_id = $1 and segment_id = $2 order by person_id limit $3`,
};

/** The leads or people that are meant, by what the request says: ids of one kind or both. */
export interface Audience {
  readonly personIds: readonly string[];
  readonly leadIds: readonly string[];
}

/** @throws InvalidInput too many; SegmentNotFound */
export async function audienceOf(tx: Transaction, runtime: Runtime, companyId: string, request: Request): Promise<Audience> {
  const { segmentId, personIds = [], leadIds = [] } = request;
  if (segmentId === undefined) {
    return { personIds, leadIds };
  }
  const segment = await getSegment(tx, companyId, segmentId);
  const rows =
    segment.condition === null
      ? await tx.query<{ id: string }>(MEMBERS, [companyId, segmentId, MOST_PEOPLE + 1])
      : await fitting(tx, runtime, companyId, segment.condition);
  if (rows.length > MOST_PEOPLE)
    throw new InvalidInput(`${segment.name} has more than ${MOST_PEOPLE.toLocaleString('en')} people; rehearse with a smaller segment`, {
      fields: [{ path: 'segment_id', message: `more than ${MOST_PEOPLE.toLocaleString('en')} people` }],
    });
  return { personIds: rows.map((row) => row.id), leadIds };
}

const KNOWN: Statement = {
  name: 'rehearsals.known',
  text: `select (select count(*)::int from people where company_id = $1 and id = any ($2::uuid[])) as people, (select count(*)::int from leads where company_id = $1 and id = any ($3::uuid[])) as leads`,
};

/** @throws NotFound an id names nobody of this company */
export async function requireAll(
  tx: Transaction,
  companyId: string,
  personIds: readonly string[],
  leadIds: readonly string[],
): Promise<void> {
  const [known] = await tx.query<{ people: number; leads: number }>(KNOWN, [companyId, personIds, leadIds]);
  if (known?.people !== new Set(personIds).size) throw new NotFound('One of these people is not here; read the list again');
  if (known.leads !== new Set(leadIds).size) throw new NotFound('One of these leads is not here; read the list again');
}

async function fitting(tx: Transaction, runtime: Runtime, companyId: string, condition: Parameters<typeof personsWhere>[3]) {
  const { sql, values } = await personsWhere(tx, runtime, companyId, condition);
  return tx.query<{ id: string }>(
    { name: '', text: `select p.id from people p where p.company_id = $1 and ${sql} order by p.id limit ${MOST_PEOPLE + 1}` },
    values,
  );
}

const COHORT: Statement = {
  name: 'rehearsals.cohort',
  text: `with meant as materialized (
      select id, organisation_id from people where company_id = $1 and id = any ($2::uuid[])
      union
      select p.id, p.organisation_id from leads l join people p on p.id = l.person_id and p.company_id = $1 where l.company_id = $1 and l.id = any ($3::uuid[])
    )
    select id from meant
    union
    select q.id from messages m join people q on q.id = m.person_id and q.company_id = $1
     where m.company_id = $1 and m.direction = 'inbound' and not m.auto and m.created_at >= $4::timestamptz - interval '31 days'
       and q.organisation_id in (select organisation_id from meant)`,
};

/** Everybody whose rows the gate may look at: those who are meant, and colleagues of theirs who wrote to us lately. */
export async function cohortOf(tx: Transaction, companyId: string, audience: Audience, now: Date): Promise<string[]> {
  return (await tx.query<{ id: string }>(COHORT, [companyId, audience.personIds, audience.leadIds, now])).map((row) => row.id);
}
