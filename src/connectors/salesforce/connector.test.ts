import { afterEach, describe, expect, test } from 'vitest';
import { CredentialsRejected, VendorRefused, VendorUnavailable } from '#core/connector/errors.ts';
import type { ConnectorOptions } from '#core/connector/types.ts';
import type { SourcePort, SourceRecord } from '#core/ports/source.ts';
import { Secret } from '#core/secrets.ts';
import { actionContract, withBody, withQuery } from '#testing/action-contract.ts';
import { fakeVendor, type VendorAnswer, type VendorRequest } from '#testing/fake-vendor.ts';
import { fakeSalesforce, salesforceContract, type FakeSalesforce } from '#testing/vendors/salesforce.ts';
import salesforce from './connector.ts';

const TOKEN = '00D-token-of-tests';
const credentials = salesforce.credentials.parse({
  domain: 'acme.my.salesforce.com',
  clientId: 'client-of-tests',
  clientSecret: 'secret-of-tests',
});
const tokens = {
  current: () => Promise.resolve(new Secret(TOKEN)),
  renew: () => Promise.reject(new CredentialsRejected('the sign-in has ended')),
};
function port(options: ConnectorOptions): SourcePort {
  const made = salesforce.source?.(credentials, { ...options, tokens }, {});
  if (made?.write === undefined || made.findByEmail === undefined) throw new Error('it is a source both ways');
  return made;
}

let vendor: FakeSalesforce | undefined;
afterEach(async () => {
  await vendor?.close();
  const faults = vendor?.faults ?? [];
  vendor = undefined;
  if (faults.length > 0) throw new Error(`not by the contract: ${faults.join('; ')}`);
});
const FIELDS = ['FirstName', 'LastName', 'Email', 'Account.Name', 'HasOptedOutOfEmail', 'Interests__c', 'CreatedDate'];
const ann = {
  FirstName: 'Ann',
  LastName: 'Lee',
  Email: 'ann@acme.test',
  Account: { Name: 'Acme, Inc' },
  HasOptedOutOfEmail: false,
  Interests__c: 'Tea;"Cake"',
  CreatedDate: '2026-01-02T03:04:05.000+0000',
};

async function pass(source: SourcePort, object: string, fields: readonly string[], mark: string | null) {
  const records: SourceRecord[] = [];
  const gone: string[] = [];
  let cursor: string | null = null;
  for (let pages = 1; ; pages += 1) {
    const page = await source.page({ object, fields, mark, cursor });
    records.push(...page.records);
    gone.push(...(page.gone ?? []));
    if (page.cursor === null) return { records, gone, pages, mark: page.mark };
    ({ cursor } = page);
  }
}

test('fields are those of the organisation, with what its lookups point to; parts of addresses have their own', async () => {
  vendor = await fakeSalesforce();
  const source = port({ baseUrl: vendor.url });
  const fields = await source.fields('Contact');
  expect(fields.find(({ name }) => name === 'Account.Name')).toEqual({
    name: 'Account.Name',
    title: 'Account: name',
    type: 'text',
    writable: false,
  });
  expect(fields.find(({ name }) => name === 'HasOptedOutOfEmail')).toMatchObject({ type: 'boolean', writable: true });
  expect(fields.some(({ name }) => name === 'MailingAddress' || name === 'StageKind')).toBe(false);
  expect((await source.fields('Opportunity'))[0]).toMatchObject({ name: 'StageKind' });
  await expect(source.fields('Case')).rejects.toThrow(/Contact, Lead, Account, Opportunity, Event, Task/);
  await expect(source.page({ object: 'Contact', fields: ['Shoe__c'], mark: null, cursor: null })).rejects.toThrow(/Shoe__c/);
});

test('a bulk job and a query tell the same record in the same words', async () => {
  vendor = await fakeSalesforce({ count: 50_000 });
  vendor.put('Contact', ann);
  vendor.put('Contact', { LastName: 'Only' });
  const source = port({ baseUrl: vendor.url });
  const bulk = await pass(source, 'Contact', FIELDS, null);
  expect(vendor.requests.filter(({ path }) => path.endsWith('/results'))).toHaveLength(1);
  const plain = await pass(source, 'Contact', FIELDS, bulk.mark);
  expect(plain.records).toEqual(bulk.records);
  expect(bulk.records.map(({ values }) => values)).toEqual([
    { ...ann, 'Account.Name': 'Acme, Inc', Account: undefined, Interests__c: 'Tea; "Cake"', CreatedDate: '2026-01-02T03:04:05.000Z' },
    {
      FirstName: null,
      LastName: 'Only',
      Email: null,
      'Account.Name': null,
      HasOptedOutOfEmail: null,
      Interests__c: null,
      CreatedDate: null,
    },
  ]);
});

