import type { Statement, Transaction } from '#core/database/database.ts';
import type { Thread } from './thread.ts';

/** The tables of tickets are named here, below the module that owns them, as the timeline does: whoever writes for support is taken in, known or not. */
const ADDRESSED: Statement = {
  name: 'messages.receive.support_address',
  text: `select id from ticket_addresses where company_id = $1 and address = any ($2::text[]) order by array_position($2::text[], address) limit 1`,
};
const OF_TICKET: Statement = {
  name: 'messages.receive.of_ticket',
  text: 'select ticket_id as id from ticket_entries where company_id = $1 and message_id = $2',
};

/** The support address among the recipients of a mail, or null. A plus in it (`help+token@`) counts as the address without. */
export async function supportAddress(tx: Transaction, companyId: string, recipients: readonly string[]): Promise<string | null> {
  const plain = recipients.flatMap((address) => [address, address.replace(/\+[^@]*@/, '@')]);
  const [row] = plain.length === 0 ? [] : await tx.query<{ id: string }>(ADDRESSED, [companyId, plain]);
  return row?.id ?? null;
}

/** Does the message that a mail belongs to stand on a ticket? */
export async function isOfTicket(tx: Transaction, companyId: string, thread: Thread | null): Promise<boolean> {
  return thread !== null && (await tx.query(OF_TICKET, [companyId, thread.id])).length > 0;
}

/** "Re:" in the usual languages: it says that it is an answer, whatever its mail program left out. */
export const saysItAnswers = (subject: string): boolean => /^\s*(re|aw|antw|sv|vs|rif|res|odp|wg|fwd?|tr)\s*(\[\d+\])?\s*:/i.test(subject);
