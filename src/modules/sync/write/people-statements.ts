import type { Statement } from '#core/database/database.ts';

/** A person as the source's fields are compared with it. */
export interface Ours {
  readonly id: string;
  readonly fullName: string;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly email: string | null;
  readonly phone: string | null;
  readonly phoneRaw: string | null;
  readonly timeZone: string | null;
  readonly language: string | null;
  readonly country: string | null;
  readonly organisationId: string | null;
  readonly organisation: string | null;
  readonly ownerId: string | null;
  readonly custom: Readonly<Record<string, string | number | boolean>>;
  readonly optedOut: boolean;
  readonly emails: readonly string[];
  readonly updatedAt: Date;
}

/** Locked in the order of their ids, so that two pages at once wait for each other instead of for ever. */
export const LOCK: Statement = {
  name: 'sync.people.lock',
  text: `with own as materialized (select * from people where company_id = $1 and id = any($2::uuid[]) order by id for update)
    select p.id, p.full_name as "fullName", p.first_name as "firstName", p.last_name as "lastName", p.email, p.phone, p.phone_raw as "phoneRaw", p.time_zone as "timeZone",
      p.language, p.country, p.organisation_id as "organisationId", o.name as organisation, p.owner_id as "ownerId", p.custom, p.opted_out_at is not null as "optedOut",
      array(select e.email from person_emails e where e.company_id = $1 and e.person_id = p.id) as emails, p.updated_at as "updatedAt"
    from own p left join organisations o on o.id = p.organisation_id and o.company_id = $1`,
};

export const BY_EMAIL: Statement = {
  name: 'sync.people.by_email',
  text: `select email, person_id as "personId" from person_emails where company_id = $1 and email = any($2::text[])`,
};

/** They came out of another program: that alone is no ground to write to them. */
export const INSERT: Statement = {
  name: 'sync.people.insert',
  text: `insert into people (id, company_id, full_name, first_name, last_name, email, phone, phone_raw, time_zone, language, country, organisation_id, owner_id, custom, imported, created_at, updated_at)
    select e.id, $1, e.full_name, e.first_name, e.last_name, e.email, e.phone, e.phone_raw, e.time_zone, e.language, e.country, e.organisation_id, e.owner_id, coalesce(e.custom, '{}'), true, $3, $3
      from jsonb_to_recordset($2::jsonb) as e(id uuid, full_name text, first_name text, last_name text, email text, phone text, phone_raw text, time_zone text, language text,
        country text, organisation_id uuid, owner_id uuid, custom jsonb)`,
};

/** Whole rows of what a source may write: they were locked and read in this transaction. */
export const UPDATE: Statement = {
  name: 'sync.people.update',
  text: `update people p set full_name = e.full_name, first_name = e.first_name, last_name = e.last_name, email = e.email, phone = e.phone, phone_raw = e.phone_raw,
      time_zone = e.time_zone, language = e.language, country = e.country, organisation_id = e.organisation_id, owner_id = e.owner_id, custom = coalesce(e.custom, '{}'), updated_at = $3
    from jsonb_to_recordset($2::jsonb) as e(id uuid, full_name text, first_name text, last_name text, email text, phone text, phone_raw text, time_zone text, language text,
      country text, organisation_id uuid, owner_id uuid, custom jsonb)
    where p.id = e.id and p.company_id = $1`,
};

/** An address that somebody took a moment ago is theirs: fewer rows than asked for say so. */
export const EMAILS: Statement = {
  name: 'sync.people.emails',
  text: `with taken as (
      insert into person_emails (company_id, email, person_id, created_at)
      select $1, e.email, e.person_id, $2 from unnest($3::text[], $4::uuid[]) as e(email, person_id) on conflict do nothing returning 1
    ) select count(*)::int as n from taken`,
};

export const OWNERS: Statement = {
  name: 'sync.owners',
  text: 'select id, lower(email) as email from users where company_id = $1 and is_active',
};
