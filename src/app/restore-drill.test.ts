import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { backup } from '#core/database/backup.ts';
import { readManifest } from '#core/database/backup-manifest.ts';
import { restore } from '#core/database/restore.ts';
import type { Facts } from '#core/engine/types.ts';
import type { Seat } from '#core/instance/standing.ts';
import { createWebhook } from '#modules/webhooks/operations/endpoints.ts';
import { WebhookReceiver } from '#modules/webhooks/testing.ts';
import { createWorkflow, startWorkflow } from '#modules/workflows/operations/workflows.ts';
import { testApp, type TestApp } from '#testing/app.ts';
import { callByName } from '#testing/by-name.ts';
import { emptyDatabase, type TestDatabase } from '#testing/database.ts';
import { getHold, previewRelease, releaseInstallation } from '#modules/system/operations/hold.ts';
import { listSchedules } from '#modules/workflows/operations/schedules.ts';

const seat = (name: string): Seat => ({ home: { id: `name:${name}`, mark: '', says: name }, place: 'here', directory: null });
const internalHosts = ['127.0.0.1'];

let folder: string;
let copy: TestDatabase;
let receiver: WebhookReceiver;
let url = '';
const apps: TestApp[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'steward-drill-'));
  copy = await emptyDatabase();
  receiver = new WebhookReceiver();
  url = await receiver.open();
});
afterAll(async () => {
  for (const app of apps.toReversed()) await app.close();
  await receiver.close();
  await copy.drop();
  await rm(folder, { recursive: true });
});
async function open(options: Parameters<typeof testApp>[0]): Promise<TestApp> {
  const app = await testApp({ internalHosts, ...options });
  apps.push(app);
  return app;
}
/** Calls by path. */
const heard = () => Object.fromEntries([...Map.groupBy(receiver.got, ({ path }) => path)].map(([path, all]) => [path, all.length]));

const posts = (path: string) => ({ id: 'tell', title: 'Tell', type: 'http', input: { method: 'POST', url: `${url}${path}`, json: {} } });
async function aWorkflow(app: TestApp, name: string, triggers: object[], steps: object[]): Promise<string> {
  const definition = { name, title: name, subject: 'company', triggers, reentry: 'always', settings: {}, steps };
  return (await app.call(createWorkflow, { definition: JSON.parse(JSON.stringify(definition)), active: true })).id;
}
const aLead = (app: TestApp, name: string) =>
  callByName(app, 'leads.create', { name, email: `${name.toLowerCase()}@lead.test`, source: 'manual' } satisfies Facts, app.company.admin);

test('a backup restored elsewhere shows what would fire, lets nothing out for a month, and after its release everything goes once', async () => {
  // A company with people, runs that wait, a schedule, and a webhook whose receiver is away: its delivery is reserved for later.
  const original = await open({ seat: seat('original') });
  await original.call(createWebhook, { url: `${url}/webhook`, eventTypes: ['lead.created'] });
  const waiting = await aWorkflow(
    original,
    'waits',
    [{ on: 'manual' }],
    [{ id: 'wait', title: 'Two days', type: 'wait', input: { for: { days: 2 } } }, posts('/waited')],
  );
  for (let i = 0; i < 3; i++) await original.call(startWorkflow, { workflowId: waiting, payload: { i } });
  for (const [name, policy] of [
    ['daily', 'once'],
    ['hourly', 'skip'],
  ] as const)
    await aWorkflow(
      original,
      name,
      [{ on: 'schedule', schedule: { cron: name === 'daily' ? '0 6 * * *' : '0 * * * *', timeZone: 'UTC', missed: { policy } } }],
      [posts(`/${name}`)],
    );
  receiver.answer = () => ({ status: 503 });
  await aLead(original, 'Ann');
  await original.drain();
  expect(heard()).toEqual({ '/webhook': 1 });
  await aLead(original, 'Bob'); // a fact that nobody has heard of yet

  const directory = await backup(original.target, { into: folder, reason: 'manual', clock: original.clock, from: 'original' });
  await restore(copy.target, directory);
  const hashes = async (at: string) =>
    (await readManifest(at)).tables
      .filter(({ name }) => !['steward_instance', 'instance_seats'].includes(name))
      .map(({ name, rows, rowsHash }) => [name, rows, rowsHash]);
  const again = await backup(copy.target, { into: folder, reason: 'again', clock: original.clock });
  expect(await hashes(again)).toEqual(await hashes(directory));

  // Elsewhere.
  receiver.answer = () => ({ status: 204 });
  receiver.got.length = 0;
  const restored = await open({
    on: { target: copy.target, company: original.company },
    seat: seat('elsewhere'),
    start: original.clock.now(),
  });
  expect(await restored.call(getHold, {})).toMatchObject({
    held: true,
    because: 'restored',
    restored: { from: 'original', takenAt: original.clock.now() },
  });
  await aLead(restored, 'Cem'); // pages and operations work
  await restored.advance({ days: 31 });
  expect(heard()).toEqual({});
  const would = await restored.call(previewRelease, {});
  expect(would).toMatchObject({
    runs: expect.arrayContaining([expect.objectContaining({ title: 'waits', due: 3, waiting: 0 })]),
    effects: [{ kind: 'webhook', reserved: 1, due: 1 }],
  });
  expect(would.events).toBeGreaterThanOrEqual(2);
  expect(would.schedules).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ title: 'daily', policy: 'once', missed: 31, wouldFire: 1 }),
      expect.objectContaining({ title: 'hourly', policy: 'skip' }),
    ]),
  );

  // Released: the daily one by its policy, the hourly one stays off.
  const schedules = (await restored.call(listSchedules, {})).items;
  const hourly = schedules.find(({ workflowName }) => workflowName === 'hourly')?.id ?? '';
  const released = await restored.call(releaseInstallation, { schedules: 'catch_up', except: [{ scheduleId: hourly, then: 'off' }] });
  expect(released).toMatchObject({ held: false, acting: ['elsewhere'], fenced: [] });
  await restored.drain();
  expect(heard()).toEqual({ '/waited': 3, '/daily': 1, '/webhook': 3 });
  expect(new Set(receiver.got.filter(({ path }) => path === '/webhook').map(({ id }) => id)).size).toBe(3);
  await restored.advance({ hours: 2 });
  expect(heard()).toEqual({ '/waited': 3, '/daily': 1, '/webhook': 3 });
});

test('on the same database, what acted before a release acts no more, whatever it still believes', async () => {
  receiver.answer = () => ({ status: 204 });
  const old = await open({ seat: seat('old') });
  await old.call(createWebhook, { url: `${url}/fenced`, eventTypes: ['lead.created'] });
  const next = await open({ on: { target: old.target, company: old.company }, seat: seat('next'), settings: { STEWARD_HELD: 'true' } });
  expect(await next.call(getHold, {})).toMatchObject({ held: true, because: 'asked' });
  expect(await next.call(releaseInstallation, {})).toMatchObject({ acting: ['next'], fenced: ['old'] });
  receiver.got.length = 0;
  await aLead(old, 'Dora');
  expect(old.runtime.standing.held).toBe(false); // so it believes
  await old.drain();
  expect(heard()).toEqual({});
  expect(await old.call(getHold, {})).toMatchObject({ held: true, because: 'taken_over' });
  await next.drain();
  expect(heard()).toEqual({ '/fenced': 1 });
});
