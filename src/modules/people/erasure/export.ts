import type { Statement, Transaction } from '#core/database/database.ts';
import type { Facts } from '#core/engine/types.ts';
import { personColumns, quoted } from '../person-tables.ts';
import { statement } from '../merge/move.ts';
import { names } from './erase.ts';

const LEADS: Statement = {
  name: 'people.export.leads',
  text: `select c.name, array(select l.id from leads l where l.person_id = $2 and l.company_id = $1) as leads from companies c where c.id = $1`,
};
/** Ours alone: what machines note to do their work, and what would name other people. */
const LEFT_OUT = new Set(['outbox', 'duplicate_pairs', 'opt_out_journal', 'person_merge_rows']);
/** Passwords are not here; sign-in links in mails are. Files are downloaded by themselves. */
const MOST_ROWS = 10_000;

/** Found in the catalogue, so that a table that comes later is in it, too. */
export async function exportPerson(tx: Transaction, companyId: string, personId: string, at: Date) {
  const [found] = await tx.query<{ name: string; leads: string[] }>(LEADS, [companyId, personId]);
  const byTable = Map.groupBy(
    (await personColumns(tx)).filter((column) => !LEFT_OUT.has(column.table)),
    (column) => column.table,
  );
  const text = [...byTable]
    .map(([table, columns]) => {
      const redacted =
        table === 'messages' ? `case when t.sensitive then to_jsonb(t) - 'text' - 'html' else to_jsonb(t) end` : 'to_jsonb(t)';
      return `select '${table}' as name, coalesce(jsonb_agg(${redacted}), '[]') as rows from (select * from ${quoted(table)} where company_id = $1 and (${names(columns)}) limit ${MOST_ROWS}) t`;
    })
    .concat(`select 'people', jsonb_agg(to_jsonb(t) - 'search') from people t where company_id = $1 and id = $2`)
    .join(' union all ');
  const rows = await tx.query<{ name: string; rows: Facts[] }>(statement(text), [companyId, personId, found?.leads ?? []]);
  const tables: Record<string, Facts[]> = {};
  for (const row of rows.toSorted((a, b) => Number(b.name === 'people') - Number(a.name === 'people')))
    if (row.rows.length > 0) tables[row.name] = row.rows;
  return { personId, companyName: found?.name ?? '', madeAt: at, tables };
}
