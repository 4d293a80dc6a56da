import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { emptyDatabase, queryAs, testDatabase } from '#testing/database.ts';
import { systemClock } from '../clock.ts';
import { readManifest } from './backup-manifest.ts';
import { backup } from './backup.ts';
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
      manifest.tables.filter(({ name }) => name !== 'steward_instance').map((t) => [`${t.schema}.${t.name}`, [t.rows, t.sha256]]),
    );
  expect(hashes(after)).toEqual(hashes(before));
  expect(hashes(before)).toMatchObject({ 'public.companies': [500, expect.any(String)], 'pgboss.job': [50, expect.any(String)] });
  const [instance] = await queryAs<{ id: string; restored_from: string }>(
    copy.target,
    'system',
    'select id, restored_from from steward_instance',
  );
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
