import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createConnection } from '#modules/connections/operations.ts';
import { erasePerson } from '#modules/people/public.ts';
import { setConsent } from '#modules/people/operations/consent.ts';
import {
  createPersonOperation,
  getPersonOperation,
  listPeopleOperation,
  updatePersonOperation,
} from '#modules/people/operations/people.ts';
import { listOrganisations } from '#modules/people/operations/organisations.ts';
import { personTimeline } from '#modules/people/operations/timeline.ts';
import { testApp, type TestApp, type TestCompany } from '#testing/app.ts';
import { callByName } from '#testing/by-name.ts';
import { fakeS3, type FakeBucket } from '#testing/vendors/buckets.ts';
import { fakeHubSpotCrm, type FakeHubSpotCrm } from '#testing/vendors/hubspot-crm.ts';
import { localFiles } from './archive/local.ts';
import { chooseArchivePlace, getArchivePlace, listArchive, readArchive, rereadSource } from './operations/archive.ts';
import { decideConflict, listConflicts } from './operations/conflicts.ts';
import { lookIntoSource, previewSource } from './operations/look.ts';
import { fixRefusal, listRefusals, retryRefusals } from './operations/refusals.ts';
import { listRuns, runSource, sourceQuality } from './operations/runs.ts';
import { createSource, getSourceOperation, listSources, updateSource } from './operations/sources.ts';
import { sweepSources, tendSources } from './tend.ts';

let app: TestApp;
let vendor: FakeHubSpotCrm;
let company: TestCompany;
beforeAll(async () => {
  app = await testApp();
});
afterAll(() => app.close());
beforeEach(async () => {
  vendor = await fakeHubSpotCrm();
  company = await app.aCompany();
});
afterEach(async () => {
  // Runs of every company are looked after together.
  await app.runtime.system.write((tx) => tx.query({ name: 'test.pause', text: `update sync_sources set state = 'paused'` }, []));
  await vendor.close();
  if (vendor.faults.length > 0) throw new Error(`not by the contract: ${vendor.faults.join('; ')}`);
});

const line = (from: string, to: string, more: object = {}) => ({ from, to, ...more });
const MAPPING = [
  line('firstname', 'first_name'),
  line('lastname', 'last_name'),
  line('email', 'email'),
  line('phone', 'phone'),
  line('company', 'organisation'),
  line('hs_email_optout', 'opted_out', { transform: 'yes_no' }),
];
const call: TestApp['call'] = (operation, input) => app.call(operation, input, { as: company.admin });

async function aConnection() {
  return call(createConnection, {
    connector: 'hubspot_crm',
    baseUrl: vendor.url,
    credentials: { access_token: 'pat-of-tests' },
    limit: { requests: 10_000, seconds: 1 },
  });
}
async function aSource(more: object = {}) {
  const connection = await aConnection();
  return call(createSource, {
    connectionId: connection.id,
    object: 'contacts',
    kind: 'people',
    mapping: MAPPING,
    everyMinutes: null,
    ...more,
  });
}
/** Runs it to its end; answers the run. */
async function sync(id: string) {
  await call(runSource, { sourceId: id });
  await tendSources(app.runtime);
  await app.drain();
  const [run] = (await call(listRuns, { sourceId: id })).items;
  if (run === undefined) throw new Error('no run');
  expect(run.error).toBeNull();
  return run;
}
const everybody = async () => (await call(listPeopleOperation, { limit: 500 })).items;
const byEmail = async (email: string) => {
  const found = (await everybody()).find((person) => person.email === email);
  if (found === undefined) throw new Error(`nobody has ${email}`);
  return found;
};
const ann = { firstname: 'Ann', lastname: 'Lee', email: 'ann@acme.test', phone: '+49 30 5550001', company: 'Acme' };

