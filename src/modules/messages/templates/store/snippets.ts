import type { Statement, Transaction } from '#core/database/database.ts';
import type { Shared } from '../source/snippets.ts';

/** A company has tens of them, small ones: read whole when something is compiled, never when a message is sent. */
const ALL: Statement = {
  name: 'messages.snippets.all',
  text: `select key, mode, body from message_snippets where company_id = $1 order by key`,
};

export async function allSnippets(tx: Transaction, companyId: string): Promise<ReadonlyMap<string, Shared>> {
  return new Map((await tx.query<Shared>(ALL, [companyId])).map((row) => [row.key, row]));
}
