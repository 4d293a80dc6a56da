import { cp, mkdtemp, readdir, rm, writeFile, appendFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { emptyDatabase, queryAs } from '#testing/database.ts';
import { migrate } from './migrate.ts';

const real = join(import.meta.dirname, '../../../migrations');
let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'steward-migrations-'));
  await cp(join(real, '0001_base.sql'), join(directory, '0001_base.sql'));
});
afterEach(() => rm(directory, { recursive: true }));

test('two processes that start at once migrate once', async () => {
  await using own = await emptyDatabase();
  const applied = await Promise.all([migrate(own.target), migrate(own.target), migrate(own.target)]);
  expect(applied.flat().sort()).toEqual((await readdir(real)).filter((name) => name.endsWith('.sql')).sort());
});

test('a failing migration leaves nothing, and the ones before it stay', async () => {
  await using own = await emptyDatabase();
  await writeFile(join(directory, '0002_bad.sql'), 'create table half (id int); select nonsense;');
  await expect(migrate(own.target, { directory })).rejects.toThrow('0002_bad.sql failed');
  expect(await queryAs(own.target, 'owner', `select to_regclass('half') as half, to_regclass('companies')::text as companies`)).toEqual([
    { half: null, companies: 'companies' },
  ]);
});

test('a file that was changed after it was applied is refused, as is a database from a newer version', async () => {
  await using own = await emptyDatabase();
  await writeFile(join(directory, '0002_more.sql'), 'create table more (id int);');
  await migrate(own.target, { directory });
  await appendFile(join(directory, '0002_more.sql'), ' -- changed');
  await expect(migrate(own.target, { directory })).rejects.toThrow('was changed after it was applied');
  await rm(join(directory, '0002_more.sql'));
  await expect(migrate(own.target, { directory })).rejects.toThrow('does not know');
});

test('a database with data is backed up before it changes, a new one is not', async () => {
  await using own = await emptyDatabase();
  const asked: (readonly string[])[] = [];
  const beforeChange = async (pending: readonly string[]) => void asked.push(pending);
  await migrate(own.target, { directory, beforeChange });
  expect(asked).toEqual([]);
  await writeFile(join(directory, '0002_more.sql'), 'create table more (id int);');
  await migrate(own.target, { directory, beforeChange });
  await migrate(own.target, { directory, beforeChange });
  expect(asked).toEqual([['0002_more.sql']]);
});

test('a later table grants the two working roles its rows, and the owner the queue', async () => {
  await using own = await emptyDatabase();
  await migrate(own.target);
  const [can] = await queryAs(
    own.target,
    'owner',
    `select has_table_privilege('steward_app', 'companies', 'select') as app, has_table_privilege('steward_app', 'companies', 'insert') as app_insert,
            has_table_privilege('steward_system', 'companies', 'insert') as system, has_schema_privilege('steward_app', 'pgboss', 'usage') as app_queue,
            has_schema_privilege('steward_system', 'pgboss', 'create') as system_queue`,
  );
  expect(can).toEqual({ app: true, app_insert: false, system: true, app_queue: false, system_queue: true });
});
