import type { Statement, Transaction } from '#core/database/database.ts';
import type { Facts } from '#core/engine/types.ts';

export type Action = 'moved' | 'deleted' | 'changed' | 'added';

/** One thing that a merge did to some rows of one table. */
export interface JournalEntry {
  readonly table: string;
  readonly action: Action;
  readonly column?: string | null;
  readonly from?: string | null;
  readonly to?: string | null;
  readonly rows: readonly Facts[];
  readonly made?: readonly Facts[] | null;
}

const INSERT: Statement = {
  name: 'people.merge.journal',
  text: `insert into person_merge_rows (company_id, merge_id, place, table_name, action, column_name, from_id, to_id, rows, made)
         select $1, $2, e.place, e."table", e.action, e."column", e."from", e."to", e.rows, e.made
           from jsonb_to_recordset($3::jsonb) as e(place integer, "table" text, action text, "column" text, "from" uuid, "to" uuid, rows jsonb, made jsonb)`,
};
const LOAD: Statement = {
  name: 'people.merge.journal.load',
  text: `select table_name as "table", action, column_name as "column", from_id as "from", to_id as "to", rows, made
           from person_merge_rows where company_id = $1 and merge_id = $2 order by place desc`,
};

/** Keeps what was done, in order; entries without rows are left out. */
export async function writeJournal(tx: Transaction, companyId: string, mergeId: string, entries: readonly JournalEntry[]): Promise<void> {
  const kept = entries.filter((entry) => entry.rows.length > 0).map((entry, place) => ({ place, ...entry }));
  if (kept.length > 0) await tx.query(INSERT, [companyId, mergeId, JSON.stringify(kept)]);
}

/** Last first: the order in which it is undone. */
export function readJournal(tx: Transaction, companyId: string, mergeId: string): Promise<Required<JournalEntry>[]> {
  return tx.query<Required<JournalEntry>>(LOAD, [companyId, mergeId]);
}
