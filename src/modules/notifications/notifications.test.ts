import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Principal } from '#core/operation/principal.ts';
import { newId } from '#core/ids.ts';
import { createLeadOperation } from '#modules/leads/operations/leads.ts';
import { createKey } from '#modules/accounts/operations/keys.ts';
import { createTask } from '#modules/workflows/operations/tasks.ts';
import { testApp, type TestApp } from '#testing/app.ts';
import { sendDigests, sweepNotifications } from './digest.ts';
import { notify } from './notify.ts';
import {
  configurePreference,
  countUnread,
  getPreferences,
  listNotificationsOperation,
  readAllNotifications,
  setNotificationRead,
} from './operations.ts';
import type { NewNotification } from './public.ts';
import { lookAround } from './watch.ts';

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});
afterAll(() => app.close());

const userOf = (principal: Principal) => ('userId' in principal ? principal.userId : '');
const tell = (entries: readonly NewNotification[]) => app.runtime.system.write((tx) => notify(tx, app.runtime, entries));
const mailsTo = async (address: string) =>
  app.runtime.system.read((tx) =>
    tx.query<{ subject: string; text: string }>(
      { name: 'test.mails', text: 'select subject, text from messages where to_email = $1 order by created_at, id' },
      [address],
    ),
  );

test('the same thing is said once; other users and other companies see nothing of it', async () => {
  const acme = await app.aCompany('Acme');
  const other = await app.aCompany('Other');
  const entry = {
    companyId: acme.companyId,
    userId: acme.userId,
    kind: 'mention',
    title: 'Bo mentioned you',
    body: 'call her',
    link: '/people/x',
  } as const;
  expect(await tell([entry, entry])).toBe(1);
  expect(await tell([entry])).toBe(0);
  const { items } = await app.call(listNotificationsOperation, {}, { as: acme.admin });
  expect(items).toMatchObject([
    { kind: 'mention', title: 'Bo mentioned you', body: 'call her', link: '/people/x', readAt: null, count: 1 },
  ]);
  expect(await app.call(countUnread, {}, { as: other.admin })).toEqual({ unread: 0 });
  const foreign = { ...entry, companyId: other.companyId, key: 'k' };
  expect(await tell([foreign, { ...entry, userId: newId(), key: 'k' }])).toBe(0);
});

test('reading one, unreading it and reading all move the number on the bell', async () => {
  const { admin, companyId, userId } = await app.aCompany();
  const entry = (n: number) => ({ companyId, userId, kind: 'reply', title: `Reply ${n}`, key: `r:${n}` }) as const;
  await tell([entry(1), entry(2), entry(3)]);
  const { items } = await app.call(listNotificationsOperation, {}, { as: admin });
  const notificationId = items[0]?.id ?? '';
  await app.call(setNotificationRead, { notificationId, read: true }, { as: admin });
  expect(await app.call(countUnread, {}, { as: admin })).toEqual({ unread: 2 });
  expect((await app.call(listNotificationsOperation, { unread: true }, { as: admin })).items).toHaveLength(2);
  await app.call(setNotificationRead, { notificationId, read: false }, { as: admin });
  expect(await app.call(countUnread, {}, { as: admin })).toEqual({ unread: 3 });
  expect(await app.call(readAllNotifications, {}, { as: admin })).toEqual({ read: 3 });
  expect(await app.call(countUnread, {}, { as: admin })).toEqual({ unread: 0 });
});

test('the list pages by cursor without a gap or a repeat', async () => {
  const { admin, companyId, userId } = await app.aCompany();
  for (let n = 0; n < 7; n += 1) {
    await tell([{ companyId, userId, kind: 'reply', title: `Reply ${n}`, key: `p:${n}` }]);
    if (n % 3 === 0) app.clock.advance({ seconds: 1 });
  }
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await app.call(listNotificationsOperation, { limit: 2, ...(cursor === undefined ? {} : { cursor }) }, { as: admin });
    seen.push(...page.items.map((item) => item.title));
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  expect(seen.toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6].map((n) => `Reply ${n}`));
});

test('sixty leads assigned at once are one line with a count, which grows', async () => {
  const { admin, companyId, userId } = await app.aCompany();
  const batch = (from: number) =>
    Array.from({ length: 30 }, (_, i) => ({
      companyId,
      userId,
      kind: 'lead_assigned' as const,
      title: `Lead ${from + i}`,
      key: `a:${from + i}`,
    }));
  await tell(batch(0));
  await tell(batch(30));
  const { items } = await app.call(listNotificationsOperation, {}, { as: admin });
  expect(items).toMatchObject([{ title: 'Leads assigned to you', count: 60, link: '/leads' }]);
  expect(items).toHaveLength(1);
});

