import { request as requestHttp, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIPv4, type LookupFunction } from 'node:net';
import { pipeline, type Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { hostOf, portOf } from './addresses.ts';

export interface Exchange {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | undefined;
  readonly maxBytes: number;
  readonly cut: boolean;
  readonly signal: AbortSignal;
  /** The request has reached the other side, or may have. */
  readonly left: () => void;
}

export interface Exchanged {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Uint8Array;
  readonly truncated: boolean;
}

/** The answer is longer than it may be. */
export class TooLong extends Error {}

/** One request over one connection of its own, to these addresses and no others. */
export async function exchange(url: URL, addresses: readonly string[], call: Exchange): Promise<Exchanged> {
  const response = await send(url, addresses, call);
  try {
    const { bytes, truncated } = await read(unpacked(response, call.method), call);
    return { status: response.statusCode ?? 0, headers: headersOf(response), bytes, truncated };
  } finally {
    response.destroy();
  }
}

function send(url: URL, addresses: readonly string[], call: Exchange): Promise<IncomingMessage> {
  const secure = url.protocol === 'https:';
  const options: RequestOptions = {
    hostname: hostOf(url),
    port: portOf(url),
    path: `${url.pathname}${url.search}`,
    method: call.method,
    headers: { ...call.headers, 'accept-encoding': 'gzip, deflate, br' },
    // No pool: a connection that another request opened was checked for that one.
    agent: false,
    lookup: pinned(addresses),
    signal: call.signal,
  };
  return new Promise((resolve, reject) => {
    const request = secure ? requestHttps(options) : requestHttp(options);
    request.once('socket', (socket) => socket.once(secure ? 'secureConnect' : 'connect', call.left));
    request.once('response', resolve);
    request.once('error', reject);
    request.end(call.body);
  });
}

/** The socket asks for no name again: what was checked is what it connects to. */
function pinned(addresses: readonly string[]): LookupFunction {
  const all = addresses.map((address) => ({ address, family: isIPv4(address) ? 4 : 6 }));
  return (_host, options, callback) => {
    const [first] = all;
    if (first === undefined) callback(new Error('no address'), '', 4);
    else if (options.all === true) callback(null, all);
    else callback(null, first.address, first.family);
  };
}

function unpacked(response: IncomingMessage, method: string): Readable {
  const decoder = method === 'HEAD' ? null : decoderFor(response.headers['content-encoding'] ?? '');
  if (decoder === null) return response;
  // A fault of either ends the other; whoever reads the decoder hears of it.
  pipeline(response, decoder, () => undefined);
  return decoder;
}

/** One packing only: a server that packs twice gets its bytes back as they are. */
function decoderFor(encoding: string) {
  switch (encoding.trim().toLowerCase()) {
    case 'gzip':
    case 'x-gzip':
      return createGunzip();
    case 'deflate':
      return createInflate();
    case 'br':
      return createBrotliDecompress();
    default:
      return null;
  }
}

/** Counts after unpacking, chunk by chunk: a bomb never unfolds beyond the limit. */
async function read(body: Readable, { maxBytes, cut }: Exchange): Promise<{ bytes: Uint8Array; truncated: boolean }> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  // a stream of bytes: no encoding was set
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    chunks.push(chunk);
    if (size <= maxBytes) continue;
    if (!cut) throw new TooLong();
    return { bytes: Buffer.concat(chunks).subarray(0, maxBytes), truncated: true };
  }
  return { bytes: Buffer.concat(chunks), truncated: false };
}

function headersOf(response: IncomingMessage): Headers {
  const headers = new Headers();
  for (const [name, values] of Object.entries(response.headersDistinct)) for (const value of values ?? []) headers.append(name, value);
  return headers;
}
