import { hashSync } from 'bcryptjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { execute } from '#core/operation/execute.ts';
import type { Principal } from '#core/operation/principal.ts';
import { PASSWORD, testApp, type TestApp } from '#testing/app.ts';
import { bootstrapAdmin } from './bootstrap.ts';
import { createInvite } from './operations/invites.ts';
import { createKey } from './operations/keys.ts';
import { createUser, getUser, updateUser } from './operations/users.ts';
import { operatorPrincipal } from './public.ts';

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});
afterAll(() => app.close());

let address = 0;
interface Wire {
  status: number;
  // oxlint-disable-next-line typescript/no-explicit-any -- the test reads JSON that came over the wire
  body: any;
  cookies: Record<string, string>;
  setCookie: string[];
  headers: Record<string, unknown>;
}

/** One request over HTTP, by default from an address of its own, so that tests do not brake each other. */
async function http(
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  url: string,
  options: { body?: unknown; headers?: Record<string, string>; ip?: string } = {},
): Promise<Wire> {
  const reply = await app.http.inject({
    method,
    url,
    remoteAddress: options.ip ?? `10.0.${Math.floor(++address / 250)}.${address % 250}`,
    headers: { ...options.headers },
    ...(options.body === undefined ? {} : { payload: typeof options.body === 'string' ? options.body : JSON.stringify(options.body) }),
    ...(options.body === undefined || typeof options.body === 'string'
      ? {}
      : { headers: { 'content-type': 'application/json', ...options.headers } }),
  });
  const text = reply.body;
  return {
    status: reply.statusCode,
    body: text === '' ? null : JSON.parse(text),
    cookies: Object.fromEntries(reply.cookies.map((cookie) => [cookie.name, cookie.value])),
    setCookie: [reply.headers['set-cookie'] ?? []].flat(),
    headers: reply.headers,
  };
}

async function bearer(username: string, password = PASSWORD): Promise<Record<string, string>> {
  const reply = await http('POST', '/token', { body: { username, password } });
  expect(reply.status).toBe(200);
  return { authorization: `Bearer ${reply.body.access_token}` };
}

async function signedIn(username: string, password = PASSWORD) {
  const reply = await http('POST', '/api/session', { body: { username, password } });
  expect(reply.status).toBe(200);
  const cookie = `steward_session=${reply.cookies['steward_session']}; steward_csrf=${reply.cookies['steward_csrf']}`;
  return { reply, read: { cookie }, write: { cookie, 'x-csrf-token': reply.body.csrf_token as string } };
}

let people = 0;
/** A user of the test's company, as a principal. */
async function aUser(role: 'admin' | 'manager' | 'user' = 'user') {
  const email = `person${++people}@acme.test`;
  const user = await app.call(createUser, { email, username: `person${people}`, fullName: `Person ${people}`, password: PASSWORD, role });
  const principal: Principal = { kind: 'user', companyId: user.companyId, userId: user.id, role };
  return { ...user, principal };
}

