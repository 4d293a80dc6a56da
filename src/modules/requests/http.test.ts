import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Facts, StepNode } from '#core/engine/types.ts';
import { testApp } from '#testing/app.ts';
import { callByName } from '#testing/by-name.ts';

interface Asked {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}
const asked: Asked[] = [];
let answer: (request: IncomingMessage, response: ServerResponse) => void;
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    asked.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString() });
    answer(request, response);
  });
});
const json =
  (body: unknown, status = 200) =>
  (_request: IncomingMessage, response: ServerResponse) =>
    void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

let app: Awaited<ReturnType<typeof testApp>>;
let base: string;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // a TCP server has a port
  app = await testApp({ internalHosts: ['127.0.0.1'] });
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await app.close();
});
beforeEach(() => {
  answer = json({ ok: true });
});
afterEach(() => {
  asked.length = 0;
});

const call = (name: string, input: Facts) => callByName(app, name, input, app.company.admin);

let serial = 0;
/** Runs these steps with this payload; answers the run. */
async function run(steps: StepNode[], payload: Facts = {}) {
  const id = await begin(steps, payload);
  await app.drain();
  return read(id);
}
async function begin(steps: StepNode[], payload: Facts = {}): Promise<string> {
  const definition = {
    name: `w${++serial}`,
    title: 'W',
    subject: 'company',
    triggers: [{ on: 'manual' }],
    stopOn: [],
    settings: {},
    steps,
  };
  const made = Row.parse(await call('workflows.create', { definition: JSON.parse(JSON.stringify(definition)), active: true }));
  const started = Started.parse(await call('workflows.start', { workflowId: made.id, payload }));
  return started.runs[0]?.runId ?? '';
}
const Row = z.object({ id: z.string() });
const Started = z.object({ runs: z.array(z.object({ runId: z.string() })) });
const Seen = z.object({
  id: z.string(),
  state: z.string(),
  error: z.string().nullable(),
  reason: z.string().nullable(),
  results: z.record(z.string(), z.json()),
});
const read = async (id: string) => Seen.parse(await call('runs.get', { runId: id }));
const http = (input: Facts, id = 'ask'): StepNode => ({ id, title: id, type: 'http', input });
const aConnection = async (credentials: Facts) =>
  Row.parse(await call('connections.create', { connector: 'http', title: 'Shop', credentials })).id;

describe('a request', () => {
  test('asks with its values drawn, and keeps the answer for later steps', async () => {
    answer = json({ orders: [{ id: 7 }] });
    const { state, results } = await run(
      [
        http({
          url: `${base}/{{ trigger.who }}/orders`,
          query: { since: '{{ trigger.day }}' },
          headers: { 'X-Trace': '{{ trigger.who }}' },
        }),
        {
          id: 'found',
          title: 'Found?',
          type: 'branch',
          input: { condition: { field: 'steps.ask.body.orders.0.id', is: 7 } },
          then: [],
          otherwise: [],
        },
      ],
      { who: 'a/../b', day: '1 & 2' },
    );
    expect(state).toBe('done');
    expect(asked).toMatchObject([{ method: 'GET', url: '/a%2F..%2Fb/orders?since=1+%26+2', headers: { 'x-trace': 'a/../b' } }]);
    expect(results).toMatchObject({ ask: { status: 200, body: { orders: [{ id: 7 }] } }, found: { taken: 'then' } });
    expect(await app.effects()).toEqual([]);
  });

  test('with a gap fails before anything is asked', async () => {
    const seen = await run([http({ url: `${base}/{{ trigger.nobody }}` })]);
    expect(seen).toMatchObject({ state: 'failed' });
    expect(seen.error).toContain('trigger.nobody');
    const post = await run([http({ method: 'POST', url: base, json: { who: '{{ trigger.nobody }}' } })]);
    expect(post).toMatchObject({ state: 'failed' });
    expect(asked).toEqual([]);
  });

  test('into the own network is refused where the installation does not open it', async () => {
    const seen = await run([http({ url: 'http://[::1]:8080/' })]);
    expect(seen).toMatchObject({ state: 'failed' });
    expect(seen.error).toContain('inside a private network');
    expect(await run([http({ url: 'http://169.254.169.254/latest/meta-data/' })])).toMatchObject({ state: 'failed' });
  });

  test('that only reads is asked again when the service is down', async () => {
    answer = json({}, 500);
    const id = await begin([http({ url: base })]);
    await app.drain();
    expect(await read(id)).toMatchObject({ state: 'waiting', reason: 'is tried again' });
    answer = json({ ok: 1 });
    await app.advance({ minutes: 1 });
    expect(await read(id)).toMatchObject({ state: 'done', results: { ask: { body: { ok: 1 } } } });
    expect(asked).toHaveLength(2);
  });

  test('answered with an error fails the step, unless any answer is good', async () => {
    answer = json({ message: 'no such order' }, 404);
    const seen = await run([http({ url: base })]);
    expect(seen).toMatchObject({ state: 'failed' });
    expect(seen.error).toContain('answered 404: {"message":"no such order"}');
    expect((await run([http({ url: base, answers: 'any' })])).results).toMatchObject({
      ask: { status: 404, body: { message: 'no such order' } },
    });
  });

  test('whose answer is too long fails', async () => {
    answer = (_request, response) => void response.end('x'.repeat(3_000));
    expect((await run([http({ url: base, maxKb: 1 })])).error).toContain('answered more than 1000 bytes');
  });
});

