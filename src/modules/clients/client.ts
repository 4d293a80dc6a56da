import { z } from 'zod';
import type { Statement, Transaction } from '#core/database/database.ts';
import { Conflict, NotFound } from '#core/errors.ts';
import { Billing } from './billing.ts';
import { Health } from './health/health.ts';
import { CLIENT_STATUSES } from './tables.ts';

/** A client as the API shows it: name, addresses and organisation come from its person. */
export const Client = z.object({
  id: z.uuid(),
  companyId: z.uuid(),
  personId: z.uuid(),
  name: z.string(),
  email: z.string().nullable(),
  phone: z.string().nullable(),
  organisation: z.object({ id: z.uuid(), name: z.string() }).nullable().describe('Who is invoiced, when not the person'),
  status: z.enum(CLIENT_STATUSES),
  plan: z.string().nullable(),
  contractStart: z.string().nullable().describe('Day, YYYY-MM-DD'),
  contractEnd: z.string().nullable().describe('Last day, YYYY-MM-DD; null: no end is agreed'),
  contractRenewsMonths: z.int().nullable().describe('It goes on by itself, for so many months each time; null: it ends'),
  noticeDays: z.int().describe('So many days before its end somebody is told'),
  health: Health.nullable().describe('As the last look found it; null: not active, or not looked at yet'),
  notes: z.string().nullable(),
  billing: Billing,
  ownerId: z.uuid().nullable(),
  leadId: z.uuid().nullable().describe('The lead that this client was before'),
  createdAt: z.date(),
  updatedAt: z.date(),
});
export type Client = z.output<typeof Client>;

/** No such client in this company. */
export class ClientNotFound extends NotFound {
  override readonly code = 'client_not_found';
}

/** This person is a client already; the message holds the id. */
export class ClientExists extends Conflict {
  override readonly code = 'client_exists';
}

/** Columns in the API's names, for `FROM_CLIENTS`. */
export const CLIENT_COLUMNS = `c.id, c.company_id as "companyId", c.person_id as "personId", p.full_name as name, p.email, coalesce(p.phone, p.phone_raw) as phone,
  case when o.id is null then null else jsonb_build_object('id', o.id, 'name', o.name) end as organisation, c.status, c.plan,
  c.contract_start::text as "contractStart", c.contract_end::text as "contractEnd",
  c.contract_renews_months as "contractRenewsMonths", c.notice_days as "noticeDays",
  case when c.status = 'active' and c.health_level is not null then jsonb_build_object('level', c.health_level, 'score', c.health_score) end as health, c.notes, c.billing, c.owner_id as "ownerId", c.lead_id as "leadId",
  c.created_at as "createdAt", c.updated_at as "updatedAt"`;
export const FROM_CLIENTS = 'from clients c join people p on p.id = c.person_id left join organisations o on o.id = c.organisation_id';

const BY_ID: Statement = { name: 'clients.get', text: `select ${CLIENT_COLUMNS} ${FROM_CLIENTS} where c.company_id = $1 and c.id = $2` };
const LOCK: Statement = { name: 'clients.lock', text: `${BY_ID.text} for update of c` };
/** Any of the person's addresses; of two clients the one that is in use. */
const BY_EMAIL: Statement = {
  name: 'clients.by_email',
  text: `select ${CLIENT_COLUMNS} ${FROM_CLIENTS} join person_emails e on e.person_id = c.person_id and e.company_id = c.company_id
          where c.company_id = $1 and e.email = $2 order by array_position(array['active', 'prospect', 'inactive'], c.status), c.created_at desc limit 1`,
};
const OF_PERSON: Statement = {
  name: 'clients.of_person',
  text: `select ${CLIENT_COLUMNS} ${FROM_CLIENTS} where c.company_id = $1 and c.person_id = $2
          order by array_position(array['active', 'prospect', 'inactive'], c.status), c.created_at desc limit 1`,
};

/** @throws ClientNotFound */
export async function getClient(tx: Transaction, companyId: string, clientId: string): Promise<Client> {
  return found(await tx.query<Client>(BY_ID, [companyId, clientId]));
}

/** The same, locked against other writers until the transaction ends. @throws ClientNotFound */
export async function lockClient(tx: Transaction, companyId: string, clientId: string): Promise<Client> {
  return found(await tx.query<Client>(LOCK, [companyId, clientId]));
}

/** @param email normalised @throws ClientNotFound */
export async function clientByEmail(tx: Transaction, companyId: string, email: string): Promise<Client> {
  const [client] = await tx.query<Client>(BY_EMAIL, [companyId, email]);
  if (client === undefined)
    throw new ClientNotFound(`No client has the address ${email}; list them with: steward business clients list`, {
      fields: [{ path: 'email', message: 'is not the address of a client' }],
    });
  return client;
}

export async function clientOfPerson(tx: Transaction, companyId: string, personId: string): Promise<Client | null> {
  const [client] = await tx.query<Client>(OF_PERSON, [companyId, personId]);
  return client ?? null;
}

function found(rows: readonly Client[]): Client {
  const [client] = rows;
  if (client === undefined) throw new ClientNotFound('There is no such client; list them with: steward business clients list');
  return client;
}
