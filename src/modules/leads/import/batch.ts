import type { Statement, Transaction } from '#core/database/database.ts';
import type { DomainEvent } from '#core/engine/types.ts';
import { newId } from '#core/ids.ts';
import { optEvents, organisationKey, recordConsent, upsertOrganisations } from '#modules/people/public.ts';
import type { LeadStatus } from '../tables.ts';
import type { Known, Plan } from './plan.ts';
import type { ImportRow } from './row.ts';

const KNOWN: Statement = {
  name: 'leads.import.known',
  text: `select e.email, p.id as "personId", p.opted_out_at is not null as "optedOut", p.full_name <> '' as named,
           coalesce(p.phone, p.phone_raw) is not null as "hasPhone", p.organisation_id is not null as "hasOrganisation",
           l.id is not null as "hasLead", l.notes is not null as "hasNotes"
         from person_emails e join people p on p.id = e.person_id
         left join lateral (
           select id, notes from leads l where l.person_id = p.id order by l.status not in ('converted', 'lost') desc, l.created_at desc limit 1
         ) l on true
         where e.company_id = $1 and e.email = any($2::text[])`,
};

/** Who of these has been here before? */
export async function loadKnown(tx: Transaction, companyId: string, emails: readonly string[]): Promise<Map<string, Known>> {
  const rows = await tx.query<Known & { email: string }>(KNOWN, [companyId, emails]);
  return new Map(rows.map(({ email, ...known }) => [email, known]));
}

/** An address that somebody took a moment ago is left out: it is theirs. */
const INSERT: Statement = {
  name: 'leads.import.insert',
  text: `with entry as (
      select * from jsonb_to_recordset($2::jsonb) as e(person_id uuid, lead_id uuid, email text, full_name text, first_name text, last_name text,
        phone text, phone_raw text, time_zone text, organisation_id uuid, source text, notes text, status text)
    ), address as (
      insert into person_emails (company_id, email, person_id, created_at)
      select $1, email, person_id, $3 from entry order by email on conflict do nothing returning person_id
    ), person as (
      insert into people (id, company_id, full_name, first_name, last_name, email, phone, phone_raw, time_zone, organisation_id, created_at, updated_at)
      select e.person_id, $1, e.full_name, e.first_name, e.last_name, e.email, e.phone, e.phone_raw, e.time_zone, e.organisation_id, $3, $3
        from entry e join address using (person_id)
    )
    insert into leads (id, company_id, person_id, status, source, notes, created_at, updated_at)
    select e.lead_id, $1, e.person_id, e.status, e.source, e.notes, $3, $3 from entry e join address using (person_id)
    returning id as "leadId", person_id as "personId", status, source`,
};

const INSERT_LEADS: Statement = {
  name: 'leads.import.insert_leads',
  text: `insert into leads (id, company_id, person_id, status, source, notes, created_at, updated_at)
    select e.lead_id, $1, e.person_id, e.status, e.source, e.notes, $3, $3
      from jsonb_to_recordset($2::jsonb) as e(person_id uuid, lead_id uuid, source text, notes text, status text) order by e.person_id
    on conflict (company_id, person_id) where status not in ('converted', 'lost') do nothing
    returning id as "leadId", person_id as "personId", status, source`,
};

/** Fills gaps only: what is there stays. */
const FILL_PEOPLE: Statement = {
  name: 'leads.import.fill_people',
  text: `update people p set
      full_name = case when p.full_name = '' then e.full_name else p.full_name end,
      first_name = case when p.full_name = '' then e.first_name else p.first_name end,
      last_name = case when p.full_name = '' then e.last_name else p.last_name end,
      phone = case when coalesce(p.phone, p.phone_raw) is null then e.phone else p.phone end,
      phone_raw = case when coalesce(p.phone, p.phone_raw) is null then e.phone_raw else p.phone_raw end,
      time_zone = coalesce(p.time_zone, e.time_zone),
      organisation_id = coalesce(p.organisation_id, e.organisation_id),
      updated_at = $3
    from jsonb_to_recordset($2::jsonb) as e(person_id uuid, full_name text, first_name text, last_name text, phone text, phone_raw text, time_zone text, organisation_id uuid)
    where p.id = e.person_id and p.company_id = $1
      and ((p.full_name = '' and e.full_name <> '') or (coalesce(p.phone, p.phone_raw) is null and e.phone_raw is not null)
        or (p.organisation_id is null and e.organisation_id is not null))`,
};

