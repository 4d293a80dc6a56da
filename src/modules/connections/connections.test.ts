import { afterAll, beforeAll, expect, test } from 'vitest';
import { Secret } from '#core/secrets.ts';
import { smtpSink, type SmtpSink } from '#testing/smtp-sink.ts';
import { testApp, type TestApp } from '#testing/app.ts';
import { connectionsFromEnvironment, fromConfig } from './environment.ts';
import { createConnection, getConnection, listConnections, listKinds, testConnection, updateConnection } from './operations.ts';
import { portFor } from './ports.ts';

let app: TestApp;
let sink: SmtpSink;
beforeAll(async () => {
  app = await testApp();
  sink = await smtpSink({ password: 'right' });
});
afterAll(async () => {
  await app.close();
  await sink.close();
});

const smtp = (changes: Record<string, unknown> = {}) => ({
  connector: 'smtp',
  credentials: { host: '127.0.0.1', port: sink.port, username: 'ann@acme.test', password: 'right', from_email: 'us@acme.test', ...changes },
});

test('kinds give the form of each vendor, secrets marked, names as in JSON', async () => {
  const { items } = await app.call(listKinds, {});
  const kind = items.find((item) => item.id === 'smtp');
  expect(kind?.ports).toEqual(['email']);
  expect(kind?.schema).toMatchObject({
    properties: { from_email: {}, password: { 'x-secret': true } },
    required: expect.arrayContaining(['host']),
  });
  expect(items.map((item) => item.id)).toEqual(expect.arrayContaining(['smtp', 'imap', 'openai', 'anthropic']));
});

test('a secret comes back in no answer, and is not in the database as text', async () => {
  const company = await app.aCompany();
  const as = company.admin;
  const made = await app.call(createConnection, smtp({ password: 'very secret indeed' }), { as });
  const all = [made, await app.call(getConnection, { connectionId: made.id }, { as }), await app.call(listConnections, {}, { as })];
  expect(JSON.stringify(all)).not.toContain('very secret');
  expect(made).toMatchObject({ state: 'untested', fields: { host: '127.0.0.1', from_email: 'us@acme.test' }, secretsSet: ['password'] });
  const stored = await app.runtime.system.read((tx) =>
    tx.query<{ sealed: string }>({ name: 'test.sealed', text: 'select sealed_credentials as sealed from connections where id = $1' }, [
      made.id,
    ]),
  );
  expect(stored[0]?.sealed).toMatch(/^v1\./);
});

test('testing says who we are; wrong credentials are rejected, new ones are tried afresh', async () => {
  const company = await app.aCompany();
  const as = company.admin;
  const made = await app.call(createConnection, smtp({ password: 'wrong' }), { as });
  expect(await app.call(testConnection, { connectionId: made.id }, { as })).toMatchObject({
    ok: false,
    error: expect.stringContaining('user name or password'),
  });
  expect(await app.call(getConnection, { connectionId: made.id }, { as })).toMatchObject({ state: 'rejected' });
  expect(await portFor(app.runtime, company.companyId, 'email')).toBeNull();

  const mended = await app.call(
    updateConnection,
    { connectionId: made.id, credentials: { ...smtp().credentials, password: 'right' } },
    { as },
  );
  expect(mended.state).toBe('untested');
  expect(await app.call(testConnection, { connectionId: made.id }, { as })).toEqual({
    ok: true,
    account: `ann@acme.test at 127.0.0.1:${sink.port}`,
    error: null,
  });
  expect(await app.call(getConnection, { connectionId: made.id }, { as })).toMatchObject({ state: 'ok', error: null });
  expect(await portFor(app.runtime, company.companyId, 'email')).toMatchObject({ vendor: 'smtp', connectionId: made.id });
});

test('a change that leaves the password out keeps it', async () => {
  const company = await app.aCompany();
  const as = company.admin;
  const made = await app.call(createConnection, smtp(), { as });
  const { password: _password, ...rest } = smtp().credentials;
  await app.call(updateConnection, { connectionId: made.id, credentials: { ...rest, from_name: 'Acme' } }, { as });
  expect(await app.call(testConnection, { connectionId: made.id }, { as })).toMatchObject({ ok: true });
});

