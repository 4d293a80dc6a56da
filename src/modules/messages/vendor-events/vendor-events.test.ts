import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createConnection, getConnection } from '#modules/connections/operations.ts';
import { contractsFolder } from '#testing/contract.ts';
import { fakeVendor, type FakeVendor, type VendorRequest } from '#testing/fake-vendor.ts';
import { sendGridSigner, svixSigned, type Signed } from '#testing/vendors/signing.ts';
import { testApp, type TestApp, type TestCompany } from '#testing/app.ts';
import { listMessages } from '../operations/messages.ts';
import { sendEmail } from '../operations/send.ts';
import { listSuppressions } from '../operations/suppressions.ts';

const SECRET = `whsec_${Buffer.from('a key that only tests know').toString('base64')}`;
const signer = sendGridSigner();
let app: TestApp;
let vendor: FakeVendor;
/** What the vendor says of mails that arrived, by id. */
const arrived = new Map<string, unknown>();
let lose = false;
beforeAll(async () => {
  let count = 0;
  vendor = await fakeVendor(({ method, path }: VendorRequest) => {
    count += 1;
    if (method === 'GET') return { status: 200, body: arrived.get(path.split('/').at(-1) ?? '') ?? {} };
    if (lose) return 'cut';
    return path === '/emails'
      ? { status: 200, body: { id: `re-${count}` } }
      : { status: 202, headers: { 'x-message-id': `sg-${count}` }, body: '' };
  });
  app = await testApp({ settings: { SENDING: 'launched', STEWARD_PUBLIC_URL: 'https://steward.acme.test' } });
});
afterAll(async () => {
  await app.close();
  await vendor.close();
});

const KEYS = { sendgrid: { event_key: signer.key, inbound_key: signer.key }, resend: { webhook_secret: SECRET } };

/** A company on a mail service, and somebody who was written to. */
async function aCompanyOn(connector: 'resend' | 'sendgrid', keys?: Record<string, string>) {
  const company = await app.aCompany();
  const as = company.admin;
  const credentials = { api_key: 'key-of-tests-1234567890', from_email: 'us@acme.test', ...(keys ?? KEYS[connector]) };
  const connection = await app.call(createConnection, { connector, credentials, baseUrl: vendor.url }, { as });
  const before = vendor.requests.length;
  await app.call(
    sendEmail,
    { to: 'ann@example.test', name: 'Ann Lee', subject: 'Hello', text: 'Hello Ann', class: 'transactional' },
    { as },
  );
  await app.drain();
  // Colleagues may be written to beside it.
  const sent = vendor.requests.slice(before).find(({ rawBody }) => rawBody.includes('Hello Ann'));
  const body = Object(sent?.body) as Record<string, unknown>; // what was sent is an object
  const ours =
    connector === 'resend'
      ? (body['tags'] as { value: string }[])[0]?.value
      : (body['personalizations'] as { custom_args: Record<string, string> }[])[0]?.custom_args['steward_message_id'];
  return { company, as, connection, ours: ours ?? '' };
}
type Scene = Awaited<ReturnType<typeof aCompanyOn>>;

const path = ({ connection }: Scene, what: string) => `/vendors/${connection.id}/${what}`;
const post = (url: string, { headers, body }: Signed) => app.http.inject({ method: 'POST', url, headers, payload: body });
const now = () => app.clock.now();
let events = 0;
const sendGridEvent = (scene: Scene, event: string, more: object = {}) => ({
  event,
  email: 'ann@example.test',
  sg_event_id: `event-${(events += 1)}`,
  sg_message_id: 'x',
  timestamp: Math.floor(now().getTime() / 1_000),
  steward_message_id: scene.ours,
  ...more,
});
const tell = (scene: Scene, list: readonly unknown[]) => post(path(scene, 'events'), signer.sign(JSON.stringify(list), now()));
const message = async ({ as }: Scene) => (await app.call(listMessages, { direction: 'outbound' }, { as })).items[0];
const suppressed = async ({ as }: Scene) => (await app.call(listSuppressions, {}, { as })).items.map(({ reason }) => reason);
const told = async (company: TestCompany) =>
  (
    await app.runtime.system.read((tx) =>
      tx.query<{ name: string }>(
        {
          name: 'test.told',
          text: `select name from outbox where company_id = $1 and name ~ '^(message\\.(del|bou|com|ope)|person.opted)' order by id`,
        },
        [company.companyId],
      ),
    )
  ).map(({ name }) => name);