describe('POST /token', () => {
  test('answers a bearer token for JSON and for a form, by user name and by address', async () => {
    const user = await aUser();
    const json = await http('POST', '/token', { body: { username: user.username, password: PASSWORD } });
    expect(json.body).toMatchObject({ access_token: expect.stringMatching(/^ey/), token_type: 'bearer' });
    const form = await http('POST', '/token', {
      body: new URLSearchParams({ grant_type: 'password', username: user.email.toUpperCase(), password: PASSWORD, scope: '' }).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(form.status).toBe(200);
    const me = await http('GET', '/users/me', { headers: { authorization: `Bearer ${form.body.access_token}` } });
    expect(me.body).toMatchObject({
      id: user.id,
      email: user.email,
      role: 'user',
      is_active: true,
      company: { id: app.company.companyId, settings: { time_zone: 'Europe/Berlin' } },
    });
    expect(JSON.stringify(me.body)).not.toContain('argon2');
  });

  test('refuses a wrong password and an unknown account with the same words', async () => {
    const user = await aUser();
    const wrong = await http('POST', '/token', { body: { username: user.email, password: 'not this one' } });
    const unknown = await http('POST', '/token', { body: { username: 'nobody@acme.test', password: 'not this one' } });
    expect(wrong.status).toBe(401);
    expect({ ...unknown.body, request_id: '' }).toEqual({ ...wrong.body, request_id: '' });
  });

  test('a token ends with its time, with a new password, and with the account', async () => {
    const user = await aUser();
    const me = async (headers: Record<string, string>) => (await http('GET', '/api/users/me', { headers })).status;
    const first = await bearer(user.email);
    expect(await me(first)).toBe(200);
    await app.call(updateUser, { userId: user.id, password: 'another good password' });
    expect(await me(first)).toBe(401);
    const second = await bearer(user.email, 'another good password');
    expect(await me(second)).toBe(200);
    await app.call(updateUser, { userId: user.id, isActive: false });
    expect(await me(second)).toBe(401);
    await app.call(updateUser, { userId: user.id, isActive: true });
    expect(await me(second)).toBe(200);
    app.clock.advance({ minutes: 31 });
    expect(await me(second)).toBe(401);
  });

  test('a token that somebody else signed, or whose header says none, is refused', async () => {
    const { authorization = '' } = await bearer(app.company.email);
    const [header = '', payload = '', signature = ''] = authorization.slice(7).split('.');
    const none = Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url');
    for (const token of [
      `${header}.${payload}.${signature.slice(0, -2)}AA`,
      `${none}.${payload}.`,
      `${header}.${payload}`,
      'x',
      `${none}.${payload}.${signature}`,
    ]) {
      expect((await http('GET', '/api/users/me', { headers: { authorization: `Bearer ${token}` } })).status).toBe(401);
    }
  });

  test('brakes guesses at one account from one address, longer each time, and counts across processes', async () => {
    const user = await aUser();
    const guess = () => http('POST', '/token', { body: { username: user.email, password: 'a wrong guess' }, ip: '192.0.2.1' });
    const all = await Promise.all(Array.from({ length: 12 }, guess));
    expect(all.filter((reply) => reply.status === 401)).toHaveLength(5);
    const refused = all.find((reply) => reply.status === 429);
    expect(refused?.headers['retry-after']).toBe('1');
    app.clock.advance({ seconds: 2 });
    expect((await guess()).status).toBe(401);
    expect((await guess()).headers['retry-after']).toBe('2');
    const elsewhere = await http('POST', '/token', { body: { username: user.email, password: PASSWORD }, ip: '192.0.2.2' });
    expect(elsewhere.status).toBe(200);
  });

  test('a right password after the wait clears the count', async () => {
    const user = await aUser();
    const attempt = async (password: string) =>
      (await http('POST', '/token', { body: { username: user.email, password }, ip: '192.0.2.3' })).status;
    for (let n = 0; n < 4; n++) expect(await attempt('a wrong guess')).toBe(401);
    expect(await attempt(PASSWORD)).toBe(200);
    for (let n = 0; n < 4; n++) expect(await attempt('a wrong guess')).toBe(401);
    expect(await attempt(PASSWORD)).toBe(200);
  });

  test('one good account does not clear the way for guesses at others from the same address', async () => {
    const [mine, others] = [await aUser(), await aUser()];
    const attempt = async (username: string, password: string) =>
      (await http('POST', '/token', { body: { username, password }, ip: '192.0.2.4' })).status;
    const seen: number[] = [];
    for (let n = 0; n < 32; n++) {
      seen.push(await attempt(`${others.email}${n}`, 'a wrong guess'));
      if (n % 4 === 0) await attempt(mine.email, PASSWORD);
    }
    expect(seen.slice(0, 25)).toEqual(Array(25).fill(401));
    expect(seen.at(-1)).toBe(429);
  });

  test('an old bcrypt hash signs in once and is argon2id from then on', async () => {
    const user = await aUser();
    const stored = async () =>
      (
        await app.runtime.system.read((tx) =>
          tx.query<{ hashed_password: string }>({ name: 't.hash', text: 'select hashed_password from users where id = $1' }, [user.id]),
        )
      )[0]?.hashed_password;
    await app.runtime.system.write((tx) =>
      tx.query({ name: 't.set', text: 'update users set hashed_password = $2 where id = $1' }, [
        user.id,
        hashSync('from the older system', 4),
      ]),
    );
    await bearer(user.email, 'from the older system');
    expect(await stored()).toMatch(/^\$argon2id\$/);
    await bearer(user.email, 'from the older system');
  });
});

describe('sessions', () => {
  test('the cookie is for the browser alone; writes need the CSRF token that belongs to it', async () => {
    const user = await aUser('admin');
    const { reply, read, write } = await signedIn(user.email);
    expect(reply.setCookie).toEqual([
      expect.stringMatching(/^steward_session=ses_[\w-]+; Path=\/; Max-Age=\d+; SameSite=Lax; HttpOnly$/),
      expect.stringMatching(/^steward_csrf=[\w-]+; Path=\/; Max-Age=\d+; SameSite=Lax$/),
    ]);
    expect((await http('GET', '/api/users/me', { headers: read })).body.id).toBe(user.id);
    const change = (headers: Record<string, string>) => http('PUT', `/api/users/${user.id}`, { headers, body: { full_name: 'New Name' } });
    expect((await change(read)).body).toMatchObject({ status: 403, code: 'csrf_rejected' });
    const other = await signedIn(user.email);
    expect((await change({ ...read, 'x-csrf-token': other.write['x-csrf-token'] })).status).toBe(403);
    expect((await change(write)).body.full_name).toBe('New Name');
  });

  test("another site's page cannot sign our visitor in as somebody it knows", async () => {
    const user = await aUser();
    const body = { username: user.email, password: PASSWORD };
    const from = (site: string) => http('POST', '/api/session', { body, headers: { 'sec-fetch-site': site } });
    expect((await from('cross-site')).body).toMatchObject({ status: 403, code: 'csrf_rejected' });
    expect((await from('same-origin')).status).toBe(200);
  });

  test('cookies are Secure where the public address is https', async () => {
    const secure = await testApp({ settings: { STEWARD_PUBLIC_URL: 'https://steward.acme.test' } });
    const reply = await secure.http.inject({
      method: 'POST',
      url: '/api/session',
      payload: { username: secure.company.email, password: PASSWORD },
    });
    await secure.close();
    expect([reply.headers['set-cookie']].flat()).toEqual([
      expect.stringContaining('; Secure; HttpOnly'),
      expect.stringContaining('; Secure'),
    ]);
  });

  test('a session that is over does not stand in the way of signing in again', async () => {
    const user = await aUser();
    const { read, write } = await signedIn(user.email);
    expect((await http('DELETE', '/api/session', { headers: write })).status).toBe(204);
    expect((await http('GET', '/api/users/me', { headers: read })).status).toBe(401);
    const again = await http('POST', '/api/session', { headers: read, body: { username: user.email, password: PASSWORD } });
    expect(again.status).toBe(200);
  });

  test('ends after 14 days without a visit, and after 90 days however busy', async () => {
    const user = await aUser();
    const { read } = await signedIn(user.email);
    const visit = async () => (await http('GET', '/api/users/me', { headers: read })).status;
    for (let days = 0; days < 88; days += 11) {
      expect(await visit()).toBe(200);
      app.clock.advance({ days: 11 });
    }
    expect(await visit()).toBe(200);
    app.clock.advance({ days: 3 });
    expect(await visit()).toBe(401);
    const idle = await signedIn(user.email);
    app.clock.advance({ days: 15 });
    expect((await http('GET', '/api/users/me', { headers: idle.read })).status).toBe(401);
  });

  test('are listed, and ended from afar; nobody ends those of a colleague but an admin', async () => {
    const [ann, bob] = [await aUser(), await aUser()];
    const [desk, phone, stranger] = [await signedIn(ann.email), await signedIn(ann.email), await signedIn(bob.email)];
    const list = await http('GET', '/api/sessions', { headers: desk.read });
    expect(list.body.items.map((session: { current: boolean }) => session.current)).toEqual([false, true]);
    const [{ id }] = list.body.items;
    expect((await http('DELETE', `/api/sessions/${id}`, { headers: stranger.write })).status).toBe(404);
    expect((await http('GET', `/api/sessions?user_id=${ann.id}`, { headers: stranger.read })).body.items).toEqual([]);
    expect((await http('DELETE', `/api/sessions/${id}`, { headers: desk.write })).status).toBe(204);
    expect((await http('GET', '/api/users/me', { headers: phone.read })).status).toBe(401);
    expect((await http('GET', '/api/users/me', { headers: desk.read })).status).toBe(200);
  });

  test('a new password of my own ends the other sessions and keeps this one', async () => {
    const user = await aUser();
    const [here, there] = [await signedIn(user.email), await signedIn(user.email)];
    const change = (body: object) => http('PUT', `/api/users/${user.id}`, { headers: here.write, body });
    expect((await change({ password: 'a brand new password' })).body).toMatchObject({
      status: 422,
      fields: [{ path: 'current_password' }],
    });
    expect((await change({ password: 'a brand new password', current_password: 'not this' })).status).toBe(401);
    expect((await change({ password: 'a brand new password', current_password: PASSWORD })).status).toBe(200);
    expect((await http('GET', '/api/users/me', { headers: here.read })).status).toBe(200);
    expect((await http('GET', '/api/users/me', { headers: there.read })).status).toBe(401);
  });
});

describe('users', () => {
  test('are made, listed, read, changed and removed over REST as written', async () => {
    const admin = await bearer(app.company.email);
    const made = await http('POST', '/api/users', {
      headers: admin,
      body: { username: 'CarolW', email: 'Carol@Acme.Test', full_name: 'Carol W', password: PASSWORD, role: 'manager' },
    });
    expect(made).toMatchObject({
      status: 201,
      body: { username: 'CarolW', email: 'carol@acme.test', role: 'manager', is_active: true, company_id: app.company.companyId },
    });
    const { id } = made.body;
    const list = await http('GET', '/api/users?role=manager&limit=1', { headers: admin });
    expect(list.body.items).toMatchObject([{ id }]);
    const changed = await http('PUT', `/api/users/${id}`, { headers: admin, body: { full_name: 'Carol Winter' } });
    expect(changed.body).toMatchObject({ full_name: 'Carol Winter', username: 'CarolW' });
    expect((await http('DELETE', `/api/users/${id}`, { headers: admin })).status).toBe(204);
    expect((await http('GET', `/api/users/${id}`, { headers: admin })).status).toBe(404);
    const again = await http('POST', '/api/users', {
      headers: admin,
      body: { username: 'carolw', email: 'carol@acme.test', password: PASSWORD },
    });
    expect(again.status).toBe(201);
  });

  test('an older version is refused', async () => {
    const user = await aUser();
    const admin = await bearer(app.company.email);
    app.clock.advance({ seconds: 5 });
    await app.call(updateUser, { userId: user.id, fullName: 'Somebody was faster' });
    const late = await http('PUT', `/api/users/${user.id}`, {
      headers: { ...admin, 'if-match': `"${user.updatedAt.toISOString()}"` },
      body: { full_name: 'Late' },
    });
    expect(late.status).toBe(412);
  });

  test('pages through all of them, each once', async () => {
    for (let n = 0; n < 5; n++) await aUser();
    const admin = await bearer(app.company.email);
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: Wire = await http('GET', `/api/users?limit=3${cursor === '' ? '' : `&cursor=${cursor}`}`, { headers: admin });
      seen.push(...page.body.items.map((user: { id: string }) => user.id));
      cursor = page.body.next_cursor;
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.length).toBeGreaterThan(5);
    expect((await http('GET', `/api/users?cursor=${Buffer.from('["x","y"]').toString('base64url')}`, { headers: admin })).status).toBe(422);
  });

  test('a user name or an address is taken once in the installation, whatever the case', async () => {
    const user = await aUser();
    const other = await app.aCompany('Other');
    await expect(app.call(createUser, { email: user.email.toUpperCase(), password: PASSWORD }, { as: other.admin })).rejects.toMatchObject({
      code: 'already_taken',
    });
    await expect(
      app.call(createUser, { email: 'new@other.test', username: user.username.toUpperCase(), password: PASSWORD }, { as: other.admin }),
    ).rejects.toMatchObject({
      fields: [{ path: 'username' }],
    });
    await expect(
      app.call(createUser, { email: 'new@other.test', username: user.email, password: PASSWORD }, { as: other.admin }),
    ).rejects.toMatchObject({ code: 'invalid_input' });
  });

  test('change themselves, but not their role; and not each other', async () => {
    const [ann, bob] = [await aUser(), await aUser('manager')];
    expect(await app.call(updateUser, { userId: ann.id, fullName: 'Ann' }, { as: ann.principal })).toMatchObject({ fullName: 'Ann' });
    await expect(app.call(updateUser, { userId: ann.id, role: 'admin' }, { as: ann.principal })).rejects.toMatchObject({
      code: 'forbidden',
    });
    await expect(app.call(updateUser, { userId: ann.id, isActive: true }, { as: ann.principal })).rejects.toMatchObject({
      code: 'forbidden',
    });
    await expect(app.call(updateUser, { userId: ann.id, fullName: 'Bob was here' }, { as: bob.principal })).rejects.toMatchObject({
      code: 'forbidden',
    });
  });

  test('the last admin stays, also when two demote each other at the same moment', async () => {
    const company = await app.aCompany('Two admins');
    await expect(app.call(updateUser, { userId: company.userId, role: 'user' }, { as: company.admin })).rejects.toMatchObject({
      code: 'last_admin',
    });
    const second = await app.call(createUser, { email: 'second@two.test', password: PASSWORD, role: 'admin' }, { as: company.admin });
    const secondAdmin: Principal = { ...company.admin, kind: 'user', companyId: company.companyId, role: 'admin', userId: second.id };
    const both = await Promise.allSettled([
      app.call(updateUser, { userId: second.id, role: 'user' }, { as: company.admin }),
      app.call(updateUser, { userId: company.userId, isActive: false }, { as: secondAdmin }),
    ]);
    expect(both.map((one) => one.status).sort()).toEqual(['fulfilled', 'rejected']);
  });
});

describe('API keys', () => {
  test('are shown once, work as bearer and as x-api-key, and only within their scopes', async () => {
    const user = await aUser('admin');
    const made = await app.call(createKey, { name: 'sync', scopes: ['users:read'] }, { as: user.principal });
    expect(made.key).toMatch(/^stw_/);
    for (const headers of [{ authorization: `Bearer ${made.key}` }, { 'x-api-key': made.key }]) {
      expect((await http('GET', '/api/users', { headers })).status).toBe(200);
      expect((await http('POST', '/api/users', { headers, body: { email: 'k@acme.test', password: PASSWORD } })).body).toMatchObject({
        status: 403,
        detail: expect.stringContaining('users:write'),
      });
    }
    const list = await http('GET', '/api/keys', { headers: await bearer(user.email) });
    expect(JSON.stringify(list.body)).not.toContain(made.key);
    expect(list.body.items.find((key: { id: string }) => key.id === made.id)).toMatchObject({
      prefix: made.key.slice(0, 10),
      last_used_at: expect.any(String),
    });
  });

  test('never may more than their user, and die with them', async () => {
    const user = await aUser('manager');
    const { key } = await app.call(createKey, { name: 'all', scopes: ['*'] }, { as: user.principal });
    const headers = { 'x-api-key': key };
    expect((await http('GET', '/api/users/me', { headers })).body.id).toBe(user.id);
    expect((await http('DELETE', `/api/users/${app.company.userId}`, { headers })).status).toBe(403);
    await app.call(updateUser, { userId: user.id, isActive: false });
    expect((await http('GET', '/api/users/me', { headers })).status).toBe(401);
  });

  test('end when revoked and when their time is over', async () => {
    const user = await aUser();
    const brief = await app.call(
      createKey,
      { name: 'brief', scopes: ['*'], expiresAt: new Date(app.clock.now().getTime() + 60_000) },
      { as: user.principal },
    );
    const long = await app.call(createKey, { name: 'long', scopes: ['*'] }, { as: user.principal });
    const status = async (key: string) => (await http('GET', '/api/users/me', { headers: { 'x-api-key': key } })).status;
    expect([await status(brief.key), await status(long.key)]).toEqual([200, 200]);
    app.clock.advance({ minutes: 2 });
    expect([await status(brief.key), await status(long.key)]).toEqual([401, 200]);
    const { write } = await signedIn(user.email);
    expect((await http('DELETE', `/api/keys/${long.id}`, { headers: write })).status).toBe(204);
    expect(await status(long.key)).toBe(401);
    expect(await status('stw_made-up')).toBe(401);
  });

  test('cannot make keys or invitations', async () => {
    const { key } = await app.call(createKey, { name: 'all', scopes: ['*'] });
    const headers = { 'x-api-key': key };
    expect((await http('POST', '/api/keys', { headers, body: { name: 'child', scopes: ['*'] } })).status).toBe(403);
    expect((await http('POST', '/api/invites', { headers, body: { email: 'x@acme.test' } })).status).toBe(403);
  });

  test('a repeated Idempotency-Key shows the same key again, and the database does not hold it in the clear', async () => {
    const headers = { ...(await bearer(app.company.email)), 'idempotency-key': 'once-and-again' };
    const [one, two] = [
      await http('POST', '/api/keys', { headers, body: { name: 'twice', scopes: ['*'] } }),
      await http('POST', '/api/keys', { headers, body: { name: 'twice', scopes: ['*'] } }),
    ];
    expect(two.body).toEqual(one.body);
    expect(two.headers['idempotent-replayed']).toBe('true');
    const stored = await app.runtime.system.read((tx) =>
      tx.query({ name: 't.idem', text: `select body::text from idempotency_keys where key = 'once-and-again'` }, []),
    );
    expect(JSON.stringify(stored)).not.toContain(one.body.key.slice(4));
  });
});

describe('invitations', () => {
  test('a link makes one account with the role it names, once', async () => {
    const invite = await app.call(createInvite, { email: 'Dora@acme.test', role: 'manager' });
    const token = new URL(invite.inviteUrl).searchParams.get('token') ?? '';
    const look = await http('GET', `/api/invites/look?token=${token}`);
    expect(look.body).toMatchObject({ company_name: 'Acme', email: 'dora@acme.test', role: 'manager', invited_by: 'Ada Admin' });
    const body = { token, full_name: 'Dora', password: PASSWORD };
    expect((await http('POST', '/api/invites/accept', { body: { ...body, email: 'mallory@acme.test' } })).status).toBe(422);
    const joined = await http('POST', '/api/invites/accept', { body });
    expect(joined).toMatchObject({
      status: 201,
      body: { email: 'dora@acme.test', role: 'manager', company: { id: app.company.companyId } },
    });
    expect(joined.cookies['steward_session']).toMatch(/^ses_/);
    expect((await http('POST', '/api/invites/accept', { body })).body).toMatchObject({ status: 410, code: 'link_expired' });
  });

  test('end after 7 days, when withdrawn, and when a newer one goes to the same address', async () => {
    const token = (invite: { inviteUrl: string }) => new URL(invite.inviteUrl).searchParams.get('token') ?? '';
    const status = async (of: string) => (await http('GET', `/api/invites/look?token=${of}`)).status;
    const older = await app.call(createInvite, { email: 'eve@acme.test' });
    const newer = await app.call(createInvite, { email: 'eve@acme.test' });
    expect([await status(token(older)), await status(token(newer))]).toEqual([410, 200]);
    expect((await http('DELETE', `/api/invites/${newer.id}`, { headers: await bearer(app.company.email) })).status).toBe(204);
    expect(await status(token(newer))).toBe(410);
    const late = await app.call(createInvite, { email: 'frank@acme.test' });
    app.clock.advance({ days: 8 });
    expect(await status(token(late))).toBe(410);
  });

  test('POST /api/register takes the token of an invitation, and is closed without one', async () => {
    const closed = await http('POST', '/api/register', { body: { email: 'gus@acme.test', password: PASSWORD } });
    expect(closed.body).toMatchObject({ status: 403, code: 'registration_closed' });
    const invite = await app.call(createInvite, { email: 'gus@acme.test' });
    const token = new URL(invite.inviteUrl).searchParams.get('token');
    const made = await http('POST', '/api/register', { body: { token, email: 'gus@acme.test', username: 'gus', password: PASSWORD } });
    expect(made).toMatchObject({ status: 201, body: { username: 'gus', role: 'user' } });
    expect((await app.call(getUser, { userId: made.body.id })).email).toBe('gus@acme.test');
  });
});

describe('the local operator', () => {
  test('acts with the token of the data directory, in the company that the header names', async () => {
    const other = await app.aCompany('Operated');
    const headers = { authorization: 'Bearer operator-token-of-tests' };
    const asked = await http('GET', '/api/users', { headers });
    expect(asked.body).toMatchObject({ status: 422, code: 'which_company' });
    const named = await http('GET', '/api/users', { headers: { ...headers, 'x-steward-company': 'operated' } });
    expect(named.body.items.map((user: { email: string }) => user.email)).toEqual([other.email]);
    const all = await http('GET', '/api/companies', { headers });
    expect(all.body.items.map((company: { name: string }) => company.name)).toEqual(expect.arrayContaining(['Acme', 'Operated']));
    const unknown = await http('GET', '/api/users', { headers: { ...headers, 'x-steward-company': 'nobody' } });
    expect(unknown.body.detail).toContain('no company called nobody');
    expect((await http('GET', '/api/users', { headers: { authorization: 'Bearer operator-token-of-testz' } })).status).toBe(401);
  });

  test('makes a company and hands over the link for its first admin', async () => {
    const operator = await operatorPrincipal(app.runtime, app.company.companyId);
    const { steward } = app;
    const create = steward.modules.flatMap((module) => [...module.operations]).find((one) => one.name === 'companies.create');
    if (create === undefined) throw new Error('companies.create is not there');
    const answer = await execute(app.runtime, {
      operation: create,
      principal: operator,
      request: { id: '1', face: 'cli', ip: null, userAgent: null },
      input: { name: 'Second Ltd' },
    });
    expect(answer).toMatchObject({ status: 201, body: { name: 'Second Ltd', admin_id: null } });
    const { invite_url: link } = answer.body as { invite_url: string };
    const token = new URL(link).searchParams.get('token');
    const joined = await http('POST', '/api/invites/accept', { body: { token, email: 'boss@second.test', password: PASSWORD } });
    expect(joined.body).toMatchObject({ role: 'admin', company: { name: 'Second Ltd' } });
  });

  test('resets a password by a link, without mail', async () => {
    const user = await aUser();
    const headers = { authorization: 'Bearer operator-token-of-tests', 'x-steward-company': app.company.companyId };
    const before = await signedIn(user.email);
    const made = await http('POST', '/api/users/reset-password', { headers, body: { email: user.email } });
    const token = new URL(made.body.reset_url).searchParams.get('token');
    expect((await http('POST', '/api/password-resets/confirm', { body: { token, password: 'short' } })).status).toBe(422);
    expect((await http('POST', '/api/password-resets/confirm', { body: { token, password: 'the next good one' } })).body).toEqual({
      email: user.email,
    });
    expect((await http('POST', '/api/password-resets/confirm', { body: { token, password: 'and one more good' } })).status).toBe(410);
    expect((await http('GET', '/api/users/me', { headers: before.read })).status).toBe(401);
    await bearer(user.email, 'the next good one');
  });
});

test('the audit log says who did what from where, without secrets', async () => {
  const user = await aUser('admin');
  const headers = { ...(await bearer(user.email)), 'user-agent': 'the test' };
  const made = await http('POST', '/api/users', {
    headers,
    body: { email: 'audited@acme.test', password: 'a password to hide' },
    ip: '192.0.2.77',
  });
  const rows = await app.runtime.system.read((tx) =>
    tx.query<object>({ name: 't.audit', text: 'select * from audit_log where subject_id = $1' }, [made.body.id]),
  );
  expect(rows).toMatchObject([
    {
      operation: 'users.create',
      principal_kind: 'user',
      user_id: user.id,
      ip: '192.0.2.77',
      user_agent: 'the test',
      face: 'rest',
      input: { email: 'audited@acme.test', password: '[secret]' },
    },
  ]);
  expect(JSON.stringify(rows)).not.toContain('a password to hide');
});

test('STEWARD_ADMIN_EMAIL does nothing once there is a company', async () => {
  const count = async () =>
    (await app.runtime.system.read((tx) => tx.query({ name: 't.companies', text: 'select id from companies' }, []))).length;
  const before = await count();
  const { Secret } = await import('#core/secrets.ts');
  const runtime = {
    ...app.runtime,
    config: { ...app.runtime.config, STEWARD_ADMIN_EMAIL: 'late@acme.test', STEWARD_ADMIN_PASSWORD: new Secret('a good long password') },
  };
  await bootstrapAdmin(runtime);
  expect(await count()).toBe(before);
});

describe('mail about accounts', () => {
  const mails = (to: string) =>
    app.runtime.system.read((tx) =>
      tx.query<{ subject: string; text: string; sensitive: boolean; state: string; class: string }>(
        { name: 't.mails', text: 'select subject, text, sensitive, state, class from messages where to_email = $1 order by id' },
        [to],
      ),
    );
  const tokenIn = (text: string | undefined) => /token=([\w-]+)/.exec(text ?? '')?.[1] ?? '';

  test('a forgotten password: a mail with a link that works once, the same answer for a stranger', async () => {
    const user = await aUser();
    const known = await http('POST', '/api/password-resets', { body: { email: user.email } });
    const unknown = await http('POST', '/api/password-resets', { body: { email: 'nobody@acme.test' } });
    expect(known.status).toBe(202);
    expect(unknown.body).toEqual(known.body);
    await app.drain();
    const [mail, ...more] = await mails(user.email);
    expect(more).toEqual([]);
    expect(mail).toMatchObject({ state: 'captured', class: 'transactional', sensitive: true, subject: 'A new password for Acme' });
    expect(await mails('nobody@acme.test')).toEqual([]);
    const token = tokenIn(mail?.text);
    const reset = (password: string) => http('POST', '/api/password-resets/confirm', { body: { token, password } });
    expect((await reset('the one I chose anew')).status).toBe(200);
    expect((await reset('again with the same')).status).toBe(410);
    await bearer(user.email, 'the one I chose anew');
  });

  test('a link to reset ends after an hour, and with the use of a newer one', async () => {
    const user = await aUser();
    const ask = () => http('POST', '/api/password-resets', { body: { email: user.email } });
    await ask();
    await ask();
    await app.drain();
    const [older, newer] = (await mails(user.email)).map((mail) => tokenIn(mail.text));
    const status = async (token: string | undefined) =>
      (await http('POST', '/api/password-resets/confirm', { body: { token, password: 'the one I chose anew' } })).status;
    expect(await status(newer)).toBe(200);
    expect(await status(older)).toBe(410);
    await ask();
    await app.drain();
    const last = tokenIn((await mails(user.email)).at(-1)?.text);
    app.clock.advance({ minutes: 61 });
    expect(await status(last)).toBe(410);
  });

  test('a closed account gets no link', async () => {
    const user = await aUser();
    await app.call(updateUser, { userId: user.id, isActive: false });
    await http('POST', '/api/password-resets', { body: { email: user.email } });
    await app.drain();
    expect(await mails(user.email)).toEqual([]);
  });

  test('an invitation: who invites, to which company, with the link', async () => {
    const invite = await app.call(createInvite, { email: 'invited@acme.test', role: 'manager' });
    await app.drain();
    const [mail] = await mails('invited@acme.test');
    expect(mail).toMatchObject({ state: 'captured', sensitive: true, subject: 'Your invitation to Acme' });
    expect(mail?.text).toContain('Ada Admin invites you');
    expect(mail?.text).toContain(invite.inviteUrl);
  });
});
