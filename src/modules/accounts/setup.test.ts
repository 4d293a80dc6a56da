import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { Secret } from '#core/secrets.ts';
import { PASSWORD, testApp, type TestApp } from '#testing/app.ts';
import { bootstrapAdmin, setupLink } from './public.ts';

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});
afterAll(() => app.close());

/** As on the very first start. */
beforeEach(() => app.runtime.system.write((tx) => tx.query({ name: 't.empty', text: 'delete from companies' }, [])));

async function post(url: string, payload: object) {
  const reply = await app.http.inject({ method: 'POST', url, payload });
  return {
    status: reply.statusCode,
    body: reply.json(),
    cookies: Object.fromEntries(reply.cookies.map((cookie) => [cookie.name, cookie.value])),
  };
}
const needed = async () => (await app.http.inject('/api/setup')).json().needed;
const tokenOf = (link: string | null) => new URL(link ?? 'http://none').searchParams.get('token') ?? '';

const form = {
  company_name: 'Acme Bakery',
  postal_address: 'Acme Bakery, 1 High Street, Springfield',
  time_zone: 'Europe/Vienna',
  full_name: 'Ada',
  email: 'Ada@bakery.test',
  password: PASSWORD,
};

test('the printed link makes the first company and its admin, and signs them in', async () => {
  expect(await needed()).toBe(true);
  const link = await setupLink(app.runtime, 'http://127.0.0.1:3000/');
  expect(link).toMatch(/^http:\/\/127\.0\.0\.1:3000\/setup\?token=set_/);
  const made = await post('/api/setup', { token: tokenOf(link), ...form, sending_hours: '08:00-18:00' });
  expect(made).toMatchObject({
    status: 201,
    body: {
      email: 'ada@bakery.test',
      role: 'admin',
      company: {
        name: 'Acme Bakery',
        settings: { time_zone: 'Europe/Vienna', sending_hours: '08:00-18:00', postal_address: form.postal_address },
      },
    },
  });
  const me = await app.http.inject({ url: '/api/users/me', cookies: { steward_session: made.cookies['steward_session'] ?? '' } });
  expect(me.json().full_name).toBe('Ada');
  expect(await needed()).toBe(false);
  expect(await setupLink(app.runtime)).toBeNull();
});

test('each link works until there is a company, then none does', async () => {
  const [first, second] = [await setupLink(app.runtime), await setupLink(app.runtime)];
  expect((await post('/api/setup', { token: 'set_guessed', ...form })).status).toBe(410);
  expect((await post('/api/setup', { token: tokenOf(first), ...form, password: 'short' })).body.fields).toMatchObject([
    { path: 'password' },
  ]);
  const both = await Promise.all([
    post('/api/setup', { token: tokenOf(first), ...form }),
    post('/api/setup', { token: tokenOf(second), ...form, email: 'other@bakery.test' }),
  ]);
  expect(both.map((reply) => reply.status).toSorted((a, b) => a - b)).toEqual([201, 410]);
});

test('a link is good for 7 days', async () => {
  const link = await setupLink(app.runtime);
  app.clock.advance({ days: 8 });
  expect((await post('/api/setup', { token: tokenOf(link), ...form })).status).toBe(410);
});

test('POST /api/register takes the token of the link, too', async () => {
  const link = await setupLink(app.runtime);
  const closed = await post('/api/register', { email: 'ada@bakery.test', password: PASSWORD });
  expect(closed.body).toMatchObject({ code: 'registration_closed', detail: expect.stringContaining('set-up link') });
  const made = await post('/api/register', {
    token: tokenOf(link),
    email: 'ada@bakery.test',
    username: 'ada',
    password: PASSWORD,
    company_name: 'Acme Bakery',
  });
  expect(made).toMatchObject({ status: 201, body: { username: 'ada', role: 'admin' } });
});

test('STEWARD_ADMIN_EMAIL and _PASSWORD make the first company once, however many processes start', async () => {
  const settings = { STEWARD_ADMIN_EMAIL: 'Boss@acme-tools.test', STEWARD_ADMIN_PASSWORD: new Secret('a long enough password') };
  const runtime = { ...app.runtime, config: { ...app.runtime.config, ...settings } };
  await Promise.all([bootstrapAdmin(runtime), bootstrapAdmin(runtime), bootstrapAdmin(runtime)]);
  const token = await post('/token', { username: 'boss@acme-tools.test', password: 'a long enough password' });
  expect(token.status).toBe(200);
  const companies = await app.runtime.system.read((tx) => tx.query({ name: 't.companies', text: 'select name from companies' }, []));
  expect(companies).toEqual([{ name: 'Acme-tools' }]);
});

test('a password changed since stays changed on later starts', async () => {
  const settings = { STEWARD_ADMIN_EMAIL: 'boss@acme.test', STEWARD_ADMIN_PASSWORD: new Secret('a long enough password') };
  const runtime = { ...app.runtime, config: { ...app.runtime.config, ...settings } };
  await bootstrapAdmin(runtime);
  const { access_token: token } = (await post('/token', { username: 'boss@acme.test', password: 'a long enough password' })).body;
  const headers = { authorization: `Bearer ${token}` };
  const me = (await app.http.inject({ url: '/api/users/me', headers })).json();
  const changed = { password: 'changed in the meantime', current_password: 'a long enough password' };
  expect((await app.http.inject({ method: 'PUT', url: `/api/users/${me.id}`, headers, payload: changed })).statusCode).toBe(200);
  await bootstrapAdmin(runtime);
  expect((await post('/token', { username: 'boss@acme.test', password: 'a long enough password' })).status).toBe(401);
  expect((await post('/token', { username: 'boss@acme.test', password: 'changed in the meantime' })).status).toBe(200);
});

test('half a set of settings, or a weak password, stops the start with a reason', async () => {
  const start = (settings: object) => bootstrapAdmin({ ...app.runtime, config: { ...app.runtime.config, ...settings } });
  await expect(start({ STEWARD_ADMIN_EMAIL: 'boss@acme.test' })).rejects.toThrow('belong together');
  await expect(start({ STEWARD_ADMIN_EMAIL: 'boss@acme.test', STEWARD_ADMIN_PASSWORD: new Secret('password123') })).rejects.toThrow(
    'STEWARD_ADMIN_PASSWORD',
  );
});

test('on an empty installation the operator reaches the making of a company, and is told so elsewhere', async () => {
  const headers = { authorization: 'Bearer operator-token-of-tests' };
  const list = await app.http.inject({ url: '/api/users', headers });
  expect(list.json()).toMatchObject({ status: 409, code: 'no_company', detail: expect.stringContaining('steward companies create') });
  const made = await app.http.inject({ method: 'POST', url: '/api/companies', headers, payload: { name: 'First Ltd' } });
  expect(made.json()).toMatchObject({ name: 'First Ltd', invite_url: expect.stringContaining('/invite?token=inv_') });
});
