import type { Statement, Transaction } from '#core/database/database.ts';
import { NotFound } from '#core/errors.ts';
import { newId } from '#core/ids.ts';
import { OrganisationNotFound } from './errors.ts';
import { cut, tidy } from './names.ts';

const USER: Statement = { name: 'people.user.exists', text: 'select id from users where id = $1 and company_id = $2' };

/** An owner must be a user of this company. @throws NotFound */
export async function requireUser(tx: Transaction, companyId: string, userId: string | null | undefined): Promise<void> {
  if (userId === null || userId === undefined) return;
  const rows = await tx.query(USER, [userId, companyId]);
  if (rows.length === 0)
    throw new NotFound('There is no such user to own this; list them with GET /api/users', {
      fields: [{ path: 'owner_id', message: 'no such user' }],
    });
}

const USERS: Statement = { name: 'people.users.exist', text: 'select id from users where id = any($1::uuid[]) and company_id = $2' };

/** The same for many. @throws NotFound */
export async function requireUsers(tx: Transaction, companyId: string, userIds: readonly string[]): Promise<void> {
  const wanted = new Set(userIds);
  if (wanted.size === 0) return;
  const rows = await tx.query(USERS, [[...wanted], companyId]);
  if (rows.length < wanted.size) throw new NotFound('There is no such user to own this; list them with GET /api/users');
}

const ORGANISATION_EXISTS: Statement = {
  name: 'people.organisation.exists',
  text: 'select id from organisations where id = $1 and company_id = $2',
};

/** @throws OrganisationNotFound */
export async function requireOrganisation(tx: Transaction, companyId: string, organisationId: string | null | undefined): Promise<void> {
  if (organisationId === null || organisationId === undefined) return;
  const rows = await tx.query(ORGANISATION_EXISTS, [organisationId, companyId]);
  if (rows.length === 0) throw new OrganisationNotFound('There is no such organisation; list them with GET /api/organisations');
}

const BY_EMAIL: Statement = {
  name: 'people.by_email',
  text: `select e.email, p.id as "personId", p.full_name as "fullName", p.owner_id as "ownerId", lead.id as "leadId"
           from person_emails e join people p on p.id = e.person_id
           left join lateral (
             select id from leads l where l.person_id = p.id
              order by l.status not in ('converted', 'lost') desc, l.created_at desc limit 1
           ) lead on true
          where e.company_id = $1 and e.email = any($2::text[])`,
};

export interface KnownPerson {
  readonly personId: string;
  readonly fullName: string;
  readonly ownerId: string | null;
  /** The lead this person currently is, or was last. */
  readonly leadId: string | null;
}

/** Who has these addresses (normalised)? By any of a person's addresses, for a batch. */
export async function findPersonsByEmail(
  tx: Transaction,
  companyId: string,
  emails: readonly string[],
): Promise<ReadonlyMap<string, KnownPerson>> {
  const rows = await tx.query<KnownPerson & { email: string }>(BY_EMAIL, [companyId, emails]);
  return new Map(rows.map(({ email, ...person }) => [email, person]));
}

const BY_PHONE: Statement = {
  name: 'people.by_phone',
  text: `select distinct on (w.phone) w.phone, p.id as "personId", own.full_name as name, l.id as "leadId"
           from unnest($2::text[]) as w (phone)
           join lateral (select p.id, p.created_at from people p where p.company_id = $1 and p.phone = w.phone
                         union all select f.person_id, f.created_at from person_phones f where f.company_id = $1 and f.phone = w.phone) p on true
           join people own on own.id = p.id and own.company_id = $1
           left join lateral (select id from leads where person_id = p.id and company_id = $1 order by status not in ('converted', 'lost') desc, created_at desc limit 1) l on true
          order by w.phone, p.created_at desc`,
};

/** People by any of their numbers (E.164); of several with one number the newest. */
export async function findPersonsByPhone(
  tx: Transaction,
  companyId: string,
  phones: readonly string[],
): Promise<ReadonlyMap<string, KnownPerson & { readonly name: string }>> {
  const rows = await tx.query<KnownPerson & { name: string; phone: string }>(BY_PHONE, [companyId, phones]);
  return new Map(rows.map(({ phone, ...person }) => [phone, person]));
}

const ORGANISATION: Statement = {
  name: 'people.organisation.upsert',
  text: `insert into organisations (id, company_id, name, name_key, created_at, updated_at)
         select e.id, $1, e.name, e.key, $3, $3 from jsonb_to_recordset($2::jsonb) as e(id uuid, name text, key text)
         on conflict (company_id, name_key) do update set name_key = excluded.name_key
         returning id, name_key`,
};

/** What makes two names one organisation: case and spacing do not matter. */
export const organisationKey = (name: string): string => cut(tidy(name), 200).toLowerCase();

/** Finds or makes organisations by name; a batch in one statement. Answers ids by `organisationKey`. */
export async function upsertOrganisations(
  tx: Transaction,
  companyId: string,
  names: readonly string[],
  at: Date,
): Promise<ReadonlyMap<string, string>> {
  const wanted = new Map(names.map((name) => [organisationKey(name), cut(tidy(name), 200)]));
  wanted.delete('');
  if (wanted.size === 0) return new Map();
  // Sorted, so that two batches at once lock in the same order.
  const entries = [...wanted].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, name]) => ({ id: newId(), name, key }));
  const rows = await tx.query<{ id: string; name_key: string }>(ORGANISATION, [companyId, JSON.stringify(entries), at]);
  return new Map(rows.map((row) => [row.name_key, row.id]));
}