describe('signatures at the addresses of connections', () => {
  test.each(['resend', 'sendgrid'] as const)(
    '%s: right passes; a flipped byte, an old time, a body written anew and none fail',
    async (connector) => {
      const scene = await aCompanyOn(connector);
      const body = '[ {"event":"processed","sg_event_id":"a","timestamp":1} ]';
      const resendBody = `{ "type":"email.sent", "created_at":"${now().toISOString()}", "data":{} }`;
      const made = (at: Date) => (connector === 'sendgrid' ? signer.sign(body, at) : svixSigned(SECRET, resendBody, at, 'msg_1'));
      const status = async (signed: Signed) => (await post(path(scene, 'events'), signed)).statusCode;
      const good = made(now());
      expect(await status(good)).toBe(200);
      const rewritten = JSON.stringify(JSON.parse(good.body));
      expect(rewritten).not.toBe(good.body);
      const signature = connector === 'sendgrid' ? 'x-twilio-email-event-webhook-signature' : 'svix-signature';
      const { [signature]: given = '', ...unsigned } = good.headers;
      const flippedSignature = given.slice(0, 12) + (given[12] === 'A' ? 'B' : 'A') + given.slice(13);
      const wrong: [string, Signed][] = [
        ['a flipped byte of the body', { ...good, body: good.body.replace('"type"', '"typf"').replace('"event"', '"evenu"') }],
        ['a flipped byte of the signature', { ...good, headers: { ...good.headers, [signature]: flippedSignature } }],
        ['a body written anew', { ...good, body: rewritten }],
        ['an old time', made(new Date(now().getTime() - 26 * 3_600_000))],
        ['a time to come', made(new Date(now().getTime() + 26 * 3_600_000))],
        ['no signature', { ...good, headers: unsigned }],
      ];
      for (const [what, signed] of wrong) expect(await status(signed), what).toBe(401);
    },
  );

  test('without a key nothing is taken; no such connection, no such address', async () => {
    const scene = await aCompanyOn('sendgrid', {});
    expect((await tell(scene, [])).json()).toMatchObject({
      code: 'signature_refused',
      detail: expect.stringContaining('was not entered yet'),
    });
    expect((await post(path(scene, 'nothing'), signer.sign('[]', now()))).statusCode).toBe(404);
    expect((await post('/vendors/0190a000-0000-7000-8000-000000000001/events', signer.sign('[]', now()))).statusCode).toBe(404);
    expect((await post('/vendors/x/events', signer.sign('[]', now()))).statusCode).toBe(404);
    const { webhooks } = await app.call(getConnection, { connectionId: scene.connection.id }, { as: scene.as });
    expect(webhooks).toMatchObject([
      { url: `https://steward.acme.test${path(scene, 'events')}`, ready: false },
      { url: `https://steward.acme.test${path(scene, 'inbound')}`, ready: false },
    ]);
  });

  test.skipIf(contractsFolder() === undefined)('the published vectors of SendGrid and Svix pass at the address itself', async () => {
    const vectors: Record<'sendgrid' | 'svix', Record<string, string>> = JSON.parse(
      readFileSync(join(contractsFolder() ?? '', 'webhook-vectors.json'), 'utf8'),
    );
    const { sendgrid, svix } = vectors;
    const then = await testApp({ start: new Date(Number(sendgrid['ts']) * 1_000) });
    const create = (connector: string, keys: object) =>
      then.call(createConnection, { connector, credentials: { api_key: 'key-of-tests', ...keys } });
    const ours = await create('sendgrid', { event_key: sendgrid['publicKey'] });
    const answer = (id: string, headers: Record<string, string>, payload: string) =>
      then.http.inject({
        method: 'POST',
        url: `/vendors/${id}/events`,
        headers: { 'content-type': 'application/json', ...headers },
        payload,
      });
    const headers = {
      'x-twilio-email-event-webhook-signature': sendgrid['signature'] ?? '',
      'x-twilio-email-event-webhook-timestamp': sendgrid['ts'] ?? '',
    };
    expect((await answer(ours.id, headers, sendgrid['rawBody'] ?? '')).statusCode).toBe(200);
    expect((await answer(ours.id, headers, (sendgrid['rawBody'] ?? '').trim())).statusCode).toBe(401);
    then.clock.advance({ seconds: Number(svix['ts']) - Number(sendgrid['ts']) });
    const other = await create('resend', { webhook_secret: svix['secret'] });
    const given = { 'svix-id': svix['id'] ?? '', 'svix-timestamp': String(svix['ts']), 'svix-signature': svix['expected'] ?? '' };
    // Signed well, but no event of Resend.
    expect((await answer(other.id, given, svix['body'] ?? '')).json()).toMatchObject({ code: 'vendor_refused' });
    expect((await answer(other.id, given, '{"test":2432232314}')).statusCode).toBe(401);
    await then.close();
  });
});

