import { afterEach, expect, test } from 'vitest';
import { CredentialsRejected, VendorRefused, VendorUnavailable } from '#core/connector/errors.ts';
import { AddressNotAllowed } from '#core/net/addresses.ts';
import type { SourcePort } from '#core/ports/source.ts';
import { fakeVendor, type FakeVendor, type VendorAnswer, type VendorRequest } from '#testing/fake-vendor.ts';
import http from './connector.ts';

let vendor: FakeVendor | undefined;
afterEach(() => vendor?.close());

async function open(
  reply: (request: VendorRequest) => VendorAnswer,
  settings: object = {},
  internalHosts = ['127.0.0.1'],
): Promise<SourcePort> {
  vendor = await fakeVendor(reply);
  const credentials = http.credentials.parse({ hosts: '127.0.0.1', secret: 'key-of-tests' });
  const port = http.source?.(
    credentials,
    { baseUrl: undefined, net: { internalHosts } },
    { url: `${vendor.url}/people`, items: 'data.list', id: 'key', ...settings },
  );
  if (port === undefined) throw new Error('it is a source');
  return port;
}
const page = (list: object[], more: object = {}): VendorAnswer => ({ status: 200, body: { data: { list }, ...more } });
const wanted = { object: 'items', fields: ['name.first', 'emails.0.value', 'tags'], mark: null, cursor: null };

test('items by JSON paths, page after page by address or by token, with the credentials', async () => {
  const ann = { key: 1, name: { first: 'Ann' }, emails: [{ value: 'ann@acme.test' }], tags: ['a', 'b'], at: '2026-05-01T00:00:00Z' };
  const port = await open((request) => (request.query === 'after=t2' ? page([{ key: 'x2' }]) : page([ann], { paging: { token: 't2' } })), {
    next: 'paging.token',
    nextParameter: 'after',
    changed: 'at',
  });
  expect(await port.fields('items')).toMatchObject([
    { name: 'key' },
    { name: 'name.first' },
    { name: 'emails' },
    { name: 'tags' },
    { name: 'at' },
  ]);
  const first = await port.page(wanted);
  expect(first.records).toEqual([
    {
      externalId: '1',
      changedAt: new Date('2026-05-01'),
      values: { 'name.first': 'Ann', 'emails.0.value': 'ann@acme.test', tags: 'a; b' },
    },
  ]);
  const second = await port.page({ ...wanted, cursor: first.cursor });
  expect(second).toMatchObject({ records: [{ externalId: 'x2' }], cursor: null, mark: null });
  expect(vendor?.requests.at(-1)?.headers['authorization']).toBe('Bearer key-of-tests');
});

test('what changed since is asked for where the service can tell', async () => {
  const port = await open(() => page([]), { sinceParameter: 'updated_since' });
  const { mark } = await port.page(wanted);
  expect(mark).not.toBeNull();
  await port.page({ ...wanted, mark: '2026-05-01T00:10:00.000Z' });
  expect(vendor?.requests.at(-1)?.query).toBe('updated_since=2026-05-01T00%3A05%3A00.000Z');
});

test('each end has its own error, no secret shows, and no page leads elsewhere', async () => {
  const status = async (answer: VendorAnswer) => (await open(() => answer)).page(wanted);
  await expect(status({ status: 401, body: 'no, key-of-tests' })).rejects.toThrow(CredentialsRejected);
  await expect(status({ status: 401, body: 'no, key-of-tests' })).rejects.not.toThrow(/key-of-tests/);
  await expect(status({ status: 429, headers: { 'retry-after': '9' }, body: '' })).rejects.toMatchObject({ retryAfterS: 9 });
  await expect(status({ status: 502, body: '' })).rejects.toThrow(VendorUnavailable);
  await expect(status('cut')).rejects.toThrow(VendorUnavailable);
  await expect(status({ status: 302, headers: { location: 'http://169.254.169.254/' }, body: '' })).rejects.toThrow(VendorRefused);
  await expect(status({ status: 200, body: '<html>' })).rejects.toThrow('no JSON');
  await expect(status({ status: 200, body: { data: 7 } })).rejects.toThrow('no list at data.list');
  await expect(status(page([{ name: 'x' }]))).rejects.toThrow('Item 1 has no id');
  const away = await open(() => page([{ key: 1 }], { next: 'http://elsewhere.example/p' }), { next: 'next' });
  const { cursor } = await away.page(wanted);
  await expect(away.page({ ...wanted, cursor })).rejects.toThrow('not sent to elsewhere.example');
  await expect((await open(() => page([]), {}, [])).page(wanted)).rejects.toThrow(AddressNotAllowed);
});
