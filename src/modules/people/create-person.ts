import type { Statement, Transaction } from '#core/database/database.ts';
import type { PhoneFields } from './contact.ts';
import type { CustomValues } from './custom/field.ts';
import { EmailTaken } from './errors.ts';
import type { Name } from './names.ts';

/** Everything normalised already. */
export interface NewPerson {
  readonly id: string;
  readonly name: Name;
  readonly email: string | null;
  readonly phone: PhoneFields;
  /** Null: the phone number's, where its country has one. */
  readonly timeZone: string | null;
  readonly language: string | null;
  readonly country: string | null;
  readonly organisationId: string | null;
  readonly ownerId: string | null;
  readonly custom: CustomValues;
  readonly at: Date;
}

/** The address decides: where another person has it, nothing is made. Without an address there is nothing to decide. */
const INSERT: Statement = {
  name: 'people.create',
  text: `with address as (
      insert into person_emails (company_id, email, person_id, created_at) select $1, $3, $2, $14 where $3::text is not null
      on conflict (company_id, email) do nothing returning person_id
    )
    insert into people (id, company_id, full_name, first_name, last_name, email, phone, phone_raw, time_zone, language, organisation_id, owner_id, custom,
      created_at, updated_at, country)
    select $2, $1, $4, $5, $6, $3, $7, $8, $9, $10, $11::uuid, $12::uuid, $13::jsonb, $14, $14, $15
     where $3::text is null or exists (select from address)
    returning id`,
};

/** @throws EmailTaken when somebody has the address */
export async function insertPerson(tx: Transaction, companyId: string, person: NewPerson): Promise<void> {
  const { id, name, email, phone, timeZone, language, country, organisationId, ownerId, custom, at } = person;
  const made = await tx.query(INSERT, [
    companyId, id, email, name.fullName, name.firstName, name.lastName, phone.phone, phone.phoneRaw, timeZone ?? phone.timeZone,
    language, organisationId, ownerId, JSON.stringify(custom), at, country,
  ]); // prettier-ignore
  if (made.length === 0) {
    throw new EmailTaken(`${email} belongs to a person here already; open that one instead`, {
      fields: [{ path: 'email', message: 'belongs to another person' }],
    });
  }
}
