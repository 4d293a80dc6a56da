import { setTimeout as sleep } from 'node:timers/promises';

export interface Delivery {
  readonly id: string;
  /** Path of the hook. */
  readonly path: string;
  readonly body: object;
}

/** Sends webhooks as their vendors do: until one is acknowledged with a 2xx, under the same name each time. */
export class Caller {
  /** Ids of those that were answered with a 2xx. */
  readonly acknowledged = new Set<string>();
  /** Requests that reached Steward and got no 2xx: cut off by a kill, or turned away while the database was on its way back. */
  unanswered = 0;
  readonly #url: string;
  readonly #waiting: Delivery[] = [];
  readonly #senders: Promise<void>[] = [];
  #stopping = false;

  constructor(url: string, senders: number) {
    this.#url = url;
    for (let i = 0; i < senders; i++) this.#senders.push(this.#send());
  }

  add(deliveries: readonly Delivery[]): void {
    this.#waiting.push(...deliveries);
  }

  async #send(): Promise<void> {
    while (!this.#stopping) {
      const next = this.#waiting.shift();
      if (next === undefined) await sleep(10);
      else if (await this.#deliver(next)) this.acknowledged.add(next.id);
      else {
        this.#waiting.push(next);
        await sleep(50);
      }
    }
  }

  async #deliver({ id, path, body }: Delivery): Promise<boolean> {
    try {
      const reply = await fetch(`${this.#url}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'webhook-id': id },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(10_000),
      });
      await reply.arrayBuffer();
      if (!reply.ok) this.unanswered += 1;
      return reply.ok;
    } catch (error) {
      // Nobody listens while Steward starts again: nothing was asked of it.
      const code = error instanceof Error && error.cause instanceof Error && 'code' in error.cause ? error.cause.code : '';
      if (code !== 'ECONNREFUSED') this.unanswered += 1;
      return false;
    }
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.all(this.#senders);
  }
}
