import { createHash } from 'node:crypto';
import { AwsV4Signer } from 'aws4fetch';
import { VendorRefused, VendorUnavailable } from '#core/connector/errors.ts';
import { vendorHttp, type Unsigned, type VendorHttp } from '#core/connector/http.ts';
import type { ConnectorOptions } from '#core/connector/types.ts';
import type { FilesPort } from '#core/ports/files.ts';
import type { Secret } from '#core/secrets.ts';

export interface BucketAccess {
  readonly bucket: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: Secret;
  /** Before each name; ends with a slash or is empty. */
  readonly prefix: string;
}

/** There is no such object. */
class NoSuchKey extends VendorRefused {}

/** Of what was put there, beside S3's own, so that a file is known to be whole when it comes back. */
const SUM = 'x-amz-meta-sha256';
const MOST_BYTES = 100_000_000;

const sumOf = (body: string | Uint8Array) => createHash('sha256').update(body).digest('hex');

/** All headers of a request, with the signature of version 4. @see https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html */
export async function signed(
  { method, url, headers, body }: Unsigned,
  { region, accessKeyId, secretAccessKey }: Pick<BucketAccess, 'region' | 'accessKeyId' | 'secretAccessKey'>,
  at: { readonly datetime?: string; readonly allHeaders?: boolean } = {},
): Promise<Headers> {
  const signer = new AwsV4Signer({
    method,
    url: url.href,
    headers: { ...headers, 'x-amz-content-sha256': sumOf(body ?? '') },
    accessKeyId,
    secretAccessKey: secretAccessKey.reveal(),
    service: 's3',
    region,
    ...(body === undefined ? {} : { body }),
    ...at,
  });
  return (await signer.sign()).headers;
}

/** By the path, not by the host: any name of a bucket works so, and every store that speaks S3 knows it. */
export function bucketHttp(access: BucketAccess, options: ConnectorOptions, baseUrl: string): VendorHttp {
  return vendorHttp({
    vendor: 'S3',
    baseUrl: `${options.baseUrl ?? baseUrl}/${encodeURIComponent(access.bucket)}`,
    headers: { accept: '*/*' },
    secrets: [access.secretAccessKey.reveal()],
    maxBytes: MOST_BYTES,
    turn: options.turn,
    log: options.log,
    sign: (request) => signed(request, access),
    refusal: (status, body, says) => {
      if (status !== 404) return undefined;
      return new (String(body).includes('NoSuchKey') ? NoSuchKey : VendorRefused)(`S3 refused (404): ${says}`);
    },
  });
}

export function bucketFiles(access: BucketAccess, options: ConnectorOptions, baseUrl: string): FilesPort {
  const http = bucketHttp(access, options, baseUrl);
  const path = (name: string) => `/${`${access.prefix}${name}`.split('/').map(encodeURIComponent).join('/')}`;
  const safe = { repeat: 'safe', ...(options.signal === undefined ? {} : { signal: options.signal }) } as const;
  return {
    async put(name, bytes) {
      let tag: string | null = null;
      const headers = { 'content-type': 'application/gzip', [SUM]: sumOf(bytes) };
      const came = await http.bytes('PUT', path(name), bytes, { ...safe, headers, headersOf: (all) => (tag = all.get('etag')) });
      if (tag === null || came.length > 0) throw new VendorUnavailable('S3 answered in a form that is not in its contract (no ETag)');
    },
    async get(name) {
      let sum: string | null = null;
      try {
        const came = await http.bytes('GET', path(name), undefined, { ...safe, headersOf: (all) => (sum = all.get(SUM)) });
        if (sum !== sumOf(came)) throw new VendorUnavailable(`${name} came back from S3 other than it was put there`);
        return came;
      } catch (error) {
        if (error instanceof NoSuchKey) return null;
        throw error;
      }
    },
    async remove(name) {
      const came = await http.bytes('DELETE', path(name), undefined, safe).catch((error: unknown) => {
        if (error instanceof NoSuchKey) return '';
        throw error;
      });
      if (came.length > 0) throw new VendorUnavailable('S3 answered in a form that is not in its contract');
    },
    async list(prefix, after) {
      const query = {
        'list-type': 2,
        prefix: `${access.prefix}${prefix}`,
        'start-after': after === null ? undefined : `${access.prefix}${after}`,
      };
      const text = (await http.bytes('GET', '', undefined, { ...safe, query })).toString('utf8');
      if (!text.includes('<ListBucketResult')) throw new VendorUnavailable('S3 answered in a form that is not in its contract');
      // Names are ours: nothing in them is written otherwise in XML.
      const files = [...text.matchAll(/<Contents>.*?<\/Contents>/gs)].map(([one]) => ({
        name: (/<Key>([^<]*)<\/Key>/.exec(one)?.[1] ?? '').slice(access.prefix.length),
        bytes: Number(/<Size>(\d+)<\/Size>/.exec(one)?.[1] ?? 0),
      }));
      const more = /<IsTruncated>true<\/IsTruncated>/.test(text);
      return { files, next: more ? (files.at(-1)?.name ?? null) : null };
    },
  };
}

/** Whether old versions stay when a file is written anew or deleted; null: these credentials may not ask. */
export async function keepsVersions(http: VendorHttp, signal: AbortSignal | undefined): Promise<boolean | null> {
  try {
    const call = { query: { versioning: '' }, ...(signal === undefined ? {} : { signal }) };
    return (await http.bytes('GET', '', undefined, call)).toString('utf8').includes('<Status>Enabled</Status>');
  } catch {
    return null;
  }
}
