import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createPlain, type AddressInfo } from 'node:net';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import fc from '#testing/property.ts';
import { afterEach, describe, expect, test } from 'vitest';
import { MaybeDone, VendorRefused, VendorUnavailable } from '#core/connector/errors.ts';
import { InvalidInput } from '#core/errors.ts';
import { AddressNotAllowed, checkAddresses, isPublic } from './addresses.ts';
import { guardedFetch, type Guard, type GuardedRequest } from './guarded-fetch.ts';

const servers: Server[] = [];
const seen: { url: string; method: string; headers: IncomingMessage['headers']; body: string }[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
  seen.length = 0;
});

async function serve(listener: RequestListener): Promise<number> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      seen.push({ url: request.url ?? '', method: request.method ?? '', headers: request.headers, body: Buffer.concat(chunks).toString() });
      listener(request, response);
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port; // a TCP server has a port
}

/** The public internet of these tests: names of `.test` lead to this machine, as the settings allow; others as told. */
const guard = (names: Record<string, readonly string[]> = {}): Guard => ({
  internalHosts: ['a.test', 'b.test'],
  resolve: (host) => {
    const found = names[host] ?? (host.endsWith('.test') ? ['127.0.0.1'] : undefined);
    return found === undefined ? Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' })) : Promise.resolve(found);
  },
});
const get = (url: string, request: Partial<GuardedRequest> = {}, names: Record<string, readonly string[]> = {}) =>
  guardedFetch(url, { method: 'GET', ...request }, guard(names));

describe('which addresses may be asked', () => {
  test.each([
    '127.0.0.1',
    '127.9.9.9',
    '0.0.0.0',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '100.127.255.255',
    '192.0.0.8',
    '192.0.2.1',
    '198.18.0.1',
    '198.51.100.7',
    '203.0.113.7',
    '224.0.0.1',
    '239.255.255.250',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:a9fe:a9fe',
    '::ffff:10.0.0.1',
    '64:ff9b::7f00:1',
    '64:ff9b::10.0.0.1',
    '64:ff9b:1::1',
    'fe80::1',
    'fc00::1',
    'fd12:3456::1',
    'fec0::1',
    'ff02::1',
    '2001:db8::1',
    '2001::1',
    '2002:7f00:1::1',
    '::7f00:1',
    '100::1',
    'not an address',
  ])('%s is not on the open internet', (address) => {
    expect(isPublic(address)).toBe(false);
  });
  test.each([
    '1.1.1.1',
    '8.8.8.8',
    '172.15.0.1',
    '172.32.0.1',
    '100.63.0.1',
    '100.128.0.1',
    '2606:4700::1111',
    '2a00:1450:4001::1',
    '::ffff:8.8.8.8',
    '64:ff9b::8.8.8.8',
  ])('%s is', (address) => {
    expect(isPublic(address)).toBe(true);
  });

  test('an IPv4 address is judged alike however IPv6 carries it', () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        const [a = 0, b = 0, c = 0, d = 0] = address.split('.').map(Number);
        const hex = `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
        for (const form of [`::ffff:${address}`, `::ffff:${hex}`, `64:ff9b::${hex}`, `0:0:0:0:0:ffff:${hex}`])
          expect(isPublic(form)).toBe(isPublic(address));
      }),
    );
  });

  test.each([
    'http://127.0.0.1/',
    'http://2130706433/',
    'http://0x7f000001/',
    'http://0177.0.0.1/',
    'http://127.1/',
    'http://0/',
    'http://[::1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::ffff:7f00:1]/',
    'http://①②⑦.0.0.1/',
    'http://169.254.169.254/latest/meta-data/',
    'http://0xa9fea9fe/',
    'http://127.0.0.1./',
    'http://[fe80::1]/',
    'https://10.0.0.1/',
  ])('%s is refused before any connection', async (url) => {
    await expect(get(url)).rejects.toThrow(AddressNotAllowed);
  });

  test.each([
    'file:///etc/passwd',
    'gopher://example.com/',
    'ftp://example.com/',
    'data:text/plain,x',
    'not a url',
    'http://user:secret@a.test/',
    'http://a.test:22/',
    'http://a.test:25/',
    'http://a.test:6379/',
  ])('%s is refused', async (url) => {
    await expect(get(url)).rejects.toThrow(AddressNotAllowed);
  });

  test('a name that resolves to a private address is refused, even beside a public one', async () => {
    await expect(get('http://evil.example/', {}, { 'evil.example': ['192.168.0.1'] })).rejects.toThrow(
      'evil.example (192.168.0.1) is inside a private network',
    );
    await expect(get('http://evil.example/', {}, { 'evil.example': ['8.8.8.8', '127.0.0.1'] })).rejects.toThrow(AddressNotAllowed);
    await expect(get('http://localhost/', {}, { localhost: ['127.0.0.1'] })).rejects.toThrow(AddressNotAllowed);
  });

  test('an administrator opens hosts, ports and ranges; metadata services only by their address', () => {
    const check = (url: string, address: string, internalHosts: string[]) => () =>
      checkAddresses(new URL(url), [address], { internalHosts });
    expect(check('http://erp.internal/', '10.0.0.5', ['erp.internal'])).not.toThrow();
    expect(check('http://erp.internal:8080/', '10.0.0.5', ['erp.internal:8080'])).not.toThrow();
    expect(check('http://erp.internal:8081/', '10.0.0.5', ['erp.internal:8080'])).toThrow(AddressNotAllowed);
    expect(check('http://other.internal/', '10.0.0.5', ['10.0.0.0/24'])).not.toThrow();
    expect(check('http://other.internal/', '10.0.1.5', ['10.0.0.0/24'])).toThrow(AddressNotAllowed);
    expect(check('http://erp.internal/', '169.254.169.254', ['erp.internal'])).toThrow(AddressNotAllowed);
    expect(check('http://erp.internal/', '169.254.169.254', ['169.254.169.254'])).not.toThrow();
    expect(check('http://x/', '::ffff:10.0.0.5', ['10.0.0.5'])).not.toThrow();
  });
});

describe('the socket', () => {
  test('connects to what was checked: a name server that changes its mind is asked once', async () => {
    const port = await serve((_request, response) => response.end('inside'));
    let asked = 0;
    const rebinding: Guard = { internalHosts: [], resolve: () => Promise.resolve(asked++ === 0 ? ['192.0.2.1'] : ['127.0.0.1']) };
    await expect(guardedFetch(`http://rebind.example:${port}/`, { method: 'GET', timeoutMs: 500 }, rebinding)).rejects.toThrow(
      AddressNotAllowed,
    );
    asked = 0;
    // the documentation range is let through here, so that a connection is tried: to nowhere, not to the second answer
    await expect(
      guardedFetch(`http://rebind.example:${port}/`, { method: 'GET', timeoutMs: 500 }, { ...rebinding, internalHosts: ['192.0.2.0/24'] }),
    ).rejects.toThrow(VendorUnavailable);
    expect(asked).toBe(1);
    expect(seen).toEqual([]);
  });

  test('reaches what is allowed, with the name in the head', async () => {
    const port = await serve((_request, response) => response.setHeader('x-a', 'b').end('hello'));
    const answer = await get(`http://a.test:${port}/p?q=1#f`, { headers: { 'X-Key': 'k' } });
    expect(answer).toMatchObject({ status: 200, text: 'hello', truncated: false, url: `http://a.test:${port}/p?q=1#f` });
    expect(answer.headers.get('x-a')).toBe('b');
    expect(seen[0]).toMatchObject({ url: '/p?q=1', headers: { host: `a.test:${port}`, 'x-key': 'k' } });
  });
});

