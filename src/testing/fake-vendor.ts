import { createServer, type IncomingMessage } from 'node:http';
import { formFields } from './contract-schema.ts';

export interface VendorRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** After the question mark, as it came. */
  readonly query: string;
  readonly headers: Readonly<Record<string, unknown>>;
  /** Parsed JSON, or the fields of a form; undefined without a body, a text when it is neither. */
  readonly body: unknown;
  readonly rawBody: string;
}

/** What the fake says: an answer, `cut` (the connection breaks), or `silence` (no answer until the server closes). */
export type VendorAnswer =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body: unknown }
  | 'cut'
  | 'silence';

export interface FakeVendor {
  /** Base URL, no slash at the end. */
  readonly url: string;
  readonly requests: VendorRequest[];
  /** What the next requests are told, until changed. */
  answer(reply: (request: VendorRequest) => VendorAnswer | Promise<VendorAnswer>): void;
  close(): Promise<void>;
}

/** A vendor on a local port. A text as body is sent as it is, anything else as JSON. */
export async function fakeVendor(reply: (request: VendorRequest) => VendorAnswer | Promise<VendorAnswer>): Promise<FakeVendor> {
  let current = reply;
  const requests: VendorRequest[] = [];
  const server = createServer((incoming, outgoing) => {
    void read(incoming).then(async (rawBody) => {
      const { pathname, search } = new URL(incoming.url ?? '/', 'http://vendor');
      const request: VendorRequest = {
        method: incoming.method ?? 'GET',
        path: pathname,
        query: search.slice(1),
        headers: incoming.headers,
        body: parsed(rawBody, incoming.headers['content-type'] ?? ''),
        rawBody,
      };
      requests.push(request);
      const answer = await current(request);
      if (answer === 'cut') return incoming.socket.destroy();
      if (answer === 'silence') return undefined;
      outgoing.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
      return outgoing.end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body));
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the fake vendor has no port');
  const { port } = address;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    answer: (next) => {
      current = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

async function read(incoming: IncomingMessage): Promise<string> {
  let text = '';
  incoming.setEncoding('utf8');
  for await (const chunk of incoming) text += String(chunk);
  return text;
}

function parsed(rawBody: string, contentType: string): unknown {
  if (rawBody === '') return undefined;
  if (contentType.startsWith('application/x-www-form-urlencoded')) return formFields(rawBody);
  try {
    return JSON.parse(rawBody);
  } catch {
    return rawBody;
  }
}
