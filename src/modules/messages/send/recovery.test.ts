import { afterAll, beforeAll, expect, test } from 'vitest';
import { createConnection } from '#modules/connections/operations.ts';
import { authorizeConnection, authorizedConnection } from '#modules/connections/operations/sign-in.ts';
import { testApp, type TestApp, type TestCompany } from '#testing/app.ts';
import { fakeVendor, type FakeVendor, type VendorAnswer, type VendorRequest } from '#testing/fake-vendor.ts';
import { fakeGmail } from '#testing/vendors/gmail.ts';
import { pauseSending } from '../operations/sending.ts';
import { sendTransactional } from '../transactional.ts';

/** What happens to the calls about one mail, one after the other; then all is well. */
type Fate = readonly ('lost_before' | 'lost_after')[];
const FATES: readonly Fate[] = [[], ['lost_after'], ['lost_before'], ['lost_after', 'lost_after', 'lost_after', 'lost_after'], []];
const MAILS = 20;

/** Counts at the receiver, by the person written to. */
class Receiver {
  readonly arrived = new Map<string, number>();
  readonly #calls = new Map<string, number>();
  readonly #ids = new Map<string, string>();
  lost = 0;

  fateOf(person: string): Fate[number] | 'taken' {
    const call = this.#calls.get(person) ?? 0;
    this.#calls.set(person, call + 1);
    const fate = FATES[Number(/\d+/.exec(person)?.[0] ?? 0) % FATES.length]?.[call] ?? 'taken';
    if (fate !== 'taken') this.lost += 1;
    return fate;
  }

  take(person: string, key: string | null, accepted: (id: string) => VendorAnswer): VendorAnswer {
    const fate = this.fateOf(person);
    if (fate === 'lost_before') return 'cut';
    const known = key === null ? undefined : this.#ids.get(key);
    const id = known ?? `id-${this.#ids.size}-${person}`;
    if (known === undefined) this.arrived.set(person, (this.arrived.get(person) ?? 0) + 1);
    if (key !== null) this.#ids.set(key, id);
    return fate === 'lost_after' ? 'cut' : accepted(id);
  }
}

const personIn = (text: string) => /ann(\d+)@example\.test/.exec(text)?.[0] ?? 'nobody';

let app: TestApp;
const vendors: FakeVendor[] = [];
beforeAll(async () => {
  app = await testApp({ settings: { SENDING: 'launched', STEWARD_PUBLIC_URL: 'https://steward.acme.test' } });
});
afterAll(async () => {
  await app.close();
  await Promise.all(vendors.map((vendor) => vendor.close()));
});

async function connect(company: TestCompany, connector: string, credentials: Record<string, unknown>, vendor: FakeVendor) {
  vendors.push(vendor);
  return app.call(createConnection, { connector, credentials, baseUrl: vendor.url }, { as: company.admin });
}

async function write(company: TestCompany, people: readonly string[]): Promise<void> {
  const mails = people.map((address) => ({
    companyId: company.companyId,
    to: { name: 'Ann', address },
    subject: 'Your invitation',
    text: 'Hello',
    key: address,
  }));
  await app.runtime.system.write((tx) => sendTransactional(tx, app.runtime, mails));
  await app.drain();
}

async function count(company: TestCompany, arrived: ReadonlyMap<string, number>) {
  const effects = await app.effects(company.companyId);
  const people = await app.runtime.system.read((tx) =>
    tx.query<{ id: string; address: string }>(
      { name: 'test.addresses', text: 'select effect_id as id, to_email as address from messages where company_id = $1' },
      [company.companyId],
    ),
  );
  const doubtful = new Set(
    effects.filter(({ state }) => state === 'in_doubt').map(({ id }) => people.find((one) => one.id === id)?.address),
  );
  return {
    duplicates: [...arrived.values()].reduce((sum, times) => sum + times - 1, 0),
    lost: people.filter(({ address }) => !arrived.has(address) && !doubtful.has(address)).length,
    inDoubt: doubtful.size,
    confirmed: effects.filter(({ state }) => state === 'confirmed').length,
    reasons: effects.flatMap(({ state, reason }) => (state === 'in_doubt' && reason !== null ? [reason] : [])),
  };
}

