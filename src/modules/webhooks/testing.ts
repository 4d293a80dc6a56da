import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Got {
  readonly path: string;
  readonly id: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What a receiver does with a request: an answer, a connection that is cut, or nothing at all. */
export type Answer = { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string } | 'cut' | 'hang';

/** A real HTTP server that keeps what it got, for tests. */
export class WebhookReceiver {
  readonly got: Got[] = [];
  answer: (got: Got) => Answer = () => ({ status: 204 });
  readonly #server: Server;
  constructor() {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const got = {
          path: request.url ?? '',
          id: String(request.headers['webhook-id']),
          headers: request.headers,
          body: Buffer.concat(chunks).toString(),
        };
        this.got.push(got);
        const answer = this.answer(got);
        if (answer === 'cut') return void request.socket.destroy();
        if (answer === 'hang') return;
        response.writeHead(answer.status, answer.headers).end(answer.body ?? '');
      });
    });
  }
  async open(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const { port } = this.#server.address() as AddressInfo; // listening on TCP
    return `http://127.0.0.1:${port}`;
  }
  /** Cuts what hangs. */
  cutAll(): void {
    this.#server.closeAllConnections();
  }
  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
