import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PASSWORD, testApp, type TestApp } from '#testing/app.ts';

let app: TestApp;
let authorization: string;

beforeAll(async () => {
  app = await testApp({ settings: { RATE_LIMIT_PER_MINUTE: '500' } });
  const reply = await app.http.inject({ method: 'POST', url: '/token', payload: { username: app.company.email, password: PASSWORD } });
  authorization = `Bearer ${reply.json().access_token}`;
});
afterAll(() => app.close());

const LEADS = '/api/lead-nurturing/leads';

function send(method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, payload?: object, headers: Record<string, string> = {}) {
  return app.http.inject({ method, url, headers: { authorization, ...headers }, ...(payload === undefined ? {} : { payload }) });
}

let people = 0;
const someone = () => ({ name: 'Ann Example', email: `ann-${++people}@example.test`, source: 'web' });

describe('an Idempotency-Key', () => {
  test('makes one lead out of five equal requests, at once and one by one', async () => {
    const lead = someone();
    const key = { 'idempotency-key': 'five-times' };
    const atOnce = await Promise.all(Array.from({ length: 5 }, () => send('POST', LEADS, lead, key)));
    const later = await send('POST', LEADS, lead, key);
    expect(atOnce.map((reply) => reply.statusCode)).toEqual([201, 201, 201, 201, 201]);
    expect(new Set([...atOnce, later].map((reply) => reply.json().id)).size).toBe(1);
    expect(later.headers['idempotent-replayed']).toBe('true');
    const found = await send('GET', `${LEADS}?q=${lead.email}`);
    expect(found.json().items).toHaveLength(1);
  });

  test('refuses another request under the same key', async () => {
    const key = { 'idempotency-key': 'reused' };
    await send('POST', LEADS, someone(), key);
    const reply = await send('POST', LEADS, someone(), key);
    expect([reply.statusCode, reply.json().code]).toEqual([422, 'idempotency_key_reused']);
  });

  test('is forgotten with a request that failed', async () => {
    const key = { 'idempotency-key': 'failed-first' };
    expect((await send('POST', LEADS, { name: 'No address', email: 'not an address' }, key)).statusCode).toBe(422);
    expect((await send('POST', LEADS, someone(), key)).statusCode).toBe(201);
  });
});

describe('If-Match', () => {
  test('lets the first of two editors win and tells the second', async () => {
    const lead = (await send('POST', LEADS, someone())).json();
    const tag = { 'if-match': `"${lead.updated_at}"` };
    app.clock.advance({ seconds: 1 });
    const first = await send('PUT', `${LEADS}/${lead.id}`, { notes: 'first' }, tag);
    expect(first.statusCode).toBe(200);
    expect(first.headers['etag']).toBe(`"${first.json().updated_at}"`);
    const second = await send('PUT', `${LEADS}/${lead.id}`, { notes: 'second' }, tag);
    expect([second.statusCode, second.json().code]).toEqual([412, 'version_changed']);
    expect((await send('GET', `${LEADS}/${lead.id}`)).json().notes).toBe('first');
  });
});

describe('a refusal', () => {
  test('is problem JSON with the field and the next step', async () => {
    const reply = await send('POST', LEADS, { name: 'Ann', email: 'nobody', phon: '1' });
    expect(reply.headers['content-type']).toContain('application/problem+json');
    expect(reply.json()).toMatchObject({
      status: 422,
      code: 'invalid_input',
      fields: [{ path: 'phon', message: 'is not a field of this operation' }],
      request_id: reply.headers['x-request-id'],
    });
  });

  test('says 404 for an unknown path, 400 for broken JSON, 415 for another type, 413 for too much', async () => {
    expect((await send('GET', '/api/nothing')).json()).toMatchObject({ status: 404, code: 'not_found' });
    const raw = (payload: string, type: string) =>
      app.http.inject({ method: 'POST', url: LEADS, headers: { authorization, 'content-type': type }, payload });
    expect((await raw('{"name":', 'application/json')).json()).toMatchObject({ status: 400, code: 'malformed_request' });
    expect((await raw('name', 'text/csv')).json()).toMatchObject({ status: 415, code: 'unsupported_media_type' });
    expect((await raw(JSON.stringify({ name: 'x'.repeat(2_000_000) }), 'application/json')).json()).toMatchObject({
      status: 413,
      code: 'body_too_large',
    });
  });

  test('comes with Retry-After once a caller asks too often', async () => {
    const busy = await testApp({ settings: { RATE_LIMIT_PER_MINUTE: '10' } });
    const replies = [];
    for (let call = 0; call < 12; call++) replies.push(await busy.http.inject('/api/system/health'));
    const refused = replies.filter((reply) => reply.statusCode === 429);
    expect(refused.length).toBeGreaterThan(0);
    expect(Number(refused[0]?.headers['retry-after'])).toBeGreaterThan(0);
    await busy.close();
  });
});

test('every write leaves who, what and from where, and no secret', async () => {
  const email = `new-${Date.now()}@acme.test`;
  const made = await send(
    'POST',
    '/api/users',
    { username: email, email, full_name: 'New User', password: 'a very long password indeed', role: 'user' },
    { 'user-agent': 'rest.test' },
  );
  expect(made.statusCode).toBe(201);
  const audit = await send('GET', '/api/audit?operation=users.create');
  const [entry] = audit.json().items;
  expect(entry).toMatchObject({
    operation: 'users.create',
    actor_kind: 'user',
    actor_id: app.company.userId,
    subject_id: made.json().id,
    user_agent: 'rest.test',
    face: 'rest',
  });
  expect(entry.ip).toBeTruthy();
  expect(audit.body).not.toContain('a very long password indeed');
});
