import type { Transaction } from '#core/database/database.ts';

/** The channel that open pages hear of changes on: `<company> <person>,<person>…`; no persons: many of them. */
export const CHANNEL = 'steward_conversations';
/** PostgreSQL's limit for a message is 8,000 bytes. */
const MOST = 200;

/** Pages that show these conversations look again once this transaction commits. */
export async function tellPages(tx: Transaction, companyId: string, personIds: readonly string[]): Promise<void> {
  if (personIds.length === 0) return;
  const named = personIds.length > MOST ? '' : ` ${personIds.join(',')}`;
  await tx.query({ name: 'conversations.tell', text: 'select pg_notify($1, $2)' }, [CHANNEL, `${companyId}${named}`]);
}

/** Pages that show anything of the company's conversations look again: for what stands beside them, such as tickets. */
export async function tellConversationPages(tx: Transaction, companyId: string): Promise<void> {
  await tx.query({ name: 'conversations.tell', text: 'select pg_notify($1, $2)' }, [CHANNEL, companyId]);
}
