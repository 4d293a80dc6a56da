import type { Statement, Transaction } from '#core/database/database.ts';
import type { Billing } from './billing.ts';
import type { Client } from './client.ts';
import type { ClientStatus } from './create.ts';

const UPDATE: Statement = {
  name: 'clients.update',
  text: `update clients set status = $3, plan = $4, contract_start = $5::date, contract_end = $6::date, notes = $7, billing = $8::jsonb, owner_id = $9::uuid,
           organisation_id = $10::uuid, updated_at = $11, contract_renews_months = $12, notice_days = $13 where company_id = $1 and id = $2`,
};

export interface ClientChanges {
  readonly status?: ClientStatus | undefined;
  readonly plan?: string | null | undefined;
  readonly contractStart?: string | null | undefined;
  readonly contractEnd?: string | null | undefined;
  readonly contractRenewsMonths?: number | null | undefined;
  readonly noticeDays?: number | undefined;
  readonly notes?: string | null | undefined;
  readonly billing?: Billing | undefined;
  readonly ownerId?: string | null | undefined;
  readonly organisationId?: string | null | undefined;
}

/** Undefined leaves as it is; of billing, too, what is not named stays. `client` is locked. */
export async function updateClientRow(tx: Transaction, client: Client, changes: ClientChanges, at: Date): Promise<void> {
  const of = <Value>(given: Value | undefined, known: Value) => (given === undefined ? known : given);
  const billing = Object.fromEntries(Object.entries({ ...client.billing, ...changes.billing }).filter(([, value]) => value !== null));
  await tx.query(UPDATE, [
    client.companyId,
    client.id,
    changes.status ?? client.status,
    of(changes.plan, client.plan),
    of(changes.contractStart, client.contractStart),
    of(changes.contractEnd, client.contractEnd),
    of(changes.notes, client.notes),
    JSON.stringify(billing),
    of(changes.ownerId, client.ownerId),
    of(changes.organisationId, client.organisation?.id ?? null),
    at,
    of(changes.contractRenewsMonths, client.contractRenewsMonths),
    changes.noticeDays ?? client.noticeDays,
  ]);
}

const DELETE: Statement = { name: 'clients.delete', text: 'delete from clients where company_id = $1 and id = $2' };

/** The person and the timeline stay. */
export async function deleteClientRow(tx: Transaction, companyId: string, clientId: string): Promise<void> {
  await tx.query(DELETE, [companyId, clientId]);
}
