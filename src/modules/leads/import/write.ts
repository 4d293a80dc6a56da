import { arrayOf } from '#core/database/array-literal.ts';
import type { Statement, Transaction } from '#core/database/database.ts';
import { constraintOf, errorCode } from '#core/database/pg-error.ts';
import type { DomainEvent, Facts } from '#core/engine/types.ts';
import { newId } from '#core/ids.ts';
import {
  MARKETING,
  optEvents,
  organisationKey,
  recordConsent,
  recordFirstConsent,
  refreshContacts,
  tagKey,
  type ConsentEntry,
  type FirstGrant,
  type LawfulBasis,
} from '#modules/people/public.ts';
import type { LeadStatus } from '../tables.ts';
import type { Draft } from './plan.ts';

const PEOPLE: Statement = {
  name: 'leads.import.people',
  text: `insert into people (id, company_id, full_name, first_name, last_name, email, phone, phone_raw, time_zone, language, organisation_id, owner_id, custom, imported, created_at, updated_at)
    select e.id, $1, e.full_name, e.first_name, e.last_name, e.email, e.phone, e.phone_raw, e.time_zone, e.language, e.organisation_id, e.owner_id,
           coalesce(e.custom::jsonb, '{}'), true, $2, $2
      from unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::uuid[], $13::uuid[], $14::text[])
        as e(id, full_name, first_name, last_name, email, phone, phone_raw, time_zone, language, organisation_id, owner_id, custom)`,
};
/** An address that somebody took a moment ago is theirs: fewer rows than asked for say so. */
const EMAILS: Statement = {
  name: 'leads.import.emails',
  text: `with taken as (
      insert into person_emails (company_id, email, person_id, created_at)
      select $1, e.email, e.person_id, $2 from unnest($3::text[], $4::uuid[]) as e(email, person_id) on conflict do nothing returning 1
    ) select count(*)::int as n from taken`,
};
const PHONES: Statement = {
  name: 'leads.import.phones',
  text: `insert into person_phones (id, company_id, person_id, phone, phone_raw, created_at)
    select e.id, $1, e.person_id, e.phone, e.phone_raw, $2 from unnest($3::uuid[], $4::uuid[], $5::text[], $6::text[]) as e(id, person_id, phone, phone_raw)`,
};
const LEADS: Statement = {
  name: 'leads.import.leads',
  text: `insert into leads (id, company_id, person_id, status, source, notes, owner_id, imported, created_at, updated_at)
    select e.id, $1, e.person_id, e.status, e.source, e.notes, e.owner_id, true, $2, $2
      from unnest($3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::uuid[]) as e(id, person_id, status, source, notes, owner_id)
    on conflict (company_id, person_id) where status not in ('converted', 'lost') do nothing
    returning id`,
};
/** Of people who were made a moment ago: nobody can have been quicker, and looking for that costs a tenth of the insert. */
const NEW_EMAILS: Statement = {
  name: 'leads.import.new_emails',
  text: `insert into person_emails (company_id, email, person_id, created_at)
    select $1, e.email, e.person_id, $2 from unnest($3::text[], $4::uuid[]) as e(email, person_id)`,
};
const NEW_LEADS: Statement = {
  name: 'leads.import.new_leads',
  text: `insert into leads (id, company_id, person_id, status, source, notes, owner_id, imported, created_at, updated_at)
    select e.id, $1, e.person_id, e.status, e.source, e.notes, e.owner_id, true, $2, $2
      from unnest($3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::uuid[]) as e(id, person_id, status, source, notes, owner_id)`,
};
const IDENTITIES: Statement = {
  name: 'leads.import.identities',
  text: `insert into import_identities (company_id, key, person_id) select $1, * from unnest($2::text[], $3::uuid[]) on conflict do nothing`,
};
const TAGS: Statement = {
  name: 'leads.import.tags',
  text: `insert into person_tags (company_id, person_id, tag_id, created_at)
    select $1, e.person_id, e.tag_id, $2 from unnest($3::uuid[], $4::uuid[]) as e(person_id, tag_id) on conflict do nothing`,
};
const LOCK: Statement = {
  name: 'leads.import.lock',
  text: 'select id from people where company_id = $1 and id = any($2::uuid[]) order by id for update',
};

