import type { Statement, Transaction } from '#core/database/database.ts';
import type { DomainEvent } from '#core/engine/types.ts';
import { newId } from '#core/ids.ts';
import type { Billing } from './billing.ts';
import { clientOfPerson, ClientExists, getClient, type Client } from './client.ts';
import type { CLIENT_STATUSES } from './tables.ts';

export type ClientStatus = (typeof CLIENT_STATUSES)[number];

/** Of two calls for one person at once, the second waits and then finds the first one's client. */
const ALONE: Statement = { name: 'clients.alone', text: `select pg_advisory_xact_lock(hashtextextended('client ' || $1::text, 0))` };

const INSERT: Statement = {
  name: 'clients.create',
  text: `insert into clients (id, company_id, person_id, organisation_id, status, plan, contract_start, contract_end, notes, billing, owner_id, created_at, updated_at, contract_renews_months, notice_days)
         select $1, $2, p.id, coalesce($4::uuid, p.organisation_id), $5, $6, $7::date, $8::date, $9, $10::jsonb, $11::uuid, $12, $12, $13, $14 from people p where p.company_id = $2 and p.id = $3`,
};

export interface NewClient {
  readonly personId: string;
  /** Null: the one that the person works for. */
  readonly organisationId: string | null;
  readonly status: ClientStatus;
  readonly plan: string | null;
  readonly contractStart: string | null;
  readonly contractEnd: string | null;
  readonly contractRenewsMonths: number | null;
  readonly noticeDays: number;
  readonly notes: string | null;
  readonly billing: Billing;
  readonly ownerId: string | null;
}

/** @throws ClientExists */
export async function insertClient(tx: Transaction, companyId: string, client: NewClient, at: Date): Promise<Client> {
  await tx.query(ALONE, [client.personId]);
  const known = await clientOfPerson(tx, companyId, client.personId);
  if (known !== null)
    throw new ClientExists(`${known.email ?? known.name} is a client already: ${known.id}. Update that one`, {
      fields: [{ path: 'email', message: `is a client already: ${known.id}` }],
    });
  const id = newId();
  const { personId, organisationId, status, plan, contractStart, contractEnd, contractRenewsMonths, noticeDays, notes, billing, ownerId } =
    client;
  await tx.query(INSERT, [
    id, companyId, personId, organisationId, status, plan, contractStart, contractEnd, notes, JSON.stringify(billing), ownerId, at, contractRenewsMonths, noticeDays,
  ]); // prettier-ignore
  return getClient(tx, companyId, id);
}

/** Each lead's person becomes a client, unless she is one; what was noted and who looks after her goes along. Person and timeline are the same. */
const FROM_LEADS: Statement = {
  name: 'clients.from_leads',
  text: `with wanted as (
      select distinct on (l.company_id, l.person_id) e.id, l.company_id, l.person_id, p.organisation_id, l.id as lead_id, l.notes, l.owner_id
        from jsonb_to_recordset($1::jsonb) as e(id uuid, company_id uuid, lead_id uuid)
        join leads l on l.id = e.lead_id and l.company_id = e.company_id
        join people p on p.id = l.person_id
       where not exists (select from clients c where c.person_id = l.person_id and c.company_id = l.company_id)
    )
    insert into clients (id, company_id, person_id, organisation_id, lead_id, status, notes, owner_id, created_at, updated_at)
    select id, company_id, person_id, organisation_id, lead_id, 'active', notes, owner_id, $2, $2 from wanted
    returning id, company_id as "companyId", person_id as "personId", lead_id as "leadId", status`,
};
const PEOPLE_OF_LEADS: Statement = {
  name: 'clients.people_of_leads',
  text: `select l.person_id as "personId" from jsonb_to_recordset($1::jsonb) as e(company_id uuid, lead_id uuid)
           join leads l on l.id = e.lead_id and l.company_id = e.company_id order by 1`,
};
const LOCK_ALL: Statement = {
  name: 'clients.alone_all',
  text: `select pg_advisory_xact_lock(hashtextextended('client ' || p, 0)) from (select p from unnest($1::text[]) p order by p) people`,
};

type Made = Pick<Client, 'id' | 'companyId' | 'personId' | 'leadId' | 'status'>;

export async function clientsFromLeads(
  tx: Transaction,
  leads: readonly { readonly companyId: string; readonly leadId: string }[],
  at: Date,
): Promise<Made[]> {
  if (leads.length === 0) return [];
  const entries = JSON.stringify(leads.map(({ companyId, leadId }) => ({ id: newId(), company_id: companyId, lead_id: leadId })));
  const people = await tx.query<{ personId: string }>(PEOPLE_OF_LEADS, [entries]);
  await tx.query(LOCK_ALL, [people.map(({ personId }) => personId)]);
  return tx.query<Made>(FROM_LEADS, [entries, at]);
}

export function clientCreated(client: Made): DomainEvent {
  return {
    name: 'client.created',
    companyId: client.companyId,
    subject: { type: 'client', id: client.id },
    personId: client.personId,
    payload: { status: client.status, lead_id: client.leadId },
  };
}