test('a password goes to no host that it was not given for: it is asked for anew', async () => {
  const company = await app.aCompany();
  const as = company.admin;
  const made = await app.call(createConnection, smtp(), { as });
  const { password, ...rest } = smtp().credentials;
  const elsewhere = { ...rest, host: 'mail.elsewhere.test' };
  const update = (input: object) => app.call(updateConnection, { connectionId: made.id, ...input }, { as });
  await expect(update({ credentials: elsewhere })).rejects.toMatchObject({
    code: 'invalid_input',
    message: expect.stringContaining('mail.elsewhere.test'),
    fields: [{ path: 'credentials.password' }],
  });
  await expect(update({ baseUrl: 'https://proxy.elsewhere.test' })).rejects.toMatchObject({ fields: [{ path: 'credentials.password' }] });
  expect(await app.call(testConnection, { connectionId: made.id }, { as }), 'nothing was changed').toMatchObject({ ok: true });
  expect(await update({ credentials: { ...elsewhere, password } })).toMatchObject({ fields: { host: 'mail.elsewhere.test' } });

  const web = { hosts: 'api.one.test, *.two.test', secret: 'token of one and two' };
  const http = await app.call(createConnection, { connector: 'http', credentials: web }, { as });
  const hosts = (to: string) => app.call(updateConnection, { connectionId: http.id, credentials: { hosts: to } }, { as });
  await expect(hosts('api.one.test, api.three.test')).rejects.toMatchObject({ fields: [{ path: 'credentials.secret' }] });
  expect(await hosts('API.one.test')).toMatchObject({ fields: { hosts: 'API.one.test' }, secretsSet: ['secret'] });
});

test('missing fields are named as they stand in the JSON', async () => {
  await expect(app.call(createConnection, { connector: 'smtp', credentials: { port: 25 } })).rejects.toMatchObject({
    code: 'invalid_input',
    fields: [{ path: 'credentials.host' }],
  });
  await expect(app.call(createConnection, { connector: 'nobody', credentials: {} })).rejects.toMatchObject({ status: 404 });
});

test("another company's connection does not exist", async () => {
  const made = await app.call(createConnection, smtp());
  const stranger = await app.aCompany();
  await expect(app.call(getConnection, { connectionId: made.id }, { as: stranger.admin })).rejects.toMatchObject({ status: 404 });
  await expect(app.call(testConnection, { connectionId: made.id }, { as: stranger.admin })).rejects.toMatchObject({ status: 404 });
});

test('the environment makes one connection a vendor, however often it is read, follows a change, and takes away what is unset', async () => {
  const config = (url: string | undefined) => ({
    ...app.runtime.config,
    SMTP_URL: url === undefined ? undefined : new Secret(url),
    FROM_EMAIL: 'from@acme.test',
  });
  const read = (url: string | undefined) =>
    app.runtime.system.write((tx) => connectionsFromEnvironment(tx, { ...app.runtime, config: config(url) }));
  const mine = async () => (await app.call(listConnections, {})).items.filter((item) => item.origin === 'environment');
  await read('smtp://user:p%40ss@mail.acme.test');
  await read('smtp://user:p%40ss@mail.acme.test');
  const [first, ...more] = await mine();
  expect(more).toEqual([]);
  expect(first).toMatchObject({
    connector: 'smtp',
    fields: { host: 'mail.acme.test', port: 587, username: 'user', from_email: 'from@acme.test' },
    secretsSet: ['password'],
  });
  await read('smtps://user:p%40ss@other.acme.test');
  expect((await mine())[0]).toMatchObject({ id: first?.id, fields: { host: 'other.acme.test', port: 465, security: 'tls' } });
  await read(undefined);
  expect(await mine()).toEqual([]);
});

test('a variable that is no mail server is named, its value is not', () => {
  const bad = () =>
    fromConfig({
      SMTP_URL: new Secret('https://user:hunter2@x'),
      IMAP_URL: undefined,
      FROM_EMAIL: undefined,
      DEFAULT_FROM_EMAIL: undefined,
      FROM_NAME: undefined,
      OPENAI_API_KEY: undefined,
      ANTHROPIC_API_KEY: undefined,
    });
  expect(bad).toThrow(/SMTP_URL must look like/);
  expect(bad).not.toThrow(/hunter2/);
});

test('a mail service from the environment: the one that EMAIL_SERVICE names, else the first that is set up', () => {
  const none = {
    SMTP_URL: undefined,
    IMAP_URL: undefined,
    FROM_EMAIL: 'from@acme.test',
    DEFAULT_FROM_EMAIL: undefined,
    FROM_NAME: undefined,
    OPENAI_API_KEY: undefined,
    ANTHROPIC_API_KEY: undefined,
    RESEND_API_KEY: undefined,
    SENDGRID_API_KEY: undefined,
    EMAIL_SERVICE: undefined,
  };
  const both = { ...none, RESEND_API_KEY: new Secret('re_1'), SENDGRID_API_KEY: new Secret('SG.1') };
  const resend = { connector: 'resend', title: 'Email (RESEND_API_KEY)', credentials: { api_key: 're_1', from_email: 'from@acme.test' } };
  expect(fromConfig(none)).toEqual([]);
  expect(fromConfig(both)).toEqual([resend]);
  expect(fromConfig({ ...both, EMAIL_SERVICE: 'sendgrid' })).toMatchObject([{ connector: 'sendgrid', credentials: { api_key: 'SG.1' } }]);
  expect(fromConfig({ ...both, SMTP_URL: new Secret('smtp://mail.acme.test') })).toMatchObject([{ connector: 'smtp' }]);
  expect(() => fromConfig({ ...none, EMAIL_SERVICE: 'resend' })).toThrow('EMAIL_SERVICE is resend, but RESEND_API_KEY is not set');
});