test('a mail follows at once, with the day’s others, or never, as the user chose', async () => {
  const { admin, companyId, userId, email } = await app.aCompany();
  const say = (kind: 'mention' | 'reply' | 'task_due', title: string) => tell([{ companyId, userId, kind, title, link: '/people/1' }]);
  await say('mention', 'Bo mentioned you');
  expect(await mailsTo(email)).toMatchObject([{ subject: 'Bo mentioned you', text: expect.stringContaining('/people/1') }]);
  await app.call(configurePreference, { kind: 'mention', inApp: false, email: 'off' }, { as: admin });
  await app.call(configurePreference, { kind: 'reply', inApp: true, email: 'digest' }, { as: admin });
  await say('mention', 'Bo mentioned you again');
  await say('reply', 'Ann replied');
  await say('task_due', 'Due: call Ann');
  expect(await mailsTo(email)).toHaveLength(1);
  expect((await app.call(listNotificationsOperation, {}, { as: admin })).items.map((item) => item.title)).toEqual([
    'Due: call Ann',
    'Ann replied',
    'Bo mentioned you',
  ]);
  await sendDigests(app.runtime);
  await sendDigests(app.runtime);
  const [, digest, ...rest] = await mailsTo(email);
  expect(rest).toEqual([]);
  expect(digest?.subject).toMatch(/^2 things to know at /);
  expect(digest?.text).toContain('Ann replied');
  expect(digest?.text).toContain('Due: call Ann');
  await say('reply', 'Cy replied');
  await sendDigests(app.runtime);
  expect(await mailsTo(email)).toHaveLength(2); // one a day
  await app.advance({ hours: 24 });
  await sendDigests(app.runtime);
  expect((await mailsTo(email)).at(-1)?.text).toContain('Cy replied');
  expect((await app.call(getPreferences, {}, { as: admin })).items.find((one) => one.kind === 'mention')).toMatchObject({
    inApp: false,
    email: 'off',
  });
});

test('a task that falls due and an import that ended are told once', async () => {
  const { admin, companyId, userId } = await app.aCompany();
  const { person_id: personId } = await leadOf(admin);
  const dueAt = new Date(app.clock.now().getTime() + 3_600_000);
  await app.call(createTask, { title: 'Call Ann', personId, assigneeId: userId, dueAt }, { as: admin });
  const text = `insert into imports (id, company_id, filename, size_bytes, encoding, delimiter, columns, mapping, state, created_count, merged_count, opt_outs_kept, created_by, created_at, finished_at)
    values ($1, $2, 'leads.csv', 1, 'utf-8', ',', '[]', '[]', 'done', 188, 12, 3, $3, $4, $4)`;
  await app.runtime.system.write((tx) => tx.query({ name: 'test.import', text }, [newId(), companyId, userId, app.clock.now()]));
  await lookAround(app.runtime);
  const titles = async () =>
    (await app.call(listNotificationsOperation, {}, { as: admin })).items.map((item) => [item.kind, item.title, item.body]);
  const imported = ['import_done', 'leads.csv is imported', '188 new, 12 merged, 3 opt-outs kept, 0 refused'];
  expect(await titles()).toEqual([imported]);
  app.clock.advance({ hours: 2 });
  await lookAround(app.runtime);
  await lookAround(app.runtime);
  expect(await titles()).toEqual([['task_due', 'Due: Call Ann', ''], imported]);
});

test('read ones go after 30 days, unread ones after 180', async () => {
  const { admin, companyId, userId } = await app.aCompany();
  await tell([
    { companyId, userId, kind: 'reply', title: 'Read', key: '1' },
    { companyId, userId, kind: 'reply', title: 'Unread', key: '2' },
  ]);
  const { items } = await app.call(listNotificationsOperation, {}, { as: admin });
  await app.call(setNotificationRead, { notificationId: items.find((item) => item.title === 'Read')?.id ?? '' }, { as: admin });
  const left = async () => (await app.call(listNotificationsOperation, {}, { as: admin })).items.map((item) => item.title);
  app.clock.advance({ days: 31 });
  await sweepNotifications(app.runtime);
  expect(await left()).toEqual(['Unread']);
  app.clock.advance({ days: 150 });
  await sweepNotifications(app.runtime);
  expect(await left()).toEqual([]);
});

test('an open page hears of a change at once, of its own user’s only, and only when signed in', async () => {
  const { admin, companyId, userId } = await app.aCompany();
  const { key } = await app.call(createKey, { name: 'page', scopes: ['notifications:read'] }, { as: admin });
  const url = `${await app.http.listen({ port: 0, host: '127.0.0.1' })}/api/notifications/stream`;
  const refused = await fetch(url);
  expect(refused.status).toBe(401);
  await refused.text();
  const stop = new AbortController();
  const answer = await fetch(url, { headers: { authorization: `Bearer ${key}` }, signal: stop.signal });
  expect(answer.headers.get('content-type')).toContain('text/event-stream');
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  const next = async () => (await reader?.read())?.value ?? '';
  expect(await next()).toContain('event: changed');
  const other = await app.aCompany();
  await tell([{ companyId: other.companyId, userId: other.userId, kind: 'reply', title: 'Not yours' }]);
  await tell([{ companyId, userId, kind: 'reply', title: 'Yours' }]);
  expect(await next()).toBe('event: changed\ndata: {}\n\n');
  expect(userOf(admin)).toBe(userId);
  stop.abort();
});

async function leadOf(as: Principal) {
  const lead = await app.call(createLeadOperation, { name: 'Ann', email: `ann-${newId()}@acme.test` }, { as });
  return { person_id: lead.personId };
}