test('what is mapped comes in; the same again writes nothing', async () => {
  vendor.put(ann);
  vendor.put({ firstname: 'Bob', email: 'Bob@Acme.test', company: 'ACME' });
  const source = await aSource();
  expect(await sync(source.id)).toMatchObject({ trigger: 'first', state: 'done', read: 4, created: 2, changed: 0, refused: 0 });
  expect(await everybody()).toHaveLength(2);
  expect(await byEmail('ann@acme.test')).toMatchObject({
    fullName: 'Ann Lee',
    phone: '+49305550001',
    organisation: { name: expect.stringMatching(/acme/i) },
  });
  expect(await byEmail('bob@acme.test')).toMatchObject({ organisation: { name: expect.stringMatching(/acme/i) } });
  const before = await written();
  expect(await sync(source.id)).toMatchObject({ trigger: 'manual', created: 0, changed: 0, refused: 0 });
  expect(await written()).toEqual(before);
  expect(await call(getSourceOperation, { sourceId: source.id })).toMatchObject({ state: 'active', rows: 2, running: false, error: null });
});

/** The version of every row that a sync may write. */
async function written() {
  return app.runtime.system.read((tx) =>
    tx.query<{ at: string }>(
      {
        name: 'test.versions',
        text: `select 'p' || id || xmin as at from people where company_id = $1 union all select 'e' || email || xmin from person_emails where company_id = $1
               union all select 'l' || external_id || xmin from sync_links where company_id = $1 union all select 'o' || id || xmin from organisations where company_id = $1
               union all select 'c' || id || xmin from consent_log where company_id = $1 order by 1`,
      },
      [company.companyId],
    ),
  );
}

test('an address that changes there changes on the same person here, and the old one still finds her', async () => {
  const id = vendor.put(ann);
  const source = await aSource();
  await sync(source.id);
  const { id: personId } = await byEmail('ann@acme.test');
  vendor.put({ email: 'ann.lee@acme.test', lastname: 'Leigh' }, id);
  expect(await sync(source.id)).toMatchObject({ created: 0, changed: 1 });
  expect(await call(getPersonOperation, { personId })).toMatchObject({ email: 'ann.lee@acme.test', fullName: 'Ann Leigh' });
  expect(await everybody()).toHaveLength(1);
  await call(createPersonOperation, { fullName: 'Other', email: 'other@acme.test' });
  vendor.put({ email: 'other@acme.test' }, id);
  expect(await sync(source.id)).toMatchObject({ refused: 1, changed: 0 });
  expect((await call(listRefusals, { sourceId: source.id })).items).toMatchObject([
    { externalId: id, reason: expect.stringContaining('another person') },
  ]);
});

describe('no sync undoes an opt-out', () => {
  test('whoever said no here stays out, whatever the source says; whoever says no there is out here', async () => {
    const id = vendor.put({ ...ann, hs_email_optout: 'false' });
    const bob = vendor.put({ firstname: 'Bob', email: 'bob@acme.test', hs_email_optout: 'true' });
    const source = await aSource();
    await sync(source.id);
    expect((await byEmail('bob@acme.test')).optedOutAt).not.toBeNull();
    const { id: personId } = await byEmail('ann@acme.test');
    await call(setConsent, { personId, state: 'withdrawn', evidence: { wording: 'no more' } });
    vendor.put({ hs_email_optout: 'false', email: 'ann2@acme.test' }, id);
    vendor.put({ hs_email_optout: 'false' }, bob);
    await sync(source.id);
    expect((await call(getPersonOperation, { personId })).optedOutAt).not.toBeNull();
    expect((await byEmail('bob@acme.test')).optedOutAt).not.toBeNull();
  });

  test('who was erased does not come back, and nothing of her stays', async () => {
    const id = vendor.put(ann);
    const source = await aSource();
    await sync(source.id);
    await callByName(app, 'people.erase', { personId: (await byEmail('ann@acme.test')).id, confirm: 'erase' }, company.admin);
    vendor.put({ firstname: 'Anne', email: 'new@acme.test' }, id);
    vendor.put({ firstname: 'Ann', email: 'ann@acme.test' });
    expect(await sync(source.id)).toMatchObject({ created: 0, refused: 1 });
    expect(await everybody()).toHaveLength(0);
    expect(await call(listRefusals, { sourceId: source.id })).toMatchObject({ items: [{ reason: expect.stringContaining('erased') }] });
  });

  test('an address on the list is not made a person', async () => {
    const source = await aSource();
    await app.runtime.system.write((tx) =>
      tx.query(
        {
          name: 'test.suppress',
          text: `insert into suppressions (id, company_id, channel, address, address_hash, reason, source, created_at) values (gen_random_uuid(), $1, 'email', 'no@acme.test', 'plain:no@acme.test', 'opt_out', 'user', now())`,
        },
        [company.companyId],
      ),
    );
    vendor.put({ firstname: 'No', email: 'no@acme.test' });
    expect(await sync(source.id)).toMatchObject({ created: 0, optOutsKept: 1 });
    expect(await everybody()).toHaveLength(0);
  });
});

