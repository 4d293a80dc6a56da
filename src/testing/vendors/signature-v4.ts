import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** What was signed, as it arrived. */
export interface SignedRequest {
  readonly method: string;
  /** As in the request line, percent signs and all. */
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string | Uint8Array;
}

const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
const sha256 = (body: string | Uint8Array) => createHash('sha256').update(body).digest('hex');
/** RFC 3986: everything but letters, digits and -._~ */
const encoded = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

/**
 * What is wrong with the signature of a request, worked out from AWS's description and not from the signer's code.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
 */
export function signatureFaults(request: SignedRequest, keys: Readonly<Record<string, string>>): string[] {
  const header = (name: string) => String(request.headers[name] ?? '');
  const parts =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(
      header('authorization'),
    );
  if (parts === null) return ['it is not signed'];
  const [, id = '', day = '', region = '', names = '', given = ''] = parts;
  const secret = keys[id];
  if (secret === undefined) return [`nobody has the key ${id}`];
  const signed = names.split(';');
  const faults = ['host', 'x-amz-content-sha256', 'x-amz-date']
    .filter((name) => !signed.includes(name))
    .map((name) => `${name} is not signed`);
  for (const name of Object.keys(request.headers))
    if (name.startsWith('x-amz-') && !signed.includes(name)) faults.push(`${name} is not signed`);
  if (header('x-amz-content-sha256') !== sha256(request.body)) faults.push('the body is another one');
  const at = header('x-amz-date');
  if (!at.startsWith(day)) faults.push('its day is not that of its key');
  const query = [...new URLSearchParams(request.query)]
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .toSorted()
    .join('&');
  const path = request.path
    .split('/')
    .map((part) => encoded(decodeURIComponent(part)))
    .join('/');
  const lines = signed.map((name) => `${name}:${header(name).trim().replace(/\s+/g, ' ')}\n`).join('');
  const canonical = [request.method, path, query, lines, names, header('x-amz-content-sha256')].join('\n');
  const text = ['AWS4-HMAC-SHA256', at, `${day}/${region}/s3/aws4_request`, sha256(canonical)].join('\n');
  const key = hmac(hmac(hmac(hmac(`AWS4${secret}`, day), region), 's3'), 'aws4_request');
  const right = hmac(key, text);
  return timingSafeEqual(right, Buffer.from(given, 'hex')) ? faults : [...faults, 'the signature does not match'];
}
