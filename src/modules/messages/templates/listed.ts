import type { Statement, Transaction } from '#core/database/database.ts';
import { currentTemplates, unwrittenKeys, type CurrentTemplate, type Shelf } from './current.ts';

const OWN_KEYS: Statement = {
  name: 'messages.templates.own_keys',
  text: `select distinct key from message_templates where company_id = $1 and retired_at is null order by key`,
};

/** Every template of a company in its current version: the built-in ones, changed or not, then its own. */
export async function listedTemplates(tx: Transaction, shelf: Shelf, companyId: string): Promise<CurrentTemplate[]> {
  const own = await tx.query<{ key: string }>(OWN_KEYS, [companyId]);
  const keys = [...new Set([...unwrittenKeys(shelf), ...own.map((row) => row.key)])];
  const current = await currentTemplates(
    tx,
    shelf,
    keys.map((key) => ({ companyId, key })),
  );
  return keys.flatMap((key) => current(companyId, key) ?? []);
}