test('a refused row says why, is mended in place, and stays mended until the source changes it', async () => {
  const id = vendor.put({ ...ann, email: 'ann at acme' });
  const source = await aSource();
  expect(await sync(source.id)).toMatchObject({ created: 0, refused: 1 });
  const [refusal] = (await call(listRefusals, { sourceId: source.id })).items;
  expect(refusal).toMatchObject({ externalId: id, field: 'email', value: 'ann at acme', raw: { firstname: 'Ann' } });
  const refusalId = refusal?.id ?? '';
  expect(await call(fixRefusal, { sourceId: source.id, refusalId, values: { email: 'still wrong' } })).toMatchObject({
    taken: false,
    field: 'email',
  });
  expect(await call(fixRefusal, { sourceId: source.id, refusalId, values: { email: 'ann@acme.test' } })).toMatchObject({ taken: true });
  expect(await byEmail('ann@acme.test')).toMatchObject({ fullName: 'Ann Lee' });
  expect(await sync(source.id)).toMatchObject({ refused: 0, changed: 0 });
  vendor.put({ phone: '+49 30 5550002' }, id);
  expect(await sync(source.id)).toMatchObject({ refused: 0, changed: 1 });
  vendor.put({ email: 'lee@acme.test' }, id);
  await sync(source.id);
  expect(await byEmail('lee@acme.test')).toMatchObject({ phone: '+49305550002' });
  expect(await call(retryRefusals, { sourceId: source.id })).toEqual({ tried: 0, taken: 0 });
});

test('both sides change: fields apart go together, the same field goes to who wrote last, and a person may decide otherwise', async () => {
  const id = vendor.put(ann);
  const source = await aSource({ direction: 'both' });
  await sync(source.id);
  const { id: personId } = await byEmail('ann@acme.test');
  app.clock.advance({ hours: 1 });
  await call(updatePersonOperation, { personId, fullName: 'Ann Here' });
  vendor.clock = app.clock.now().getTime() + 3_600_000;
  vendor.put({ phone: '+49 30 5550009' }, id);
  expect(await sync(source.id)).toMatchObject({ changed: 1, conflicts: 0, written: 1 });
  expect(await call(getPersonOperation, { personId })).toMatchObject({ fullName: 'Ann Here', phone: '+49305550009' });
  expect(vendor.written).toEqual([{ id, properties: { firstname: 'Ann', lastname: 'Here' } }]);
  // Our own write comes back and changes nothing, there or here.
  expect(await sync(source.id)).toMatchObject({ changed: 0, conflicts: 0, written: 0 });

  await call(updatePersonOperation, { personId, fullName: 'Ann Ours' });
  vendor.clock += 7_200_000;
  vendor.put({ lastname: 'Theirs' }, id);
  expect(await sync(source.id)).toMatchObject({ conflicts: 1 });
  expect(await call(getPersonOperation, { personId })).toMatchObject({ fullName: 'Ann Theirs' });
  app.clock.advance({ hours: 5 });
  const [clash] = (await call(listConflicts, { sourceId: source.id })).items;
  expect(clash).toMatchObject({ field: 'name', ours: 'Ann Ours', theirs: 'Ann Theirs', kept: 'theirs', personId });
  expect(await call(decideConflict, { sourceId: source.id, conflictId: clash?.id ?? '', take: 'ours' })).toEqual({ changed: true });
  await sync(source.id);
  expect(vendor.contacts.get(id)?.properties).toMatchObject({ lastname: 'Ours' });
  expect((await call(listConflicts, { sourceId: source.id })).items).toEqual([]);
  expect(await sync(source.id)).toMatchObject({ changed: 0, conflicts: 0, written: 0 });
});

