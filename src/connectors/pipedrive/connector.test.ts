import { afterEach, expect, test } from 'vitest';
import { CredentialsRejected, VendorRefused, VendorUnavailable } from '#core/connector/errors.ts';
import type { SourcePort } from '#core/ports/source.ts';
import { contractsFolder, openContract } from '#testing/contract.ts';
import { fakeVendor, type FakeVendor, type VendorAnswer, type VendorRequest } from '#testing/fake-vendor.ts';
import pipedrive from './connector.ts';

const contracts = contractsFolder() === undefined ? null : { '/v1': openContract('pipedrive-v1'), '/api/v2': openContract('pipedrive-v2') };
if (contracts === null) process.stderr.write('SKIPPED: the contract of pipedrive, because STEWARD_CONTRACTS is not set\n');
let vendor: FakeVendor | undefined;
let faults: string[] = [];
afterEach(async () => {
  await vendor?.close();
  const found = faults;
  faults = [];
  if (found.length > 0) throw new Error(`not by the contract: ${found.join('; ')}`);
});

const person = (id: number, more: object = {}) => ({
  id,
  name: `P ${id}`,
  first_name: 'P',
  last_name: String(id),
  owner_id: 3,
  org_id: 9,
  update_time: '2026-05-01T10:00:00Z',
  emails: [{ value: `p${id}@acme.test`, primary: true, label: 'work' }],
  phones: [],
  is_deleted: false,
  custom_fields: {},
  ...more,
});
const ok = (data: unknown, more: object = {}): VendorAnswer & object => ({
  status: 200,
  headers: { date: 'Fri, 01 May 2026 12:00:00 GMT' },
  body: { success: true, data, ...more },
});

/** Two pages of persons, an organisation, a user; requests and answers are held to the contract. */
function reply(request: VendorRequest): VendorAnswer & object {
  const query = new URLSearchParams(request.query);
  if (request.path === '/v1/users/me') return ok({ id: 3, name: 'Ada', email: 'ada@acme.test', company_name: 'Acme' });
  if (request.path === '/v1/users') return ok([{ id: 3, name: 'Ada', email: 'ada@acme.test' }]);
  if (request.path === '/v1/personFields')
    return ok([{ id: 1, key: 'a'.repeat(40), name: 'Shoe size', field_type: 'varchar' }], {
      additional_data: { start: 0, limit: 500, more_items_in_collection: false },
    });
  if (request.path === '/v1/notes') return notes(query);
  if (request.path === '/api/v2/persons/search') return ok({ items: [{ result_score: 1, item: { id: 7, type: 'person' } }] });
  if (request.path === '/api/v2/organizations') return ok([{ id: 9, name: 'Acme' }]);
  if (request.method !== 'GET') return ok(person(7));
  if (query.get('cursor') === 'c2') return ok([person(2), person(3, { is_deleted: true })], { additional_data: {} });
  return ok([person(1, { custom_fields: { ['a'.repeat(40)]: '42' } })], { additional_data: { next_cursor: 'c2' } });
}

/** 700 notes, the first 500 of one second; the last is deleted. */
const NOTES = Array.from({ length: 700 }, (_, i) => ({
  id: i + 1,
  active_flag: i < 699,
  content: `<b>Note</b> ${i + 1}`,
  person_id: 7,
  add_time: '2026-04-01 10:00:00',
  update_time: i < 500 ? '2026-04-01 10:00:00' : '2026-04-02 10:00:00',
}));
function notes(query: URLSearchParams): VendorAnswer & object {
  const since = (query.get('updated_since') ?? '').replace('T', ' ').replace('Z', '');
  const start = Number(query.get('start'));
  return ok(NOTES.filter((note) => note.update_time >= since).slice(start, start + Number(query.get('limit'))));
}

async function open(answer: (request: VendorRequest) => VendorAnswer & object = reply): Promise<SourcePort> {
  vendor = await fakeVendor((request) => {
    const said = answer(request);
    const prefix = request.path.startsWith('/v1') ? '/v1' : '/api/v2';
    const contract = contracts?.[prefix];
    const path = request.path.slice(prefix.length);
    if (contract !== undefined) faults.push(...contract.faults({ ...request, path }));
    if (contract !== undefined && said.status === 200 && typeof said.body === 'object')
      faults.push(...contract.answerFaults(request.method, path, said.body));
    return said;
  });
  const port = pipedrive.source?.(credentials, { baseUrl: vendor.url }, {});
  if (port === undefined) throw new Error('it is a source');
  return port;
}
const credentials = pipedrive.credentials.parse({ companyDomain: 'acme', apiToken: 'token-of-tests' });
const wanted = { object: 'persons', fields: ['email', 'first_name', 'org_name', 'owner_email', 'a'.repeat(40)], mark: null, cursor: null };

