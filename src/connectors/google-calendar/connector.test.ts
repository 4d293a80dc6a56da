import { afterEach, expect, test } from 'vitest';
import { CredentialsRejected, VendorRefused, VendorUnavailable } from '#core/connector/errors.ts';
import type { ConnectorOptions } from '#core/connector/types.ts';
import type { CalendarEvent } from '#core/ports/calendar.ts';
import { Secret } from '#core/secrets.ts';
import { actionContract, withBody, withQuery } from '#testing/action-contract.ts';
import { fakeVendor, type FakeVendor, type VendorRequest } from '#testing/fake-vendor.ts';
import { fakeGoogleCalendar, looseEnds } from '#testing/vendors/google-calendar.ts';
import google from './connector.ts';

const TOKEN = 'ya29.token-of-tests';
const credentials = google.credentials.parse({ clientId: 'client-of-tests', clientSecret: 'secret-of-tests' });
const noNews = () => Promise.reject(new CredentialsRejected('the sign-in has ended'));
const tokens = { current: () => Promise.resolve(new Secret(TOKEN)), renew: noNews };
const open = (options: ConnectorOptions) => {
  const port = google.calendar?.(credentials, { tokens, ...options });
  if (port === undefined) throw new Error('Google keeps calendars');
  return port;
};

const from = new Date('2026-06-01T00:00:00Z');
const to = new Date('2026-06-08T00:00:00Z');
const event: CalendarEvent = {
  id: 'call0123456789abcdef0123456789abcdef',
  sequence: 1,
  title: 'Call with Ann',
  description: 'Ann <ann@acme.test>',
  place: 'https://meet.test/ann',
  start: new Date('2026-06-02T09:00:00Z'),
  end: new Date('2026-06-02T09:30:00Z'),
  zone: 'Europe/Berlin',
};
const said = (calendars: object) => ({ status: 200, body: { kind: 'calendar#freeBusy', timeMin: from.toISOString(), timeMax: to.toISOString(), calendars } }); // prettier-ignore
const standing = { status: 200, body: { kind: 'calendar#event', id: event.id, status: 'confirmed', htmlLink: 'https://calendar.test/e' } };
const writes = [
  withBody((body) => ({ ...body, start: { dateTime: 'at nine' } })),
  withBody((body) => ({ ...body, start: { date: 7 } })),
  withBody((body) => ({ ...body, end: { dateTime: '2026-06-02T08:00:00.000Z' } })),
  withBody((body) => ({ ...body, summary: 7 })),
  withBody((body) => ({ ...body, attendees: 'ann@acme.test' })),
  withBody((body) => ({ ...body, status: 'perhaps' })),
  withQuery('sendUpdates', 'some'),
];

actionContract({
  vendor: 'google-calendar',
  secret: TOKEN,
  refusal: (message) => ({ error: { code: 400, message, status: 'INVALID_ARGUMENT', errors: [{ reason: 'invalid', message }] } }),
  also: looseEnds,
  actions: [
    {
      name: 'busy',
      repeat: 'safe',
      run: (options) => open(options).busy(['primary', 'team@acme.test'], from, to),
      good: () => said({ primary: { busy: [] }, 'team@acme.test': { busy: [] } }),
      planted: [
        withBody(({ timeMin: _, ...body }) => body),
        withBody((body) => ({ ...body, timeMax: 'later' })),
        withBody((body) => ({ ...body, items: [] })),
        withBody((body) => ({ ...body, items: ['primary'] })),
        withBody((body) => ({ ...body, calendarExpansionMax: 'many' })),
      ],
    },
    {
      name: 'enter',
      repeat: 'unsafe',
      run: (options) => open(options).put('primary', event),
      good: () => standing,
      // It stands there already: it is made to say the same.
      means: { 409: 'answers' },
      beside: (request) => (request.method === 'PATCH' ? standing : undefined),
      planted: [...writes, withBody((body) => ({ ...body, id: 'Steward-1' })), withBody(({ id: _, ...body }) => body)],
    },
    {
      name: 'move',
      repeat: 'unsafe',
      run: (options) => open(options).put('primary', { ...event, sequence: 2 }),
      good: () => standing,
      // It never got there: it is entered.
      means: { 404: 'answers' },
      beside: (request) => (request.method === 'POST' ? standing : undefined),
      planted: writes,
    },
    {
      name: 'take out',
      repeat: 'unsafe',
      run: (options) => open(options).remove('primary', event.id),
      // In truth 204; the contract knows 200 alone.
      good: () => ({ status: 200, body: '' }),
      means: { 404: 'answers' },
      planted: [withQuery('sendUpdates', 'some')],
    },
    {
      name: 'look',
      repeat: 'safe',
      run: (options) => open(options).look('primary', event.id),
      good: () => standing,
      means: { 404: 'answers' },
      planted: [withQuery('maxAttendees', 'many')],
    },
    {
      name: 'verify',
      repeat: 'safe',
      run: (options) => google.verify(credentials, { ...options, tokens }),
      good: () => ({ status: 200, body: { kind: 'calendar#events', summary: 'ann@acme.test' } }),
      beside: (request) => (request.path === '/freeBusy' ? said({ primary: { busy: [] } }) : undefined),
      requests: 2,
      planted: [(request) => (request.method === 'GET' ? withQuery('maxResults', 'one')(request) : withBody((body) => ({ ...body, items: 7 }))(request))],
    },
  ],
}); // prettier-ignore

