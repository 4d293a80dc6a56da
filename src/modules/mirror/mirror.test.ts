import { afterAll, beforeAll, expect, test } from 'vitest';
import { VendorUnavailable } from '#core/connector/errors.ts';
import { openFirestore, type Firestore } from '#core/stores/firestore-rest.ts';
import type { Facts } from '#core/engine/types.ts';
import { testApp, type TestApp } from '#testing/app.ts';
import { callByName } from '#testing/by-name.ts';
import { queryAs } from '#testing/database.ts';
import { emptyEmulator, emulatorUrl, fakeFirestore } from '#testing/firestore.ts';
import { setUp, sweep, takeDown, writeDue, type Mirror } from './mirror.ts';
import { mirrorStatus } from './operations.ts';

let app: TestApp;
let fake: Awaited<ReturnType<typeof fakeFirestore>>;
let mirror: Mirror;
/** Before each commit, once: to do something meanwhile, or to fail. */
let meanwhile: (() => Promise<void>) | null = null;
beforeAll(async () => {
  app = await testApp();
  fake = await fakeFirestore();
  const real = emulatorUrl();
  if (real !== null) await emptyEmulator(real);
  const store = openFirestore({ project: 'demo', database: '(default)', baseUrl: real ?? fake.url, tokens: null, tries: 1 });
  const watched: Firestore = {
    ...store,
    async commit(writes) {
      const now = meanwhile;
      meanwhile = null;
      await now?.();
      await store.commit(writes);
    },
  };
  mirror = { store: watched, root: 'steward/live', place: 'demo/steward/live' };
});
afterAll(async () => {
  await app.close();
  await fake.close();
});

const aLead = (name: string) =>
  callByName(app, 'leads.create', { name, email: `${name.toLowerCase()}@mirror.test`, enrol: false } satisfies Facts, app.company.admin);
const all = async () => {
  let written = 0;
  for (let now = await writeDue(app.runtime, mirror); now > 0; now = await writeDue(app.runtime, mirror)) written += now;
  return written;
};
const people = async () =>
  Object.fromEntries(
    (await mirror.store.list(mirror.root, 'people', { after: null, limit: 300 })).map(({ fields }) => [
      textOf(fields['full_name']),
      fields,
    ]),
  );
const textOf = (value: unknown) => String(Object(value).stringValue);
const sql = (text: string, values: unknown[] = []) => queryAs<{ id: string }>(app.target, 'owner', text, values);

test('what is there already comes first, then each change, whole and typed; what is deleted goes', async () => {
  await aLead('Ann');
  await setUp(app.runtime, mirror);
  await setUp(app.runtime, mirror); // as each start does
  expect(await all()).toBeGreaterThanOrEqual(2);
  expect(await people()).toMatchObject({
    Ann: {
      company_id: { stringValue: app.company.companyId },
      created_at: { timestampValue: expect.stringContaining('T') },
    },
  });
  expect(await all()).toBe(0);

  const [bob] = [await aLead('Bob')];
  await sql(`update people set full_name = 'Anna', custom = '{"n": 1, "deep": {"b": true}}' where full_name = 'Ann'`);
  await all();
  expect(Object.keys(await people()).toSorted()).toEqual(['Anna', 'Bob']);
  expect((await people())['Anna']).toMatchObject({
    custom: { mapValue: { fields: { n: { integerValue: '1' }, deep: { mapValue: {} } } } },
  });
  expect(Object(bob).id).toBeDefined();
  await sql(`delete from people where full_name = 'Bob'`);
  await all();
  expect(Object.keys(await people())).toEqual(['Anna']);
  expect(await app.call(mirrorStatus, {})).toMatchObject({ pending: 0, error: null, written: expect.any(Number) });
});

test('a transaction that is rolled back leaves no trace; a change that comes while its document is written is written, too', async () => {
  await expect(sql(`begin; update people set full_name = 'Never'; select 1 / 0`)).rejects.toThrow('division');
  expect(await all()).toBe(0);
  await sql(`update people set full_name = 'First' where full_name = 'Anna'`);
  meanwhile = async () => {
    await sql(`update people set full_name = 'Second' where full_name = 'First'`);
    // Nobody else takes a document that is being written.
    expect(await writeDue(app.runtime, mirror)).toBe(0);
  };
  await all();
  expect(Object.keys(await people())).toEqual(['Second']);
});

test('while Firestore is away changes wait; a process that dies in the middle loses its turn, not the change', async () => {
  await sql(`update people set full_name = 'Third' where full_name = 'Second'`);
  meanwhile = () => Promise.reject(new VendorUnavailable('Firestore is busy'));
  await expect(writeDue(app.runtime, mirror)).rejects.toThrow('busy');
  expect(await app.call(mirrorStatus, {})).toMatchObject({ pending: 1, error: 'Firestore is busy' });
  // As a killed process leaves it: held, and nobody is there.
  await sql(`update mirror_pending set held_until = clock_timestamp() + interval '1 minute'`);
  expect(await writeDue(app.runtime, mirror)).toBe(0);
  await sql(`update mirror_pending set held_until = clock_timestamp() - interval '1 second'`);
  expect(await all()).toBe(1);
  expect(Object.keys(await people())).toEqual(['Third']);
  expect(await app.call(mirrorStatus, {})).toMatchObject({ pending: 0, error: null });
});

test('after a restore the mirror is filled anew, and documents of rows that are no more are swept away', async () => {
  await sweep(app.runtime, mirror);
  await aLead('Lost');
  await all();
  // A restored database: another instance, without the row and without the triggers.
  await takeDown(app.runtime);
  await sql(`delete from people where full_name = 'Lost'`);
  await sql(`update steward_instance set id = gen_random_uuid()`);
  await setUp(app.runtime, mirror);
  await all();
  expect(Object.keys(await people()).toSorted()).toEqual(['Lost', 'Third']);
  await sweep(app.runtime, mirror);
  await all();
  expect(Object.keys(await people())).toEqual(['Third']);
  expect(fake.faults() ?? []).toEqual([]);
});
