import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { envExample } from './config-example.ts';
import { loadConfig } from './config-load.ts';
import { Settings } from './config.ts';
import { loadKeys } from './key-file.ts';
import { Secret } from './secrets.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'steward-config-'));
});
afterEach(() => rm(directory, { recursive: true }));
const file = (name: string, text: string) => writeFile(join(directory, name), text);

test('the environment wins over .env.local, that over .env, that over steward.yaml, that over defaults', async () => {
  await file('steward.yaml', 'marketing:\n  email:\n    from_email: yaml@acme.test\n    from_name: Yaml\n');
  await file('.env', 'FROM_NAME=Env\nPORT=4001\nHOST=0.0.0.0\n');
  await file('.env.local', 'PORT=4002\nLOG_LEVEL=debug\n');
  const { config } = loadConfig(directory, { LOG_LEVEL: 'warn' });
  expect(config).toMatchObject({
    FROM_EMAIL: 'yaml@acme.test',
    FROM_NAME: 'Env',
    HOST: '0.0.0.0',
    PORT: 4002,
    LOG_LEVEL: 'warn',
    SENDING: 'held',
  });
});

test('an empty value counts as not set', () => {
  expect(loadConfig(directory, { PORT: '', DATABASE_URL: '' }).config).toMatchObject({ PORT: 3000 });
});

test('the data directory: relative to the project, ~ is the home directory, STEWARD_HOME wins over storage_path', async () => {
  expect(loadConfig(directory, {}).config.home).toBe(join(directory, '.steward'));
  await file('steward.yaml', 'business:\n  storage_path: ~/.steward/data\n');
  expect(loadConfig(directory, {}).config.home).toBe(join(homedir(), '.steward/data'));
  expect(loadConfig(directory, { STEWARD_HOME: '/srv/steward' }).config.home).toBe('/srv/steward');
});

test('steward.yaml takes ${NAME}, and leaves out what is not set', async () => {
  await file('.env', 'SENDER=team@acme.test\n');
  await file(
    'steward.yaml',
    'business:\n  checkin_reminder_days: 14\n  invoice_template: t/invoice.html\nmarketing:\n  email:\n    provider: resend\n    api_key: ${RESEND_API_KEY}\n    from_email: ${SENDER}\n  templates:\n    welcome: t/welcome.html\n  hubspot:\n    enabled: false\n    api_key: ${HUBSPOT_API_KEY}\n',
  );
  const { config, warnings } = loadConfig(directory, {});
  expect(config).toMatchObject({
    FROM_EMAIL: 'team@acme.test',
    templates: { welcome: 't/welcome.html' },
    business: { checkinReminderDays: 14, invoiceTemplate: 't/invoice.html' },
  });
  expect(warnings).toEqual([]);
});

test('steward.yaml names the mail service; its key is the file’s or the environment’s, and the environment wins', async () => {
  await file('steward.yaml', 'marketing:\n  email:\n    provider: sendgrid\n    api_key: SG.from-the-file\n');
  const { config, warnings } = loadConfig(directory, {});
  expect({ service: config.EMAIL_SERVICE, key: config.SENDGRID_API_KEY?.reveal() }).toEqual({
    service: 'sendgrid',
    key: 'SG.from-the-file',
  });
  expect(warnings).toEqual([]);
  const other = loadConfig(directory, { SENDGRID_API_KEY: 'SG.outside', EMAIL_SERVICE: 'smtp' }).config;
  expect({ service: other.EMAIL_SERVICE, key: other.SENDGRID_API_KEY?.reveal() }).toEqual({ service: 'smtp', key: 'SG.outside' });
  await file('steward.yaml', 'marketing:\n  email:\n    provider: resend\n');
  expect(loadConfig(directory, {}).config.EMAIL_SERVICE).toBeUndefined();
  expect(loadConfig(directory, { RESEND_API_KEY: 're_1' }).config.EMAIL_SERVICE).toBe('resend');
  await file('steward.yaml', 'marketing:\n  email:\n    provider: pigeon\n    api_key: coo\n');
  expect(loadConfig(directory, {}).warnings).toEqual([expect.stringContaining('pigeon')]);
});

test('what steward.yaml asks for and this version has not is said', async () => {
  await file('steward.yaml', 'marketing:\n  hubspot:\n    enabled: true\n');
  expect(loadConfig(directory, {}).warnings).toEqual([expect.stringContaining('HubSpot')]);
});

test('an unknown key of steward.yaml is an error that names it', async () => {
  await file('steward.yaml', 'marketing:\n  emial:\n    from_name: Acme\nbusines: {}\n');
  expect(() => loadConfig(directory, {})).toThrow(/marketing\.emial: no such setting[^]*busines: no such setting/);
});

test('every faulty setting is named at once, and no value is shown', () => {
  const load = () => loadConfig(directory, { PORT: 'hunter2', ROLE: 'boss', STEWARD_PUBLIC_URL: 'nowhere', DATABASE_TYPE: 'sqlite' });
  expect(load).toThrow(/PORT[^]*ROLE[^]*DATABASE_TYPE[^]*steward data migrate[^]*STEWARD_PUBLIC_URL/);
  expect(load).not.toThrow(/hunter2/);
});

test('connectors take other addresses', () => {
  expect(loadConfig(directory, { STEWARD_OPENAI_BASE_URL: 'http://localhost:9' }).config.vendorBaseUrls).toEqual({
    openai: 'http://localhost:9',
  });
  expect(() => loadConfig(directory, { STEWARD_OPENAI_BASE_URL: 'localhost' })).toThrow('STEWARD_OPENAI_BASE_URL');
});

test('.env.example names every setting, and is what the schema makes', async () => {
  const text = await readFile(join(import.meta.dirname, '../../.env.example'), 'utf8');
  expect(text, 'run: npm run env-example').toBe(envExample());
  const named = Object.keys(parseEnv(text.replaceAll(/^#(?=[A-Z])/gm, '')));
  expect(named).toEqual(expect.arrayContaining(Object.keys(Settings.shape)));
  await file('.env', text.replaceAll(/^#(?=[A-Z])/gm, ''));
  expect(loadConfig(directory, {}).config).toMatchObject({ PORT: 3000, ROLE: 'all' });
});

test('a key is made once, readable by its owner only, and kept', async () => {
  const [first, second] = await Promise.all([loadKeys(directory, undefined), loadKeys(directory, undefined)]);
  expect(second).toEqual(first);
  expect(Buffer.from(first[0], 'base64').length).toBe(32);
  expect((await stat(join(directory, 'secret.key'))).mode & 0o777).toBe(0o600);
  const fresh = join(directory, 'home');
  await loadKeys(fresh, undefined);
  expect((await stat(fresh)).mode & 0o066, 'the data directory is closed to others').toBe(0);
});

test('STEWARD_SECRET comes first, newest to oldest, and the file’s key still opens what it sealed', async () => {
  const [kept] = await loadKeys(directory, undefined);
  expect(await loadKeys(directory, new Secret('newest key of all, retired key'))).toEqual(['newest key of all', 'retired key', kept]);
});
