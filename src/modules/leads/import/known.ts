import { arrayOf } from '#core/database/array-literal.ts';
import type { Statement, Transaction } from '#core/database/database.ts';
import type { Subject } from './plan.ts';

interface KnownRow {
  readonly key: string;
  readonly id: string;
  readonly optedOut: boolean;
  readonly named: boolean;
  readonly phone: string | null;
  readonly organisation: boolean;
  readonly owner: boolean;
  readonly language: boolean;
  readonly zone: boolean;
  readonly custom: readonly string[];
  readonly emails: readonly string[];
  readonly phones: readonly string[];
  readonly tags: readonly string[];
  readonly consent: boolean;
  readonly lead: boolean;
  readonly notes: boolean;
}

/** From the people whom `found` (key, person_id) names, all that a plan asks. `topic`: the place of what consent in the file is about. */
const about = (found: string, topic: string) => `with found as materialized (${found})
  select f.key, p.id, p.opted_out_at is not null as "optedOut", p.full_name <> '' as named, coalesce(p.phone, p.phone_raw) as phone,
    p.organisation_id is not null as organisation, coalesce(p.owner_id, l.owner_id) is not null as owner, p.language is not null as language,
    p.time_zone is not null as zone, case when p.custom = '{}' then '{}' else array(select jsonb_object_keys(p.custom)) end as custom,
    array(select e.email from person_emails e where e.person_id = p.id and e.company_id = $1) as emails,
    array(select coalesce(n.phone, n.phone_raw) from person_phones n where n.person_id = p.id and n.company_id = $1) as phones,
    array(select t.name_key from person_tags pt join tags t on t.id = pt.tag_id where pt.person_id = p.id and pt.company_id = $1) as tags,
    exists (select from consent_state c where c.person_id = p.id and c.company_id = $1 and c.topic = ${topic}) as consent,
    l.id is not null as lead, l.notes is not null as notes
  from found f join people p on p.id = f.person_id and p.company_id = $1
  left join lateral (
    select id, notes, owner_id from leads l where l.person_id = p.id and l.company_id = $1
     order by l.status not in ('converted', 'lost') desc, l.created_at desc limit 1
  ) l on true`;

const BY_EMAIL: Statement = {
  name: 'leads.import.known',
  text: about(`select 'e:' || email as key, person_id from person_emails where company_id = $1 and email = any($2::text[])`, '$3'),
};

/** The oldest of those who share a number. */
const BY_IDENTITY: Statement = {
  name: 'leads.import.known_otherwise',
  text: about(
    `select distinct on (key) key, person_id from (
      select key, person_id, 0 as place, now() as at from import_identities where company_id = $1 and key = any($2::text[])
      union all select 'p:' || phone, id, 1, created_at from people where company_id = $1 and phone = any($3::text[])
      union all select 'p:' || phone, person_id, 1, created_at from person_phones where company_id = $1 and phone = any($3::text[])
    ) every order by key, place, at, person_id`,
    '$4',
  ),
};

/** Who of these has been here before? By key, one subject a person. */
export async function loadKnown(
  tx: Transaction,
  companyId: string,
  keys: ReadonlySet<string>,
  topic: string,
): Promise<Map<string, Subject>> {
  const emails: string[] = [];
  const others: string[] = [];
  for (const key of keys) (key.startsWith('e:') ? emails : others).push(key.startsWith('e:') ? key.slice(2) : key);
  const phones = others.filter((key) => key.startsWith('p:')).map((key) => key.slice(2));
  const rows = [
    ...(emails.length === 0 ? [] : await tx.query<KnownRow>(BY_EMAIL, [companyId, arrayOf(emails), topic])),
    ...(others.length === 0 ? [] : await tx.query<KnownRow>(BY_IDENTITY, [companyId, arrayOf(others), arrayOf(phones), topic])),
  ];
  const subjects = new Map<string, Subject>();
  const byKey = new Map<string, Subject>();
  for (const row of rows) {
    const subject = subjects.get(row.id) ?? subjectOf(row);
    subjects.set(row.id, subject);
    byKey.set(row.key, subject);
  }
  return byKey;
}

function subjectOf(row: KnownRow): Subject {
  return {
    personId: row.id, fresh: false, hasLead: row.lead, optedOut: row.optedOut, named: row.named, hasPhone: row.phone !== null,
    hasOrganisation: row.organisation, hasNotes: row.notes, hasOwner: row.owner, hasLanguage: row.language, hasTimeZone: row.zone, hasConsent: row.consent,
    emails: [...row.emails], phones: row.phone === null ? [...row.phones] : [row.phone, ...row.phones], tags: [...row.tags], custom: [...row.custom],
  }; // prettier-ignore
}