const FILL_NOTES: Statement = {
  name: 'leads.import.fill_notes',
  text: `update leads l set notes = e.notes, updated_at = $3
    from jsonb_to_recordset($2::jsonb) as e(person_id uuid, notes text)
    where l.person_id = e.person_id and l.company_id = $1 and l.notes is null and e.notes is not null`,
};

interface Created {
  readonly leadId: string;
  readonly personId: string;
  readonly status: LeadStatus;
  readonly source: string | null;
}

export interface ImportContext {
  readonly companyId: string;
  readonly importId: string;
  readonly filename: string;
  /** For rows that name no source of their own. */
  readonly source: string | null;
  readonly enrol: boolean;
  readonly at: Date;
}

/** Writes what a plan says, a handful of statements however many rows. Answers the new leads' number and what to tell the house. */
export async function writePlan(tx: Transaction, context: ImportContext, plan: Plan): Promise<{ created: number; events: DomainEvent[] }> {
  const { companyId, at } = context;
  const rows = [...plan.people.values(), ...plan.leads.values(), ...plan.fills.values()];
  const organisations = await upsertOrganisations(
    tx,
    companyId,
    rows.flatMap((row) => row.organisation ?? []),
    at,
  );
  const personOf = (row: ImportRow) => plan.known.get(row.email)?.personId ?? null;
  const entry = (row: ImportRow, personId: string | null) => ({
    person_id: personId,
    lead_id: newId(),
    email: row.email,
    full_name: row.name.fullName,
    first_name: row.name.firstName,
    last_name: row.name.lastName,
    phone: row.phone,
    phone_raw: row.phoneRaw,
    time_zone: row.timeZone,
    organisation_id: row.organisation === null ? null : (organisations.get(organisationKey(row.organisation)) ?? null),
    source: row.source ?? context.source,
    notes: row.notes,
    status: row.status,
  });
  const created: Created[] = [];
  if (plan.people.size > 0)
    created.push(
      ...(await tx.query<Created>(INSERT, [companyId, JSON.stringify([...plan.people.values()].map((row) => entry(row, newId()))), at])),
    );
  const knownLeads = [...plan.leads.values()].map((row) => entry(row, personOf(row)));
  if (knownLeads.length > 0) created.push(...(await tx.query<Created>(INSERT_LEADS, [companyId, JSON.stringify(knownLeads), at])));
  const fills = [...knownLeads, ...[...plan.fills.values()].map((row) => entry(row, personOf(row)))];
  if (fills.length > 0) {
    await tx.query(FILL_PEOPLE, [companyId, JSON.stringify(fills), at]);
    await tx.query(FILL_NOTES, [companyId, JSON.stringify(fills), at]);
  }
  const optedOut = await withdraw(tx, context, [
    ...created.filter((lead) => lead.status === 'unsubscribed').map((lead) => lead.personId),
    ...[...plan.optOuts].flatMap((email) => plan.known.get(email)?.personId ?? []),
  ]);
  return { created: created.length, events: [...created.map((lead) => createdEvent(lead, context)), ...optedOut] };
}

async function withdraw(tx: Transaction, context: ImportContext, personIds: readonly string[]): Promise<DomainEvent[]> {
  const { companyId, importId, filename, at } = context;
  const entries = [...new Set(personIds)].map((personId) => ({
    companyId, personId, state: 'withdrawn' as const, source: 'import', evidence: { import_id: importId, filename }, at,
  })); // prettier-ignore
  return optEvents(await recordConsent(tx, entries));
}

function createdEvent(lead: Created, { companyId, enrol }: ImportContext): DomainEvent {
  const payload = { source: lead.source, status: lead.status, enrol: enrol && lead.status !== 'unsubscribed', imported: true };
  return { name: 'lead.created', companyId, subject: { type: 'lead', id: lead.leadId }, personId: lead.personId, payload };
}