describe.each([
  ['by a bulk job', 50_000],
  ['by query', undefined],
])('everything %s', (_, count) => {
  test('is complete, whatever is edited, made and deleted while it is read', async () => {
    vendor = await fakeSalesforce({ batch: 300, ...(count === undefined ? {} : { count }) });
    const ids = Array.from({ length: 2_300 }, (__, i) => vendor?.put('Contact', { LastName: `N${i}`, Email: `n${i}@acme.test` }) ?? '');
    vendor.clock += 3_600_000;
    let n = 0;
    vendor.afterPage = () => {
      if (vendor === undefined || (n += 1) > 8) return;
      vendor.put('Contact', { LastName: `Edited ${n}` }, ids[n * 101]);
      vendor.put('Contact', { LastName: `Late ${n}` });
      vendor.remove('Contact', ids[n * 17] ?? '');
    };
    const source = port({ baseUrl: vendor.url });
    const first = await pass(source, 'Contact', ['LastName', 'Email'], null);
    vendor.afterPage = null;
    const second = await pass(source, 'Contact', ['LastName', 'Email'], first.mark);
    const here = new Map([...first.records, ...second.records].map((record) => [record.externalId, record.values['LastName']]));
    for (const id of second.gone) here.delete(id);
    const there = new Map(
      vendor
        .rows('Contact')
        .filter((row) => row['IsDeleted'] === false)
        .map((row) => [row.Id, row['LastName']]),
    );
    expect(here).toEqual(there);
    expect(second.gone).toHaveLength(8);
    expect(second.records.length).toBeLessThan(30);
  });
});

test('many rows of one second are all read', async () => {
  vendor = await fakeSalesforce();
  for (let i = 0; i < 2_100; i += 1) {
    vendor.clock -= 1_000;
    vendor.put('Lead', { LastName: `N${i}` });
  }
  const source = port({ baseUrl: vendor.url });
  expect(
    new Set((await pass(source, 'Lead', ['LastName'], new Date(vendor.clock).toISOString())).records.map(({ externalId }) => externalId))
      .size,
  ).toBe(2_100);
});

test('a job that fails, or is gone, is read in another way; a preview begins none', async () => {
  vendor = await fakeSalesforce({ count: 50_000 });
  vendor.job.fails = true;
  vendor.put('Contact', ann);
  const source = port({ baseUrl: vendor.url });
  expect((await pass(source, 'Contact', FIELDS, null)).records).toHaveLength(1);
  const lost = JSON.stringify({ job: '750000000000000000', locator: null, ready: true, start: new Date(vendor.clock).toISOString() });
  const instead = await source.page({ object: 'Contact', fields: FIELDS, mark: null, cursor: lost });
  expect((await source.page({ object: 'Contact', fields: FIELDS, mark: null, cursor: instead.cursor })).records).toHaveLength(1);
  const jobs = vendor.requests.filter(({ path }) => path.includes('/jobs/')).length;
  expect((await source.page({ object: 'Contact', fields: FIELDS, mark: null, cursor: null, look: true })).records).toHaveLength(1);
  expect(vendor.requests.filter(({ path }) => path.includes('/jobs/'))).toHaveLength(jobs);
});

test('opportunities say whether they are open, won or lost', async () => {
  vendor = await fakeSalesforce();
  vendor.put('Opportunity', { Name: 'A', Amount: 1200.5, IsClosed: false, IsWon: false });
  vendor.put('Opportunity', { Name: 'B', IsClosed: true, IsWon: true });
  vendor.put('Opportunity', { Name: 'C', IsClosed: true, IsWon: false });
  const { records } = await pass(port({ baseUrl: vendor.url }), 'Opportunity', ['Name', 'Amount', 'StageKind'], null);
  expect(records.map(({ values }) => values)).toEqual([
    { Name: 'A', Amount: 1200.5, StageKind: 'open' },
    { Name: 'B', Amount: null, StageKind: 'won' },
    { Name: 'C', Amount: null, StageKind: 'lost' },
  ]);
});