/** Fills gaps only: what is there stays. Custom values stand behind what is there. */
const FILL_PEOPLE: Statement = {
  name: 'leads.import.fill_people',
  text: `update people p set
      full_name = case when p.full_name = '' then coalesce(e.full_name, '') else p.full_name end,
      first_name = case when p.full_name = '' then e.first_name else p.first_name end,
      last_name = case when p.full_name = '' then e.last_name else p.last_name end,
      email = coalesce(p.email, e.email),
      phone = case when coalesce(p.phone, p.phone_raw) is null then e.phone else p.phone end,
      phone_raw = case when coalesce(p.phone, p.phone_raw) is null then e.phone_raw else p.phone_raw end,
      time_zone = coalesce(p.time_zone, e.time_zone), language = coalesce(p.language, e.language),
      organisation_id = coalesce(p.organisation_id, e.organisation_id), owner_id = coalesce(p.owner_id, e.owner_id),
      custom = coalesce(e.custom::jsonb, '{}') || p.custom, updated_at = $2
    from unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::uuid[], $13::uuid[], $14::text[])
      as e(id, full_name, first_name, last_name, email, phone, phone_raw, time_zone, language, organisation_id, owner_id, custom)
    where p.id = e.id and p.company_id = $1`,
};
const FILL_NOTES: Statement = {
  name: 'leads.import.fill_notes',
  text: `update leads l set notes = e.notes, updated_at = $2 from unnest($3::uuid[], $4::text[]) as e(person_id, notes)
    where l.person_id = e.person_id and l.company_id = $1 and l.notes is null
      and l.id = (select c.id from leads c where c.person_id = e.person_id and c.company_id = $1
                   order by c.status not in ('converted', 'lost') desc, c.created_at desc limit 1)
    returning l.id, l.person_id as "personId"`,
};

export interface WriteContext {
  readonly companyId: string;
  readonly importId: string;
  readonly filename: string;
  /** For rows that name no source of their own. */
  readonly source: string | null;
  readonly at: Date;
  /** By organisationKey. */
  readonly organisations: ReadonlyMap<string, string>;
  /** By tagKey. */
  readonly tags: ReadonlyMap<string, string>;
  /** What the importer says of all rows without consent of their own. */
  readonly consent: { readonly basis: LawfulBasis; readonly evidence: string } | null;
  readonly consentTopic: string;
  /** The wording of that topic, by version, where the importer quotes it. */
  readonly topicVersions: Readonly<Record<string, number>>;
  /** The importer enrols the new leads, and says by it that they asked to hear from the company. */
  readonly enrol: boolean;
}

/** A gap that was filled, for the journal. Values as stored. */
export interface Change {
  readonly person_id: string;
  readonly set: Facts;
}

export interface Written {
  readonly personIds: readonly string[];
  readonly leads: readonly {
    readonly id: string;
    readonly personId: string;
    readonly status: LeadStatus;
    readonly source: string | null;
  }[];
  readonly changes: readonly Change[];
  readonly events: readonly DomainEvent[];
}

/** Somebody else took one of the addresses since we looked: the chunk is planned anew. */
export class Overtaken extends Error {}

interface NewLead {
  readonly id: string;
  readonly personId: string;
  readonly status: LeadStatus;
  readonly source: string | null;
}

const isTaken = (error: unknown): boolean => errorCode(error) === '23505' && constraintOf(error) === 'person_emails_pkey';