test('people who are new here are made there, once', async () => {
  vendor.put(ann);
  const source = await aSource({ direction: 'both', createThere: true });
  await sync(source.id);
  await call(createPersonOperation, { fullName: 'Carl New', email: 'carl@acme.test' });
  expect(await sync(source.id)).toMatchObject({ written: 1 });
  expect(vendor.written).toMatchObject([{ properties: { firstname: 'Carl', email: 'carl@acme.test' } }]);
  expect(await sync(source.id)).toMatchObject({ written: 0, created: 0, changed: 0 });
  expect(vendor.contacts.size).toBe(2);
});

test('two people who are put together stay linked, and their records come to one person', async () => {
  const first = vendor.put(ann);
  const second = vendor.put({ firstname: 'Ann', lastname: 'Lee', email: 'lee@acme.test' });
  const source = await aSource();
  await sync(source.id);
  const [a, b] = [await byEmail('ann@acme.test'), await byEmail('lee@acme.test')];
  await callByName(app, 'people.merge', { personId: a.id, otherId: b.id }, company.admin);
  vendor.clock = app.clock.now().getTime() + 3_600_000;
  vendor.put({ phone: '+49 30 5550003' }, second);
  await sync(source.id);
  expect(await everybody()).toHaveLength(1);
  expect((await everybody())[0]?.phone).toBe('+49305550003');
  expect(vendor.contacts.has(first)).toBe(true);
  expect((await call(sourceQuality, { sourceId: source.id })).items).toMatchObject([{ rows: 2, duplicate: 1 }]);
});

test('busy and broken answers are waited for; a long quiet puts the run down, and it goes on where it stood', async () => {
  for (let i = 0; i < 250; i += 1) vendor.put({ firstname: `P${i}`, email: `p${i}@acme.test` });
  vendor.chaos = (_request, n) => {
    if (n % 3 === 0) return { status: 429, headers: { 'retry-after': '0' }, body: { message: 'slow down' } };
    if (n % 4 === 0) return { status: 502, body: 'bad gateway' };
    return n % 7 === 0 ? 'cut' : undefined;
  };
  const source = await aSource();
  expect(await sync(source.id)).toMatchObject({ created: 250, refused: 0 });
  expect(await everybody()).toHaveLength(250);
  vendor.chaos = () => ({ status: 429, headers: { 'retry-after': '600' }, body: { message: 'come back later' } });
  await call(runSource, { sourceId: source.id });
  await tendSources(app.runtime);
  const [waiting] = (await call(listRuns, { sourceId: source.id })).items;
  expect(waiting).toMatchObject({ state: 'running', waitsUntil: expect.any(Date) });
  vendor.chaos = null;
  expect(await tendSources(app.runtime)).toBe(0);
  app.clock.advance({ minutes: 11 });
  await tendSources(app.runtime);
  expect((await call(listRuns, { sourceId: source.id })).items[0]).toMatchObject({ state: 'done', waitsUntil: null });
}, 30_000);