test('events and tasks that were done, with whom and when; what is only planned, or with nobody, is none', async () => {
  vendor = await fakeSalesforce();
  vendor.put('Event', { Subject: 'Demo', WhoId: '003A', StartDateTime: '2026-04-01T09:00:00.000+0000', ActivityDate: '2026-04-01' });
  vendor.put('Event', { Subject: 'All day', WhoId: '003A', StartDateTime: null, ActivityDate: '2026-04-02' });
  vendor.put('Event', { Subject: 'Alone' });
  vendor.put('Task', {
    Subject: 'Call',
    WhoId: '003A',
    IsClosed: true,
    TaskSubtype: 'Call',
    CompletedDateTime: '2026-04-03T10:00:00.000+0000',
  });
  vendor.put('Task', { Subject: 'Not done', WhoId: '003A', IsClosed: false, TaskSubtype: 'Call' });
  const source = port({ baseUrl: vendor.url });
  const fields = ['Touch', 'TouchAt', 'Subject', 'WhoId'];
  const events = await pass(source, 'Event', fields, null);
  expect(events.records.map(({ values }) => values)).toEqual([
    { Touch: 'meeting', TouchAt: '2026-04-01T09:00:00.000Z', Subject: 'Demo', WhoId: '003A' },
    { Touch: 'meeting', TouchAt: '2026-04-02', Subject: 'All day', WhoId: '003A' },
  ]);
  expect((await pass(source, 'Event', fields, events.mark)).records).toHaveLength(2);
  expect((await pass(source, 'Task', fields, null)).records.map(({ values }) => values)).toEqual([
    { Touch: 'call', TouchAt: '2026-04-03T10:00:00.000Z', Subject: 'Call', WhoId: '003A' },
  ]);
});

test('writes values of their own type, gives a new lead what Salesforce asks of it, and finds an address with a quote in it', async () => {
  vendor = await fakeSalesforce();
  const source = port({ baseUrl: vendor.url });
  const id = vendor.put('Contact', ann);
  expect(await source.write?.({ object: 'Contact', externalId: id, values: { HasOptedOutOfEmail: 'true', Phone: '' }, key: 'k' })).toEqual({
    externalId: id,
  });
  expect(vendor.requests.at(-1)?.body).toEqual({ HasOptedOutOfEmail: true, Phone: null });
  await source.write?.({ object: 'Lead', externalId: null, values: { Email: "o'neil@acme.test" }, key: 'k' });
  expect(vendor.requests.at(-1)?.body).toEqual({ Email: "o'neil@acme.test", LastName: '[not provided]', Company: '[not provided]' });
  expect(await source.findByEmail?.('Lead', "o'neil@acme.test")).toBe(vendor.rows('Lead')[0]?.Id);
});

test('the requests of the day are used up: later, with the time; a field that nobody may see: its name', async () => {
  const answers = (status: number, errorCode: string, message: string) =>
    fakeVendor(() => ({ status, body: [{ errorCode, message: `${message} ${TOKEN}` }] }));
  const busy = await answers(403, 'REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.');
  const failed = await port({ baseUrl: busy.url })
    .fields('Contact')
    .catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(VendorUnavailable);
  expect(failed).toMatchObject({ retryAfterS: 900 });
  expect(String(failed)).not.toContain(TOKEN);
  await busy.close();
  const locked = await answers(400, 'QUERY_TIMEOUT', 'Your query request was running for too long.');
  await expect(port({ baseUrl: locked.url }).fields('Contact')).rejects.toBeInstanceOf(VendorUnavailable);
  await locked.close();
  const wrong = await answers(400, 'INVALID_FIELD', "No such column 'Shoe__c'");
  await expect(port({ baseUrl: wrong.url }).fields('Contact')).rejects.toThrow(/Shoe__c/);
  await wrong.close();
});

