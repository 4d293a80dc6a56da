import { Unavailable } from '#core/errors.ts';
import { advance, Batch, type Advanced } from './advance.ts';
import { cursorAfter } from './moving.ts';
import { dispatch, type Dispatched } from './dispatcher.ts';
import { putBack, take, type Whose } from './outbox.ts';
import type { Parts } from './parts.ts';
import { lockByTicket } from './rows.ts';

/**
 * Batches that fail as a whole (a constraint checked at commit, say) get smaller until the one item that does it stands alone,
 * and is set aside with its error. A database that is away is nobody's fault: then nothing is set aside.
 */
export class Isolated<Result> {
  readonly #work: (limit: number) => Promise<Result>;
  readonly #setAside: (error: string) => Promise<void>;
  readonly #most: () => number;
  #limit = Number.POSITIVE_INFINITY;

  /** @param most asked before each batch */
  constructor(most: number | (() => number), work: (limit: number) => Promise<Result>, setAside: (error: string) => Promise<void>) {
    this.#most = typeof most === 'number' ? () => most : most;
    this.#work = work;
    this.#setAside = setAside;
  }

  async round(): Promise<Result> {
    for (;;) {
      const limit = Math.min(this.#limit, this.#most());
      try {
        const result = await this.#work(limit);
        this.#limit = limit * 2;
        return result;
      } catch (error) {
        if (error instanceof Unavailable) throw error;
        if (limit === 1) await this.#setAside(error instanceof Error ? error.message : String(error));
        this.#limit = Math.max(1, Math.floor(limit / 8));
      }
    }
  }
}

/** @param beside asked before each batch: the companies whose runs it leaves to others */
export function isolatedAdvance(
  parts: Parts,
  most: number | (() => number),
  beside: () => readonly string[] = () => [],
): Isolated<Advanced> {
  return new Isolated(
    most,
    (limit) => advance(parts, limit, beside()),
    (error) =>
      parts.system.write(async (tx) => {
        const tickets = await parts.queue.take(tx, 'runs', 1, beside());
        const batch = new Batch(parts, tx);
        const moving = await batch.open(await lockByTicket(tx, tickets));
        for (const one of moving) if (one.moves) one.apply({ kind: 'fail', error, retry: 'never' }, cursorAfter);
        await batch.close(moving, tickets);
        parts.log.error({ run: tickets[0]?.runId, error }, 'a run could not be moved and was set aside');
      }),
  );
}

/** @param whose asked before each batch: whose events it takes */
export function isolatedDispatch(
  parts: Parts,
  most: number | (() => number),
  whose: () => Whose | undefined = () => undefined,
): Isolated<Dispatched> {
  return new Isolated(
    most,
    (limit) => dispatch(parts, limit, whose()),
    (error) =>
      parts.system.write(async (tx) => {
        const now = parts.clock.now();
        const events = await take(tx, now, 1, whose());
        await putBack(
          tx,
          events.map((event) => ({ event, handled: event.handled, error, unrouted: !event.routed })),
          now,
        );
        parts.log.error({ event: events[0]?.id, name: events[0]?.name, error }, 'an event could not be acted on and was put off');
      }),
  );
}
