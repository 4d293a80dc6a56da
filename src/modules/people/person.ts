import { z } from 'zod';
import type { Statement, Transaction } from '#core/database/database.ts';
import type { PhoneFields } from './contact.ts';
import { refreshContacts } from './contacts.ts';
import type { CustomChanges } from './custom/changes.ts';
import { CustomRecord } from './custom/field.ts';
import { EmailTaken, PersonNotFound } from './errors.ts';
import { refuseMerged } from './merge/hint.ts';
import type { Name } from './names.ts';
import { Tag, TAGS_COLUMN } from './tags/tag.ts';

/** A person as the API shows it. */
export const Person = z.object({
  id: z.uuid(),
  companyId: z.uuid(),
  fullName: z.string(),
  firstName: z.string().nullable(),
  lastName: z.string().nullable(),
  email: z.string().nullable(),
  phone: z.string().nullable().describe('E.164 where the text could be read as a number, else as given'),
  timeZone: z.string().nullable().describe("IANA zone; null: the company's"),
  language: z.string().nullable(),
  country: z.string().nullable().describe('ISO 3166, two letters; which law their mail stands under'),
  organisation: z.object({ id: z.uuid(), name: z.string() }).nullable(),
  ownerId: z.uuid().nullable(),
  tags: z.array(Tag).describe('By name'),
  custom: CustomRecord.describe('Custom fields by key; a field without a value is absent'),
  optedOutAt: z.date().nullable().describe('Since when commercial messages are refused'),
  createdAt: z.date(),
  updatedAt: z.date(),
});
export type Person = z.output<typeof Person>;

/** Columns in the API's names, for `people p left join organisations o`. */
export const PERSON_COLUMNS = `p.id, p.company_id as "companyId", p.full_name as "fullName", p.first_name as "firstName", p.last_name as "lastName",
  p.email, coalesce(p.phone, p.phone_raw) as phone, p.time_zone as "timeZone", p.language, p.country,
  case when o.id is null then null else jsonb_build_object('id', o.id, 'name', o.name) end as organisation,
  p.owner_id as "ownerId", ${TAGS_COLUMN} as tags, p.custom, p.opted_out_at as "optedOutAt", p.created_at as "createdAt", p.updated_at as "updatedAt"`;

const BY_ID: Statement = {
  name: 'people.get',
  text: `select ${PERSON_COLUMNS} from people p left join organisations o on o.id = p.organisation_id where p.id = $1 and p.company_id = $2`,
};

/** @throws PersonNotFound, PersonMerged when the id went into another one */
export async function getPerson(tx: Transaction, companyId: string, personId: string): Promise<Person> {
  const [person] = await tx.query<Person>(BY_ID, [personId, companyId]);
  if (person === undefined) {
    await refuseMerged(tx, companyId, personId);
    throw new PersonNotFound('There is no such person; list them with GET /api/people');
  }
  return person;
}

const LOCK: Statement = { name: 'people.lock', text: 'select id from people where id = $1 and company_id = $2 for update' };

/** The same, locked against other writers until the transaction ends. @throws PersonNotFound */
export async function lockPerson(tx: Transaction, companyId: string, personId: string): Promise<Person> {
  await tx.query(LOCK, [personId, companyId]);
  return getPerson(tx, companyId, personId);
}

/** Undefined leaves as it is. Everything normalised already. */
export interface PersonChanges {
  readonly name?: Name | undefined;
  readonly email?: string | undefined;
  readonly phone?: PhoneFields | undefined;
  readonly phoneLabel?: string | null | undefined;
  readonly timeZone?: string | null | undefined;
  readonly language?: string | null | undefined;
  readonly country?: string | null | undefined;
  readonly organisationId?: string | null | undefined;
  readonly ownerId?: string | null | undefined;
  readonly custom?: CustomChanges | undefined;
}

/** The address before stays the person's: a reply from it still finds her. */
const CLAIM_EMAIL: Statement = {
  name: 'people.email.claim',
  text: `insert into person_emails as known (company_id, email, person_id, created_at) values ($1, $2, $3, $4)
         on conflict (company_id, email) do update set email = excluded.email returning person_id`,
};

const UPDATE: Statement = {
  name: 'people.update',
  text: `update people set
      full_name = coalesce($3::text, full_name),
      first_name = case when $3::text is null then first_name else $4 end,
      last_name = case when $3::text is null then last_name else $5 end,
      email = coalesce($6, email),
      phone = case when $7::boolean then $8 else phone end,
      phone_raw = case when $7::boolean then $9 else phone_raw end,
      time_zone = case when $10::boolean then $11 when $7::boolean then coalesce(time_zone, $12) else time_zone end,
      language = case when $13::boolean then $14 else language end,
      organisation_id = case when $15::boolean then $16::uuid else organisation_id end,
      owner_id = case when $17::boolean then $18::uuid else owner_id end,
      phone_label = case when $22::boolean then $23 when $7::boolean and $9::text is null then null else phone_label end,
      country = case when $24::boolean then $25 else country end,
      custom = (custom || $20::jsonb) - $21::text[],
      updated_at = $19
    where id = $1 and company_id = $2`,
};

/** One more address for this person, or the same again. @throws EmailTaken when another person has it */
export async function claimEmail(tx: Transaction, companyId: string, personId: string, email: string, at: Date): Promise<void> {
  const [claimed] = await tx.query<{ person_id: string }>(CLAIM_EMAIL, [companyId, email, personId, at]);
  if (claimed?.person_id === personId) return;
  throw new EmailTaken(`${email} belongs to another person here; open that one instead`, {
    fields: [{ path: 'email', message: 'belongs to another person' }],
  });
}

const TOUCH: Statement = { name: 'people.touch', text: 'update people set updated_at = $3 where company_id = $1 and id = $2' };

/** Something that hangs off the person changed: a list by change shows it, and an older copy of the page is told. */
export async function touchPerson(tx: Transaction, companyId: string, personId: string, at: Date): Promise<void> {
  await tx.query(TOUCH, [companyId, personId, at]);
}

/** @throws EmailTaken when another person has the address */
export async function updatePerson(tx: Transaction, companyId: string, personId: string, changes: PersonChanges, at: Date): Promise<void> {
  if (changes.email !== undefined) await claimEmail(tx, companyId, personId, changes.email, at);
  const { name, email, phone, phoneLabel, timeZone, language, country, organisationId, ownerId, custom } = changes;
  await tx.query(UPDATE, [
    personId, companyId, name?.fullName ?? null, name?.firstName ?? null, name?.lastName ?? null, email ?? null,
    phone !== undefined, phone?.phone ?? null, phone?.phoneRaw ?? null,
    timeZone !== undefined, timeZone ?? null, phone?.timeZone ?? null,
    language !== undefined, language ?? null, organisationId !== undefined, organisationId ?? null, ownerId !== undefined, ownerId ?? null, at,
    JSON.stringify(custom?.set ?? {}), custom?.clear ?? [], phoneLabel !== undefined, phoneLabel ?? null,
    country !== undefined, country ?? null,
  ]); // prettier-ignore
  if (email !== undefined) await refreshContacts(tx, companyId, [personId]);
}
