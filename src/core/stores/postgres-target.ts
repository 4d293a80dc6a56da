import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { clearSchema } from '../database/clear-schema.ts';
import { MIGRATED } from '../instance/standing.ts';
import { becomeCopy, catchUpSequences, checkLinks, refuseOtherQueue, takeForeignKeys } from '../database/loading.ts';
import { HALF_LOADED, migrateWithin } from '../database/migrate.ts';
import { migrateQueue } from '../database/queue-schema.ts';
import { ROLE_NAMES, type DatabaseTarget } from '../database/target.ts';
import { Conflict, Misconfigured } from '../errors.ts';
import { columnList, openClient, readTable, tableName } from './postgres.ts';
import { nameOf, type Checkpoint, type StoreShape, type Target } from './store.ts';

/** Where a migration under way keeps its progress. While this schema is there, no Steward starts on the database. */
const MAKE = `create schema ${HALF_LOADED};
  create table ${HALF_LOADED}.source (instance text not null, shape text not null);
  create table ${HALF_LOADED}.foreign_keys (place int primary key, make text not null);
  create table ${HALF_LOADED}.progress (name text primary key, rows bigint not null, hash text not null, position text, done boolean not null)`;

const OTHERS = `select count(*)::int as n from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and usename = any ($1)`;
const LOOKS = 50;
const LOOK_MS = 100;
const EMPTY = `select to_regclass('public.companies') is not null as present`;

/** A database that holds no company yet: its schema becomes that of the source, its rows come by COPY. */
export async function openPostgresTarget(target: DatabaseTarget): Promise<Target> {
  const client = await openClient(target);
  let shape: StoreShape | null = null;
  return {
    async begin(wanted, resume) {
      shape = wanted;
      await refuseOthers(client);
      const { rows } = await client.query<{ begun: boolean }>('select to_regnamespace($1) is not null as begun', [HALF_LOADED]);
      if (rows[0]?.begun === true) return goOn(client, wanted, resume);
      await refuseUnlessEmpty(client);
      await prepare(client, wanted);
      return new Map();
    },
    read: (table, after) => readTable(client, table, after),
    async write(table, lines, checkpoint) {
      await client.query('begin');
      if (lines.length > 0) {
        const into = client.query(copyFrom(`copy ${tableName(client, table)} (${columnList(client, table)}) from stdin`));
        await pipeline(Readable.from([Buffer.from(`${lines.join('\n')}\n`)]), into);
      }
      await note(client, nameOf(table), checkpoint);
      await client.query('commit');
    },
    async clear(table) {
      await client.query('begin');
      await client.query(`truncate ${tableName(client, table)}`);
      await client.query(`delete from ${HALF_LOADED}.progress where name = $1`, [nameOf(table)]);
      await client.query('commit');
    },
    async finish() {
      if (shape === null) throw new TypeError('finish comes after begin');
      await whole(client, shape);
    },
    close: () => client.end(),
  };
}

/** A killed process's session ends a moment after it. */
async function refuseOthers(client: Client): Promise<void> {
  for (let looked = 0; looked < LOOKS; looked += 1) {
    const { rows } = await client.query<{ n: number }>(OTHERS, [Object.values(ROLE_NAMES)]);
    if (rows[0]?.n === 0) return;
    await sleep(LOOK_MS);
  }
  throw new Conflict('A Steward is at work on the database that the data should go to. Stop every one that uses it, then say it again');
}

async function refuseUnlessEmpty(client: Client): Promise<void> {
  const { rows } = await client.query<{ present: boolean }>(EMPTY);
  if (rows[0]?.present !== true) return;
  const { rowCount } = await client.query('select 1 from companies limit 1');
  if (rowCount !== 0)
    throw new Conflict('The database that the data should go to holds companies. Name an empty database, or a new data directory');
}

async function goOn(client: Client, wanted: StoreShape, resume: boolean): Promise<Map<string, Checkpoint>> {
  if (!resume) throw new Conflict('A migration into this database was begun and is not whole. Go on with it: add --resume');
  const { rows } = await client.query<{ instance: string; shape: string }>(`select instance, shape from ${HALF_LOADED}.source`);
  if (rows[0]?.instance !== wanted.instance || rows[0].shape !== fingerprint(wanted))
    throw new Conflict(
      'What was begun in this database came from another installation or version. Name an empty database, or the source that it came from',
    );
  const progress = await client.query<Checkpoint & { name: string }>(
    `select name, rows::float8 as rows, hash, position, done from ${HALF_LOADED}.progress`,
  );
  return new Map(progress.rows.map(({ name, ...checkpoint }) => [name, checkpoint]));
}

const fingerprint = ({ migrations, tables }: StoreShape) => JSON.stringify([migrations, tables]);

/** Its schema, without what would ask for an order of tables or for rows that are still to come. Whole or not at all. */
async function prepare(client: Client, shape: StoreShape): Promise<void> {
  await migrateQueue(client);
  await refuseOtherQueue(client, shape);
  await client.query(`begin; set local lock_timeout = '20s'`);
  await clearSchema(client);
  await migrateWithin(client, shape.migrations);
  await client.query(MAKE);
  await client.query(`insert into ${HALF_LOADED}.source values ($1, $2)`, [shape.instance, fingerprint(shape)]);
  const keys = await takeForeignKeys(client);
  await client.query(
    `insert into ${HALF_LOADED}.foreign_keys select place, make from unnest($1::text[]) with ordinality as k (make, place)`,
    [keys.map(({ make }) => make)],
  );
  const names = shape.tables.map((table) => tableName(client, table));
  for (const name of names) await client.query(`alter table ${name} disable trigger user`);
  await client.query(`truncate ${names.join(', ')}`); // rows that migrations put there
  await client.query('commit');
}

async function note(client: Client, name: string, { rows, hash, position, done }: Checkpoint): Promise<void> {
  await client.query(
    `insert into ${HALF_LOADED}.progress values ($1, $2, $3, $4, $5)
     on conflict (name) do update set rows = excluded.rows, hash = excluded.hash, position = excluded.position, done = excluded.done`,
    [name, rows, hash, position, done],
  );
}

/** References made anew, which checks every row; another installation from now on, held until an admin says so. */
async function whole(client: Client, shape: StoreShape): Promise<void> {
  await client.query('begin');
  for (const table of shape.tables) await client.query(`alter table ${tableName(client, table)} enable trigger user`);
  const { rows } = await client.query<{ make: string }>(`select make from ${HALF_LOADED}.foreign_keys order by place`);
  for (const { make } of rows) await client.query(make);
  await checkLinks(client);
  await catchUpSequences(client);
  await becomeCopy(client, { ...shape, reason: MIGRATED });
  await client.query(`drop schema ${HALF_LOADED} cascade`);
  await client.query('commit').catch((cause: unknown) => {
    throw new Misconfigured('The rows have arrived, but the database refused to make them whole; please report this', { cause });
  });
  await client.query('analyze').catch(() => undefined); // tables of others stay as they are
}
