import { z } from 'zod';
import type { Statement, Transaction } from '#core/database/database.ts';
import type { Facts } from '#core/engine/types.ts';
import { newId } from '#core/ids.ts';
import { DIRECTIONS, INTERACTION_TYPES } from './tables.ts';

/** One touch on the timeline, as the API shows it. */
export const Interaction = z.object({
  id: z.uuid(),
  companyId: z.uuid(),
  personId: z.uuid(),
  leadId: z.uuid().nullable(),
  type: z.enum(INTERACTION_TYPES),
  direction: z.enum(DIRECTIONS),
  content: z.string(),
  channel: z.string().nullable(),
  status: z.string().nullable(),
  metadata: z.record(z.string(), z.json()),
  messageId: z.uuid().nullable(),
  createdBy: z.uuid().nullable(),
  createdAt: z.date(),
  editedAt: z.date().nullable().describe('When a note was last changed; null: as first written'),
});
export type Interaction = z.output<typeof Interaction>;

/** Columns in the API's names; alias the table `i`. */
export const INTERACTION_COLUMNS = `i.id, i.company_id as "companyId", i.person_id as "personId", i.lead_id as "leadId", i.type, i.direction,
  i.content, i.channel, i.status, i.metadata, i.message_id as "messageId", i.created_by as "createdBy", i.created_at as "createdAt",
  i.edited_at as "editedAt"`;

/** A touch to be written. Name the person or the lead; the other is filled in (the person's current lead). */
export interface NewInteraction {
  readonly id?: string;
  readonly companyId: string;
  readonly personId?: string | null | undefined;
  readonly leadId?: string | null | undefined;
  readonly type: Interaction['type'];
  readonly direction: Interaction['direction'];
  readonly content: string;
  readonly channel?: string | null | undefined;
  readonly status?: string | null | undefined;
  readonly metadata?: Facts;
  readonly messageId?: string | null | undefined;
  readonly createdBy?: string | null | undefined;
  readonly at: Date;
}

/**
 * Rows whose person and lead belong to another company, or to nobody, are left out. The leads table is named here, below
 * the module that owns it, because a touch finds its lead in the same statement.
 */
const RECORD: Statement = {
  name: 'people.interactions.record',
  text: `with entry as (
      select * from jsonb_to_recordset($1::jsonb) as e(id uuid, company_id uuid, person_id uuid, lead_id uuid, type text, direction text,
        content text, channel text, status text, metadata jsonb, message_id uuid, created_by uuid, at timestamptz)
    )
    insert into interactions as i (id, company_id, person_id, lead_id, type, direction, content, channel, status, metadata, message_id, created_by, created_at)
    select e.id, e.company_id, p.id, coalesce(given.id, latest.id), e.type, e.direction, e.content, e.channel, e.status, e.metadata, e.message_id, e.created_by, e.at
      from entry e
      left join leads given on given.id = e.lead_id and given.company_id = e.company_id
      join people p on p.id = coalesce(e.person_id, given.person_id) and p.company_id = e.company_id
      left join lateral (
        select id from leads l where l.person_id = p.id and l.company_id = e.company_id and e.lead_id is null
         order by l.status not in ('converted', 'lost') desc, l.created_at desc limit 1
      ) latest on true
     where e.lead_id is null or given.person_id = p.id
    returning ${INTERACTION_COLUMNS}`,
};

/** Writes touches in one statement, under either role. Answers the rows that were written. */
export async function recordInteractions(tx: Transaction, rows: readonly NewInteraction[]): Promise<Interaction[]> {
  if (rows.length === 0) return [];
  const entries = rows.map((row) => ({
    id: row.id ?? newId(),
    company_id: row.companyId,
    person_id: row.personId ?? null,
    lead_id: row.leadId ?? null,
    type: row.type,
    direction: row.direction,
    content: row.content,
    channel: row.channel ?? null,
    status: row.status ?? null,
    metadata: row.metadata ?? {},
    message_id: row.messageId ?? null,
    created_by: row.createdBy ?? null,
    at: row.at,
  }));
  return tx.query<Interaction>(RECORD, [JSON.stringify(entries)]);
}

const SET_STATUS: Statement = {
  name: 'people.interactions.status',
  text: `update interactions i set status = e.status
           from jsonb_to_recordset($1::jsonb) as e(company_id uuid, message_id uuid, status text)
          where i.message_id = e.message_id and i.company_id = e.company_id`,
};

/** What became of the messages behind these touches: sent, bounced … */
export async function setInteractionStatus(
  tx: Transaction,
  rows: readonly { readonly companyId: string; readonly messageId: string; readonly status: string }[],
): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(SET_STATUS, [
    JSON.stringify(rows.map((row) => ({ company_id: row.companyId, message_id: row.messageId, status: row.status }))),
  ]);
}

const ADD_FACTS: Statement = {
  name: 'people.interactions.facts',
  text: `update interactions i set metadata = i.metadata || e.facts
           from jsonb_to_recordset($1::jsonb) as e(company_id uuid, message_id uuid, facts jsonb)
          where i.message_id = e.message_id and i.company_id = e.company_id`,
};

/** What came to be known of the messages behind these touches. One row for each message of a call. */
export async function setInteractionFacts(
  tx: Transaction,
  rows: readonly { readonly companyId: string; readonly messageId: string; readonly facts: Facts }[],
): Promise<void> {
  const whole = [...Map.groupBy(rows, ({ messageId }) => messageId)].flatMap(([messageId, own]) => {
    const [first] = own;
    return first === undefined
      ? []
      : [{ company_id: first.companyId, message_id: messageId, facts: Object.assign({}, ...own.map(({ facts }) => facts)) as Facts }]; // Facts put together are Facts
  });
  if (whole.length > 0) await tx.query(ADD_FACTS, [JSON.stringify(whole)]);
}
