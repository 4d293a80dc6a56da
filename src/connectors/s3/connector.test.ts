import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { Secret } from '#core/secrets.ts';
import { actionContract, type VendorAction } from '#testing/action-contract.ts';
import type { VendorRequest } from '#testing/fake-vendor.ts';
import { fakeS3 } from '#testing/vendors/buckets.ts';
import { signatureFaults } from '#testing/vendors/signature-v4.ts';
import { signed } from './bucket.ts';
import s3 from './connector.ts';

const [KEY, SECRET] = ['AKIAIOSFODNN7EXAMPLE', 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'];
const credentials = s3.credentials.parse({ bucket: 'acme-archive', region: 'eu-central-1', accessKeyId: KEY, secretAccessKey: SECRET });

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html, "Examples" */
const PUBLISHED = [
  ['GET', 'test.txt', { range: 'bytes=0-9' }, undefined, 'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41'],
  [
    'PUT',
    'test%24file.text',
    { date: 'Fri, 24 May 2013 00:00:00 GMT', 'x-amz-storage-class': 'REDUCED_REDUNDANCY' },
    'Welcome to Amazon S3.',
    '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
  ],
  ['GET', '?lifecycle', {}, undefined, 'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543'],
  ['GET', '?max-keys=2&prefix=J', {}, undefined, '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7'],
] as const;

test.each(PUBLISHED)(
  'signs AWS’s published example %s %s, and the fake finds nothing wrong with it',
  async (method, at, headers, body, signature) => {
    const url = new URL(`https://examplebucket.s3.amazonaws.com/${at}`);
    const access = { region: 'us-east-1', accessKeyId: KEY, secretAccessKey: new Secret(SECRET) };
    const all = await signed({ method, url, headers: { ...headers }, body }, access, { datetime: '20130524T000000Z', allHeaders: true });
    expect(all.get('authorization')).toContain(`Signature=${signature}`);
    const request = { method, path: url.pathname, query: url.search.slice(1), body: body ?? '' };
    const sent = { ...Object.fromEntries(all), host: url.host };
    expect(signatureFaults({ ...request, headers: sent }, { [KEY]: SECRET })).toEqual([]);
    expect(signatureFaults({ ...request, headers: { ...sent, 'x-amz-date': '20130524T000001Z' } }, { [KEY]: SECRET })).toHaveLength(1);
  },
);

test('files are put, listed page by page, read back and deleted; a bucket that keeps old versions is named', async () => {
  const bucket = await fakeS3('acme-archive', { [KEY]: SECRET });
  try {
    const port = open(bucket.url, undefined);
    const bytes = Buffer.from([0, 255, 31, 139, 13, 10]);
    for (const n of [1, 2, 3, 4, 5]) await port.put(`a/2026-01-0${n}.gz`, bytes);
    expect(await port.get('a/2026-01-04.gz')).toEqual(bytes);
    expect(await port.get('a/nothing')).toBeNull();
    await port.remove('a/2026-01-01.gz');
    await port.remove('a/nothing');
    const first = await port.list('a/', null);
    expect(first).toMatchObject({ next: 'a/2026-01-04.gz', files: [{ name: 'a/2026-01-02.gz', bytes: 6 }, {}, {}] });
    expect(await port.list('a/', first.next)).toMatchObject({ next: null, files: [{ name: 'a/2026-01-05.gz' }] });
    expect([...bucket.objects.keys()].every((name) => name.startsWith('steward/a/'))).toBe(true);
    const stored = bucket.objects.get('steward/a/2026-01-05.gz');
    if (stored !== undefined) bucket.objects.set('steward/a/2026-01-05.gz', { ...stored, body: Buffer.from('torn') });
    await expect(port.get('a/2026-01-05.gz')).rejects.toThrow('other than it was put');
    expect(await s3.verify(credentials, { baseUrl: bucket.url })).toMatch(/acme-archive.*keeps old versions/);
    const others = s3.credentials.parse({ ...credentials, secretAccessKey: 'another-secret' });
    await expect(s3.verify(others, { baseUrl: bucket.url })).rejects.toThrow('the signature does not match');
  } finally {
    await bucket.close();
  }
});

const sum = createHash('sha256').update('file').digest('hex');
const list = '<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>';
const action = (name: string, run: VendorAction['run'], good: VendorAction['good'], more: Partial<VendorAction> = {}): VendorAction => ({
  name,
  run,
  good,
  repeat: 'safe',
  ...more,
});

/** AWS publishes no description that a machine reads: what it says of these requests, by hand. */
function faults({ method, path, query, headers, body, rawBody }: VendorRequest): string[] {
  const found = signatureFaults({ method, path, query, headers, body: rawBody }, { [KEY]: SECRET });
  if (typeof body === 'object' || (method === 'PUT') !== (body !== undefined)) found.push('this is no body of it');
  if (method === 'PUT' && headers['content-type'] !== 'application/gzip') found.push('it is of another type');
  return found;
}

actionContract({
  vendor: 's3',
  byHand: { faults, answerFaults: () => [] },
  secret: SECRET,
  refusal: (message) => `<Error><Code>NoSuchKey</Code><Message>${message}</Message></Error>`,
  actions: [
    action('put a file', ({ baseUrl = '', signal }) => open(baseUrl, signal).put('a/b.gz', Buffer.from('file')), () => ({ status: 200, headers: { etag: '"x"' }, body: '' })),
    action('get a file', ({ baseUrl = '', signal }) => open(baseUrl, signal).get('a/b.gz'), () => ({ status: 200, headers: { 'x-amz-meta-sha256': sum }, body: 'file' }), { means: { 404: 'answers' } }),
    action('delete a file', ({ baseUrl = '', signal }) => open(baseUrl, signal).remove('a/b.gz'), () => ({ status: 204, body: '' }), { means: { 404: 'answers' } }),
    action('list files', ({ baseUrl = '', signal }) => open(baseUrl, signal).list('a/', 'a/b'), () => ({ status: 200, body: list })),
  ],
}); // prettier-ignore

function open(baseUrl: string, signal: AbortSignal | undefined) {
  const port = s3.files?.(credentials, { baseUrl, ...(signal === undefined ? {} : { signal }) });
  if (port === undefined) throw new Error('it keeps files');
  return port;
}
