import type { Statement, Transaction } from '#core/database/database.ts';
import type { Facts } from '#core/engine/types.ts';
import { newId } from '#core/ids.ts';

/** A line on a ticket. */
export interface NewEntry {
  readonly ticketId: string;
  readonly kind: 'message' | 'note' | 'web' | 'change';
  readonly messageId?: string;
  readonly inbound?: boolean;
  readonly auto?: boolean;
  readonly text?: string;
  readonly change?: Facts;
  readonly authorId?: string | null;
}

const INSERT: Statement = {
  name: 'tickets.entries.add',
  text: `insert into ticket_entries (id, company_id, ticket_id, kind, message_id, inbound, auto, text, change, author_id, created_at)
         select x.id, $1, x.ticket_id, x.kind, x.message_id, x.inbound, coalesce(x.auto, false), coalesce(x.text, ''), x.change, x.author_id, $3
           from jsonb_to_recordset($2::jsonb) as x(id uuid, ticket_id uuid, kind text, message_id uuid, inbound boolean, auto boolean, text text, change jsonb, author_id uuid)
         on conflict (message_id) do nothing returning message_id as "messageId"`,
};

/** Answers the messages that had no line yet: each has one, however often it is told. */
export async function addEntries(tx: Transaction, companyId: string, entries: readonly NewEntry[], at: Date): Promise<ReadonlySet<string>> {
  if (entries.length === 0) return new Set();
  const rows = entries.map(({ ticketId, messageId, authorId, ...rest }) => ({
    id: newId(),
    ticket_id: ticketId,
    message_id: messageId ?? null,
    author_id: authorId ?? null,
    ...rest,
  }));
  const added = await tx.query<{ messageId: string | null }>(INSERT, [companyId, JSON.stringify(rows), at]);
  return new Set(added.flatMap(({ messageId }) => messageId ?? []));
}