test('persons page by page, with what they point to; deleted ones are gone, and the mark is the vendor’s clock', async () => {
  const port = await open();
  const first = await port.page(wanted);
  expect(first.records).toEqual([
    {
      externalId: '1',
      changedAt: new Date('2026-05-01T10:00:00Z'),
      values: { email: 'p1@acme.test', first_name: 'P', org_name: 'Acme', owner_email: 'ada@acme.test', ['a'.repeat(40)]: '42' },
    },
  ]);
  const second = await port.page({ ...wanted, cursor: first.cursor });
  expect(second).toMatchObject({ records: [{ externalId: '2' }], gone: ['3'], cursor: null, mark: '2026-05-01T12:00:00.000Z' });
  await port.page({ ...wanted, mark: second.mark });
  expect(vendor?.requests.some(({ query }) => query.includes('updated_since=2026-05-01T11%3A59%3A00Z'))).toBe(true);
  expect((await port.fields('persons')).at(-1)).toMatchObject({ title: 'Shoe size' });
});

test('notes in the order of change, never by an offset alone; a webhook with the password says whom to fetch', async () => {
  const port = await open();
  const all = new Map<string, unknown>();
  const gone: string[] = [];
  const asked = { object: 'notes', fields: ['touch', 'content', 'person_id', 'add_time'], mark: null };
  let page = await port.page({ ...asked, cursor: null });
  for (let more = true; more;) {
    for (const { externalId, values } of page.records) all.set(externalId, values);
    gone.push(...(page.gone ?? []));
    more = page.cursor !== null;
    if (more) page = await port.page({ ...asked, cursor: page.cursor });
  }
  expect(all.size).toBe(699);
  expect(new Set(gone)).toEqual(new Set(['700']));
  expect(all.get('3')).toEqual({ touch: 'note', content: '<b>Note</b> 3', person_id: 7, add_time: '2026-04-01T10:00:00.000Z' });
  expect(page.mark).toBe('2026-04-02T10:00:00Z');
  expect(await port.some?.('persons', ['1', '2'], ['first_name'])).toMatchObject([{ externalId: '1' }]);

  const { webhooks } = pipedrive;
  const own = pipedrive.credentials.parse({ companyDomain: 'acme', apiToken: 'token-of-tests', webhookPassword: 'word-of-tests' });
  const told = (body: object, password: string) => ({
    method: 'POST',
    url: 'https://steward.test/x',
    headers: { authorization: `Basic ${Buffer.from(`steward:${password}`).toString('base64')}` },
    rawBody: Buffer.from(JSON.stringify(body)),
  });
  const change = {
    meta: { action: 'change', entity: 'person', entity_id: '12', id: 'd-1', timestamp: '2026-05-01T10:00:00Z', version: '2.0' },
    data: {},
  };
  const verdict = (password: string) => webhooks?.['changes']?.verify(told(change, password), webhooks['changes'].secrets(own), new Date());
  expect(verdict('word-of-tests')).toEqual({ valid: true });
  expect(verdict('a wrong one')).toMatchObject({ valid: false });
  expect(webhooks?.['changes']?.secrets(credentials)).toEqual([]);
  const read = (body: object) => webhooks?.['changes']?.read(told(body, 'x'), own, { baseUrl: undefined });
  expect(await read(change)).toMatchObject([{ kind: 'hint', object: 'persons', externalId: '12' }]);
  expect(await read({ meta: { action: 'updated', object: 'deal', id: 9 } })).toMatchObject([{ object: 'deals', externalId: '9' }]);
  expect(await read({ meta: { entity: 'user', entity_id: '1' } })).toEqual([]);
});

test('writes absolute values, finds by address, says who we are', async () => {
  const port = await open();
  expect(
    await port.write?.({
      object: 'persons',
      externalId: '7',
      values: { first_name: 'Ann', last_name: 'Lee', email: 'ann@acme.test' },
      key: 'k',
    }),
  ).toEqual({ externalId: '7' });
  expect(vendor?.requests.at(-1)).toMatchObject({
    method: 'PATCH',
    path: '/api/v2/persons/7',
    body: { name: 'Ann Lee', emails: [{ value: 'ann@acme.test', primary: true }] },
  });
  expect(await port.findByEmail?.('persons', 'ann@acme.test')).toBe('7');
  expect(await pipedrive.verify(credentials, { baseUrl: vendor?.url })).toBe('Ada at Acme');
});

test.each([
  [401, CredentialsRejected],
  [403, CredentialsRejected],
  [404, VendorRefused],
  [422, VendorRefused],
  [429, VendorUnavailable],
  [500, VendorUnavailable],
  [503, VendorUnavailable],
])('%s means what it says', async (status, expected) => {
  const port = await open(() => ({ status, body: { success: false, error: 'no, token-of-tests' } }));
  const failed = await port.page(wanted).catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(expected);
  expect(String(failed)).not.toContain('token-of-tests');
});
