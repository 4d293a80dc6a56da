import type { Client } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { Client as PgClient } from 'pg';
import { identityOf, listTables, type TableShape } from '../database/catalogue.ts';
import { HALF_LOADED } from '../database/migrate.ts';
import { clientConfig, type DatabaseTarget } from '../database/target.ts';
import { Misconfigured } from '../errors.ts';
import { cellsOf, linesOf } from './lines.ts';
import type { Batch, Source, StoreShape } from './store.ts';

/** However the server is set up, values are written the same way, and nothing is cut short. */
const SESSION = `set timezone = 'UTC'; set datestyle = 'ISO, YMD'; set intervalstyle = 'postgres'; set bytea_output = 'hex'; set extra_float_digits = 1;
  set client_encoding = 'UTF8'; set statement_timeout = 0; set idle_in_transaction_session_timeout = 0; set row_security = off`;

/** As steward_owner, who reads past row-level security. */
export async function openClient(target: DatabaseTarget): Promise<Client> {
  const client = new PgClient(clientConfig(target, 'owner', 'steward data migrate'));
  client.on('error', () => undefined); // a lost connection rejects the query that waits on it
  await client.connect();
  await client.query(SESSION);
  return client;
}

export const tableName = (client: Client, table: Pick<TableShape, 'schema' | 'name'>) =>
  `${client.escapeIdentifier(table.schema)}.${client.escapeIdentifier(table.name)}`;

export const columnList = (client: Client, table: TableShape) => table.columns.map(({ name }) => client.escapeIdentifier(name)).join(', ');

/** In the order of the primary key, from an index that is there; the position is the key of the last row. */
export async function* readTable(client: Client, table: TableShape, after: string | null): AsyncGenerator<Batch> {
  const key = table.key.map((name) => ({
    name: client.escapeIdentifier(name),
    at: table.columns.findIndex((column) => column.name === name),
  }));
  const names = key.map(({ name }) => name).join(', ');
  const values: unknown = after === null ? null : JSON.parse(after);
  const literals = Array.isArray(values)
    ? values.map((value, i) => `${client.escapeLiteral(String(value))}::${table.columns[key[i]?.at ?? -1]?.type ?? 'text'}`)
    : [];
  const where = literals.length === 0 ? '' : ` where (${names}) > (${literals.join(', ')})`;
  const rows = `select ${columnList(client, table)} from ${tableName(client, table)}${where} order by ${names}`;
  for await (const { lines } of linesOf(client.query(copyTo(`copy (${rows}) to stdout`)))) {
    const last = cellsOf(lines.at(-1) ?? '');
    yield { lines, position: JSON.stringify(key.map(({ at }) => last[at])) };
  }
}

async function refuseUnready(client: Client): Promise<void> {
  const { rows } = await client.query<{ steward: boolean; half: boolean }>(
    `select to_regclass('public.steward_instance') is not null as steward, to_regnamespace($1) is not null as half`,
    [HALF_LOADED],
  );
  if (rows[0]?.steward !== true) throw new Misconfigured('The database after --from holds no Steward. Check its name');
  if (rows[0].half)
    throw new Misconfigured('The database after --from is not whole: a migration into it was cut off. Go on with that first: --resume');
}

/** A database as it is at this moment: one snapshot, without locks that stop work. */
export async function openPostgresSource(
  target: DatabaseTarget,
  about: { readonly createdAt: string; readonly from: string },
): Promise<Source> {
  const client = await openClient(target);
  return {
    async shape(): Promise<StoreShape> {
      await client.query('begin isolation level repeatable read read only');
      await refuseUnready(client);
      return { ...about, ...(await identityOf(client)), tables: await listTables(client) };
    },
    recorded: () => null,
    read: (table, after) => readTable(client, table, after),
    close: () => client.end(),
  };
}
