import type { Statement, Transaction } from '#core/database/database.ts';
import type { Facts } from '#core/engine/types.ts';
import type { PersonColumn } from '../person-tables.ts';
import type { JournalEntry } from './journal.ts';
import { changeRow, moveRows, takeRows } from './move.ts';

/** Looks into the leads table from below, as person pages do. */
const OPEN: Statement = {
  name: 'people.merge.open_leads',
  text: `select to_jsonb(l) as row from leads l where l.company_id = $1 and l.person_id = any($2::uuid[]) and l.status not in ('converted', 'lost') order by l.id for update`,
};

/** How far a lead has come; `unsubscribed` is the strictest word of all. */
const ORDER = ['new', 'contacted', 'engaged', 'qualified', 'unsubscribed'];

/**
 * Two open leads become one: the survivor's stays, goes as far as the further one had come, and takes notes, owner and source that it
 * lacks. What hung off the other one hangs off it. Lets one open lead, or none, be moved as any row.
 */
export async function joinLeads(
  tx: Transaction,
  companyId: string,
  columns: readonly PersonColumn[],
  survivorId: string,
  absorbedId: string,
  at: Date,
): Promise<JournalEntry[]> {
  const rows = (await tx.query<{ row: Facts }>(OPEN, [companyId, [survivorId, absorbedId]])).map(({ row }) => row);
  const ours = rows.find((row) => row['person_id'] === survivorId);
  const theirs = rows.find((row) => row['person_id'] === absorbedId);
  if (ours === undefined || theirs === undefined) return [];
  const [to, from] = [String(ours['id']), String(theirs['id'])];
  const done: JournalEntry[] = [];
  for (const column of columns) done.push(...(await moveRows(tx, companyId, column, from, to, 'lead')));
  done.push(await takeRows(tx, 'leads', 'd.id = $2', [companyId, from]));
  const further = ORDER.indexOf(String(theirs['status'])) > ORDER.indexOf(String(ours['status'])) ? theirs : ours;
  const notes = [ours['notes'], theirs['notes']].filter((text) => typeof text === 'string' && text !== '');
  const changes: Facts = {
    status: further['status'] ?? null,
    notes: notes.length === 2 && notes[0] !== notes[1] ? notes.join('\n\n') : (notes[0] ?? null),
    source: ours['source'] ?? theirs['source'] ?? null,
    owner_id: ours['owner_id'] ?? theirs['owner_id'] ?? null,
    updated_at: at.toISOString(),
  };
  done.push(...(await changeRow(tx, companyId, 'leads', to, ours, changes)));
  return done;
}