/** New people with their leads. May run before the chunk ahead has committed: it touches nobody else's rows. @throws Overtaken */
export async function writeNew(tx: Transaction, context: WriteContext, drafts: readonly Draft[]): Promise<NewLead[]> {
  const { companyId, at } = context;
  const people = drafts.filter((draft) => draft.kind === 'person');
  if (people.length === 0) return [];
  const leads = leadsOf(people, context);
  const addresses = people.flatMap((draft) => (draft.emails ?? []).map((email) => [email, draft.subject.personId] as const));
  // Sent together: the connection pipelines. A failure of one fails the others, too.
  try {
    await Promise.all([
      tx.query(PEOPLE, [companyId, at, ...personColumns(people, context)]),
      tx.query(NEW_EMAILS, [companyId, at, arrayOf(addresses.map(([email]) => email)), arrayOf(addresses.map(([, id]) => id))]),
      tx.query(NEW_LEADS, [companyId, at, ...leadColumns(people, leads)]),
    ]);
  } catch (error) {
    if (isTaken(error)) throw new Overtaken('an address was taken meanwhile', { cause: error });
    throw error;
  }
  return leads;
}

/** Everything else: gaps of known people, leads of those who had none, tags, consent. After the chunk ahead has committed. */
export async function writeRest(
  tx: Transaction,
  context: WriteContext,
  drafts: readonly Draft[],
  made: readonly NewLead[],
): Promise<Written> {
  const { companyId } = context;
  const known = drafts.filter((draft) => draft.kind !== 'person');
  const newLeads = known.filter((draft) => draft.kind === 'lead');
  const changes: Change[] = [];
  let leads: readonly NewLead[] = made;
  if (known.length > 0) {
    await tx.query(LOCK, [companyId, arrayOf(known.map((draft) => draft.subject.personId))]);
    if (newLeads.length > 0) {
      const wanted = leadsOf(newLeads, context);
      const rows = new Set((await insertLeads(tx, context, newLeads, wanted)).map((row) => row.id));
      leads = [...made, ...wanted.filter((lead) => rows.has(lead.id))];
    }
    changes.push(...(await fillGaps(tx, context, known)));
  }
  await writeExtras(tx, context, drafts, known, changes);
  const events = await writeConsent(tx, context, drafts);
  return {
    personIds: drafts.filter((draft) => draft.kind === 'person').map((draft) => draft.subject.personId),
    leads,
    changes,
    events,
  };
}

function leadsOf(drafts: readonly Draft[], context: WriteContext): NewLead[] {
  return drafts.map((draft) => ({
    id: newId(),
    personId: draft.subject.personId,
    status: draft.status,
    source: draft.source ?? context.source,
  }));
}

function insertLeads(
  tx: Transaction,
  { companyId, at }: WriteContext,
  drafts: readonly Draft[],
  leads: readonly NewLead[],
): Promise<{ id: string }[]> {
  return tx.query<{ id: string }>(LEADS, [companyId, at, ...leadColumns(drafts, leads)]);
}

function leadColumns(drafts: readonly Draft[], leads: readonly NewLead[]): string[] {
  return [
    arrayOf(leads.map((lead) => lead.id)), arrayOf(leads.map((lead) => lead.personId)), arrayOf(leads.map((lead) => lead.status)),
    arrayOf(leads.map((lead) => lead.source)), arrayOf(drafts.map((draft) => draft.notes)), arrayOf(drafts.map((draft) => draft.ownerId)),
  ]; // prettier-ignore
}

const organisationOf = (draft: Draft, { organisations }: WriteContext): string | null =>
  draft.organisation === null ? null : (organisations.get(organisationKey(draft.organisation)) ?? null);

function personColumns(drafts: readonly Draft[], context: WriteContext): string[] {
  const column = (pick: (draft: Draft) => string | null | undefined) => arrayOf(drafts.map((draft) => pick(draft) ?? null));
  return [
    column((draft) => draft.subject.personId),
    column((draft) => draft.name?.fullName ?? ''),
    column((draft) => draft.name?.firstName),
    column((draft) => draft.name?.lastName),
    column((draft) => draft.emails?.[0]),
    column((draft) => draft.phone?.phone),
    column((draft) => draft.phone?.phoneRaw),
    column((draft) => draft.timeZone),
    column((draft) => draft.language),
    column((draft) => organisationOf(draft, context)),
    column((draft) => draft.ownerId),
    column((draft) => (draft.custom === null ? null : JSON.stringify(draft.custom))),
  ];
}

