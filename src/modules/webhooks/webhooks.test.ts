import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { verifySvix } from '#core/connector/signatures/svix.ts';
import { Secret } from '#core/secrets.ts';
import { newId } from '#core/ids.ts';
import { listNotificationsOperation } from '#modules/notifications/operations.ts';
import { testApp, type TestApp } from '#testing/app.ts';
import { pumpWaiting } from './deliver/pump.ts';
import { MOST_ATTEMPTS, retryDelayS } from './deliver/retries.ts';
import { signatureHeaders } from './deliver/sign.ts';
import { getDelivery, listDeliveries, replayDelivery, replayFailed } from './operations/deliveries.ts';
import {
  createWebhook,
  deleteWebhook,
  getWebhook,
  listWebhooks,
  pingWebhook,
  rotateSecret,
  updateWebhook,
} from './operations/endpoints.ts';
import { WebhookReceiver, type Got } from './testing.ts';

/** The example of the specification. */
test('signs as Standard Webhooks', () => {
  const secret = new Secret('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw');
  const at = new Date(1_614_265_330_000);
  expect(signatureHeaders('msg_p5jXN8AQM9LWM0D4loKWxJek', at, '{"test": 2432232314}', [secret])).toEqual({
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  });
});

test('tries ten times in some three days, and longer apart where the receiver asks for it', () => {
  const delays = Array.from({ length: MOST_ATTEMPTS }, (_, i) => retryDelayS(i + 1, undefined));
  expect(delays.at(-1)).toBeNull();
  const hours = delays.reduce<number>((sum, delay) => sum + (delay ?? 0), 0) / 3_600;
  expect(hours).toBeGreaterThan(70);
  expect(hours).toBeLessThan(80);
  expect(retryDelayS(1, 600)).toBe(600);
  expect(retryDelayS(1, 10 * 86_400)).toBe(86_400);
});