describe('an act', () => {
  const post = (more: Facts = {}) =>
    http({ method: 'POST', url: `${base}/orders`, json: { order: '{{ trigger.order }}', note: 'for {{ trigger.order.name }}' }, ...more });

  test('is an effect of the ledger: done once, its answer the output of the step', async () => {
    answer = json({ id: 12 }, 201);
    const { state, results } = await run([post()], { order: { name: 'Ann', lines: [1, 2] } });
    expect(state).toBe('done');
    expect(results).toMatchObject({ ask: { status: 201, body: { id: 12 } } });
    expect(asked.map(({ method, body }) => [method, JSON.parse(body)])).toEqual([
      ['POST', { order: { name: 'Ann', lines: [1, 2] }, note: 'for Ann' }],
    ]);
    expect((await app.effects()).at(-1)).toMatchObject({ kind: 'http', state: 'confirmed', attempts: 1 });
  });

  test('whose answer was lost is in doubt, and the run waits for a person', async () => {
    answer = (request) => request.socket.destroy();
    const id = await begin([post()], { order: { name: 'Ann' } });
    await app.drain();
    const doubtful = (await app.effects()).at(-1);
    expect(doubtful).toMatchObject({ state: 'in_doubt' });
    await app.advance({ hours: 10 });
    expect(asked).toHaveLength(1);
    expect((await read(id)).reason).toContain('a person decides');
    answer = json({ id: 13 });
    await call('effects.decide', { effectId: doubtful?.id ?? '', decision: 'send_again' });
    await app.drain();
    expect(await read(id)).toMatchObject({ state: 'done', results: { ask: { body: { id: 13 } } } });
  });

  test('that carries a key is asked for again with the same key, until its answer comes', async () => {
    answer = (request) => request.socket.destroy();
    const id = await begin([post({ keyHeader: 'Idempotency-Key' })], { order: { name: 'Ann' } });
    await app.drain();
    answer = json({ id: 14 });
    await app.advance({ minutes: 2 });
    expect(await read(id)).toMatchObject({ state: 'done' });
    expect(asked).toHaveLength(2);
    expect(new Set(asked.map(({ headers }) => headers['idempotency-key']))).toEqual(new Set([`${id}:ask`]));
  });

  test('that was refused is tried anew when a person takes the run up again, one that is done never', async () => {
    answer = json({ message: 'no stock' }, 409);
    const id = await begin([post()], { order: { name: 'Ann' } });
    await app.drain();
    expect(await read(id)).toMatchObject({ state: 'failed' });
    answer = json({ id: 15 });
    await app.advance({ minutes: 1 });
    await call('runs.retry', { runId: id });
    await app.drain();
    expect(await read(id)).toMatchObject({ state: 'done', results: { ask: { body: { id: 15 } } } });
    await app.advance({ minutes: 1 });
    await call('runs.retry', { runId: id, stepId: 'ask' });
    await app.drain();
    expect(await read(id)).toMatchObject({ state: 'done', results: { ask: { body: { id: 15 } } } });
    expect(asked).toHaveLength(2);
  });

  test('in a loop happens once for each item', async () => {
    answer = json({});
    const body = [http({ method: 'POST', url: base, json: '{{ loop.item }}' })];
    const { state } = await run([{ id: 'each', title: 'Each', type: 'loop', input: { list: [1, 2, 3] }, body }]);
    expect(state).toBe('done');
    expect(asked.map(({ body: sent }) => sent)).toEqual(['1', '2', '3']);
  });

  test('of a run that was ended meanwhile is not done', async () => {
    const id = await begin([post()], { order: { name: 'Ann' } });
    await app.runtime.system.write((tx) => app.runtime.engine.cancel(tx, { companyId: app.company.companyId, runIds: [id] }, 'enough'));
    await app.drain();
    expect(asked).toEqual([]);
  });
});

