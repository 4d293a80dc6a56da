import { afterAll, beforeAll, expect, test } from 'vitest';
import { modules } from '#app/modules.ts';
import { workflow } from '#core/engine/builder.ts';
import { module } from '#core/module.ts';
import { createConnection } from '#modules/connections/operations.ts';
import { createLeadOperation } from '#modules/leads/operations/leads.ts';
import { testApp, type TestApp, type TestCompany } from '#testing/app.ts';
import { twilioSigned } from '#testing/vendors/signing.ts';
import { ACCOUNT, fakeTwilio, type FakeTwilio } from '#testing/vendors/twilio.ts';
import { getMessage, listMessages } from '../operations/messages.ts';
import { launchSending } from '../operations/sending.ts';
import { replyToMessage } from '../operations/send.ts';
import { listSuppressions } from '../operations/suppressions.ts';
import { messageStep } from './step.ts';

const letters = (name: string, kind: 'commercial' | 'transactional') =>
  workflow(name, { title: name, subject: 'lead', triggers: [{ on: 'event', event: 'lead.created' }], stopOn: [] }, (w) => [
    w.step('SMS', messageStep, { channel: 'sms', class: kind, text: `Hi {{ person.first_name }}, ${kind} news` }),
  ]);
const texts = module({
  name: 'texts',
  operations: [],
  workflows: [
    { active: true, definition: letters('ad', 'commercial') },
    { active: true, definition: letters('notice', 'transactional') },
  ],
});

const TOKEN = 'auth-token-of-tests';
let app: TestApp;
let vendor: FakeTwilio;
let fate: 'taken' | 'lost_before' | 'lost_after' | number = 'taken';
beforeAll(async () => {
  app = await testApp({
    settings: { SENDING: 'launched', STEWARD_PUBLIC_URL: 'https://steward.acme.test' },
    modules: [...modules.filter((one) => one.name !== 'nurturing'), texts],
  });
  vendor = await fakeTwilio({ now: () => app.clock.now(), fate: () => fate });
});
afterAll(async () => {
  await app.close();
  await vendor.close();
});

let count = 0;
/** A company with Twilio, and a lead with a number. */
async function scene({ connected = true } = {}) {
  const company = await app.aCompany();
  const as = company.admin;
  const credentials = { account_sid: ACCOUNT, auth_token: TOKEN, from: '+14155550100' };
  const connection = connected ? await app.call(createConnection, { connector: 'twilio', credentials, baseUrl: vendor.url }, { as }) : null;
  const phone = `+49151${String((count += 1)).padStart(8, '0')}`;
  const before = vendor.taken.length;
  const lead = await app.call(createLeadOperation, { name: 'Ann Lee', email: `ann${count}@example.test`, phone }, { as });
  await app.drain();
  return {
    company,
    as,
    connection,
    phone,
    personId: lead.personId,
    taken: () => vendor.taken.slice(before).map(({ to, body }) => [to, body]),
  };
}
const outbound = async ({ as }: { as: TestCompany['admin'] }) =>
  (await app.call(listMessages, { direction: 'outbound' }, { as })).items
    .filter(({ channel }) => channel === 'sms')
    .map(({ workflow: name, state, toPhone, toEmail, delivery }) => ({ name, state, toPhone, toEmail, delivery }));
const suppressed = async ({ as }: { as: TestCompany['admin'] }) =>
  (await app.call(listSuppressions, {}, { as })).items
    .filter(({ channel }) => channel === 'sms')
    .map(({ address, reason }) => [address, reason]);
async function tell(scene: { connection: { id: string } | null }, what: string, fields: Record<string, string>) {
  const path = `/vendors/${scene.connection?.id ?? ''}/${what}`;
  const { headers, body } = twilioSigned(TOKEN, `https://steward.acme.test${path}`, fields);
  return app.http.inject({ method: 'POST', url: path, headers, payload: body });
}

test('a notice goes out to the number; an advertisement needs consent for SMS, whatever else made mail lawful', async () => {
  const here = await scene();
  expect(here.taken()).toEqual([[here.phone, 'Hi Ann, transactional news']]);
  const rows = await outbound(here);
  expect(rows).toHaveLength(2);
  expect(rows).toContainEqual({ name: 'notice', state: 'sent', toPhone: here.phone, toEmail: '', delivery: null });
  expect(rows).toContainEqual(expect.objectContaining({ name: 'ad', state: 'blocked' }));
  const { items } = await app.call(listMessages, { state: 'blocked' }, { as: here.as });
  const blocked = await app.call(getMessage, { messageId: items[0]?.id ?? '' }, { as: here.as });
  expect(blocked.verdict?.reasons.map(({ rule }) => rule)).toEqual(['sms_consent', 'topic_channel']);
  expect(blocked).toMatchObject({ text: 'Hi Ann, commercial news\nReply STOP to end', smsLength: { encoding: 'gsm', segments: 1 } });
  expect(vendor.faults).toEqual([]);
});

test('nothing is connected: it is kept, and nothing leaves', async () => {
  const here = await scene({ connected: false });
  expect((await outbound(here)).map(({ name, state }) => `${name ?? ''} ${state}`).toSorted()).toEqual(['ad blocked', 'notice captured']);
  expect(here.taken()).toEqual([]);
});

