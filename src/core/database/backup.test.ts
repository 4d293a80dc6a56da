import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { emptyDatabase, queryAs, testDatabase } from '#testing/database.ts';
import { systemClock } from '../clock.ts';
import { readManifest } from './backup-manifest.ts';
import { backup } from './backup.ts';
import { migrate } from './migrate.ts';
import { restore } from './restore.ts';

let into: string;
beforeEach(async () => {
  into = await mkdtemp(join(tmpdir(), 'steward-backup-'));
});
afterEach(() => rm(into, { recursive: true }));

const ROWS = `
  insert into companies (id, name, settings) select gen_random_uuid(), 'Company ' || n || E'\\twith a tab,\\na line and \\\\N', jsonb_build_object('n', n, 'text', 'é "quoted"') from generate_series(1, 500) n;
  set role steward_system;
  select pgboss.create_queue('probe', '{"policy": "standard"}');
  insert into pgboss.job (name, data) select 'probe', jsonb_build_object('n', n) from generate_series(1, 50) n`;

test('a restored database holds the same rows, and knows that it is a copy', async () => {
  await using source = await testDatabase();
  await using copy = await emptyDatabase();
  await queryAs(source.target, 'owner', ROWS);
  const directory = await backup(source.target, { into, reason: 'manual', clock: systemClock });
  await restore(copy.target, directory);

  const before = await readManifest(directory);
  const after = await readManifest(await backup(copy.target, { into, reason: 'drill', clock: systemClock }));
  const hashes = (manifest: typeof before) =>
    Object.fromEntries(
      manifest.tables
        .filter(({ name }) => name !== 'steward_instance')
        .map((t) => [`${t.schema}.${t.name}`, [t.rows, t.sha256, t.rowsHash]]),
    );
  expect(hashes(after)).toEqual(hashes(before));
  expect(hashes(before)).toMatchObject({
    'public.companies': [500, expect.any(String), expect.any(String)],
    'pgboss.job': [50, expect.any(String), expect.any(String)],
  });
  const [instance] = await queryAs<{ id: string; restored_from: string; held_because: string; restored: { takenAt: string } }>(
    copy.target,
    'system',
    'select id, restored_from, held_because, restored from steward_instance',
  );
  expect(instance).toMatchObject({ held_because: 'restored', restored: { takenAt: before.createdAt } });
  expect(instance?.restored_from).toBe(before.instance);
  expect(instance?.id).not.toBe(before.instance);
  const missing = `select count(*)::int as keys from pg_constraint where contype = 'f'`;
  expect(await queryAs(copy.target, 'owner', missing)).toEqual(await queryAs(source.target, 'owner', missing));
});

test('a backup is of one moment, whatever happens meanwhile', async () => {
  await using source = await testDatabase();
  await queryAs(source.target, 'owner', ROWS);
  const writing = queryAs(source.target, 'owner', 'delete from companies');
  const manifest = await readManifest(await backup(source.target, { into, reason: 'manual', clock: systemClock }));
  await writing;
  expect([0, 500]).toContain(manifest.tables.find(({ name }) => name === 'companies')?.rows);
});

test('a damaged backup is refused before anything is written', async () => {
  await using source = await testDatabase();
  await using copy = await emptyDatabase();
  await queryAs(source.target, 'owner', ROWS);
  const directory = await backup(source.target, { into, reason: 'manual', clock: systemClock });
  const file = join(directory, 'public.companies.copy.gz');
  const bytes = await readFile(file);
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 0xff;
  await writeFile(file, bytes);
  await expect(restore(copy.target, directory)).rejects.toThrow('public.companies.copy.gz');
  expect(await queryAs(copy.target, 'owner', `select to_regclass('public.companies') as there`)).toEqual([{ there: null }]);
});

test('a database that holds companies is not restored into', async () => {
  await using source = await testDatabase();
  await queryAs(source.target, 'owner', ROWS);
  const directory = await backup(source.target, { into, reason: 'manual', clock: systemClock });
  await expect(restore(source.target, directory)).rejects.toThrow('empty database');
  expect((await readdir(into)).filter((name) => name.endsWith('.partial'))).toEqual([]);
});

test('one that holds companies is, when told so, and everything it held is gone', async () => {
  await using source = await testDatabase();
  await using other = await testDatabase();
  await queryAs(source.target, 'owner', ROWS);
  await queryAs(other.target, 'owner', `insert into companies (id, name) values (gen_random_uuid(), 'What was here')`);
  const directory = await backup(source.target, { into, reason: 'manual', clock: systemClock });
  await restore(other.target, directory, { replace: true });
  const there = `select count(*)::int as all, count(*) filter (where name = 'What was here')::int as old from companies`;
  expect(await queryAs(other.target, 'owner', there)).toEqual([{ all: 500, old: 0 }]);
});

test('a backup of an older schema is restored at that schema, and held once it is brought up to date', async () => {
  await using source = await emptyDatabase();
  await using other = await testDatabase();
  const migrations = join(import.meta.dirname, '../../../migrations');
  const older = join(into, 'older');
  await mkdir(older);
  for (const name of await readdir(migrations)) if (name < '0270') await cp(join(migrations, name), join(older, name));
  await migrate(source.target, { directory: older });
  await queryAs(source.target, 'owner', ROWS);
  const directory = await backup(source.target, { into, reason: 'manual', clock: systemClock });
  await restore(other.target, directory, { replace: true });
  expect(await queryAs(other.target, 'owner', `select to_regclass('instance_seats') as there`)).toEqual([{ there: null }]);
  expect(await migrate(other.target)).toContain('0270_held_boot.sql');
  expect(await queryAs(other.target, 'system', 'select held_because from steward_instance')).toEqual([{ held_because: 'restored' }]);
});

test('a restore that is cut off leaves what was there', async () => {
  await using source = await testDatabase();
  await using other = await testDatabase();
  await queryAs(source.target, 'owner', ROWS);
  await queryAs(other.target, 'owner', `insert into companies (id, name) values (gen_random_uuid(), 'What was here')`);
  const before = await readManifest(await backup(other.target, { into, reason: 'before', clock: systemClock }));
  const directory = await backup(source.target, { into, reason: 'manual', clock: systemClock });
  const cut = `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'steward restore' and datname = current_database()`;
  const cutting: Promise<unknown>[] = [];
  const progress = ({ name }: { name: string }) => {
    if (name === 'job') cutting.push(queryAs(other.target, 'owner', cut));
  };
  await expect(restore(other.target, directory, { replace: true, progress })).rejects.toThrow();
  expect(await Promise.all(cutting)).toEqual([[{ pg_terminate_backend: true }]]);
  const after = await readManifest(await backup(other.target, { into, reason: 'after', clock: systemClock }));
  expect(after.tables).toEqual(before.tables);
});
