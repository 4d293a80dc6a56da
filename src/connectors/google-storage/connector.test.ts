import { createHash, generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { CredentialsRejected } from '#core/connector/errors.ts';
import type { ConnectorOptions } from '#core/connector/types.ts';
import { Secret } from '#core/secrets.ts';
import { actionContract, type VendorAction } from '#testing/action-contract.ts';
import { contractsFolder, openContract, type Contract } from '#testing/contract.ts';
import type { VendorRequest } from '#testing/fake-vendor.ts';
import { fakeGoogleStorage } from '#testing/vendors/buckets.ts';
import { bucketFiles, bucketHttp } from './bucket.ts';
import google from './connector.ts';

const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2_048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});
const credentials = google.credentials.parse({ bucket: 'acme-archive', clientEmail: 'steward@acme.iam.gserviceaccount.com', privateKey });

function open(baseUrl: string) {
  const port = google.files?.(credentials, { baseUrl });
  if (port === undefined) throw new Error('it keeps files');
  return port;
}

test('files are put, listed page by page, read back and deleted; a bucket that keeps what is deleted is named', async () => {
  const bucket = await fakeGoogleStorage('acme-archive');
  try {
    const port = open(bucket.url);
    const bytes = Buffer.from([0, 255, 31, 139, 13, 10]);
    for (const n of [1, 2, 3, 4, 5]) await port.put(`a/2026-01-0${n}.gz`, bytes);
    expect(await port.get('a/2026-01-04.gz')).toEqual(bytes);
    expect(await port.get('a/nothing')).toBeNull();
    await port.remove('a/2026-01-01.gz');
    await port.remove('a/nothing');
    const first = await port.list('a/', null);
    expect(first).toMatchObject({ next: 'a/2026-01-04.gz', files: [{ name: 'a/2026-01-02.gz', bytes: 6 }, {}, {}] });
    expect(await port.list('a/', first.next)).toMatchObject({ next: null, files: [{ name: 'a/2026-01-05.gz' }] });
    expect(await google.verify(credentials, { baseUrl: bucket.url })).toMatch(/acme-archive.*7 days/);
  } finally {
    await bucket.close();
  }
});

const md5 = createHash('md5').update('file').digest('base64');
const action = (name: string, run: VendorAction['run'], good: VendorAction['good'], means: VendorAction['means'] = {}): VendorAction => ({
  name,
  run,
  good,
  repeat: 'safe',
  means,
});

/** With a token at hand; the test above asks for one. */
function known({ baseUrl, signal }: ConnectorOptions) {
  const token = new Secret('token-of-tests');
  const tokens = {
    current: () => Promise.resolve(token),
    renew: () => Promise.reject(new CredentialsRejected('Google gives no other token')),
  };
  return bucketFiles(bucketHttp(tokens, { baseUrl }), 'acme-archive', 'steward/', signal);
}

/** The contract names paths without where they begin. */
function published(): Contract {
  const contract = openContract('google-storage');
  const short = (path: string) => path.replace(/^\/storage\/v1(?=\/)/, '');
  return {
    faults: (request) => contract.faults({ ...request, path: short(request.path) }),
    answerFaults: (method, path, body, status) => (body === '' || body === 'file' ? [] : contract.answerFaults(method, short(path), body, status)),
  }; // prettier-ignore
}

/** Beyond the contract: what is asked for by another verb or type than its own. */
function also({ method, path, query, headers, body }: VendorRequest): string[] {
  if (path.startsWith('/upload') && headers['content-type'] !== 'application/gzip') return ['it is of another type'];
  if (path.startsWith('/upload') && body === undefined) return ['no body'];
  return method === 'DELETE' && query !== '' ? ['nothing is asked beside'] : [];
}

if (contractsFolder() === undefined) process.stderr.write('SKIPPED: the contract of google-storage, because STEWARD_CONTRACTS is not set\n');
else
  actionContract({
    vendor: 'google-storage',
    byHand: published(),
    secret: 'token-of-tests',
    refusal: (message) => ({ error: { code: 400, message } }),
    also,
    actions: [
      action('put a file', (options) => known(options).put('a/b.gz', Buffer.from('file')), () => ({ status: 200, body: { name: 'steward/a/b.gz', md5Hash: md5 } })),
      action('get a file', (options) => known(options).get('a/b.gz'), () => ({ status: 200, headers: { 'x-goog-hash': `md5=${md5}` }, body: 'file' }), { 404: 'answers' }),
      action('delete a file', (options) => known(options).remove('a/b.gz'), () => ({ status: 204, body: '' }), { 404: 'answers' }),
      action('list files', (options) => known(options).list('a/', 'a/b'), () => ({ status: 200, body: { kind: 'storage#objects', items: [{ name: 'steward/a/c', size: '3' }] } })),
    ],
  }); // prettier-ignore