test('a token that is too old is renewed once; sign-in goes by the domain of the organisation, and nowhere else', async () => {
  const seen: unknown[] = [];
  const server = await fakeVendor((request) => {
    seen.push(request.headers['authorization']);
    if (request.headers['authorization'] === 'Bearer old')
      return { status: 401, body: [{ errorCode: 'INVALID_SESSION_ID', message: 'Session expired' }] };
    return { status: 200, body: { totalSize: 1, done: true, records: [{ Name: 'Acme Inc', IsSandbox: true }] } };
  });
  const renewing = { current: () => Promise.resolve(new Secret('old')), renew: () => Promise.resolve(new Secret('new')) };
  expect(await salesforce.verify(credentials, { baseUrl: server.url, tokens: renewing })).toBe('Acme Inc (a sandbox)');
  expect(seen).toEqual(['Bearer old', 'Bearer new']);
  await server.close();
  expect(salesforce.oauth?.endpoints(salesforce.baseUrl?.(credentials)).token).toBe('https://acme.my.salesforce.com/services/oauth2/token');
  for (const domain of ['evil.test', 'salesforce.com.evil.test', 'acme.my.salesforce.com/x', 'xsalesforce.com'])
    expect(salesforce.credentials.safeParse({ ...credentials, domain, clientSecret: 'secret-of-tests' }).success).toBe(false);
});

const described = (request: VendorRequest): (VendorAnswer & object) | undefined =>
  request.path.endsWith('/describe')
    ? { status: 200, body: { fields: ['Email', 'LastName'].map((name) => ({ name, label: name, type: 'string', updateable: true })) } }
    : undefined;
const found = {
  status: 200,
  body: {
    totalSize: 1,
    done: true,
    records: [{ Id: '003000000000000001', Email: 'a@b.test', SystemModstamp: '2026-05-01T00:00:00.000+0000' }],
  },
};
const wanted = { object: 'Contact', fields: ['Email'], mark: '2026-05-01T00:00:00.000Z', cursor: null };
actionContract({
  vendor: 'salesforce',
  byHand: salesforceContract,
  secret: TOKEN,
  refusal: (message) => [{ errorCode: 'SOMETHING', message }],
  actions: [
    {
      name: 'verify',
      repeat: 'safe',
      run: (options) => salesforce.verify(credentials, { ...options, tokens }),
      good: () => ({ status: 200, body: { totalSize: 1, done: true, records: [{ Name: 'Acme' }] } }),
      planted: [withQuery('q', null), withQuery('q', 'DELETE FROM Contact')],
    },
    {
      name: 'what has changed',
      repeat: 'safe',
      run: (options) => port(options).page(wanted),
      good: () => found,
      beside: described,
      requests: 2,
      planted: [
        (request) =>
          request.query === '' ? withQuery('q', 'x')(request) : withQuery('q', "SELECT Id FROM Contact WHERE Email = 'it's'")(request),
      ],
    },
    {
      name: 'a bulk job',
      repeat: 'safe',
      run: (options) =>
        port(options).page({
          ...wanted,
          mark: null,
          cursor: JSON.stringify({ job: '750000000000000000', locator: null, ready: true, start: '2026-05-01T00:00:00.000Z' }),
        }),
      good: () => ({
        status: 200,
        headers: { 'sforce-locator': 'MTAw' },
        body: '"Id","SystemModstamp","Email"\n"003000000000000001","2026-05-01T00:00:00.000Z","a@b.test"\n',
      }),
      means: { 404: 'answers' },
      beside: described,
      requests: 2,
      planted: [withQuery('maxRecords', 'many')],
    },
    {
      name: 'write',
      repeat: 'safe',
      run: (options) =>
        port(options).write?.({ object: 'Contact', externalId: '003000000000000001', values: { Email: 'a@b.test' }, key: 'k' }) ??
        Promise.reject(new VendorRefused('no write')),
      good: () => ({ status: 204, body: '' }),
      beside: described,
      requests: 2,
      planted: [(request) => (request.method === 'GET' ? withQuery('x', '1')(request) : withBody(() => ({ Email: ['a'] }))(request))],
    },
    {
      name: 'make',
      repeat: 'unsafe',
      run: (options) =>
        port(options).write?.({ object: 'Contact', externalId: null, values: { Email: 'a@b.test' }, key: 'k' }) ??
        Promise.reject(new VendorRefused('no write')),
      good: () => ({ status: 201, body: { id: '003000000000000001', success: true, errors: [] } }),
      beside: described,
      requests: 2,
    },
  ],
});
