import { createServer, type IncomingMessage } from 'node:http';

export interface VendorRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, unknown>>;
  /** Parsed JSON; undefined without a body. */
  readonly body: unknown;
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
  answer(reply: (request: VendorRequest) => VendorAnswer): void;
  close(): Promise<void>;
}

/** A vendor on a local port. A text as body is sent as it is, anything else as JSON. */
export async function fakeVendor(reply: (request: VendorRequest) => VendorAnswer): Promise<FakeVendor> {
  let current = reply;
  const requests: VendorRequest[] = [];
  const server = createServer((incoming, outgoing) => {
    void read(incoming).then((text) => {
      const path = new URL(incoming.url ?? '/', 'http://vendor').pathname;
      const request: VendorRequest = {
        method: incoming.method ?? 'GET',
        path,
        headers: incoming.headers,
        body: text === '' ? undefined : JSON.parse(text),
      };
      requests.push(request);
      const answer = current(request);
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