describe('redirects', () => {
  const to =
    (location: string, status = 302): RequestListener =>
    (_request, response) =>
      response.writeHead(status, { location }).end();

  test('to a metadata service, another scheme or a private host are not followed', async () => {
    for (const location of ['http://169.254.169.254/latest/meta-data/', 'file:///etc/passwd', 'http://[::1]/', 'http://2852039166/']) {
      const port = await serve(to(location));
      await expect(get(`http://a.test:${port}/`, { redirects: 5 })).rejects.toThrow(AddressNotAllowed);
    }
    const port = await serve(to('http://evil.example/'));
    await expect(get(`http://a.test:${port}/`, { redirects: 5 }, { 'evil.example': ['10.0.0.1'] })).rejects.toThrow(AddressNotAllowed);
  });

  test('leave credentials behind when the origin changes, and keep them when it does not', async () => {
    const second = await serve((request, response) =>
      request.url === '/a' ? response.writeHead(302, { location: '/b' }).end() : response.end('there'),
    );
    const first = await serve(to(`http://b.test:${second}/a`));
    const headers = { authorization: 'Bearer s', cookie: 'c=1', 'x-api-key': 'k', accept: 'application/json' };
    expect((await get(`http://a.test:${first}/`, { redirects: 5, headers })).text).toBe('there');
    expect(seen.map(({ url, headers: sent }) => [url, sent.authorization, sent.cookie, sent['x-api-key'], sent.accept])).toEqual([
      ['/', 'Bearer s', 'c=1', 'k', 'application/json'],
      ['/a', undefined, undefined, undefined, 'application/json'],
      ['/b', undefined, undefined, undefined, 'application/json'],
    ]);
    seen.length = 0;
    await get(`http://b.test:${second}/a`, { redirects: 5, headers });
    expect(seen.map(({ headers: sent }) => sent.authorization)).toEqual(['Bearer s', 'Bearer s']);
  });

  test('turn a POST into a GET as browsers do, or take its body along', async () => {
    for (const [status, method, body] of [
      [303, 'GET', ''],
      [302, 'GET', ''],
      [307, 'POST', 'x=1'],
      [308, 'POST', 'x=1'],
    ] as const) {
      const second = await serve((_request, response) => response.end('there'));
      const first = await serve(to(`http://a.test:${second}/`, status));
      seen.length = 0;
      await get(`http://a.test:${first}/`, { method: 'POST', body: 'x=1', redirects: 2 });
      expect(seen[1]).toMatchObject({ method, body });
    }
  });

  test('come to an end, or are the answer where none is followed', async () => {
    const port = await serve((_request, response) => response.writeHead(302, { location: '/' }).end());
    await expect(get(`http://a.test:${port}/`, { redirects: 3 })).rejects.toThrow(VendorRefused);
    expect(seen).toHaveLength(4);
    expect((await get(`http://a.test:${port}/`)).status).toBe(302);
  });
});

