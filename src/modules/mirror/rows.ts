import type { Transaction } from '#core/database/database.ts';
import { fieldsOf, type Fields } from '#core/stores/firestore-row.ts';
import type { TableShape } from '#core/database/catalogue.ts';

/** What is mirrored: tables of which each row has an id and a company, and none holds a secret. */
export const COLLECTIONS: readonly string[] = ['people', 'leads', 'organisations', 'interactions', 'deals', 'clients', 'invoices'];

/** A document may have one MiB. */
const LONGEST = 100_000;

const COLUMNS = {
  name: 'mirror.columns',
  text: `select c.relname as name, a.attname as "column", format_type(a.atttypid, a.atttypmod) as type
           from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
          where c.relnamespace = 'public'::regnamespace and c.relname = any ($1::text[]) order by c.relname, a.attnum`,
};
/** However the session is set up, moments are written in UTC. */
const UTC = { name: 'mirror.utc', text: `set local timezone = 'UTC'` };

/** The mirrored tables as they are now, by name. */
export async function shapesOf(tx: Transaction): Promise<ReadonlyMap<string, TableShape>> {
  const rows = await tx.query<{ name: string; column: string; type: string }>(COLUMNS, [COLLECTIONS]);
  return new Map(
    [...Map.groupBy(rows, ({ name }) => name)].map(([name, columns]) => [
      name,
      { schema: 'public', name, columns: columns.map(({ column, type }) => ({ name: column, type })), key: ['id'] },
    ]),
  );
}

/** Documents of the rows that are there, by id. The system asks for rows of every company: each document carries its company. */
export async function documentsOf(tx: Transaction, table: TableShape, ids: readonly string[]): Promise<ReadonlyMap<string, Fields>> {
  await tx.query(UTC, []);
  const cells = table.columns.map(({ name }) => `x."${name}"::text`).join(', ');
  const text = `select x.id::text as id, array[${cells}] as cells from "${table.name}" x where x.id = any ($1::uuid[])`;
  const rows = await tx.query<{ id: string; cells: (string | null)[] }>({ name: '', text }, [ids]);
  return new Map(rows.map((row) => [row.id, documentOf(table, row.cells)]));
}

function documentOf(table: TableShape, texts: readonly (string | null)[]): Fields {
  const cut: string[] = [];
  const cells = texts.map((text, i) => {
    const { name = '', type = '' } = table.columns[i] ?? {};
    if (type === 'boolean' && text !== null) return text === 'true' ? 't' : 'f';
    if (text === null || text.length <= LONGEST) return text;
    cut.push(name);
    return text.slice(0, LONGEST).toWellFormed();
  });
  const fields = fieldsOf(table, cells);
  return cut.length === 0 ? fields : { ...fields, _cut: { arrayValue: { values: cut.map((name) => ({ stringValue: name })) } } };
}
