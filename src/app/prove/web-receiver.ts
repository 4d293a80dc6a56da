import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** One address of the receiver: one step of one journey. */
export interface Asked {
  /** When each request was taken, in milliseconds of the wall's clock. */
  readonly at: number[];
  /** Requests that came with an idempotency key: all but the first are answered from memory, as such services do. */
  keyed: boolean;
}

/**
 * A web service that counts what it was asked, by path. Some answers are slow, some connections are cut after the request was taken, some before.
 * It outlives what is killed, so its count is the truth.
 */
export class WebReceiver {
  readonly asked = new Map<string, Asked>();
  /** Connections that this service cut by itself. */
  cut = 0;
  readonly #server: Server;
  readonly #random: () => number;
  readonly #cuts: boolean;
  #open = 0;
  #opened = 0;
  #peak = 0;

  /** @param cuts whether it cuts connections, too */
  constructor(random: () => number, cuts: boolean) {
    this.#random = random;
    this.#cuts = cuts;
    this.#server = createServer((request, response) => {
      this.#open += 1;
      this.#opened += 1;
      this.#peak = Math.max(this.#peak, this.#open);
      response.once('close', () => (this.#open -= 1));
      const chance = this.#random();
      if (this.#cuts && chance < 0.01) {
        this.cut += 1;
        return void request.socket.destroy();
      }
      request.resume();
      request.once('end', () => {
        this.#take(request.url ?? '', request.headers['idempotency-key'] !== undefined);
        void this.#answer(chance).then((goes) => {
          if (goes) response.writeHead(200, { 'content-type': 'application/json' }).end('{"taken":true}');
          else request.socket.destroy();
        });
      });
    });
  }

  async open(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`; // listening on TCP
  }

  /** The request is ours once it was read, whether or not the client lives to hear it: that is the hard case. */
  #take(path: string, keyed: boolean): void {
    const asked = this.asked.get(path) ?? { at: [], keyed };
    asked.at.push(Date.now()); // the real clock: compared with what a process of its own wrote down
    this.asked.set(path, asked);
  }

  /** False: the connection is cut instead. */
  async #answer(chance: number): Promise<boolean> {
    await sleep(chance > 0.9 ? 200 + this.#random() * 1_300 : 5 + this.#random() * 45);
    if (!this.#cuts || chance > 0.03) return true;
    this.cut += 1;
    return false;
  }

  get openNow(): number {
    return this.#open;
  }
  get opened(): number {
    return this.#opened;
  }
  get peak(): number {
    return this.#peak;
  }
  resetPeak(): void {
    this.#peak = this.#open;
  }
  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
