import type { RunQueue, Ticket } from '../queue.ts';

/**
 * The queue of a rehearsal: in memory, first in, first out. What a transaction did to it counts from `commit` on, and never after
 * `rollback`. One worker takes from it, so nothing is held, lost or given back.
 */
export class MemoryQueue implements RunQueue {
  #waiting: readonly Ticket[] = [];
  #kept: readonly Ticket[] = [];

  add(_tx: unknown, _queue: string, tickets: readonly Ticket[]): Promise<void> {
    if (tickets.length > 0) this.#waiting = this.#waiting.concat(tickets);
    return Promise.resolve();
  }
  take(_tx: unknown, _queue: string, limit: number): Promise<Ticket[]> {
    const taken = this.#waiting.slice(0, limit);
    this.#waiting = this.#waiting.slice(limit);
    return Promise.resolve(taken);
  }
  /** The runs that wait for their turn, in its order. */
  get runs(): readonly string[] {
    return this.#waiting.map((ticket) => ticket.runId);
  }
  get empty(): boolean {
    return this.#waiting.length === 0;
  }
  commit(): void {
    this.#kept = this.#waiting;
  }
  rollback(): void {
    this.#waiting = this.#kept;
  }

  done(): Promise<void> {
    return Promise.resolve();
  }
  touch(): Promise<void> {
    return Promise.resolve();
  }
  giveBack(): Promise<void> {
    return Promise.resolve();
  }
  start(): Promise<void> {
    return Promise.resolve();
  }
  stop(): Promise<void> {
    return Promise.resolve();
  }
}