describe('what became of a mail', () => {
  test('delivered, opened; told twice and in the wrong order it is the same', async () => {
    const scene = await aCompanyOn('sendgrid');
    const [deferred, delivered, opened] = [
      sendGridEvent(scene, 'deferred'),
      sendGridEvent(scene, 'delivered', { response: '250 ok' }),
      sendGridEvent(scene, 'open'),
    ];
    await tell(scene, [opened, delivered]);
    await tell(scene, [deferred, delivered, opened]);
    await tell(scene, [{ ...sendGridEvent(scene, 'deferred') }]);
    expect(await message(scene)).toMatchObject({ state: 'sent', delivery: 'delivered', openedAt: expect.any(Date) });
    expect(await told(scene.company)).toEqual(['message.delivered', 'message.opened']);
    expect(await suppressed(scene)).toEqual([]);
  });

  test('a hard bounce blocks the address and stops what runs; delivered that comes late does not take it back', async () => {
    const scene = await aCompanyOn('sendgrid');
    const bounce = sendGridEvent(scene, 'bounce', { type: 'bounce', status: '5.1.1', reason: '550 no such user' });
    await Promise.all([tell(scene, [bounce]), tell(scene, [bounce]), tell(scene, [bounce])]);
    await tell(scene, [sendGridEvent(scene, 'delivered')]);
    expect(await message(scene)).toMatchObject({ state: 'refused', delivery: 'bounced', stateReason: 'Bounced: 550 no such user' });
    expect(await suppressed(scene)).toEqual(['bounce']);
    expect(await told(scene.company)).toEqual(['message.bounced']);
  });

  test('blocked for now says nothing against the address', async () => {
    const scene = await aCompanyOn('sendgrid');
    await tell(scene, [sendGridEvent(scene, 'bounce', { type: 'blocked', status: '5.7.1', reason: 'policy' })]);
    expect(await message(scene)).toMatchObject({ delivery: 'bounced' });
    expect(await suppressed(scene)).toEqual([]);
  });

  test('resend: a complaint ends all mail, whichever mail it was about', async () => {
    const scene = await aCompanyOn('resend');
    const body = JSON.stringify({
      type: 'email.complained',
      created_at: now().toISOString(),
      data: { email_id: 'x', tags: { steward: scene.ours } },
    });
    for (const id of ['msg_a', 'msg_a', 'msg_b'])
      expect((await post(path(scene, 'events'), svixSigned(SECRET, body, now(), id))).statusCode).toBe(200);
    expect(await message(scene)).toMatchObject({ delivery: 'complained' });
    expect(await suppressed(scene)).toEqual(['complaint']);
    expect(await told(scene.company)).toEqual(['person.opted_out', 'message.complained']);
  });

  test('an event about another company’s mail, or about none of ours, changes nothing', async () => {
    const [mine, theirs] = [await aCompanyOn('sendgrid'), await aCompanyOn('sendgrid')];
    await tell(mine, [
      sendGridEvent(theirs, 'bounce'),
      { ...sendGridEvent(mine, 'bounce'), steward_message_id: '<nobody@x.test>' },
      { event: 'bounce' },
      7,
    ]);
    expect([(await message(mine))?.delivery, (await message(theirs))?.delivery]).toEqual([null, null]);
  });

  test('a mail in doubt that the vendor tells of did go out: nobody need decide', async () => {
    lose = true;
    const scene = await aCompanyOn('sendgrid');
    lose = false;
    expect(await message(scene)).toMatchObject({ state: 'in_doubt' });
    await tell(scene, [sendGridEvent(scene, 'delivered')]);
    expect(await message(scene)).toMatchObject({ state: 'sent', delivery: 'delivered' });
    expect((await app.effects(scene.company.companyId)).map(({ state }) => state)).toEqual(['confirmed']);
  });
});

