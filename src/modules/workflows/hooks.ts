import type { Statement } from '#core/database/database.ts';
import { WEBHOOK_EVENT } from '#core/engine/dispatcher.ts';
import type { Json } from '#core/engine/types.ts';
import type { Runtime } from '#core/runtime.ts';

export interface Delivery {
  readonly token: string;
  readonly body: Json;
  /** The caller's own name for this delivery: a second one with it starts nothing. */
  readonly delivery: string | null;
}

const FIND: Statement = {
  name: 'hooks.find',
  text: `select token, company_id, workflow_id, key from workflow_hooks where token = any ($1::text[])`,
};

interface Waiting {
  readonly delivery: Delivery;
  accept(known: boolean): void;
  refuse(error: unknown): void;
}

/** Deliveries in one transaction; while it commits the next ones gather. Each is answered after its commit. */
const MOST = 500;

export class Hooks {
  readonly #runtime: Runtime;
  #waiting: Waiting[] = [];
  #writing = false;

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
  }

  /** True once it is committed; false when no such hook exists. */
  receive(delivery: Delivery): Promise<boolean> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ delivery, accept: resolve, refuse: reject });
      if (!this.#writing) void this.#write();
    });
  }

  async #write(): Promise<void> {
    this.#writing = true;
    // Let the requests that came with this one be read first.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, MOST);
      try {
        const known = await this.#store(batch.map(({ delivery }) => delivery));
        for (const one of batch) one.accept(known.has(one.delivery.token));
        this.#runtime.engine.nudge();
      } catch (error) {
        for (const one of batch) one.refuse(error);
      }
    }
    this.#writing = false;
  }

  #store(deliveries: readonly Delivery[]): Promise<ReadonlySet<string>> {
    return this.#runtime.system.write(async (tx) => {
      const rows = await tx.query<{ token: string; company_id: string; workflow_id: string; key: string }>(FIND, [
        [...new Set(deliveries.map((one) => one.token))],
      ]);
      const byToken = new Map(rows.map((row) => [row.token, row]));
      const events = deliveries.flatMap(({ token, body, delivery }) => {
        const hook = byToken.get(token);
        if (hook === undefined) return [];
        const payload = {
          workflow_id: hook.workflow_id,
          hook: hook.key,
          body,
          ...(delivery === null ? {} : { delivery: `${hook.key}:${delivery}` }),
        };
        return [{ name: WEBHOOK_EVENT, companyId: hook.company_id, subject: { type: 'company', id: hook.company_id }, payload }];
      });
      await this.#runtime.engine.emit(tx, events);
      return new Set(byToken.keys());
    });
  }
}