describe('credentials', () => {
  test('of a connection travel to its own hosts only, and show nowhere', async () => {
    answer = (request, response) => json({ echo: request.headers['authorization'] ?? null })(request, response);
    const connectionId = await aConnection({ hosts: '127.0.0.1', secret: 'tok-en-123' });
    const { results } = await run([http({ url: base, connectionId })]);
    expect(asked[0]?.headers['authorization']).toBe('Bearer tok-en-123');
    expect(results).toMatchObject({ ask: { body: { echo: 'Bearer •••' } } });
    const other = await aConnection({ hosts: 'api.example.com', secret: 'tok-en-123' });
    const seen = await run([http({ url: base, connectionId: other })]);
    expect(seen).toMatchObject({ state: 'failed' });
    expect(seen.error).toContain('they are not sent to 127.0.0.1');
    expect(asked).toHaveLength(1);
  });

  test.each([
    [{ way: 'basic', name: 'ann', secret: 'pw' }, { authorization: `Basic ${Buffer.from('ann:pw').toString('base64')}` }, '/'],
    [{ way: 'header', name: 'X-Key', secret: 'k1k1k1' }, { 'x-key': 'k1k1k1' }, '/'],
    [{ way: 'query', name: 'key', secret: 'k2k2k2' }, {}, '/?key=k2k2k2'],
  ])('travel as the service wants them: %j', async (credentials, headers, url) => {
    const connectionId = await aConnection({ hosts: '127.0.0.1', ...credentials });
    const { state, results } = await run([http({ url: base, connectionId })]);
    expect(state).toBe('done');
    expect(asked).toMatchObject([{ url, headers }]);
    expect(JSON.stringify(results)).not.toContain('k2k2k2');
  });

  test('that are no longer good hold the act until they are mended', async () => {
    answer = json({}, 401);
    const connectionId = await aConnection({ hosts: '127.0.0.1', secret: 'old-token' });
    const id = await begin([http({ method: 'POST', url: base, connectionId })]);
    await app.drain();
    expect((await app.effects()).at(-1)).toMatchObject({ state: 'reserved' });
    expect((await read(id)).state).toBe('waiting');
    answer = json({ ok: 1 });
    await call('connections.update', { connectionId, credentials: { hosts: '127.0.0.1', secret: 'new-token' } });
    await app.drain();
    await app.advance({ minutes: 1 });
    expect(await read(id)).toMatchObject({ state: 'done' });
    expect(asked.at(-1)?.headers['authorization']).toBe('Bearer new-token');
  });
});
