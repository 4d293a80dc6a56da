import type { Statement, Transaction } from '#core/database/database.ts';
import type { Facts } from '#core/engine/types.ts';
import { newId } from '#core/ids.ts';
import { chooser, type Candidate } from './choose.ts';
import { fitsLead, isOpen, reasonOf, type LeadFacts, type Rule } from './rule.ts';

/** Who got a lead, and the sentence that says why. */
export interface Assigned {
  readonly leadId: string;
  readonly userId: string;
  readonly ruleId: string;
  readonly reason: string;
}

/** No rule, no work: the common case of a young company costs this one look at an index. */
const RULES: Statement = {
  name: 'assignment.rules',
  text: `select r.id, r.company_id as "companyId", r.name, r.position, r.active, r.fits, r.pick, r.user_ids as "userIds", r.hours,
           r.created_at as "createdAt", r.updated_at as "updatedAt", coalesce(c.settings ->> 'time_zone', 'UTC') as "timeZone"
      from assignment_rules r join companies c on c.id = r.company_id
     where r.company_id = $1 and r.active order by r.position, r.id`,
};

/** Locked by id, so that two batches wait for each other instead of dying; whose turn it is, is read after the lock. */
const LOCK: Statement = {
  name: 'assignment.lock',
  text: `select id, last_user_id as "lastUserId" from assignment_rules where company_id = $1 and id = any($2::uuid[]) order by id for update`,
};

const LEADS: Statement = {
  name: 'assignment.leads',
  text: `select l.id, l.source, p.language, p.phone, p.custom ->> 'country' as country, p.custom ->> 'postcode' as postcode,
      jsonb_build_object(
        'lead', jsonb_build_object('id', l.id, 'status', l.status, 'source', l.source, 'notes', l.notes),
        'person', jsonb_build_object('id', p.id, 'name', p.full_name, 'email', p.email, 'phone', coalesce(p.phone, p.phone_raw), 'language', p.language, 'country', p.country,
          'time_zone', p.time_zone, 'custom', p.custom, 'opted_out', p.opted_out_at is not null),
        'organisation', case when o.id is null then null else jsonb_build_object('name', o.name, 'domain', o.domain) end) as facts
    from leads l join people p on p.id = l.person_id and p.company_id = l.company_id
    left join organisations o on o.id = p.organisation_id
   where l.company_id = $1 and l.id = any($2::uuid[]) and (l.owner_id is null or $3) and l.status not in ('converted', 'lost', 'unsubscribed')
   order by l.created_at, l.id`,
};

/** Who can take a lead now, and how many open ones each has. */
const CANDIDATES: Statement = {
  name: 'assignment.candidates',
  text: `select u.id, case when $4 then (select count(*)::int from leads l where l.owner_id = u.id and l.company_id = $1
             and l.status not in ('converted', 'lost', 'unsubscribed')) else 0 end as open
      from users u left join assignment_absences a on a.user_id = u.id and a.company_id = u.company_id
     where u.company_id = $1 and u.id = any($2::uuid[]) and u.is_active and u.deleted_at is null and (a.until is null or a.until <= $3)`,
};

/** Owner, reason and turn in one statement. */
const WRITE: Statement = {
  name: 'assignment.write',
  text: `with given as (
      select * from jsonb_to_recordset($2::jsonb) as e(id uuid, lead_id uuid, user_id uuid, rule_id uuid, reason text)
    ), owned as (
      update leads l set owner_id = g.user_id from given g where l.id = g.lead_id and l.company_id = $1
    ), turned as (
      update assignment_rules r set last_user_id = t.user_id from jsonb_to_recordset($3::jsonb) as t(id uuid, user_id uuid)
       where r.id = t.id and r.company_id = $1
    )
    insert into lead_assignments (id, company_id, lead_id, user_id, rule_id, reason, created_at)
    select id, $1, lead_id, user_id, rule_id, reason, $4 from given`,
};

interface LeadRow {
  readonly id: string;
  readonly source: string | null;
  readonly language: string | null;
  readonly phone: string | null;
  readonly country: string | null;
  readonly postcode: string | null;
  readonly facts: Facts;
}

type LoadedRule = Rule & { readonly timeZone: string };

/**
 * Gives leads without an owner one by the company's rules, in a handful of statements however many they are. Leads that no rule fits
 * stay as they are. `again` also takes those that have an owner. The alert follows `lead.created` and `lead.assigned` (alert.ts).
 * Call it in the transaction that makes the leads; under either role.
 */
export async function assignOwners(
  tx: Transaction,
  companyId: string,
  leadIds: readonly string[],
  at: Date,
  { again = false }: { readonly again?: boolean } = {},
): Promise<ReadonlyMap<string, Assigned>> {
  if (leadIds.length === 0) return new Map();
  const rules = (await tx.query<LoadedRule>(RULES, [companyId])).filter((rule) => isOpen(rule.hours, at, rule.timeZone));
  if (rules.length === 0) return new Map();
  const rows = await tx.query<LeadRow>(LEADS, [companyId, leadIds, again]);
  if (rows.length === 0) return new Map();
  const leads = await withCountries(rows, rules);

  const turns = new Map(
    (await tx.query<{ id: string; lastUserId: string | null }>(LOCK, [companyId, rules.map((rule) => rule.id)])).map((row) => [
      row.id,
      row.lastUserId,
    ]),
  );
  const users = [...new Set(rules.flatMap((rule) => rule.userIds))];
  const byLoad = rules.some((rule) => rule.pick === 'load');
  const candidates = await tx.query<Candidate>(CANDIDATES, [companyId, users, at, byLoad]);
  const choose = chooser(rules, candidates, turns);

  const assigned: Assigned[] = [];
  for (const [leadId, facts] of leads) {
    const rule = rules.find((one) => fitsLead(one.fits, facts, at) && choose.hasSomebody(one));
    if (rule === undefined) continue;
    assigned.push({ leadId, userId: choose.next(rule), ruleId: rule.id, reason: reasonOf(rule, facts) });
  }
  if (assigned.length === 0) return new Map();
  await tx.query(WRITE, [
    companyId,
    JSON.stringify(
      assigned.map((one) => ({ id: newId(), lead_id: one.leadId, user_id: one.userId, rule_id: one.ruleId, reason: one.reason })),
    ),
    JSON.stringify([...choose.turns()].map(([id, userId]) => ({ id, user_id: userId }))),
    at,
  ]);
  return new Map(assigned.map((one) => [one.leadId, one]));
}

/** The number's country is looked up only where a rule asks for countries and the person's own is not known. */
async function withCountries(rows: readonly LeadRow[], rules: readonly Rule[]): Promise<ReadonlyMap<string, LeadFacts>> {
  const wanted = rules.some((rule) => rule.fits.countries.length > 0) && rows.some((row) => row.country === null && row.phone !== null);
  const parse = wanted ? (await import('libphonenumber-js/min')).parsePhoneNumberFromString : null;
  return new Map(
    rows.map((row) => {
      const { id, source, language, postcode, facts } = row;
      const country = row.country ?? (row.phone === null ? null : (parse?.(row.phone)?.country ?? null));
      return [id, { country, postcode, language, source, facts }];
    }),
  );
}