const everybody = Array.from({ length: MAILS }, (_, i) => `ann${i}@example.test`);
const apiKey = { api_key: 'key-of-tests-1234567890', from_email: 'us@acme.test' };
const say = (vendor: string, { duplicates, lost, inDoubt }: { duplicates: number; lost: number; inDoubt: number }, open: number) =>
  process.stderr.write(
    `lost replies at ${vendor}: ${MAILS} mails, ${open} answers lost; duplicates ${duplicates}, lost ${lost}, in doubt ${inDoubt}\n`,
  );

test('resend: under its key every lost answer is asked for again; each mail is there once and nothing is in doubt', async () => {
  const company = await app.aCompany();
  const receiver = new Receiver();
  const reply = ({ body, headers }: VendorRequest) =>
    receiver.take(personIn(JSON.stringify(body)), String(headers['idempotency-key']), (id) => ({ status: 200, body: { id } }));
  await connect(company, 'resend', { ...apiKey, per_second: 100 }, await fakeVendor(reply));
  await write(company, everybody);
  const counted = await count(company, receiver.arrived);
  expect(counted).toMatchObject({ duplicates: 0, lost: 0, inDoubt: 0, confirmed: MAILS });
  say('resend', counted, receiver.lost);
});

test('sendgrid: it can’t be asked, so what was lost is in doubt, no more and no less', async () => {
  const company = await app.aCompany();
  const receiver = new Receiver();
  const reply = ({ body }: VendorRequest) =>
    receiver.take(personIn(JSON.stringify(body)), null, (id) => ({ status: 202, headers: { 'x-message-id': id }, body: '' }));
  await connect(company, 'sendgrid', apiKey, await fakeVendor(reply));
  await write(company, everybody);
  const counted = await count(company, receiver.arrived);
  expect(counted).toMatchObject({ duplicates: 0, lost: 0, inDoubt: receiver.lost });
  say('sendgrid', counted, receiver.lost);
});

test('gmail: what arrived is found by its Message-ID; what did not is in doubt, with what Gmail said', async () => {
  const company = await app.aCompany();
  const receiver = new Receiver();
  const box = await fakeGmail({ fate: (raw) => receiver.fateOf(personIn(raw)) });
  const credentials = { address: 'us@acme.test', client_id: 'client-of-tests', client_secret: 'secret-of-tests' };
  const { id } = await connect(company, 'gmail', credentials, box);
  const { url } = await app.call(authorizeConnection, { connectionId: id }, { as: company.admin });
  expect(await app.call(authorizedConnection, box.agree(url), { as: company.admin })).toMatchObject({ ok: true });
  await write(company, everybody);
  for (const raw of box.sent) receiver.arrived.set(personIn(raw), (receiver.arrived.get(personIn(raw)) ?? 0) + 1);
  const counted = await count(company, receiver.arrived);
  const neverArrived = everybody.filter((address) => !receiver.arrived.has(address)).length;
  expect(counted).toMatchObject({ duplicates: 0, lost: 0, inDoubt: neverArrived, confirmed: MAILS - neverArrived });
  expect(counted.reasons[0]).toMatch(/the vendor shows no mail with the Message-ID </);
  expect(box.faults).toEqual([]);
  say('gmail', counted, receiver.lost);
});

test('a key that has run out, or a mail that may not leave any more, is not asked for again: a person decides', async () => {
  const company = await app.aCompany();
  let calls = 0;
  // Two mails of three calls each. While the first is awaited a day goes by, while the second is, sending is paused.
  const vendor = await fakeVendor(async (): Promise<VendorAnswer> => {
    calls += 1;
    if (calls === 3) app.clock.advance({ hours: 23 });
    if (calls === 4) await app.call(pauseSending, { reason: 'wait' }, { as: company.admin });
    return 'cut';
  });
  await connect(company, 'resend', { ...apiKey, per_second: 100 }, vendor);
  await write(company, ['ann1@example.test']);
  expect((await count(company, new Map())).reasons[0]).toMatch(/its idempotency key has run out/);
  await write(company, ['ann2@example.test']);
  expect((await count(company, new Map())).reasons.at(-1)).toMatch(/it may not leave any more: All sending is paused/);
  expect(calls).toBe(6);
});
