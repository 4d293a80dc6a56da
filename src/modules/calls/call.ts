import { z } from 'zod';
import type { Statement, Transaction } from '#core/database/database.ts';
import { CallNotFound } from './errors.ts';
import { CALL_STATES, ENTRY_STATES, EntryFound } from './tables.ts';

/** One call with one person, as the API shows it. */
export const Call = z.object({
  id: z.uuid(),
  companyId: z.uuid(),
  personId: z.uuid(),
  clientId: z.uuid().nullable(),
  personName: z.string(),
  kindId: z.uuid().nullable(),
  hostId: z.uuid().nullable().describe('Who of us'),
  hostName: z.string().nullable(),
  title: z.string(),
  startsAt: z.date(),
  endsAt: z.date(),
  place: z.string(),
  timeZone: z.string().describe('IANA, of whoever calls with us'),
  note: z.string().describe('What they wrote when they booked it'),
  state: z.enum(CALL_STATES),
  cancelledAt: z.date().nullable(),
  bookedBy: z.enum(['us', 'them']),
  unread: z.boolean().describe('The calendar of the host could not be read when it was booked'),
  sequence: z.int().describe('Raised with each change'),
  entry: z.enum(ENTRY_STATES).nullable().describe('Where it stands in the calendar of the host; null: it is entered in none'),
  entryLink: z.string().nullable(),
  entryProblem: z.string().nullable(),
  entryFound: EntryFound.nullable().describe(
    'As somebody moved it in the host’s calendar; both null: taken out there. null: it stands there as it is here',
  ),
  createdAt: z.date(),
  updatedAt: z.date(),
});
export type Call = z.output<typeof Call>;

/** Behind `from ${FROM_CALLS}`. */
export const CALL_COLUMNS = `k.id, k.company_id as "companyId", k.person_id as "personId",
  (select c.id from clients c where c.company_id = k.company_id and c.person_id = k.person_id order by array_position(array['active', 'prospect', 'inactive'], c.status), c.created_at desc limit 1) as "clientId",
  coalesce(nullif(p.full_name, ''), p.email, 'Somebody') as "personName", k.kind_id as "kindId", k.host_id as "hostId", u.full_name as "hostName", k.title,
  k.starts_at as "startsAt", k.ends_at as "endsAt", k.place, k.time_zone as "timeZone", k.note, k.state, k.cancelled_at as "cancelledAt", k.booked_by as "bookedBy", k.unread,
  k.sequence, k.entry, k.entry_link as "entryLink", k.entry_problem as "entryProblem", k.entry_found as "entryFound", k.created_at as "createdAt", k.updated_at as "updatedAt"`;
export const FROM_CALLS = `calls k join people p on p.id = k.person_id left join users u on u.id = k.host_id and u.company_id = k.company_id`;

const ONE: Statement = { name: 'calls.get', text: `select ${CALL_COLUMNS} from ${FROM_CALLS} where k.company_id = $1 and k.id = $2` };
const LOCK: Statement = { name: 'calls.lock', text: `${ONE.text} for update of k` };
/** Still to come, of one person; those of one kind where it is named. calls_of_person serves it. */
const COMING: Statement = {
  name: 'calls.coming',
  text: `select ${CALL_COLUMNS} from ${FROM_CALLS} where k.company_id = $1 and k.person_id = $2 and k.state = 'planned' and k.ends_at > $3 and ($4::uuid is null or k.kind_id = $4)
          order by k.starts_at limit 20`,
};

/** @throws CallNotFound */
export async function getCall(tx: Transaction, companyId: string, id: string, { lock = false } = {}): Promise<Call> {
  const [row] = await tx.query<Call>(lock ? LOCK : ONE, [companyId, id]);
  if (row === undefined) throw new CallNotFound('There is no such call; list them with: steward calls list');
  return row;
}

export const comingCalls = (tx: Transaction, companyId: string, personId: string, now: Date, kindId: string | null = null) =>
  tx.query<Call>(COMING, [companyId, personId, now, kindId]);