async function fillGaps(tx: Transaction, context: WriteContext, known: readonly Draft[]): Promise<Change[]> {
  const { companyId, at } = context;
  const changes = known.map((draft): Change => ({ person_id: draft.subject.personId, set: gapsOf(draft, context) }));
  const filled = known.filter((_draft, index) => Object.keys(changes[index]?.set ?? {}).length > 0);
  if (filled.length > 0) await tx.query(FILL_PEOPLE, [companyId, at, ...personColumns(filled, context)]);
  const noted = known.filter((draft) => draft.kind === 'fill' && draft.notes !== null);
  if (noted.length > 0) {
    const rows = await tx.query<{ id: string; personId: string }>(FILL_NOTES, [
      companyId,
      at,
      arrayOf(noted.map((draft) => draft.subject.personId)),
      arrayOf(noted.map((draft) => draft.notes)),
    ]);
    const noteOf = new Map(noted.map((draft) => [draft.subject.personId, draft.notes]));
    changes.push(
      ...rows.map((row): Change => ({ person_id: row.personId, set: { lead_id: row.id, notes: noteOf.get(row.personId) ?? null } })),
    );
  }
  return changes.filter((change) => Object.keys(change.set).length > 0);
}

function gapsOf(draft: Draft, context: WriteContext): Facts {
  const set: Facts = {};
  if (draft.name !== null) Object.assign(set, { full_name: draft.name.fullName });
  if (draft.phone !== null) Object.assign(set, { phone_raw: draft.phone.phoneRaw });
  if (draft.emails !== null) Object.assign(set, { emails: draft.emails });
  if (draft.timeZone !== null) Object.assign(set, { time_zone: draft.timeZone });
  if (draft.language !== null) Object.assign(set, { language: draft.language });
  if (draft.ownerId !== null) Object.assign(set, { owner_id: draft.ownerId });
  const organisation = organisationOf(draft, context);
  if (organisation !== null) Object.assign(set, { organisation_id: organisation });
  if (draft.custom !== null) Object.assign(set, { custom: draft.custom });
  return set;
}

/** Second addresses and numbers, tags, and what tells people without an address. */
async function writeExtras(
  tx: Transaction,
  context: WriteContext,
  drafts: readonly Draft[],
  known: readonly Draft[],
  changes: Change[],
): Promise<void> {
  const { companyId, at } = context;
  const addresses = known.flatMap((draft) => (draft.emails ?? []).map((email) => [email, draft.subject.personId] as const));
  if (addresses.length > 0) {
    const [taken] = await tx.query<{ n: number }>(EMAILS, [
      companyId,
      at,
      arrayOf(addresses.map(([email]) => email)),
      arrayOf(addresses.map(([, id]) => id)),
    ]);
    if (taken?.n !== addresses.length) throw new Overtaken('an address was taken meanwhile');
  }
  const numbers = drafts.flatMap((draft) =>
    (draft.phones ?? []).map((phone) => ({ id: newId(), personId: draft.subject.personId, phone })),
  );
  if (numbers.length > 0) {
    await tx.query(PHONES, [
      companyId, at, arrayOf(numbers.map((one) => one.id)), arrayOf(numbers.map((one) => one.personId)), arrayOf(numbers.map((one) => one.phone.phone)),
      arrayOf(numbers.map((one) => one.phone.phoneRaw)),
    ]); // prettier-ignore
    const knownIds = new Set(known.map((draft) => draft.subject.personId));
    changes.push(
      ...numbers.filter((one) => knownIds.has(one.personId)).map((one): Change => ({ person_id: one.personId, set: { phone_id: one.id } })),
    );
  }
  const several = drafts.filter((draft) => draft.phones !== null || (draft.emails?.length ?? 0) > (draft.kind === 'person' ? 1 : 0));
  await refreshContacts(tx, companyId, several.map((draft) => draft.subject.personId)); // prettier-ignore
  const keyed = drafts.filter((draft) => draft.key !== null);
  if (keyed.length > 0)
    await tx.query(IDENTITIES, [
      companyId,
      arrayOf(keyed.map((draft) => draft.key)),
      arrayOf(keyed.map((draft) => draft.subject.personId)),
    ]);
  await writeTags(tx, context, drafts, changes);
}

