import { z } from 'zod';
import type { Statement, Transaction } from '#core/database/database.ts';
import { NotFound, Conflict } from '#core/errors.ts';
import { LEAD_STATUSES } from './tables.ts';

/** A lead as the API shows it: name, addresses and consent come from its person. */
export const Lead = z.object({
  id: z.uuid(),
  companyId: z.uuid(),
  personId: z.uuid(),
  name: z.string(),
  email: z.string().nullable(),
  phone: z.string().nullable().describe('E.164 where the text could be read as a number, else as given'),
  source: z.string().nullable(),
  status: z.enum(LEAD_STATUSES),
  notes: z.string().nullable(),
  ownerId: z.uuid().nullable(),
  optedOut: z.boolean().describe('No commercial message may be sent'),
  createdAt: z.date(),
  updatedAt: z.date(),
});
export type Lead = z.output<typeof Lead>;

/** No such lead in this company. */
export class LeadNotFound extends NotFound {
  override readonly code = 'lead_not_found';
}

/** The person has a current lead already; the message holds its id. */
export class LeadExists extends Conflict {
  override readonly code = 'lead_exists';
}

/** Columns in the API's names, for `leads l join people p`. */
export const LEAD_COLUMNS = `l.id, l.company_id as "companyId", l.person_id as "personId", p.full_name as name, p.email,
  coalesce(p.phone, p.phone_raw) as phone, l.source, l.status, l.notes, l.owner_id as "ownerId",
  p.opted_out_at is not null as "optedOut", l.created_at as "createdAt", l.updated_at as "updatedAt"`;

const BY_ID: Statement = {
  name: 'leads.get',
  text: `select ${LEAD_COLUMNS} from leads l join people p on p.id = l.person_id where l.id = $1 and l.company_id = $2`,
};

const LOCK: Statement = {
  name: 'leads.lock',
  text: `select ${LEAD_COLUMNS} from leads l join people p on p.id = l.person_id where l.id = $1 and l.company_id = $2 for update of l`,
};

const CURRENT_OF_PERSON: Statement = {
  name: 'leads.current',
  text: `select ${LEAD_COLUMNS} from leads l join people p on p.id = l.person_id
          where l.company_id = $1 and l.person_id = $2 order by l.status not in ('converted', 'lost') desc, l.created_at desc limit 1`,
};

/** @throws LeadNotFound */
export async function getLead(tx: Transaction, companyId: string, leadId: string): Promise<Lead> {
  return found(await tx.query<Lead>(BY_ID, [leadId, companyId]));
}

/** The same, locked against other writers until the transaction ends. @throws LeadNotFound */
export async function lockLead(tx: Transaction, companyId: string, leadId: string): Promise<Lead> {
  return found(await tx.query<Lead>(LOCK, [leadId, companyId]));
}

/** The lead that a person currently is: the open one, else the latest. */
export async function currentLead(tx: Transaction, companyId: string, personId: string): Promise<Lead | null> {
  const [lead] = await tx.query<Lead>(CURRENT_OF_PERSON, [companyId, personId]);
  return lead ?? null;
}

function found(rows: readonly Lead[]): Lead {
  const [lead] = rows;
  if (lead === undefined) throw new LeadNotFound('There is no such lead; list them with GET /api/lead-nurturing/leads');
  return lead;
}
