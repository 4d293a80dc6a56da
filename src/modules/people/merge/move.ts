import { createHash } from 'node:crypto';
import type { Statement, Transaction } from '#core/database/database.ts';
import type { Facts } from '#core/engine/types.ts';
import { quoted, type PersonColumn } from '../person-tables.ts';
import type { JournalEntry } from './journal.ts';

/**
 * What happens where both persons have a row that may be there once:
 * - `keep`: the survivor's row stays, the absorbed one's is taken away (and comes back with the undo).
 * - `stay`: the absorbed one's row stays under its old id: a journal of what happened is not thrown away.
 */
export type ConflictRule = 'keep' | 'stay';

/** Tables that are not simply moved, and why. All others: rows move, `keep` where two cannot be. */
const SPECIAL: Readonly<Record<string, string>> = {
  consent_log: 'append-only: moved by steward_move_consent',
  consent_state: 'the strictest of both is worked out (consent.ts)',
  duplicate_pairs: 'the question is answered: taken away, comes back with the undo',
  leads: 'two open leads become one first (leads.ts)',
};

export function isMovedAsItIs(column: PersonColumn): boolean {
  return !(column.table in SPECIAL && column.names === 'person') && column.table !== 'duplicate_pairs';
}

/** Rows of one column go from one id to another. Answers what was done, for the journal. */
export async function moveRows(
  tx: Transaction,
  companyId: string,
  column: PersonColumn,
  from: string,
  to: string,
  kind: 'person' | 'lead',
): Promise<JournalEntry[]> {
  const subject = column.names === 'subject';
  if (!column.writable || column.primaryKey.length === 0 || (!subject && column.names !== kind)) return [];
  const table = quoted(column.table);
  const own = quoted(column.column);
  const typed = subject ? ` and subject_type = '${kind}'` : '';
  const clash = clashes(column, typed);
  const done: JournalEntry[] = [];
  const rule: ConflictRule = subject ? 'stay' : 'keep';
  if (clash !== null && rule === 'keep') {
    const gone = await tx.query<{ row: Facts }>(
      statement(`delete from ${table} d where d.ctid in (${clash}) returning to_jsonb(d) as row`),
      [companyId, from, to],
    );
    done.push({ table: column.table, action: 'deleted', rows: gone.map(({ row }) => row) });
  }
  const key = `jsonb_build_object(${column.primaryKey.map((part) => `'${part}', m.${quoted(part)}`).join(', ')})`;
  const staying = clash !== null && rule === 'stay' ? ` and m.ctid not in (${clash})` : '';
  const moved = await tx.query<{ key: Facts }>(
    statement(`update ${table} m set ${own} = $3 where m.company_id = $1 and m.${own} = $2${typed}${staying} returning ${key} as key`),
    [companyId, from, to],
  );
  done.push({ table: column.table, action: 'moved', column: column.column, from, to, rows: moved.map((row) => row.key) });
  return done;
}

/** ctids of the rows of $2 that cannot stand beside a row of $3; null when the column is in no unique index. */
function clashes(column: PersonColumn, typed: string): string | null {
  const table = quoted(column.table);
  const own = quoted(column.column);
  if (column.unique.length === 0) return null;
  return column.unique
    .map(({ others, where }) => {
      const part = (place: number) =>
        `(select ctid as its_place, * from ${table} where company_id = $1 and ${own} = $${place}${typed}${where === null ? '' : ` and (${where})`})`;
      const same = others.map((other) => `a.${quoted(other)} = b.${quoted(other)}`).join(' and ');
      return `select a.its_place from ${part(2)} a join ${part(3)} b on ${same === '' ? 'true' : same}`;
    })
    .join(' union ');
}

/** Takes rows away, whole, for the journal. `where` is ours; $1 is the company. */
export async function takeRows(tx: Transaction, table: string, where: string, values: readonly unknown[]): Promise<JournalEntry> {
  const rows = await tx.query<{ row: Facts }>(
    statement(`delete from ${quoted(table)} d where d.company_id = $1 and ${where} returning to_jsonb(d) as row`),
    values,
  );
  return { table, action: 'deleted', rows: rows.map(({ row }) => row) };
}

/** Puts some columns of one row to new values. Answers the row before and what was made of it; nothing when nothing changes. */
export async function changeRow(
  tx: Transaction,
  companyId: string,
  table: string,
  id: string,
  before: Facts,
  changes: Facts,
): Promise<JournalEntry[]> {
  const changed = Object.keys(changes).filter((key) => JSON.stringify(before[key]) !== JSON.stringify(changes[key]));
  if (changed.length === 0) return [];
  await setColumns(tx, companyId, table, id, changed, changes);
  return [{ table, action: 'changed', rows: [before], made: [Object.fromEntries(changed.map((key) => [key, changes[key] ?? null]))] }];
}

export async function setColumns(
  tx: Transaction,
  companyId: string,
  table: string,
  id: string,
  columns: readonly string[],
  values: Facts,
): Promise<void> {
  if (columns.length === 0) return;
  const set = columns.map((column) => `${quoted(column)} = n.${quoted(column)}`).join(', ');
  await tx.query(
    statement(
      `update ${quoted(table)} t set ${set} from jsonb_populate_record(null::${quoted(table)}, $3::jsonb) n where t.company_id = $1 and t.id = $2`,
    ),
    [companyId, id, JSON.stringify(values)],
  );
}

/** A statement made from the catalogue: one text, one name. PostgreSQL takes names up to 63 bytes. */
export function statement(text: string): Statement {
  return { name: `people.merge.${createHash('sha256').update(text).digest('hex').slice(0, 32)}`, text };
}