test('records that change while everything is read are right at the end of the run', async () => {
  const ids = Array.from({ length: 350 }, (_, i) => vendor.put({ firstname: `P${i}`, email: `p${i}@acme.test` }));
  vendor.afterPage = (n) => {
    if (n > 3) return;
    vendor.put({ lastname: `Edited${n}` }, ids[n]);
    vendor.put({ firstname: 'Late', email: `late${n}@acme.test` });
  };
  const source = await aSource();
  await sync(source.id);
  expect(await byEmail('p1@acme.test')).toMatchObject({ fullName: 'P1 Edited1' });
  expect(await everybody()).toHaveLength(353);
});

test('the schedule begins runs, a failure is told and tried later and later, a pause stops them', async () => {
  vendor.put(ann);
  const source = await aSource({ everyMinutes: 10 });
  await sync(source.id);
  app.clock.advance({ minutes: 11 });
  expect(await tendSources(app.runtime)).toBe(1);
  vendor.chaos = () => ({ status: 400, body: { message: 'the property lastname is gone' } });
  app.clock.advance({ minutes: 11 });
  await tendSources(app.runtime);
  expect(await call(getSourceOperation, { sourceId: source.id })).toMatchObject({
    error: expect.stringContaining('the property lastname is gone'),
    nextRunAt: new Date(app.clock.now().getTime() + 600_000),
  });
  await call(updateSource, { sourceId: source.id, state: 'paused' });
  app.clock.advance({ hours: 3 });
  expect(await tendSources(app.runtime)).toBe(0);
  vendor.chaos = null;
  await call(updateSource, { sourceId: source.id, state: 'active' });
  expect(await tendSources(app.runtime)).toBe(1);
  expect((await call(listSources, {})).items).toMatchObject([{ error: null, lastRun: { state: 'done' } }]);
});

test('looking in suggests a mapping, and a preview says what each row would become', async () => {
  vendor.put(ann);
  vendor.put({ firstname: 'X', email: 'nonsense' });
  const connection = await aConnection();
  const looked = await call(lookIntoSource, { connectionId: connection.id, object: 'contacts' });
  expect(looked.objects.map(({ name }) => name)).toEqual(['contacts', 'companies', 'deals', 'meetings', 'notes']);
  expect(looked.mapping.map(({ from, to }) => `${from}>${to}`)).toEqual(
    expect.arrayContaining([
      'firstname>first_name',
      'lastname>last_name',
      'email>email',
      'phone>phone',
      'company>organisation',
      'hs_email_optout>opted_out',
    ]),
  );
  const { rows } = await call(previewSource, { connectionId: connection.id, object: 'contacts', kind: 'people', mapping: looked.mapping });
  expect(rows).toMatchObject([
    { verdict: 'new', fields: { name: 'Ann Lee' } },
    { verdict: 'refused', reason: expect.stringContaining('email') },
  ]);
  expect(await everybody()).toHaveLength(0);
});

test('companies become organisations, and take a new name along', async () => {
  const id = vendor.putCompany({ name: 'Acme', domain: 'https://www.acme.test/about' });
  const connection = await aConnection();
  const source = await call(createSource, {
    connectionId: connection.id,
    object: 'companies',
    kind: 'organisations',
    mapping: [line('name', 'name'), line('domain', 'domain')],
  });
  expect(await sync(source.id)).toMatchObject({ created: 1 });
  vendor.putCompany({ name: 'Acme Ltd' }, id);
  expect(await sync(source.id)).toMatchObject({ created: 0, changed: 1 });
  expect((await call(listOrganisations, {})).items).toMatchObject([{ name: 'Acme Ltd', domain: 'acme.test' }]);
});