const vendors: FakeVendor[] = [];
afterEach(async () => {
  await Promise.all(vendors.splice(0).map((vendor) => vendor.close()));
});
async function opened() {
  const vendor = await fakeGoogleCalendar();
  vendors.push(vendor);
  const answer = await fetch(`${vendor.url}/token`, { method: 'POST' });
  const access = new Secret(String(Reflect.get(Object(await answer.json()), 'access_token')));
  return { vendor, port: open({ baseUrl: vendor.url, tokens: { current: () => Promise.resolve(access), renew: noNews } }) };
}

test('a calendar that cannot be read is never free, whatever else is said of it', async () => {
  const { vendor, port } = await opened();
  vendor.busy.set('primary', [{ start: '2026-06-02T11:00:00+02:00', end: '2026-06-02T12:00:00+02:00' }]);
  vendor.unreadable.set('gone@acme.test', 'notFound');
  const found = await port.busy(['primary', 'gone@acme.test'], from, to);
  expect(found.get('primary')).toEqual({ busy: [{ start: new Date('2026-06-02T09:00:00Z'), end: new Date('2026-06-02T10:00:00Z') }] });
  expect(found.get('gone@acme.test')).toEqual({ problem: expect.stringContaining('not shared') });
  const silent = await fakeVendor(() => said({ primary: {} }));
  vendors.push(silent);
  const half = await open({ baseUrl: silent.url, tokens }).busy(['primary', 'other'], from, to);
  expect([...half.values()]).toEqual([{ problem: expect.any(String) }, { problem: expect.any(String) }]);
});

test('more than fifty calendars are asked for in several questions', async () => {
  const { vendor, port } = await opened();
  const names = Array.from({ length: 51 }, (_, i) => `c${i}@acme.test`);
  expect((await port.busy(names, from, to)).size).toBe(51);
  expect(vendor.requests.filter(({ path }) => path === '/freeBusy')).toHaveLength(2);
});

test('an entry is entered, moved, taken out and put back, each as often as wanted: it stands there once', async () => {
  const { vendor, port } = await opened();
  const only = () => [...(vendor.events.get('primary')?.values() ?? [])];
  await port.put('primary', event);
  await port.put('primary', event);
  const later = { ...event, sequence: 2, start: new Date('2026-06-02T10:00:00Z'), end: new Date('2026-06-02T10:30:00Z') };
  await port.put('primary', later);
  expect(only()).toMatchObject([{ id: event.id, status: 'confirmed', body: { start: { dateTime: later.start.toISOString() } } }]);
  expect(await port.look('primary', event.id)).toMatchObject({
    sequence: 2,
    cancelled: false,
    span: { start: expect.any(Date), end: expect.any(Date) },
  });
  await port.remove('primary', event.id);
  await port.remove('primary', event.id);
  expect(await port.look('primary', event.id)).toMatchObject({ sequence: 2, cancelled: true });
  await port.put('primary', { ...later, sequence: 4 });
  expect(only()).toMatchObject([{ status: 'confirmed' }]);
  expect(await port.look('primary', 'callffff')).toBeNull();
  expect(vendor.faults).toEqual([]);
});

test('an answer that is lost after it was entered: the look finds it', async () => {
  const { vendor, port } = await opened();
  vendor.fate(({ method }: VendorRequest) => (method === 'POST' ? 'lost_after' : 'taken'));
  await expect(port.put('primary', event)).rejects.toMatchObject({ code: 'maybe_done' });
  expect(await port.look('primary', event.id)).toMatchObject({ sequence: 1, cancelled: false });
});

test.each([
  ['rateLimitExceeded', VendorUnavailable],
  ['userRateLimitExceeded', VendorUnavailable],
  ['calendarUsageLimitsExceeded', VendorUnavailable],
  ['forbidden', VendorRefused],
  ['insufficientPermissions', CredentialsRejected],
])('403 because of %s', async (reason, meaning) => {
  const vendor = await fakeVendor(() => ({ status: 403, body: { error: { code: 403, message: 'no', errors: [{ reason }] } } }));
  vendors.push(vendor);
  await expect(open({ baseUrl: vendor.url }).put('primary', event)).rejects.toBeInstanceOf(meaning);
});
