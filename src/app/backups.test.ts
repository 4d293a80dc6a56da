import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Runtime } from '#core/runtime.ts';
import { listNotificationsOperation } from '#modules/notifications/operations.ts';
import { backupRound } from '#modules/system/backups/tend.ts';
import { planOf, setPlan } from '#modules/system/backups/plan.ts';
import { testApp, type TestApp } from '#testing/app.ts';
import { openBackups } from './backups.ts';

let app: TestApp;
let runtime: Runtime;
let home: string;
beforeAll(async () => {
  app = await testApp();
  home = await mkdtemp(join(tmpdir(), 'steward-backups-'));
  const { config, log } = app.runtime;
  runtime = {
    ...app.runtime,
    backups: openBackups({ config: { ...config, home }, target: app.target, log, from: 'here', clock: app.clock }),
  };
  await setPlan(runtime, { everyHours: 6, keep: 2, drillDays: null });
  await app.runtime.system.execute(`update backup_plan set since = '${app.clock.now().toISOString()}'`);
});
afterAll(async () => {
  await app.close();
  await rm(home, { recursive: true });
});
const names = () => readdir(join(home, 'backups')).catch(() => []);

test('a backup is taken when it is due, by one process, and older ones of the plan go once a newer one was read back', async () => {
  await backupRound(runtime);
  expect(await names()).toEqual([]);
  app.clock.advance({ hours: 6 });
  await Promise.all([backupRound(runtime), backupRound(runtime)]);
  expect(await names()).toHaveLength(1);
  await runtime.backups?.take('manual', null);
  for (let i = 0; i < 2; i++) {
    app.clock.advance({ hours: 6 });
    await backupRound(runtime);
  }
  expect((await names()).map((name) => name.split('-').slice(2).join('-')).toSorted()).toEqual(['manual', 'scheduled', 'scheduled']);
  expect(await planOf(runtime)).toMatchObject({ lastAt: app.clock.now(), error: null });
});

test('one that fails keeps those before it, is tried again after a while, and the admins are told once', async () => {
  const before = await names();
  await setPlan(runtime, { directory: join(home, 'backups', before[0] ?? '', 'manifest.json', 'no-directory') });
  app.clock.advance({ hours: 6 });
  await backupRound(runtime);
  await backupRound(runtime);
  app.clock.advance({ minutes: 16 });
  await backupRound(runtime);
  expect(await names()).toEqual(before);
  expect((await planOf(runtime)).error).not.toBeNull();
  const { items } = await app.call(listNotificationsOperation, {});
  expect(items.filter(({ kind }) => kind === 'backup_failed')).toMatchObject([{ title: 'A backup failed', link: '/settings/backups' }]);
  await setPlan(runtime, { directory: null });
  app.clock.advance({ minutes: 16 });
  await backupRound(runtime);
  expect((await planOf(runtime)).error).toBeNull();
});

test('one that was damaged since is found out, and stays marked', async () => {
  const [newest] = (await runtime.backups?.list(null)) ?? [];
  const name = newest?.name ?? '';
  const file = join(home, 'backups', name, 'public.companies.copy.gz');
  const bytes = await readFile(file);
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 0xff;
  await writeFile(file, bytes);
  await expect(runtime.backups?.verify(name, null)).rejects.toThrow('public.companies.copy.gz');
  expect((await runtime.backups?.list(null))?.find((one) => one.name === name)?.error).toContain('damaged');
  await expect(runtime.backups?.verify('../../etc', null)).rejects.toThrow('no backup');
});