describe('an answer', () => {
  test('that is longer than it may be is an error, or is cut', async () => {
    const port = await serve((_request, response) => {
      const more = () =>
        void (response.writableEnded || response.destroyed || response.write('x'.repeat(100_000), () => setImmediate(more)));
      more();
    });
    await expect(get(`http://a.test:${port}/`, { maxBytes: 50_000 })).rejects.toThrow('answered more than 50000 bytes');
    const { text, truncated } = await get(`http://a.test:${port}/`, { maxBytes: 50_000, cut: true });
    expect([text.length, truncated]).toEqual([50_000, true]);
  });

  test.each([
    ['gzip', (data: Buffer | string) => gzipSync(data)],
    ['br', (data: Buffer | string) => brotliCompressSync(data, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } })],
  ] as const)('that unfolds to fifty times the limit (%s) stops at the limit', async (encoding, pack) => {
    const bomb = pack(Buffer.alloc(50_000_000));
    const port = await serve((_request, response) => response.writeHead(200, { 'content-encoding': encoding }).end(bomb));
    await expect(get(`http://a.test:${port}/`)).rejects.toThrow('answered more than 1000000 bytes');
    const plain = await serve((_request, response) => response.writeHead(200, { 'content-encoding': encoding }).end(pack('small')));
    expect((await get(`http://a.test:${plain}/`)).text).toBe('small');
  });

  test('that comes by drops is not waited for beyond the deadline', async () => {
    const port = await serve((_request, response) => {
      const drip = setInterval(() => response.write('.'), 20);
      response.on('close', () => clearInterval(drip));
    });
    await expect(get(`http://a.test:${port}/`, { timeoutMs: 200 })).rejects.toThrow('did not answer within 0.2 s');
  });

  test('that never begins, and a name server that keeps silent, are not waited for either', async () => {
    const silent = createPlain(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo; // a TCP server has a port
    await expect(get(`http://a.test:${port}/`, { timeoutMs: 150 })).rejects.toThrow(VendorUnavailable);
    await expect(get(`http://a.test:${port}/`, { method: 'POST', timeoutMs: 150 })).rejects.toThrow(MaybeDone);
    await expect(
      guardedFetch(
        'http://slow.example/',
        { method: 'GET', timeoutMs: 100 },
        { internalHosts: [], resolve: () => new Promise(() => undefined) },
      ),
    ).rejects.toThrow('within 0.1 s');
    silent.close();
  });

  test('that is lost may be asked for again only where that is safe', async () => {
    const port = await serve((request) => request.socket.destroy());
    await expect(get(`http://a.test:${port}/`)).rejects.toThrow(VendorUnavailable);
    await expect(get(`http://a.test:${port}/`, { method: 'POST' })).rejects.toThrow(MaybeDone);
    await expect(get(`http://a.test:${port}/`, { method: 'POST', repeat: 'safe' })).rejects.toThrow(VendorUnavailable);
    await expect(get('http://nobody.example/', { method: 'POST' })).rejects.toThrow('is not known to any name server');
    await expect(get('http://a.test:1/', { method: 'POST' })).rejects.toThrow(AddressNotAllowed);
    servers[0]?.close();
    await expect(get(`http://a.test:${port}/`, { method: 'POST' })).rejects.toThrow(VendorUnavailable);
  });
});

describe('a header', () => {
  test.each([
    { Host: 'x' },
    { 'Content-Length': '1' },
    { 'Transfer-Encoding': 'chunked' },
    { 'x-a': 'b\r\nx-c: d' },
    { 'x y': 'z' },
    { 'x-a': 'ж' },
  ])('%j is refused', async (headers) => {
    await expect(get('http://a.test/', { headers: headers as unknown as Record<string, string> })).rejects.toThrow(InvalidInput); // a union of shapes
  });
});