test('SMS alone is connected: sending can be launched for it', async () => {
  const company = await app.aCompany();
  const as = company.admin;
  await expect(app.call(launchSending, {}, { as })).rejects.toThrow(/no SMS to launch/);
  await app.call(
    createConnection,
    { connector: 'twilio', credentials: { account_sid: ACCOUNT, auth_token: TOKEN, from: '+14155550100' } },
    { as },
  );
  expect(await app.call(launchSending, {}, { as })).toMatchObject({ state: 'live', launchedAt: expect.any(Date) });
});

test('STOP blocks at once and for good, on every channel; the same message twice is one', async () => {
  const here = await scene();
  const stop = { MessageSid: `SM${'1'.repeat(32)}`, From: here.phone, To: '+14155550100', Body: ' stop. ' };
  for (let times = 0; times < 2; times++) {
    const answer = await tell(here, 'inbound', stop);
    expect(answer).toMatchObject({ statusCode: 200, body: expect.stringContaining('<Response>') });
  }
  expect(await suppressed(here)).toEqual([[here.phone, 'opt_out']]);
  const { items } = await app.call(listMessages, { direction: 'inbound' }, { as: here.as });
  expect(items).toMatchObject([
    { channel: 'sms', fromName: 'Ann Lee', fromPhone: here.phone, replyClass: 'stop', personId: here.personId },
  ]);
  const person = await app.runtime.system.read((tx) =>
    tx.query<{ out: boolean }>({ name: 'test.out', text: 'select opted_out_at is not null as out from people where id = $1' }, [
      here.personId,
    ]),
  );
  expect(person).toEqual([{ out: true }]);
});

test.each(['STOP', 'Unsubscribe', 'arrêt', 'Please stop texting me', 'stopall'])(
  '%s from somebody whom nobody knows blocks their number',
  async (text) => {
    const here = await scene();
    await tell(here, 'inbound', {
      MessageSid: `SM${String(count).padStart(32, '0')}`,
      From: '+15005550009',
      To: '+14155550100',
      Body: text,
    });
    expect(await suppressed(here)).toEqual([['+15005550009', 'opt_out']]);
  },
);

test('an answer is read, sorted, and can be answered by SMS', async () => {
  const here = await scene();
  await tell(here, 'inbound', { MessageSid: `SM${'2'.repeat(32)}`, From: here.phone, To: '+14155550100', Body: 'Yes, call me tomorrow' });
  const { items } = await app.call(listMessages, { direction: 'inbound' }, { as: here.as });
  await app.call(replyToMessage, { messageId: items[0]?.id ?? '', text: 'I will' }, { as: here.as });
  await app.drain();
  expect(here.taken().at(-1)).toEqual([here.phone, 'I will']);
});

test('status: delivered, then a late failure of the same moves nothing back; a number that does not exist is blocked', async () => {
  const here = await scene();
  const url = new URL(vendor.taken.at(-1)?.statusUrl ?? '');
  expect(url.origin + url.pathname).toBe(`https://steward.acme.test/vendors/${here.connection?.id ?? ''}/status`);
  const what = `status${url.search}`;
  const status = (MessageStatus: string, more = {}) => tell(here, what, { MessageSid: 'SM9', MessageStatus, ...more });
  for (const one of ['sent', 'delivered', 'delivered', 'sent']) expect((await status(one)).statusCode).toBe(200);
  expect(await outbound(here)).toContainEqual(expect.objectContaining({ name: 'notice', state: 'sent', delivery: 'delivered' }));
  expect(await suppressed(here)).toEqual([]);
  const other = await scene();
  const second = new URL(vendor.taken.at(-1)?.statusUrl ?? '').search;
  await tell(other, `status${second}`, { MessageSid: 'SM10', MessageStatus: 'undelivered', ErrorCode: '30005' });
  expect(await outbound(other)).toContainEqual(expect.objectContaining({ name: 'notice', state: 'refused', delivery: 'bounced' }));
  expect(await suppressed(other)).toEqual([[other.phone, 'bounce']]);
  // Signed for another address, or changed on the way.
  const forged = twilioSigned(TOKEN, 'https://elsewhere.test/x', { MessageSid: 'SM9', MessageStatus: 'failed' });
  const path = `/vendors/${here.connection?.id ?? ''}/status`;
  expect((await app.http.inject({ method: 'POST', url: path, headers: forged.headers, payload: forged.body })).statusCode).toBe(401);
});

test('the answer is lost: found in the list it counts as sent; not there, it is in doubt with what was seen', async () => {
  fate = 'lost_after';
  const found = await scene();
  expect(await outbound(found)).toContainEqual(expect.objectContaining({ name: 'notice', state: 'sent' }));
  expect(found.taken()).toHaveLength(1);
  fate = 'lost_before';
  const lost = await scene();
  expect(await outbound(lost)).toContainEqual(expect.objectContaining({ name: 'notice', state: 'in_doubt' }));
  expect((await app.effects(lost.company.companyId)).map(({ reason }) => reason).join()).toMatch(/lists no such message to \+49151/);
  expect(lost.taken()).toEqual([]);
  fate = 21_610;
  const stopped = await scene();
  expect(await outbound(stopped)).toContainEqual(expect.objectContaining({ name: 'notice', state: 'refused' }));
  expect(await suppressed(stopped)).toEqual([[stopped.phone, 'opt_out']]);
  fate = 'taken';
});
