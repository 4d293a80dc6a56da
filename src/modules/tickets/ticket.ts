import { z } from 'zod';
import type { Statement, Transaction } from '#core/database/database.ts';
import { Conflict, NotFound } from '#core/errors.ts';
import type { Ctx } from '#core/operation/context.ts';
import type { Clocks } from './sla/clocks.ts';
import { PRIORITIES, TICKET_SOURCES, TICKET_STATES, type TicketSource } from './tables.ts';

/** There is no such ticket in this company. */
export class TicketNotFound extends NotFound {
  override readonly code = 'ticket_not_found';
}

/** A closed ticket stays as it is; a merged one goes on elsewhere. */
export class TicketClosed extends Conflict {
  override readonly code = 'ticket_closed';
}

export const ticketId = () => z.uuid().describe('Id of the ticket');
export const Priority = z.enum(PRIORITIES);
export const State = z.enum(TICKET_STATES);
/** A tag: short, lower case, as people type it. */
export const Tag = z.string().trim().toLowerCase().min(1).max(50);
export const Tags = z.array(Tag).max(20);

/** A ticket as lists show it. */
export const Ticket = z.object({
  id: z.uuid(),
  number: z.number().int(),
  subject: z.string(),
  state: State,
  priority: Priority,
  source: z.enum(TICKET_SOURCES),
  tags: z.array(z.string()),
  personId: z.uuid(),
  personName: z.string(),
  email: z.string().nullable(),
  assigneeId: z.uuid().nullable(),
  assigneeName: z.string().nullable(),
  waitingSince: z.date().nullable().describe('Since when they wait for an answer; null: nobody owes one'),
  firstRespondedAt: z.date().nullable(),
  responseDueAt: z.date().nullable().describe('When the target for an answer is broken; null: no clock runs'),
  resolutionDueAt: z.date().nullable().describe('When the target for the solution is broken; null: no clock runs'),
  responseBroken: z.boolean().describe('Some answer was late'),
  resolutionBroken: z.boolean(),
  reopened: z.int().describe('How often it was solved and came back'),
  followsId: z.uuid().nullable().describe('The closed ticket that it goes on from'),
  mergedIntoId: z.uuid().nullable().describe('The ticket that it was merged into'),
  preview: z.string().describe('The beginning of what was last said'),
  lastInbound: z.boolean().nullable().describe('It was said by the customer'),
  lastAt: z.date(),
  solvedAt: z.date().nullable(),
  closedAt: z.date().nullable(),
  createdAt: z.date(),
  updatedAt: z.date(),
});
export type Ticket = z.output<typeof Ticket>;

/** Columns and joins of `Ticket`. The last word comes by ticket_entries_ticket. */
export const TICKET_COLUMNS = `t.id, t.number::float8 as number, t.subject, t.state, t.priority, t.source, t.tags, t.person_id as "personId",
  coalesce(nullif(p.full_name, ''), p.email, p.phone, 'Somebody') as "personName", p.email, t.assignee_id as "assigneeId", coalesce(nullif(u.full_name, ''), u.username) as "assigneeName",
  t.waiting_since as "waitingSince", t.first_responded_at as "firstRespondedAt", t.response_due_at as "responseDueAt", t.resolution_due_at as "resolutionDueAt",
  t.response_broken as "responseBroken", t.resolution_broken as "resolutionBroken", t.reopened, t.follows_id as "followsId", t.merged_into_id as "mergedIntoId",
  coalesce(w.preview, '') as preview, w.inbound as "lastInbound", t.last_at as "lastAt", t.solved_at as "solvedAt", t.closed_at as "closedAt", t.created_at as "createdAt", t.updated_at as "updatedAt"`;
export const TICKET_JOINS = `tickets t join people p on p.id = t.person_id left join users u on u.id = t.assignee_id
  left join lateral (select left(coalesce(nullif(e.text, ''), m.new_text, m.text, ''), 200) as preview, e.inbound from ticket_entries e left join messages m on m.id = e.message_id
    where e.ticket_id = t.id and e.kind in ('message', 'web') order by e.created_at desc, e.id desc limit 1) w on true`;

const GET: Statement = { name: 'tickets.get', text: `select ${TICKET_COLUMNS} from ${TICKET_JOINS} where t.company_id = $1 and t.id = $2` };

/** @throws TicketNotFound */
export async function requireTicket(ctx: Pick<Ctx, 'query' | 'companyId'>, id: string): Promise<Ticket> {
  const [row] = await ctx.query<Ticket>(GET, [ctx.companyId, id]);
  if (row === undefined) throw new TicketNotFound('There is no such ticket; list them with GET /api/tickets');
  return row;
}