describe('mail that arrives by a vendor', () => {
  const raw = (id: string) =>
    `From: Ann Lee <ann@example.test>\r\nTo: us@acme.test\r\nSubject: Re: Hello\r\nMessage-ID: <${id}@example.test>\r\n\r\nYes, tell me more\r\n`;
  const replies = async ({ as }: Scene) =>
    (await app.call(listMessages, { direction: 'inbound' }, { as })).items.map(({ subject, toEmail }) => [subject, toEmail]);
  /** A form as browsers and SendGrid write it. */
  const form = (fields: Record<string, string>) => {
    const parts = Object.entries(fields).map(
      ([name, value]) => `--xYzZY\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
    );
    return signer.sign(`${parts.join('')}--xYzZY--\r\n`, now(), 'multipart/form-data; boundary=xYzZY');
  };

  test('sendgrid: whole or in parts, and twice is once', async () => {
    const scene = await aCompanyOn('sendgrid');
    const whole = form({ to: 'us@acme.test', email: raw('one') });
    for (let times = 0; times < 2; times++) expect((await post(path(scene, 'inbound'), whole)).statusCode).toBe(200);
    expect(await replies(scene)).toEqual([['Re: Hello', 'us@acme.test']]);
    const [head = ''] = raw('two').split('\r\n\r\n');
    expect((await post(path(scene, 'inbound'), form({ headers: head, text: 'Größe: yes', html: '<p>Größe: yes</p>' }))).statusCode).toBe(
      200,
    );
    expect(await replies(scene)).toHaveLength(2);
    expect((await post(path(scene, 'inbound'), form({ nothing: 'x' }))).statusCode).toBe(422);
  });

  test('resend: the event holds no words, so the mail is asked for', async () => {
    const scene = await aCompanyOn('resend');
    const mail = {
      id: 'in-1',
      from: 'Ann Lee <ann@example.test>',
      to: ['us@acme.test'],
      subject: 'Re: Hello',
      message_id: '<three@example.test>',
      text: 'Yes, please',
      html: null,
    };
    arrived.set('in-1', { ...mail, headers: { 'in-reply-to': `<${scene.ours}@acme.test>` }, created_at: now().toISOString() });
    const body = JSON.stringify({ type: 'email.received', created_at: now().toISOString(), data: { email_id: 'in-1' } });
    expect((await post(path(scene, 'events'), svixSigned(SECRET, body, now(), 'msg_in'))).statusCode).toBe(200);
    expect(await replies(scene)).toEqual([['Re: Hello', 'us@acme.test']]);
    // Not to be had now: the vendor comes again.
    arrived.set('in-2', 'nonsense');
    const later = JSON.stringify({ type: 'email.received', created_at: now().toISOString(), data: { email_id: 'in-2' } });
    expect((await post(path(scene, 'events'), svixSigned(SECRET, later, now(), 'msg_in2'))).statusCode).toBe(503);
  });
});

describe('what a connected service tells of', () => {
  const noticed = async ({ companyId }: TestCompany) =>
    (
      await app.runtime.system.read((tx) =>
        tx.query<{ payload: { type: string; data: Record<string, string | null> } }>(
          { name: 'test.noticed', text: `select payload from outbox where company_id = $1 and name = 'connection.noticed' order by id` },
          [companyId],
        ),
      )
    ).map(({ payload }) => [payload.type, payload.data]);
  const connected = async (connector: string, credentials: Record<string, unknown>) => {
    const company = await app.aCompany();
    const { id, webhooks } = await app.call(createConnection, { connector, credentials }, { as: company.admin });
    return { company, url: `/vendors/${id}/events`, webhooks };
  };
  const slackSigned = (body: string, at = now()): Signed => {
    const stamp = String(Math.floor(at.getTime() / 1_000));
    const signature = `v0=${createHmac('sha256', 'slack-secret').update(`v0:${stamp}:${body}`).digest('hex')}`;
    return { body, headers: { 'content-type': 'application/json', 'x-slack-request-timestamp': stamp, 'x-slack-signature': signature } };
  };

  test('slack: its challenge comes back; a mention is an event once; what bots write, and what is signed wrongly, is none', async () => {
    const { company, url, webhooks } = await connected('slack', { token: 'xoxb-1', signing_secret: 'slack-secret' });
    expect(webhooks).toMatchObject([{ ready: true }]);
    const challenge = await post(url, slackSigned('{"type":"url_verification","challenge":"3eZbrw1"}'));
    expect([challenge.statusCode, challenge.body]).toEqual([200, '3eZbrw1']);
    const event = (more: object) =>
      JSON.stringify({ type: 'event_callback', event_id: 'Ev1', event: { type: 'app_mention', text: 'hi', channel: 'C1', ...more } });
    const good = slackSigned(event({}));
    for (let times = 0; times < 2; times++) expect((await post(url, good)).statusCode).toBe(200);
    await post(url, slackSigned(event({ bot_id: 'B1' }).replace('Ev1', 'Ev2')));
    expect((await post(url, { ...good, body: event({ text: 'ho' }) })).statusCode).toBe(401);
    expect((await post(url, slackSigned(event({}).replace('Ev1', 'Ev3'), new Date(now().getTime() - 600_000)))).statusCode).toBe(401);
    expect(await noticed(company)).toEqual([['app_mention', { channel: 'C1', user: null, text: 'hi', ts: null, thread_ts: null }]]);
  });
});