test('a webhook is a hint: the record is fetched, and what is gone is marked, not deleted', async () => {
  const id = vendor.put(ann);
  const source = await aSource();
  await sync(source.id);
  const other = vendor.put({ firstname: 'Bob', email: 'bob@acme.test' });
  await app.runtime.database.write(company.companyId, (tx) =>
    app.runtime.engine.emit(tx, [
      {
        name: 'connection.hinted',
        companyId: company.companyId,
        subject: { type: 'connection', id: source.connectionId },
        payload: { hints: [{ object: 'contacts', external_id: other }, { object: 'contacts', external_id: id }, { object: 'deals', external_id: '5' }] },
      },
    ]),
  ); // prettier-ignore
  vendor.remove(id);
  await app.drain();
  app.clock.advance({ seconds: 5 });
  expect(await tendSources(app.runtime)).toBe(1);
  expect((await call(listRuns, { sourceId: source.id })).items[0]).toMatchObject({
    trigger: 'hint',
    state: 'done',
    read: 1,
    created: 1,
    gone: 1,
  });
  expect(await everybody()).toHaveLength(2);
});

test('deals take their pipeline, stage and owner along; the same again writes nothing, and what changed there is history here', async () => {
  const id = vendor.putDeal({
    dealname: 'Roof',
    amount: '1200.505',
    dealstage: 's1',
    pipeline: 'default',
    closedate: '2026-09-30T00:00:00Z',
    hubspot_owner_id: '7',
  });
  vendor.putDeal({ dealname: 'Cellar', amount: 'a lot', dealstage: 's2', pipeline: 'default' });
  const connection = await aConnection();
  const looked = await call(lookIntoSource, { connectionId: connection.id, object: 'deals' });
  const source = await call(createSource, {
    connectionId: connection.id,
    object: 'deals',
    kind: 'deals',
    mapping: looked.mapping,
    everyMinutes: null,
  });
  expect(await sync(source.id)).toMatchObject({ created: 1, refused: 1 });
  const deals = async () => (await callByName(app, 'deals.list', {}, company.admin)) as { items: unknown[] };
  expect((await deals()).items).toMatchObject([{ name: 'Roof', amountCents: 120_051, closeDate: '2026-09-30' }]);
  expect(await sync(source.id)).toMatchObject({ created: 0, changed: 0, refused: 0 });
  vendor.putDeal({ dealstage: 'won' }, id);
  expect(await sync(source.id)).toMatchObject({ created: 0, changed: 1 });
  expect((await deals()).items).toMatchObject([{ name: 'Roof', status: 'won' }]);
});

describe('what was done with whom', () => {
  const TOUCH = [
    line('touch', 'type'),
    line('contact_ids', 'person'),
    line('hs_meeting_title', 'subject'),
    line('hs_meeting_body', 'content'),
    line('hs_meeting_start_time', 'at'),
  ];
  const timeline = async (personId: string) => (await call(personTimeline, { personId, limit: 50 })).items;

  test('meetings stand on the timeline once, follow their change, and wait for a person who comes later', async () => {
    const annThere = vendor.put(ann);
    const meeting = {
      hs_meeting_title: 'Demo',
      hs_meeting_body: '<p>Tea &amp; <b>cake</b></p>',
      hs_meeting_start_time: '2026-04-01T09:00:00Z',
    };
    const id = vendor.putTouch('meetings', meeting, ['99', annThere]);
    vendor.putTouch('meetings', { hs_meeting_title: 'Nobody' }, []);
    const people = await aSource();
    const { connectionId } = await call(getSourceOperation, { sourceId: people.id });
    const source = await call(createSource, { connectionId, object: 'meetings', kind: 'interactions', mapping: TOUCH, everyMinutes: null });
    expect(await sync(source.id)).toMatchObject({ created: 0, refused: 2 });
    await sync(people.id);
    expect(await call(retryRefusals, { sourceId: source.id })).toEqual({ tried: 2, taken: 1 });
    const { id: personId } = await byEmail('ann@acme.test');
    expect(await timeline(personId)).toMatchObject([
      { type: 'meeting', content: 'Demo\n\nTea & cake', channel: 'hubspot_crm', createdAt: new Date('2026-04-01T09:00:00Z') },
    ]);
    expect(await sync(source.id)).toMatchObject({ created: 0, changed: 0, refused: 0 });
    vendor.putTouch('meetings', { hs_meeting_title: 'Demo, moved', hs_meeting_start_time: '2026-04-02T09:00:00Z' }, [annThere], id);
    expect(await sync(source.id)).toMatchObject({ created: 0, changed: 1 });
    expect(await timeline(personId)).toMatchObject([{ content: 'Demo, moved\n\nTea & cake', createdAt: new Date('2026-04-02T09:00:00Z') }]);
    expect((await call(listRefusals, { sourceId: source.id })).items).toMatchObject([{ field: 'contact_ids', reason: 'names nobody' }]);
    const [quality] = (await call(sourceQuality, { sourceId: source.id })).items;
    expect(quality).toMatchObject({ duplicate: 0 });
  });

  test('its fields are suggested', async () => {
    const connection = await aConnection();
    const looked = await call(lookIntoSource, { connectionId: connection.id, object: 'meetings' });
    expect(Object.fromEntries(looked.mapping.map(({ from, to }) => [from, to]))).toEqual({
      contact_ids: 'person', touch: 'type', hs_meeting_title: 'subject', hs_meeting_body: 'content', hs_meeting_start_time: 'at',
    }); // prettier-ignore
  });
});