/** A ticket as it is worked on: held for this transaction, changed in place, written back whole. */
export interface TicketRow extends Clocks {
  readonly id: string;
  readonly companyId: string;
  readonly number: number;
  readonly personId: string;
  readonly source: TicketSource;
  readonly addressId: string | null;
  readonly createdAt: Date;
  subject: string;
  assigneeId: string | null;
  tags: string[];
  followsId: string | null;
  mergedIntoId: string | null;
  reopened: number;
  lastAt: Date;
  solvedAt: Date | null;
  closedAt: Date | null;
  updatedAt: Date;
}

const HOLD: Statement = {
  name: 'tickets.hold',
  text: `select id, company_id as "companyId", number::float8 as number, person_id as "personId", subject, state, priority, source, assignee_id as "assigneeId", tags, address_id as "addressId",
           follows_id as "followsId", merged_into_id as "mergedIntoId", waiting_since as "waitingSince", first_responded_at as "firstRespondedAt", response_used_ms::float8 as "responseUsedMs",
           response_since as "responseSince", response_due_at as "responseDueAt", response_told as "responseTold", resolution_used_ms::float8 as "resolutionUsedMs",
           resolution_since as "resolutionSince", resolution_due_at as "resolutionDueAt", resolution_told as "resolutionTold", response_broken as "responseBroken",
           resolution_broken as "resolutionBroken", sort_due_at as "sortDueAt", alarm_at as "alarmAt", clock_key as "clockKey", reopened, last_at as "lastAt", solved_at as "solvedAt",
           closed_at as "closedAt", created_at as "createdAt", updated_at as "updatedAt"
         from tickets where company_id = $1 and id = any ($2::uuid[]) order by id for update`,
};

/** Held in one order, whoever asks: two who hold several never wait for each other. */
export function holdTickets(tx: Transaction, companyId: string, ids: readonly string[]): Promise<TicketRow[]> {
  return tx.query<TicketRow>(HOLD, [companyId, ids]);
}

const SAVE: Statement = {
  name: 'tickets.save',
  text: `update tickets t set subject = x.subject, state = x.state, priority = x.priority, assignee_id = x.assignee_id, tags = x.tags, follows_id = x.follows_id, merged_into_id = x.merged_into_id,
           waiting_since = x.waiting_since, first_responded_at = x.first_responded_at, response_used_ms = x.response_used_ms, response_since = x.response_since, response_due_at = x.response_due_at,
           response_told = x.response_told, resolution_used_ms = x.resolution_used_ms, resolution_since = x.resolution_since, resolution_due_at = x.resolution_due_at,
           resolution_told = x.resolution_told, response_broken = x.response_broken, resolution_broken = x.resolution_broken, sort_due_at = x.sort_due_at, alarm_at = x.alarm_at,
           clock_key = x.clock_key, reopened = x.reopened, last_at = x.last_at, solved_at = x.solved_at, closed_at = x.closed_at, updated_at = x.updated_at
         from jsonb_to_recordset($2::jsonb) as x(id uuid, subject text, state text, priority text, assignee_id uuid, tags text[], follows_id uuid, merged_into_id uuid, waiting_since timestamptz,
           first_responded_at timestamptz, response_used_ms bigint, response_since timestamptz, response_due_at timestamptz, response_told smallint, resolution_used_ms bigint,
           resolution_since timestamptz, resolution_due_at timestamptz, resolution_told smallint, response_broken boolean, resolution_broken boolean, sort_due_at timestamptz,
           alarm_at timestamptz, clock_key text, reopened integer, last_at timestamptz, solved_at timestamptz, closed_at timestamptz, updated_at timestamptz)
        where t.company_id = $1 and t.id = x.id`,
};

/** Writes held tickets back, all in one statement. */
export async function saveTickets(tx: Transaction, companyId: string, rows: readonly TicketRow[]): Promise<void> {
  if (rows.length === 0) return;
  const values = rows.map((row) => ({
    id: row.id,
    subject: row.subject,
    state: row.state,
    priority: row.priority,
    assignee_id: row.assigneeId,
    tags: row.tags,
    follows_id: row.followsId,
    merged_into_id: row.mergedIntoId,
    waiting_since: row.waitingSince,
    first_responded_at: row.firstRespondedAt,
    response_used_ms: Math.round(row.responseUsedMs),
    response_since: row.responseSince,
    response_due_at: row.responseDueAt,
    response_told: row.responseTold,
    resolution_used_ms: Math.round(row.resolutionUsedMs),
    resolution_since: row.resolutionSince,
    resolution_due_at: row.resolutionDueAt,
    resolution_told: row.resolutionTold,
    response_broken: row.responseBroken,
    resolution_broken: row.resolutionBroken,
    sort_due_at: row.sortDueAt,
    alarm_at: row.alarmAt,
    clock_key: row.clockKey,
    reopened: row.reopened,
    last_at: row.lastAt,
    solved_at: row.solvedAt,
    closed_at: row.closedAt,
    updated_at: row.updatedAt,
  }));
  await tx.query(SAVE, [companyId, JSON.stringify(values)]);
}
