import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { Conflict, Misconfigured } from '../errors.ts';
import { verifyBackup, type BackupTable } from './backup-manifest.ts';
import { migrate } from './migrate.ts';
import { adoptReplay } from './replay-file.ts';
import { clientConfig, type DatabaseTarget } from './target.ts';

/**
 * Loads a backup into an empty database: at the schema it was taken with, all or nothing. The database then carries a new instance
 * id and remembers the old one, so that it shows as a copy. Migrations newer than the backup run at the next start.
 * With a home, the list of opt-outs and erasures beside the backup goes along: the next start applies it before any work.
 * @throws Misconfigured when the backup is damaged, Conflict when the database holds companies
 */
export async function restore(target: DatabaseTarget, directory: string, home?: string): Promise<void> {
  const manifest = await verifyBackup(directory);
  const client = new Client({ ...clientConfig(target, 'owner', 'steward restore'), statement_timeout: 0 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await refuseUnlessEmpty(client);
    await migrate(target, { only: manifest.migrations });
    await client.query('begin');
    await load(client, directory, manifest.tables);
    await client.query('update steward_instance set id = gen_random_uuid(), restored_from = $1, restored_at = now()', [manifest.instance]);
    await client.query('commit');
    if (home !== undefined) await adoptReplay(directory, home);
  } finally {
    await client.end(); // an open transaction goes with it
  }
}

async function refuseUnlessEmpty(client: Client): Promise<void> {
  const { rows } = await client.query<{ present: boolean }>(`select to_regclass('public.companies') is not null as present`);
  if (rows[0]?.present !== true) return;
  const { rowCount } = await client.query('select 1 from companies limit 1');
  if (rowCount !== 0)
    throw new Conflict(
      'A backup is restored into an empty database only, and this one holds companies. Start with a new STEWARD_HOME or an empty database',
    );
}

async function load(client: Client, directory: string, tables: readonly BackupTable[]): Promise<void> {
  const names = tables.map((table) => nameOf(client, table));
  const foreignKeys = await takeForeignKeys(client);
  for (const name of names) await client.query(`alter table ${name} disable trigger user`);
  await client.query(`truncate ${names.join(', ')}`); // rows that migrations put there
  for (const table of tables) {
    const columns = table.columns.map((column) => client.escapeIdentifier(column)).join(', ');
    const into = client.query(copyFrom(`copy ${nameOf(client, table)} (${columns}) from stdin`));
    await pipeline(createReadStream(join(directory, table.file)), createGunzip(), into);
    if (into.rowCount !== table.rows) throw new Misconfigured(`${table.file} holds ${table.rows} rows, but ${into.rowCount} arrived`);
  }
  for (const name of names) await client.query(`alter table ${name} enable trigger user`);
  for (const key of foreignKeys) await client.query(key.make);
  await checkLinks(client);
  await catchUpSequences(client);
}

const nameOf = (client: Client, table: BackupTable) => `${client.escapeIdentifier(table.schema)}.${client.escapeIdentifier(table.name)}`;

/** Foreign keys would ask for an order of tables that cycles do not have. They are made anew after loading, which checks every row. */
async function takeForeignKeys(client: Client): Promise<{ drop: string; make: string }[]> {
  const { rows } = await client.query<{ drop: string; make: string }>(
    `select format('alter table %s drop constraint %I', conrelid::regclass, conname) as drop,
            format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) as make
     from pg_constraint where contype = 'f' and conparentid = 0 and connamespace in ('public'::regnamespace, 'pgboss'::regnamespace) order by conrelid, conname`,
  );
  for (const key of rows) await client.query(key.drop);
  return rows;
}

/** References that are checked by triggers, which were off while loading. A backup from before there were any has none. */
async function checkLinks(client: Client): Promise<void> {
  const { rows } = await client.query<{ present: boolean }>(
    `select to_regprocedure('public.steward_check_links()') is not null as present`,
  );
  if (rows[0]?.present === true) await client.query('select public.steward_check_links()');
}

/** Each serial or identity column goes on after its highest value. */
async function catchUpSequences(client: Client): Promise<void> {
  const { rows } = await client.query<{ sql: string }>(
    `select format('select setval(%L, (select coalesce(max(%I), 0) + 1 from %s), false)', s.oid::regclass, a.attname, d.refobjid::regclass) as sql
     from pg_class s join pg_depend d on d.objid = s.oid and d.classid = 'pg_class'::regclass and d.deptype in ('a', 'i')
     join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
     where s.relkind = 'S' and s.relnamespace = 'public'::regnamespace`,
  );
  for (const { sql } of rows) await client.query(sql);
}