describe('what came in is kept as it came', () => {
  const keys = { 'AKIA-OF-TESTS': 'secret-of-tests' };
  let bucket: FakeBucket;
  beforeEach(async () => {
    bucket = await fakeS3('acme', keys);
    const { id: connectionId } = await call(createConnection, {
      connector: 's3',
      baseUrl: bucket.url,
      credentials: { bucket: 'acme', access_key_id: 'AKIA-OF-TESTS', secret_access_key: 'secret-of-tests' },
      limit: { requests: 10_000, seconds: 1 },
    });
    await call(chooseArchivePlace, { connectionId });
  });
  afterEach(() => bucket.close());
  const pages = async (sourceId: string, more: object = {}) => (await call(listArchive, { sourceId, ...more })).items;
  const texts = () => [...bucket.objects.values()].map(({ body }) => gunzipSync(body).toString());

  test('before it is taken, page by page; it is found by time and by record, and done once more by another mapping without the vendor', async () => {
    const id = vendor.put(ann);
    vendor.put({ firstname: 'Bob', email: 'bob@acme.test' });
    const swapped = [line('firstname', 'last_name'), line('lastname', 'first_name'), line('email', 'email'), line('phone', 'phone')];
    const source = await aSource({ mapping: swapped });
    const began = app.clock.now();
    const run = await sync(source.id);
    expect([...bucket.objects.keys()]).toContain(
      `steward/${company.companyId}/${source.id}/${began.toISOString().slice(0, 10)}/${run.id}-000001.ndjson.gz`,
    );
    const [page] = await pages(source.id, { record: id, from: began });
    expect(page).toMatchObject({ trigger: 'first', runId: run.id, place: 'Amazon S3 and compatible' });
    expect(await pages(source.id, { record: 'nobody' })).toEqual([]);
    expect(await pages(source.id, { to: began })).toEqual([]);
    const read = await call(readArchive, { sourceId: source.id, archivedPageId: page?.id ?? '' });
    expect(read.records).toContainEqual(
      expect.objectContaining({ externalId: id, values: expect.objectContaining({ email: 'ann@acme.test' }) }),
    );

    // The mapping was wrong, and the vendor is gone.
    expect((await byEmail('ann@acme.test')).fullName).toBe('Lee Ann');
    await call(updateSource, { sourceId: source.id, mapping: MAPPING });
    vendor.chaos = () => ({ status: 500, body: {} });
    await app.advance({ minutes: 1 });
    await call(rereadSource, { sourceId: source.id });
    await tendSources(app.runtime);
    expect((await call(listRuns, { sourceId: source.id })).items[0]).toMatchObject({
      trigger: 'archive',
      state: 'done',
      read: 2,
      changed: 1,
      total: 2,
    });
    // A field that was not asked for then is left alone.
    expect(await byEmail('ann@acme.test')).toMatchObject({ fullName: 'Ann Lee', phone: '+49305550001', organisation: null });
    vendor.chaos = null;
  });

  test('who is erased is in none of the files, nor comes back into them; old files go', async () => {
    const id = vendor.put(ann);
    vendor.put({ firstname: 'Bob', email: 'bob@acme.test' });
    // Somebody who was refused has no link, only an address.
    vendor.put({ firstname: 'Other', email: 'nothing', phone: 'ann@acme.test' });
    const source = await aSource();
    await sync(source.id);
    expect(texts().join('')).toContain('ann@acme.test');
    const { id: personId } = await byEmail('ann@acme.test');
    await app.runtime.database.write(company.companyId, (tx) => erasePerson(tx, app.runtime, company.companyId, personId, { by: null }));
    bucket.down = 503;
    await sweepSources(app.runtime);
    expect(await call(getArchivePlace, {})).toMatchObject({ error: expect.stringContaining('busy') });
    bucket.down = null;
    await sweepSources(app.runtime);
    expect(await call(getArchivePlace, {})).toMatchObject({ error: null });
    expect(texts().join('')).not.toContain('ann@acme.test');
    expect(texts().join('')).toContain('bob@acme.test');
    expect(await pages(source.id, { record: id })).toEqual([]);
    vendor.put({ lastname: 'Again' }, id);
    await sync(source.id);
    expect(texts().join('')).not.toContain('ann@acme.test');
    await call(updateSource, { sourceId: source.id, archiveDays: 1 });
    await app.advance({ days: 2 });
    await sweepSources(app.runtime);
    expect(bucket.objects.size).toBe(0);
    expect(await pages(source.id)).toEqual([]);
  });

  test('what can’t be kept is not taken, and says so', async () => {
    vendor.put(ann);
    const source = await aSource();
    bucket.down = 404;
    await call(runSource, { sourceId: source.id });
    await tendSources(app.runtime);
    expect((await call(listRuns, { sourceId: source.id })).items[0]).toMatchObject({
      state: 'failed',
      error: expect.stringContaining('could not be kept in the archive'),
    });
    expect(await everybody()).toEqual([]);
    bucket.down = null;
    expect(await sync(source.id)).toMatchObject({ state: 'done', created: 1 });
  });

  test('in a folder the same: whole files, page by page, that can be told apart from others', async () => {
    const root = await mkdtemp(join(tmpdir(), 'steward-archive-'));
    const files = localFiles(root);
    await files.put('company/source/2026-01-01/a.ndjson.gz', Buffer.from('one'));
    await files.put('company/source/2026-01-02/b.ndjson.gz', Buffer.from('two'));
    await files.put('company/source/2026-01-02/b.ndjson.gz', Buffer.from('three'));
    expect(await files.list('company/', null)).toEqual({
      files: [
        { name: 'company/source/2026-01-01/a.ndjson.gz', bytes: 3 },
        { name: 'company/source/2026-01-02/b.ndjson.gz', bytes: 5 },
      ],
      next: null,
    });
    expect((await files.list('company/', 'company/source/2026-01-01/a.ndjson.gz')).files).toHaveLength(1);
    expect((await files.list('another/', null)).files).toEqual([]);
    expect(String(await files.get('company/source/2026-01-02/b.ndjson.gz'))).toBe('three');
    await files.remove('company/source/2026-01-02/b.ndjson.gz');
    expect(await files.get('company/source/2026-01-02/b.ndjson.gz')).toBeNull();
    await rm(root, { recursive: true });
  });
});
