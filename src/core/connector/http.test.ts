import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { CredentialsRejected, MaybeDone, VendorRefused, VendorUnavailable } from './errors.ts';
import { vendorHttp } from './http.ts';
import { retryAfterS } from './retry-after.ts';

type Reply = (request: IncomingMessage, response: ServerResponse) => void;
let reply: Reply = (_, response) => response.end('{}');
const server = createServer((request, response) => reply(request, response));
let baseUrl = '';

beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  // a TCP server's address is an object
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const KEY = 'sk-test-0123456789';
const http = (extra = {}) => vendorHttp({ vendor: 'Acme', baseUrl, headers: { authorization: `Bearer ${KEY}` }, ...extra });
const answer = z.object({ name: z.string() });
const answering =
  (status: number, body: string, headers = {}): Reply =>
  (_, response) =>
    response.writeHead(status, headers).end(body);

test('keeps the path of the base URL, sends credentials and query, parses the part it knows', async () => {
  let seen: string[] = [];
  reply = (request, response) => {
    seen = [String(request.url), String(request.headers.authorization)];
    response.end('{"name":"Ann","more":1}');
  };
  expect(await http().get('/people', { answer, query: { term: 'a b', page: 2, none: undefined } })).toEqual({ name: 'Ann' });
  expect(seen).toEqual(['/v1/people?term=a+b&page=2', `Bearer ${KEY}`]);
});

test('a rejected key is CredentialsRejected, and the key shows in no message', async () => {
  reply = answering(401, JSON.stringify({ error: { message: `Incorrect API key provided: ${KEY}` } }));
  const error = await http()
    .get('/me', { answer })
    .catch((e: unknown) => e);
  expect(error).toBeInstanceOf(CredentialsRejected);
  expect(String(error)).toContain('Incorrect API key provided: [secret]');
  expect(String(error)).not.toContain(KEY);
});

test('a busy vendor is VendorUnavailable and says when to come back', async () => {
  reply = answering(429, '{}', { 'retry-after': '7' });
  await expect(http().post('/x', {}, { answer })).rejects.toMatchObject({ code: 'vendor_unavailable', retryAfterS: 7 });
});

test('a refusal carries the words of the vendor', async () => {
  reply = answering(400, '{"error":{"message":"max_tokens is too large"}}');
  await expect(http().post('/x', {}, { answer })).rejects.toThrow('Acme refused (400): max_tokens is too large');
});

test.each([
  ['a server error', answering(500, 'oops')],
  ['an answer of another shape', answering(200, '{"nom":"Ann"}')],
  ['an answer that is no JSON', answering(200, '<html>')],
  ['a connection closed without an answer', ((request) => request.socket.destroy()) satisfies Reply],
  ['an answer that is too long', answering(200, JSON.stringify({ name: 'x'.repeat(5_000) }))],
  ['no answer in time', (() => undefined) satisfies Reply],
])('%s may have happened when the call is unsafe, is tried again when it is safe', async (_, given) => {
  reply = given;
  const limits = { maxBytes: 4_000, timeoutMs: 300 };
  await expect(http(limits).post('/x', {}, { answer })).rejects.toThrow(MaybeDone);
  await expect(http(limits).post('/x', {}, { answer, repeat: 'safe' })).rejects.toThrow(VendorUnavailable);
});

test('a vendor that nobody listens for got nothing, even of an unsafe call', async () => {
  const closed = createServer();
  await new Promise<void>((done) => closed.listen(0, '127.0.0.1', done));
  const { port } = closed.address() as AddressInfo; // as above
  await new Promise((done) => closed.close(done));
  await expect(http({ baseUrl: `http://127.0.0.1:${port}` }).post('/x', {}, { answer })).rejects.toThrow(VendorUnavailable);
});

test('follows no redirect: a credential stays with its host', async () => {
  let asked = 0;
  reply = (_, response) => {
    asked++;
    response.writeHead(302, { location: `${baseUrl}elsewhere` }).end();
  };
  await expect(http().get('/x', { answer })).rejects.toThrow(VendorRefused);
  expect(asked).toBe(1);
});

test('reads Retry-After as seconds or as a date, never longer than a day', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  expect(retryAfterS('120', now)).toBe(120);
  expect(retryAfterS('Thu, 01 Jan 2026 00:01:00 GMT', now)).toBe(60);
  expect(retryAfterS('Thu, 01 Jan 2020 00:00:00 GMT', now)).toBe(0);
  expect(retryAfterS('999999999', now)).toBe(86_400);
  expect(retryAfterS('soon', now)).toBeUndefined();
});
