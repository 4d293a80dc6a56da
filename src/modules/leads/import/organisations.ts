import type { Statement, Transaction } from '#core/database/database.ts';
import { organisationKey, upsertOrganisations } from '#modules/people/public.ts';

const KNOWN: Statement = {
  name: 'leads.import.organisations',
  text: 'select id from organisations where company_id = $1 and name_key = any($2::text[])',
};
/** Counted down: chunks have the numbers of their last rows. */
const JOURNAL: Statement = {
  name: 'imports.journal.organisations',
  text: `insert into import_journal (company_id, import_id, place, organisation_ids, at)
         select $1, $2, coalesce(min(place), 0) - 1, $3, $4 from import_journal where import_id = $2 and company_id = $1 and place < 0`,
};

/** Finds or makes them, and journals those that are new, so that an undo can take them back. */
export async function ensureOrganisations(
  tx: Transaction,
  companyId: string,
  importId: string,
  names: readonly string[],
  at: Date,
): Promise<ReadonlyMap<string, string>> {
  const old = new Set((await tx.query<{ id: string }>(KNOWN, [companyId, names.map(organisationKey)])).map((row) => row.id));
  const found = await upsertOrganisations(tx, companyId, names, at);
  const fresh = [...found.values()].filter((id) => !old.has(id));
  if (fresh.length > 0) await tx.query(JOURNAL, [companyId, importId, fresh, at]);
  return found;
}
