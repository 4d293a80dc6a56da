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
  /** Files of the person that came with it; of a mail they stand on the message. */
  readonly fileIds?: readonly string[];
}

const INSERT: Statement = {
  name: 'tickets.entries.add',
  text: `insert into ticket_entries (id, company_id, ticket_id, kind, message_id, inbound, auto, text, change, author_id, created_at)
         select x.id, $1, x.ticket_id, x.kind, x.message_id, x.inbound, coalesce(x.auto, false), coalesce(x.text, ''), x.change, x.author_id, $3
           from jsonb_to_recordset($2::jsonb) as x(id uuid, ticket_id uuid, kind text, message_id uuid, inbound boolean, auto boolean, text text, change jsonb, author_id uuid)
         on conflict (message_id) do nothing returning message_id as "messageId"`,
};

const FILES: Statement = {
  name: 'tickets.entries.files',
  text: 'insert into ticket_entry_files (company_id, entry_id, file_id) select $1, x.entry_id, x.file_id from jsonb_to_recordset($2::jsonb) as x(entry_id uuid, file_id uuid)',
};

/** Answers the messages that had no line yet: each has one, however often it is told. */
export async function addEntries(tx: Transaction, companyId: string, entries: readonly NewEntry[], at: Date): Promise<ReadonlySet<string>> {
  if (entries.length === 0) return new Set();
  const ids = entries.map(() => newId());
  const rows = entries.map(({ ticketId, messageId, authorId, fileIds: _, ...rest }, place) => ({
    id: ids[place],
    ticket_id: ticketId,
    message_id: messageId ?? null,
    author_id: authorId ?? null,
    ...rest,
  }));
  const added = await tx.query<{ messageId: string | null }>(INSERT, [companyId, JSON.stringify(rows), at]);
  const files = entries.flatMap(({ fileIds = [] }, place) => fileIds.map((file) => ({ entry_id: ids[place], file_id: file })));
  if (files.length > 0) await tx.query(FILES, [companyId, JSON.stringify(files)]);
  return new Set(added.flatMap(({ messageId }) => messageId ?? []));
}

/** Files of a line (an alias of ticket_entries), by mail or from the page, as JSON. The company stands inside. */
export const entryFiles = (line: string): string =>
  `coalesce((select jsonb_agg(jsonb_build_object('id', f.id, 'name', f.name, 'type', f.type, 'sizeBytes', f.size_bytes) order by f.id) from person_files f
     where f.company_id = ${line}.company_id and f.complete and f.id in (select x.file_id from message_files x where x.message_id = ${line}.message_id and x.company_id = ${line}.company_id
       union all select x.file_id from ticket_entry_files x where x.entry_id = ${line}.id and x.company_id = ${line}.company_id)), '[]')`;
