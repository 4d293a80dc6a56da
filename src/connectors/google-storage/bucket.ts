import { createHash } from 'node:crypto';
import { z } from 'zod';
import { VendorRefused, VendorUnavailable } from '#core/connector/errors.ts';
import { vendorHttp, type VendorHttp } from '#core/connector/http.ts';
import type { TokenSource } from '#core/connector/oauth/types.ts';
import type { ConnectorOptions } from '#core/connector/types.ts';
import type { FilesPort } from '#core/ports/files.ts';

export const BASE_URL = 'https://storage.googleapis.com';
const MOST_BYTES = 100_000_000;

/** There is no such object. */
class NoSuchObject extends VendorRefused {}

const Stored = z.object({ name: z.string(), md5Hash: z.string() });
const Listed = z.object({
  kind: z.literal('storage#objects').optional(),
  items: z.array(z.object({ name: z.string(), size: z.string().optional() })).optional(),
  nextPageToken: z.string().optional(),
});
const Bucket = z.object({
  versioning: z.object({ enabled: z.boolean().optional() }).optional(),
  softDeletePolicy: z.object({ retentionDurationSeconds: z.string().optional() }).optional(),
});

const md5 = (bytes: Uint8Array) => createHash('md5').update(bytes).digest('base64');

export function bucketHttp(tokens: TokenSource, { baseUrl, turn, log }: ConnectorOptions): VendorHttp {
  return vendorHttp({
    vendor: 'Google Cloud Storage',
    baseUrl: baseUrl ?? BASE_URL,
    tokens,
    maxBytes: MOST_BYTES,
    turn,
    log,
    refusal: (status, body, says) => {
      if (status !== 404) return undefined;
      const noBucket = /bucket does not exist/i.test(JSON.stringify(body ?? ''));
      return new (noBucket ? VendorRefused : NoSuchObject)(`Google Cloud Storage refused (404): ${says}`);
    },
  });
}

/** @param prefix before each name; ends with a slash or is empty. @see https://cloud.google.com/storage/docs/json_api/v1/objects */
export function bucketFiles(http: VendorHttp, bucket: string, prefix: string, signal: AbortSignal | undefined): FilesPort {
  const root = `/storage/v1/b/${encodeURIComponent(bucket)}/o`;
  const path = (name: string) => `${root}/${encodeURIComponent(`${prefix}${name}`)}`;
  const safe = { repeat: 'safe', ...(signal === undefined ? {} : { signal }) } as const;
  const orNothing = (error: unknown) => {
    if (error instanceof NoSuchObject) return null;
    throw error;
  };
  return {
    async put(name, bytes) {
      const query = { uploadType: 'media', name: `${prefix}${name}` };
      const headers = { 'content-type': 'application/gzip' };
      const stored = await http.post(`/upload${root}`, bytes, { ...safe, query, headers, answer: Stored });
      if (stored.md5Hash !== md5(bytes)) throw new VendorUnavailable(`${name} arrived at Google Cloud Storage other than it was sent`);
    },
    async get(name) {
      let hashes = '';
      const call = { ...safe, query: { alt: 'media' }, headersOf: (all: Headers) => (hashes = all.get('x-goog-hash') ?? '') };
      const came = await http.bytes('GET', path(name), undefined, call).catch(orNothing);
      if (came !== null && !hashes.includes(`md5=${md5(came)}`))
        throw new VendorUnavailable(`${name} came back from Google Cloud Storage other than it was put there`);
      return came;
    },
    async remove(name) {
      const came = await http.bytes('DELETE', path(name), undefined, safe).catch(orNothing);
      if (came !== null && came.length > 0)
        throw new VendorUnavailable('Google Cloud Storage answered in a form that is not in its contract');
    },
    async list(begins, after) {
      const query = {
        prefix: `${prefix}${begins}`,
        startOffset: after === null ? undefined : `${prefix}${after}\u0000`,
        maxResults: 1_000,
        fields: 'kind,items(name,size),nextPageToken',
      };
      const { items = [], nextPageToken, kind } = await http.get(root, { ...safe, query, answer: Listed });
      if (kind === undefined) throw new VendorUnavailable('Google Cloud Storage answered in a form that is not in its contract');
      const files = items.map(({ name, size }) => ({ name: name.slice(prefix.length), bytes: Number(size ?? 0) }));
      return { files, next: nextPageToken === undefined ? null : (files.at(-1)?.name ?? null) };
    },
  };
}

/** What stays of a file that is deleted, in words; null: nothing does, or this account may not ask. */
export async function whatStays(http: VendorHttp, bucket: string, signal: AbortSignal | undefined): Promise<string | null> {
  const call = { answer: Bucket, query: { fields: 'versioning,softDeletePolicy' }, ...(signal === undefined ? {} : { signal }) };
  const found = await http.get(`/storage/v1/b/${encodeURIComponent(bucket)}`, call).catch(() => null);
  if (found?.versioning?.enabled === true)
    return 'It keeps old versions: have a lifecycle rule delete them, or what is erased here stays there';
  const days = Math.ceil(Number(found?.softDeletePolicy?.retentionDurationSeconds ?? 0) / 86_400);
  return days === 0 ? null : `What is deleted can be brought back there for ${days} days (soft delete), people who were erased included`;
}
