import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { signatureFaults } from './signature-v4.ts';

export interface FakeBucket {
  readonly url: string;
  /** Objects by name. */
  readonly objects: Map<string, { readonly body: Buffer; readonly headers: Readonly<Record<string, string>> }>;
  /** Requests so far, such as `PUT /bucket/name`. */
  readonly asked: string[];
  /** Answers this status to everything until it is null again. */
  down: number | null;
  close(): Promise<void>;
}

type Act = (request: Asked, bucket: FakeBucket['objects'], say: Say) => void;
type Say = (status: number, body?: string | Buffer, headers?: Readonly<Record<string, string>>) => void;
interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** How many names a list answers at once: few, so that lists have pages. */
const PAGE = 3;

async function serve(act: Act): Promise<FakeBucket> {
  const [objects, asked]: [FakeBucket['objects'], string[]] = [new Map(), []];
  const answer = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
    const [path = '', query = ''] = (incoming.url ?? '').split('?');
    const method = incoming.method ?? 'GET';
    asked.push(`${method} ${path}`);
    const say: Say = (status, body = '', headers = {}) => outgoing.writeHead(status, headers).end(body);
    if (fake.down !== null) return say(fake.down);
    return act({ method, path, query, headers: incoming.headers, body: Buffer.concat(chunks) }, objects, say);
  };
  const server = createServer((incoming, outgoing) => void answer(incoming, outgoing));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const fake: FakeBucket = {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    objects,
    asked,
    down: null,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return fake;
}

const fault = (code: string, message: string) =>
  `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`;
const after = (objects: FakeBucket['objects'], begins: string, from: string) =>
  [...objects.keys()].filter((name) => name.startsWith(begins) && name > from).toSorted();

/** One bucket that speaks S3 and takes nothing whose signature is not right. */
export function fakeS3(bucket: string, keys: Readonly<Record<string, string>>): Promise<FakeBucket> {
  return serve(({ method, path, query, headers, body }, objects, say) => {
    const [wrong] = signatureFaults({ method, path, query, headers, body }, keys);
    if (wrong !== undefined) return say(403, fault('SignatureDoesNotMatch', wrong));
    const name = decodeURIComponent(path).slice(bucket.length + 2);
    if (decodeURIComponent(path).split('/')[1] !== bucket) return say(404, fault('NoSuchBucket', 'The specified bucket does not exist'));
    if (name === '') {
      const asked = new URLSearchParams(query);
      if (asked.has('versioning')) return say(200, '<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>');
      const names = after(objects, asked.get('prefix') ?? '', asked.get('start-after') ?? '');
      const contents = names
        .slice(0, PAGE)
        .map(
          (one) =>
            `<Contents><Key>${one}</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified><Size>${objects.get(one)?.body.length ?? 0}</Size></Contents>`,
        );
      return say(200, `<ListBucketResult><IsTruncated>${names.length > PAGE}</IsTruncated>${contents.join('')}</ListBucketResult>`);
    }
    if (method === 'PUT') {
      const own = Object.entries(headers).filter(([key]) => key.startsWith('x-amz-meta-'));
      const tag = `"${createHash('md5').update(body).digest('hex')}"`;
      objects.set(name, { body, headers: { etag: tag, ...Object.fromEntries(own.map(([key, value]) => [key, String(value)])) } });
      return say(200, '', { etag: tag });
    }
    const found = objects.get(name);
    if (method === 'DELETE') {
      objects.delete(name);
      return say(204);
    }
    return found === undefined ? say(404, fault('NoSuchKey', 'The specified key does not exist.')) : say(200, found.body, found.headers);
  });
}

/** One bucket of Google Cloud Storage, and the place where its tokens come from. */
export function fakeGoogleStorage(bucket: string): Promise<FakeBucket> {
  const json = { 'content-type': 'application/json' };
  return serve(({ method, path, query, headers, body }, objects, say) => {
    const asked = new URLSearchParams(query);
    if (path === '/token') return say(200, JSON.stringify({ access_token: 'token-of-tests', expires_in: 3_600 }), json);
    if (headers.authorization !== 'Bearer token-of-tests')
      return say(401, JSON.stringify({ error: { message: 'Invalid Credentials' } }), json);
    const md5 = (bytes: Buffer) => createHash('md5').update(bytes).digest('base64');
    const root = `/storage/v1/b/${bucket}`;
    if (path === root) return say(200, JSON.stringify({ softDeletePolicy: { retentionDurationSeconds: '604800' } }), json);
    if (path === `/upload${root}/o`) {
      const name = asked.get('name') ?? '';
      objects.set(name, { body, headers: {} });
      return say(200, JSON.stringify({ name, md5Hash: md5(body) }), json);
    }
    if (path === `${root}/o`) {
      const [prefix, from] = [asked.get('prefix') ?? '', asked.get('startOffset') ?? ''];
      const names = [...objects.keys()].filter((name) => name.startsWith(prefix) && name >= from).toSorted();
      const items = names.slice(0, PAGE).map((name) => ({ name, size: String(objects.get(name)?.body.length ?? 0) }));
      return say(200, JSON.stringify({ kind: 'storage#objects', items, ...(names.length > PAGE ? { nextPageToken: 'more' } : {}) }), json);
    }
    const name = decodeURIComponent(path.slice(`${root}/o/`.length));
    const found = objects.get(name);
    if (found === undefined) return say(404, JSON.stringify({ error: { message: `No such object: ${bucket}/${name}` } }), json);
    if (method === 'DELETE') {
      objects.delete(name);
      return say(204);
    }
    return say(200, found.body, { 'x-goog-hash': `crc32c=AAAAAA==,md5=${md5(found.body)}` });
  });
}
