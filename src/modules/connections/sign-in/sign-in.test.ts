import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Principal } from '#core/operation/principal.ts';
import { openSecrets, Secret } from '#core/secrets.ts';
import { testApp, type TestApp, type TestCompany } from '#testing/app.ts';
import { fakeGmail, type FakeGmail } from '#testing/vendors/gmail.ts';
import { aMail } from '#testing/email-contract.ts';
import { createConnection, getConnection, listKinds, testConnection } from '../operations.ts';
import { connectionById, portFor, unlock } from '../ports.ts';
import { resealConnections } from '../reseal.ts';
import { authorizeConnection, authorizedConnection } from '../operations/sign-in.ts';

let app: TestApp;
let vendor: FakeGmail;
beforeAll(async () => {
  vendor = await fakeGmail({ refreshEndsInS: 7 * 86_400 });
  app = await testApp({ vendorBaseUrls: { gmail: vendor.url } });
});
afterAll(async () => {
  await app.close();
  await vendor.close();
});

const SESSION = '0190a000-0000-7000-8000-000000000001';
const inSession = (company: TestCompany, sessionId = SESSION): Principal => ({
  kind: 'user',
  companyId: company.companyId,
  userId: company.userId,
  role: 'admin',
  sessionId,
});
const credentials = { address: 'us@acme.test', client_id: 'client-of-tests', client_secret: 'secret-of-tests' };

async function begun(sessionId = SESSION) {
  const company = await app.aCompany();
  const as = inSession(company, sessionId);
  const { id } = await app.call(createConnection, { connector: 'gmail', credentials }, { as });
  const { url, redirectUri } = await app.call(authorizeConnection, { connectionId: id }, { as });
  return { company, as, id, url, redirectUri };
}
async function signedIn() {
  const start = await begun();
  const answer = await app.call(authorizedConnection, vendor.agree(start.url), { as: start.as });
  expect(answer).toMatchObject({ ok: true, account: 'us@acme.test' });
  return start;
}
const tokensOf = async ({ company, id }: { company: TestCompany; id: string }) => {
  const row = await app.runtime.database.read(company.companyId, (tx) => connectionById(tx, company.companyId, id));
  if (row === undefined) throw new Error('the connection is there');
  const { options } = await unlock(app.runtime, row);
  if (options.tokens === undefined) throw new Error('somebody signs in to Gmail');
  return options.tokens;
};

test('a person signs in at the vendor, with PKCE and the address that is shown; then mail goes out', async () => {
  const { as, id, url, redirectUri, company } = await begun();
  const { items } = await app.call(listKinds, {}, { as });
  expect(items.find((kind) => kind.id === 'gmail')?.redirectUri).toBe(redirectUri);
  const asked = Object.fromEntries(new URL(url).searchParams);
  expect(asked).toMatchObject({
    response_type: 'code',
    client_id: 'client-of-tests',
    redirect_uri: redirectUri,
    code_challenge_method: 'S256',
    code_challenge: expect.stringMatching(/^[\w-]{43}$/),
    state: expect.stringMatching(/^[\w-]{43}$/),
    access_type: 'offline',
    login_hint: 'us@acme.test',
  });
  expect((await app.call(getConnection, { connectionId: id }, { as })).signIn).toMatchObject({ state: 'needed' });
  const back = vendor.agree(url);
  expect(await app.call(authorizedConnection, back, { as })).toMatchObject({ connectionId: id, ok: true, account: 'us@acme.test' });
  const { signIn, state } = await app.call(getConnection, { connectionId: id }, { as });
  expect({ signIn, state }).toMatchObject({ state: 'ok', signIn: { state: 'ok', scopes: 'mail' } });
  const inUse = await portFor(app.runtime, company.companyId, 'email');
  expect(await inUse?.port.send(aMail())).toMatchObject({ externalId: expect.any(String) });
  // The way back works once.
  await expect(app.call(authorizedConnection, back, { as })).rejects.toMatchObject({ code: 'sign_in_unknown' });
});

test('the way back counts only for who began it, in the same session, within a quarter of an hour', async () => {
  const mine = await begun();
  const stranger = await app.aCompany();
  await expect(app.call(authorizedConnection, vendor.agree(mine.url), { as: inSession(stranger) })).rejects.toMatchObject({
    code: 'sign_in_unknown',
  });
  const elsewhere = inSession(mine.company, '0190a000-0000-7000-8000-000000000002');
  await expect(app.call(authorizedConnection, vendor.agree(mine.url), { as: elsewhere })).rejects.toMatchObject({
    code: 'sign_in_unknown',
  });
  const late = await begun();
  const back = vendor.agree(late.url);
  app.clock.advance({ minutes: 16 });
  await expect(app.call(authorizedConnection, back, { as: late.as })).rejects.toThrow(/longer than 15 minutes/);
});