async function writeTags(tx: Transaction, context: WriteContext, drafts: readonly Draft[], changes: Change[]): Promise<void> {
  const given = drafts.flatMap((draft) =>
    (draft.tags ?? []).flatMap((tag) => {
      const id = context.tags.get(tagKey(tag));
      return id === undefined ? [] : [{ draft, id }];
    }),
  );
  if (given.length === 0) return;
  await tx.query(TAGS, [
    context.companyId,
    context.at,
    arrayOf(given.map(({ draft }) => draft.subject.personId)),
    arrayOf(given.map(({ id }) => id)),
  ]);
  changes.push(
    ...given
      .filter(({ draft }) => draft.kind !== 'person')
      .map(({ draft, id }): Change => ({ person_id: draft.subject.personId, set: { tag_id: id } })),
  );
}

/** What answers to an enquiry are about; see migrations/0190_topics.sql. */
const FOLLOW_UP = 'follow_up';
/** What the tick says. */
const ENROLLED = 'Enrolled by whoever imported the file: these people asked to hear from us';

/**
 * By the one function of the house: the strictest state wins, whatever the file says. Of people who are new in this chunk a grant is the
 * first word there is.
 */
async function writeConsent(tx: Transaction, context: WriteContext, drafts: readonly Draft[]): Promise<DomainEvent[]> {
  const { companyId, importId, filename, at, consent, consentTopic, topicVersions, enrol } = context;
  const version = topicVersions[consentTopic];
  const quoted = version === undefined ? {} : { topic_version: version };
  const first: FirstGrant[] = [];
  const entries = drafts.flatMap((draft): ConsentEntry[] => {
    const { personId } = draft.subject;
    const evidence = { import_id: importId, filename, row: draft.first.rowNumber };
    const base = { companyId, personId, source: 'import', at };
    const said: ConsentEntry[] = [];
    if (draft.consent !== null) {
      const { at: given, evidence: wording } = draft.consent.consent ?? { at: null, evidence: null };
      const proof = {
        ...evidence,
        row: draft.consent.rowNumber,
        ...(given === null ? {} : { given_at: given }),
        ...(wording === null ? {} : { wording }),
      };
      said.push({ ...base, topic: consentTopic, state: 'granted', lawfulBasis: 'consent', evidence: proof });
    } else if (consent !== null && draft.kind !== 'fill' && !draft.subject.hasConsent && !draft.first.optedOut) {
      said.push({
        ...base,
        topic: consentTopic,
        state: 'granted',
        lawfulBasis: consent.basis,
        evidence: { ...evidence, wording: consent.evidence, ...quoted },
      });
    } else if (enrol && draft.kind !== 'fill' && !draft.subject.optedOut && !draft.first.optedOut)
      said.push({ ...base, topic: FOLLOW_UP, state: 'granted', lawfulBasis: 'inquiry', evidence: { ...evidence, wording: ENROLLED } });
    const [grant] = said;
    if (draft.kind === 'person' && draft.optOut === null && grant !== undefined) {
      first.push({ personId, topic: grant.topic ?? MARKETING, lawfulBasis: grant.lawfulBasis ?? 'consent', evidence: grant.evidence });
      return [];
    }
    if (draft.optOut !== null) said.push({ ...base, state: 'withdrawn', evidence: { ...evidence, row: draft.optOut.rowNumber } });
    return said;
  });
  const [changes] = await Promise.all([recordConsent(tx, entries), recordFirstConsent(tx, { companyId, source: 'import', at }, first)]);
  return optEvents(changes);
}
