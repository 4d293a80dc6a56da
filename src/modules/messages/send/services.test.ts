import { afterAll, beforeAll, expect, test } from 'vitest';
import { createConnection, getConnection, testConnection } from '#modules/connections/operations.ts';
import { fakeVendor, type FakeVendor, type VendorAnswer, type VendorRequest } from '#testing/fake-vendor.ts';
import { testApp, type TestApp, type TestCompany } from '#testing/app.ts';
import { sendEmail } from '../operations/send.ts';
import { sendTransactional } from '../transactional.ts';

/** A mail service that counts what it took: each key once where it knows keys. It may lose an answer, or say no. */
class Service {
  readonly taken: VendorRequest[] = [];
  readonly #ids = new Map<string, string>();
  fault: (tries: number) => VendorAnswer | null = () => null;
  #tries = 0;

  reply = (request: VendorRequest): VendorAnswer => {
    if (request.method === 'GET') return { status: 200, body: { data: [{ name: 'acme.test', status: 'verified' }] } };
    const sandbox = JSON.stringify(request.body).includes('sandbox_mode');
    if (sandbox) return { status: 200, body: '' };
    const fault = this.fault(this.#tries++);
    if (fault !== null && fault !== 'cut') return fault;
    const key = String(request.headers['idempotency-key'] ?? crypto.randomUUID());
    if (!this.#ids.has(key)) this.taken.push(request);
    const id = this.#ids.get(key) ?? `id-${this.taken.length}`;
    this.#ids.set(key, id);
    if (fault === 'cut') return 'cut'; // accepted, and nobody hears of it
    if (request.path.endsWith('/single-email/send')) return { status: 200, body: { statusId: id, status: 'PENDING' } };
    return request.path === '/emails' ? { status: 200, body: { id } } : { status: 202, headers: { 'x-message-id': id }, body: '' };
  };
}

let app: TestApp;
const vendors: FakeVendor[] = [];
beforeAll(async () => {
  app = await testApp({ settings: { SENDING: 'launched', STEWARD_PUBLIC_URL: 'https://steward.acme.test' } });
});
afterAll(async () => {
  await app.close();
  await Promise.all(vendors.map((vendor) => vendor.close()));
});

async function aCompanyOn(connector: 'resend' | 'sendgrid') {
  const service = new Service();
  const vendor = await fakeVendor(service.reply);
  vendors.push(vendor);
  const company = await app.aCompany();
  const made = await app.call(
    createConnection,
    { connector, credentials: { api_key: 'key-of-tests-1234567890', from_email: 'us@acme.test', from_name: 'Acme' }, baseUrl: vendor.url },
    { as: company.admin },
  );
  return { company, service, connectionId: made.id };
}

async function mail(company: TestCompany, key: string) {
  await app.runtime.system.write((tx) =>
    sendTransactional(tx, app.runtime, {
      companyId: company.companyId,
      to: { name: 'Ann', address: 'ann@example.test' },
      subject: 'Your invitation',
      text: 'Hello Ann',
      key,
    }),
  );
  await app.drain();
}

const statesOf = async (company: TestCompany) => (await app.effects(company.companyId)).map((effect) => effect.state);

test.each(['resend', 'sendgrid'] as const)('%s: connected, tested without sending, and a mail goes out once', async (connector) => {
  const { company, service, connectionId } = await aCompanyOn(connector);
  expect(await app.call(testConnection, { connectionId }, { as: company.admin })).toMatchObject({ ok: true, error: null });
  expect(service.taken).toEqual([]);
  await mail(company, 'invite');
  await mail(company, 'invite');
  expect(await statesOf(company)).toEqual(['confirmed']);
  expect(service.taken).toHaveLength(1);
  expect(JSON.stringify(service.taken[0]?.body)).toContain('us@acme.test');
});

test('resend: the answer is lost twice, the mail is there once, and nothing is in doubt', async () => {
  const { company, service } = await aCompanyOn('resend');
  service.fault = (tries) => (tries < 2 ? 'cut' : null);
  await mail(company, 'lost');
  expect(await statesOf(company)).toEqual(['confirmed']);
  expect(service.taken).toHaveLength(1);
});

test('sendgrid: the answer is lost, the mail is there once and in doubt; nothing sends it again by itself', async () => {
  const { company, service } = await aCompanyOn('sendgrid');
  service.fault = (tries) => (tries === 0 ? 'cut' : null);
  await mail(company, 'lost');
  await app.advance({ hours: 2 });
  expect(await statesOf(company)).toEqual(['in_doubt']);
  expect(service.taken).toHaveLength(1);
});

test.each(['resend', 'sendgrid'] as const)('%s: a key that is no longer good holds the mail; a new one lets it go', async (connector) => {
  const { company, service, connectionId } = await aCompanyOn(connector);
  service.fault = (tries) => (tries === 0 ? { status: 403, body: { message: 'no' } } : null);
  await mail(company, 'held');
  expect(await statesOf(company)).toEqual(['reserved']);
  expect(await app.call(getConnection, { connectionId }, { as: company.admin })).toMatchObject({ state: 'rejected' });
  expect(await app.call(testConnection, { connectionId }, { as: company.admin })).toMatchObject({ ok: true });
  await app.drain();
  expect(await statesOf(company)).toEqual(['confirmed']);
  expect(service.taken).toHaveLength(1);
});

test('resend: busy is waited for as long as it says', async () => {
  const { company, service } = await aCompanyOn('resend');
  service.fault = (tries) => (tries === 0 ? { status: 429, headers: { 'retry-after': '300' }, body: { message: 'slow down' } } : null);
  await mail(company, 'busy');
  await app.advance({ minutes: 4 });
  expect(service.taken).toHaveLength(0);
  await app.advance({ minutes: 2 });
  expect(await statesOf(company)).toEqual(['confirmed']);
  expect(service.taken).toHaveLength(1);
});

test('hubspot: what people wait for goes out, commercial mail is refused before it is anywhere near', async () => {
  const service = new Service();
  const vendor = await fakeVendor(service.reply);
  vendors.push(vendor);
  const company = await app.aCompany();
  const credentials = { access_token: 'pat-of-tests-1234567890', email_id: '4711', from_email: 'us@acme.test' };
  await app.call(createConnection, { connector: 'hubspot', credentials, baseUrl: vendor.url }, { as: company.admin });
  const letter = { to: 'ann@example.test', subject: 'Hello', text: 'Hello Ann' };
  const refused = await app.call(sendEmail, { ...letter, class: 'commercial' }, { as: company.admin });
  expect(refused).toMatchObject({ state: 'blocked', reasons: [expect.stringContaining('transactional mail only')] });
  await app.call(sendEmail, { ...letter, class: 'transactional' }, { as: company.admin });
  await app.drain();
  expect(service.taken.map(({ body }) => body)).toMatchObject([
    { emailId: 4711, message: { to: 'ann@example.test' }, customProperties: { subject: 'Hello' } },
  ]);
});