test('who declines, or a code that is no good, is told in words, and nothing is kept', async () => {
  const { as, id, url } = await begun();
  const { state } = vendor.agree(url);
  expect(await app.call(authorizedConnection, { state, error: 'access_denied' }, { as })).toMatchObject({
    ok: false,
    error: expect.stringContaining('access_denied'),
  });
  expect((await app.call(getConnection, { connectionId: id }, { as })).signIn).toMatchObject({ state: 'needed' });
  const again = await app.call(authorizeConnection, { connectionId: id }, { as });
  expect(await app.call(authorizedConnection, { ...vendor.agree(again.url), code: 'forged' }, { as })).toMatchObject({
    ok: false,
    error: expect.stringContaining('no longer good'),
  });
});

test('ten that find the token too old renew it once; the vendor sees no refresh token twice', async () => {
  const start = await signedIn();
  const sources = await Promise.all(Array.from({ length: 10 }, () => tokensOf(start)));
  const [stale] = await Promise.all(sources.map((source) => source.current()));
  const before = vendor.grants.refresh;
  vendor.expire('access');
  const fresh = await Promise.all(sources.map((source) => source.renew(stale ?? new Secret(''))));
  expect(vendor.grants.refresh - before).toBe(1);
  expect(new Set(fresh.map((token) => token.reveal())).size).toBe(1);
  expect(fresh[0]?.reveal()).not.toBe(stale?.reveal());
});

test('a token is renewed before it ends, and a 401 in between is mended by itself', async () => {
  const start = await signedIn();
  const before = vendor.grants.refresh;
  app.clock.advance({ hours: 1 });
  expect(await app.call(testConnection, { connectionId: start.id }, { as: start.as })).toMatchObject({ ok: true });
  expect(vendor.grants.refresh).toBe(before + 1);
  vendor.expire('access');
  expect(await app.call(testConnection, { connectionId: start.id }, { as: start.as })).toMatchObject({ ok: true });
  expect(vendor.grants.refresh).toBe(before + 2);
});

test('a sign-in that ends is announced before, and asked for after', async () => {
  const start = await signedIn();
  const state = async () => (await app.call(getConnection, { connectionId: start.id }, { as: start.as })).signIn?.state;
  app.clock.advance({ days: 5 });
  expect(await state()).toBe('ending');
  vendor.expire('all');
  expect(await app.call(testConnection, { connectionId: start.id }, { as: start.as })).toMatchObject({
    ok: false,
    error: expect.stringContaining('Sign in again'),
  });
  expect(await state()).toBe('ended');
  const { url } = await app.call(authorizeConnection, { connectionId: start.id }, { as: start.as });
  expect(await app.call(authorizedConnection, vendor.agree(url), { as: start.as })).toMatchObject({ ok: true });
  expect(await state()).toBe('ok');
});

test('tokens are encrypted, and anew when the key changes', async () => {
  const start = await signedIn();
  const stored = () =>
    app.runtime.system.read((tx) =>
      tx.query<{ sealed: string }>(
        { name: 'test.sign_in', text: 'select sealed_tokens as sealed from connection_sign_ins where connection_id = $1' },
        [start.id],
      ),
    );
  const token = (await (await tokensOf(start)).current()).reveal();
  const [before] = await stored();
  expect(before?.sealed).not.toContain(token);
  const rotated = { ...app.runtime, secrets: openSecrets(['a newer secret of tests only', 'a secret that only tests know']) };
  await app.runtime.system.write((tx) => resealConnections(tx, rotated));
  const [after] = await stored();
  expect(after?.sealed).not.toBe(before?.sealed);
  const only = openSecrets(['a newer secret of tests only']);
  expect(JSON.parse(only.open(after?.sealed ?? '', await rowContext(start.id)))).toMatchObject({ access: token });
  // Back, for the tests that follow.
  const back = { ...app.runtime, secrets: openSecrets(['a secret that only tests know', 'a newer secret of tests only']) };
  await app.runtime.system.write((tx) => resealConnections(tx, back));
});

async function rowContext(connectionId: string): Promise<string> {
  const [row] = await app.runtime.system.read((tx) =>
    tx.query<{ id: string }>({ name: 'test.sign_in_id', text: 'select id from connection_sign_ins where connection_id = $1' }, [
      connectionId,
    ]),
  );
  return `sign-in ${row?.id ?? ''}`;
}

test('only a person in a browser can go to the vendor', async () => {
  const { id, company } = await begun();
  await expect(
    app.call(authorizeConnection, { connectionId: id }, { as: { kind: 'operator', companyId: company.companyId, role: 'admin' } }),
  ).rejects.toThrow(/web app/);
});