describe('webhooks', () => {
  let app: TestApp;
  let receiver: WebhookReceiver;
  let url = '';
  beforeAll(async () => {
    app = await testApp({ internalHosts: ['127.0.0.1'] });
    receiver = new WebhookReceiver();
    url = await receiver.open();
  });
  afterAll(async () => {
    await receiver.close();
    await app.close();
  });
  beforeEach(() => {
    receiver.got.length = 0;
    receiver.answer = () => ({ status: 204 });
  });
  afterEach(async () => {
    for (const { id } of (await app.call(listWebhooks, {})).items) await app.call(deleteWebhook, { webhookId: id });
  });

  const add = (path: string, more: object = {}) => app.call(createWebhook, { url: `${url}${path}`, ...more });
  async function happen(count = 1, name = 'lead.converted', payload: Record<string, string> = {}): Promise<string[]> {
    const ids = Array.from({ length: count }, () => newId());
    await app.runtime.system.write((tx) =>
      app.runtime.engine.emit(
        tx,
        ids.map((id) => ({ name, companyId: app.company.companyId, subject: { type: 'lead', id }, payload: { ...payload, at: id } })),
      ),
    );
    return ids;
  }
  const subjects = (got: readonly Got[]): string[] => got.map(({ body }) => JSON.parse(body).data.subject.id);
  const deliveries = async (webhookId: string) => (await app.call(listDeliveries, { webhookId, limit: 500 })).items;
  const asSvix = ({ headers, body }: Got) => ({
    method: 'POST',
    url,
    rawBody: Buffer.from(body),
    headers: Object.fromEntries(['id', 'timestamp', 'signature'].map((name) => [`svix-${name}`, headers[`webhook-${name}`]])),
  });

  test('tell an endpoint what it asked for, signed so that a library for it agrees, and no other', async () => {
    const { id, secret } = await add('/in', { eventTypes: ['lead.converted'] });
    const [subject] = await happen(1, 'lead.converted', { from: 'qualified' });
    await happen(1, 'lead.deleted');
    await app.drain();
    expect(receiver.got).toHaveLength(1);
    const [got] = receiver.got;
    if (got === undefined) throw new Error('nothing came');
    expect(JSON.parse(got.body)).toMatchObject({
      type: 'lead.converted',
      timestamp: app.clock.now().toISOString(),
      data: { subject: { type: 'lead', id: subject }, person_id: null, from: 'qualified' },
    });
    expect(got.id).toMatch(/^msg_/);
    expect(verifySvix(asSvix(got), [new Secret(secret)], app.clock.now())).toEqual({ valid: true });
    expect(verifySvix(asSvix({ ...got, body: `${got.body} ` }), [new Secret(secret)], app.clock.now())).toMatchObject({ valid: false });
    const [delivery] = await deliveries(id);
    expect(delivery).toMatchObject({ state: 'delivered', status: 204, attempts: 1, type: 'lead.converted' });
    const effects = (await app.effects()).filter((effect) => effect.kind === 'webhook');
    expect(effects.at(-1)).toMatchObject({ state: 'confirmed', key: `webhook:${got.id}:${id}:0` });
    const shown = JSON.stringify(await app.call(getDelivery, { deliveryId: delivery?.id ?? '' }));
    expect(shown).not.toContain(String(got.headers['webhook-signature']).slice(3));
    expect(shown).not.toContain(secret);
  });

  test('sign with both secrets while one is replaced, then with the new one alone', async () => {
    const { id, secret } = await add('/in');
    const rotated = await app.call(rotateSecret, { webhookId: id, overlapHours: 2 });
    expect(rotated.secret).not.toBe(secret);
    await happen();
    await app.drain();
    const [both] = receiver.got;
    if (both === undefined) throw new Error('nothing came');
    expect(String(both.headers['webhook-signature']).split(' ')).toHaveLength(2);
    for (const one of [secret, rotated.secret])
      expect(verifySvix(asSvix(both), [new Secret(one)], app.clock.now())).toEqual({ valid: true });
    await app.advance({ hours: 3 });
    await happen();
    await app.drain();
    const last = receiver.got.at(-1);
    if (last === undefined) throw new Error('nothing came');
    expect(verifySvix(asSvix(last), [new Secret(secret)], app.clock.now())).toMatchObject({ valid: false });
    expect(verifySvix(asSvix(last), [new Secret(rotated.secret)], app.clock.now())).toEqual({ valid: true });
  });

  test('try again with the same id and the same bytes, whether the answer was bad or the line was cut', async () => {
    const { id } = await add('/in');
    const answers = [
      { status: 500, body: '{"error":"no","token":"t0psecret"}', headers: { 'set-cookie': 'a=b' } },
      'cut',
      { status: 200 },
    ] as const;
    receiver.answer = () => answers[receiver.got.length - 1] ?? { status: 200 };
    await happen();
    await app.drain();
    expect(await app.call(getWebhook, { webhookId: id })).toMatchObject({ state: 'failing', failures: 1, waiting: 1 });
    for (let i = 0; i < 10; i++) await app.advance({ minutes: 5 });
    expect(receiver.got).toHaveLength(3);
    expect(new Set(receiver.got.map((got) => `${got.id} ${got.body}`)).size).toBe(1);
    const [delivery] = await deliveries(id);
    const { log, body } = await app.call(getDelivery, { deliveryId: delivery?.id ?? '' });
    expect(delivery).toMatchObject({ state: 'delivered', attempts: 3 });
    expect(log.map((one) => one.status)).toEqual([200, null, 500]);
    expect(JSON.stringify(log)).not.toContain('t0psecret');
    expect(log[2]?.response).toMatchObject({ headers: { 'set-cookie': '•••' } });
    expect(body).toMatchObject({ type: 'lead.converted' });
    expect(await app.call(getWebhook, { webhookId: id })).toMatchObject({ state: 'ok', failures: 0 });
    expect((await app.effects()).filter((effect) => effect.state === 'in_doubt')).toEqual([]);
  });

  test('leave an endpoint that fails alone for a while, keep what happens meanwhile in order, and give all of it later', async () => {
    const { id } = await add('/in', { concurrency: 1 });
    receiver.answer = () => ({ status: 503 });
    const first = await happen(1);
    await app.drain();
    const rest = await happen(30);
    await app.drain();
    expect(receiver.got).toHaveLength(1);
    const inLedger = (await app.effects()).filter(
      (effect) => effect.kind === 'webhook' && effect.state === 'reserved' && effect.subject.id === id,
    );
    expect(inLedger).toHaveLength(1);
    receiver.answer = () => ({ status: 200 });
    app.clock.advance({ seconds: 11 });
    expect(await pumpWaiting(app.runtime)).toBe(1);
    await app.drain();
    expect(subjects(receiver.got)).toEqual([...first, ...rest]);
    app.clock.advance({ minutes: 1 });
    await app.drain();
    expect(subjects(receiver.got.slice(31))).toEqual(first);
    expect((await deliveries(id)).every((one) => one.state === 'delivered')).toBe(true);
  });

  test('are not held up by one that hangs', async () => {
    const dead = await add('/dead');
    const well = await add('/well');
    receiver.answer = ({ path }) => (path === '/dead' ? 'hang' : { status: 200 });
    const ids = await happen(120);
    await app.steward.worker.start();
    await expect.poll(() => receiver.got.filter(({ path }) => path === '/well').length, { timeout: 30_000 }).toBe(120);
    expect(receiver.got.filter(({ path }) => path === '/dead').length).toBeLessThanOrEqual(4);
    expect(new Set(subjects(receiver.got.filter(({ path }) => path === '/well')))).toEqual(new Set(ids));
    receiver.answer = () => ({ status: 200 });
    receiver.cutAll();
    await expect.poll(async () => (await app.call(getWebhook, { webhookId: dead.id })).state, { timeout: 20_000 }).toBe('failing');
    await app.steward.worker.stop();
    expect(await app.call(getWebhook, { webhookId: well.id })).toMatchObject({ state: 'ok', waiting: 0 });
  }, 60_000);

  test('give up after ten attempts, and send what was missed since a moment when somebody asks', async () => {
    const { id } = await add('/in');
    receiver.answer = () => ({ status: 500 });
    const since = app.clock.now();
    const ids = await happen(2);
    await app.drain();
    for (let i = 0; i < 90; i++) {
      await pumpWaiting(app.runtime);
      await app.advance({ hours: 1 });
    }
    expect((await deliveries(id)).map((one) => [one.state, one.attempts])).toEqual([
      ['failed', MOST_ATTEMPTS],
      ['failed', MOST_ATTEMPTS],
    ]);
    receiver.got.length = 0;
    receiver.answer = () => ({ status: 200 });
    expect(await app.call(replayFailed, { webhookId: id, since })).toEqual({ replayed: 2 });
    app.clock.advance({ hours: 2 });
    await pumpWaiting(app.runtime);
    await app.drain();
    await app.drain();
    expect(new Set(subjects(receiver.got))).toEqual(new Set(ids));
    const [one] = await deliveries(id);
    await app.call(replayDelivery, { deliveryId: one?.id ?? '' });
    await app.drain();
    expect(receiver.got).toHaveLength(3);
    expect(receiver.got.filter((got) => got.id === `msg_${one?.messageId}`)).toHaveLength(2);
  }, 60_000);

  test('are switched off after five days without a yes, the admins are told, and nothing leaves until they are on again', async () => {
    const { id } = await add('/in');
    receiver.answer = () => ({ status: 500 });
    for (let day = 0; day < 6; day++) {
      await happen();
      for (let hour = 0; hour < 24; hour++) {
        await pumpWaiting(app.runtime);
        await app.advance({ hours: 1 });
      }
    }
    expect(await app.call(getWebhook, { webhookId: id })).toMatchObject({ state: 'disabled', active: false, waiting: 0 });
    const told = (await app.call(listNotificationsOperation, {})).items.filter((one) => one.link === `/settings/webhooks/${id}`);
    expect(told.map((one) => one.title)).toEqual([`The webhook to ${new URL(url).host} is switched off`]);
    const before = receiver.got.length;
    await happen(3);
    await app.advance({ days: 1 });
    expect(receiver.got).toHaveLength(before);
    await expect(app.call(pingWebhook, { webhookId: id })).rejects.toMatchObject({ code: 'webhook_off' });
    receiver.answer = () => ({ status: 200 });
    expect(await app.call(updateWebhook, { webhookId: id, active: true })).toMatchObject({ state: 'ok' });
    await app.call(pingWebhook, { webhookId: id });
    await app.drain();
    expect(JSON.parse(receiver.got.at(-1)?.body ?? '{}')).toMatchObject({ type: 'webhook.ping' });
  }, 60_000);

  test('are switched off at once by 410 Gone; a redirect is not followed', async () => {
    const gone = await add('/gone');
    const moved = await add('/moved');
    receiver.answer = ({ path }) =>
      path === '/gone' ? { status: 410 } : path === '/moved' ? { status: 307, headers: { location: `${url}/elsewhere` } } : { status: 200 };
    await happen();
    await app.drain();
    expect(await app.call(getWebhook, { webhookId: gone.id })).toMatchObject({
      state: 'disabled',
      disabledReason: expect.stringContaining('410'),
    });
    expect(await app.call(getWebhook, { webhookId: moved.id })).toMatchObject({ state: 'failing' });
    expect((await deliveries(moved.id)).find((one) => one.type === 'lead.converted')?.error).toContain('redirect');
    expect(receiver.got.filter(({ path }) => path === '/elsewhere')).toEqual([]);
  });

  test('never reach into the house', async () => {
    await expect(app.call(createWebhook, { url: 'ftp://acme.test/in' })).rejects.toMatchObject({
      code: 'invalid_input',
      fields: [{ path: 'url' }],
    });
    await expect(app.call(createWebhook, { url: 'https://user:pass@acme.test/in' })).rejects.toMatchObject({ fields: [{ path: 'url' }] });
    await expect(app.call(createWebhook, { url: 'no address' })).rejects.toMatchObject({ fields: [{ path: 'url' }] });
    await expect(app.call(createWebhook, { url, eventTypes: ['no.such'] })).rejects.toMatchObject({ fields: [{ path: 'event_types.0' }] });
    const inside = await app.call(createWebhook, { url: 'http://localhost:1/in' }).catch((error: unknown) => error);
    if (!(inside instanceof Error)) {
      await happen();
      await app.drain();
      const { id } = (await app.call(listWebhooks, {})).items[0] ?? { id: '' };
      expect((await deliveries(id))[0]).toMatchObject({ state: 'failed', attempts: 1 });
    }
  });

  test('fan out once, though two processes take the events', async () => {
    const { id } = await add('/in');
    const ids = await happen(60);
    await Promise.all([app.drain(), app.drain()]);
    expect(subjects(receiver.got).toSorted()).toEqual(ids.toSorted());
    expect(await deliveries(id)).toHaveLength(60);
  });
});
