import fc from '#testing/property.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { toRoute } from '#core/operation/rest.ts';
import type { AnyOperation } from '#core/operation/operation.ts';
import { wireJsonSchema } from '#core/operation/wire.ts';
import { testApp, type TestApp } from '#testing/app.ts';

/** 2,000 requests that no decent client sends, to every operation: never a 500, never something half-written. */
let app: TestApp;
beforeAll(async () => {
  app = await testApp({ settings: { RATE_LIMIT_PER_MINUTE: '1000000' } });
});
afterAll(() => app.close());

/** Talks to the network or ends the caller's own rights; covered by tests of its own. */
const LEFT_OUT = new Set(['system.backup', 'system.restore', 'connections.test']);

const nasty = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    '',
    ' ',
    '\u0000',
    'null',
    'undefined',
    "'; drop table people; --",
    '{{person.first_name}}',
    '../../etc/passwd',
    '\ud800',
    '￿',
    '🦄'.repeat(400),
    -1,
    0,
    1e308,
    -0,
    true,
    [],
    {},
    [[]],
    { __proto__: null },
    '00000000-0000-0000-0000-000000000000',
    '2026-02-30',
    '9999-99-99T99:99:99Z',
  ),
  fc.jsonValue({ maxDepth: 3 }),
  fc.string({ maxLength: 300 }),
);

const headers = fc.record(
  {
    'idempotency-key': fc.string({ minLength: 1, maxLength: 300 }).filter(isHeaderText),
    'if-match': fc.constantFrom('"x"', '*', '"2026-01-01T00:00:00Z"', 'W/"1"'),
    'content-type': fc.constantFrom(
      'application/json',
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'application/json; charset=utf-16',
    ),
  },
  { requiredKeys: [] },
);

function isHeaderText(text: string): boolean {
  return /^[\x20-\x7e]+$/.test(text) && text.trim() === text;
}

/** A request built around the operation's own field names, so that it gets past the door. */
function requestFor(operation: AnyOperation) {
  const names = Object.keys(Object(wireJsonSchema(operation.input, 'input')['properties']));
  const body = fc.oneof(
    fc.record(Object.fromEntries(names.map((name) => [name, nasty])), { requiredKeys: [] }),
    fc.oneof(nasty, fc.constantFrom('{', '[1,', '{"a":1}}', 'a=b&c=%zz', '\u0000')),
  );
  const parameter = fc.oneof(
    fc.uuid(),
    fc.constantFrom('x', '%00', '..', '1e9', 'me', '00000000-0000-0000-0000-000000000000'),
    fc.string({ minLength: 1, maxLength: 40 }).map(wellFormed).map(encodeURIComponent),
  );
  return fc.record({ body, headers, parameter, raw: fc.boolean() });
}

function wellFormed(text: string): string {
  return text.replace(/[\ud800-\udfff]/g, '?');
}

test('no malformed request makes a 500 or leaves half a write behind', async () => {
  const token = await bearer();
  const operations = app.steward.modules
    .flatMap((module): readonly AnyOperation[] => module.operations)
    .filter((operation) => !LEFT_OUT.has(operation.name));
  const runs = Math.ceil(2_000 / operations.length);
  const statuses = new Map<number, number>();
  for (const operation of operations) {
    await fc.assert(
      fc.asyncProperty(requestFor(operation), async ({ body, headers: extra, parameter, raw }) => {
        const { method, url } = toRoute(operation.http);
        const before = await traces();
        const path = url.replace(/:\w+/g, () => parameter);
        const inUrl = method === 'GET' || method === 'DELETE';
        const reply = await app.http.inject({
          method:
            method === 'GET' ? 'GET' : method === 'DELETE' ? 'DELETE' : method === 'PUT' ? 'PUT' : method === 'PATCH' ? 'PATCH' : 'POST',
          url: inUrl ? `${path}?${query(body)}` : path,
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...extra },
          ...(inUrl ? {} : { payload: raw && typeof body === 'string' ? body : JSON.stringify(body) }),
        });
        statuses.set(reply.statusCode, (statuses.get(reply.statusCode) ?? 0) + 1);
        expect(reply.statusCode, `${operation.name}: ${reply.body}`).not.toBe(500);
        if (reply.statusCode >= 400) {
          expect(reply.json()).toMatchObject({ status: reply.statusCode, code: expect.any(String), detail: expect.any(String) });
          expect(await traces(), `${operation.name} refused with ${reply.statusCode}, but wrote`).toEqual(before);
        }
      }),
      { numRuns: runs },
    );
  }
  console.log('malformed requests by status:', Object.fromEntries([...statuses].toSorted(([a], [b]) => a - b)));
}, 300_000);

/** A session of its own: an operation among them may end the sessions of the user. */
async function bearer(): Promise<string> {
  const reply = await app.http.inject({
    method: 'POST',
    url: '/token',
    payload: { username: app.company.email, password: 'correct horse battery staple' },
  });
  expect(reply.statusCode).toBe(200);
  return reply.json().access_token;
}

/** What a refused request must leave as it was: how many rows every table that operations write has. */
async function traces(): Promise<unknown> {
  return app.runtime.system.read(async (tx) =>
    tx.query(
      {
        name: 'test.traces',
        text: `select (select count(*) from audit_log) audit, (select count(*) from outbox) outbox, (select count(*) from people) people,
                 (select count(*) from leads) leads, (select count(*) from interactions) interactions, (select count(*) from users) users,
                 (select count(*) from idempotency_keys) keys, (select count(*) from consent_log) consent, (select count(*) from messages) messages`,
      },
      [],
    ),
  );
}

function query(body: unknown): string {
  if (typeof body !== 'object' || body === null) return wellFormed(String(body));
  return new URLSearchParams(
    Object.entries(body).map(([key, value]): [string, string] => [
      wellFormed(key),
      wellFormed(typeof value === 'string' ? value : (JSON.stringify(value) ?? '')),
    ]),
  ).toString();
}
