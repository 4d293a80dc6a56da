import type { Log } from '#core/log.ts';

export interface LoopOptions {
  readonly name: string;
  /** Does one round; true when there may be more to do at once. */
  work(): Promise<boolean>;
  /** Milliseconds until the next round when nobody nudges. May depend on what is ahead. */
  idleMs(): number | Promise<number>;
  /** After a nudge, at least this long since the round before (milliseconds): work gathers, and one transaction serves it. Default 0. */
  gatherMs?(): number;
}

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

/** Work that is looked for again and again: at once after a nudge or while there is more, else after a while. A fault makes it slower, never stops it. */
export class Loop {
  readonly #options: LoopOptions;
  readonly #log: Log;
  #running: Promise<void> | null = null;
  #stopping = false;
  #nudged = false;
  #wake: (() => void) | null = null;

  constructor(options: LoopOptions, log: Log) {
    this.#options = options;
    this.#log = log;
  }

  start(): void {
    this.#stopping = false;
    this.#running ??= this.#run();
  }

  nudge(): void {
    this.#nudged = true;
    this.#wake?.();
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.#wake?.();
    await this.#running;
    this.#running = null;
  }

  async #run(): Promise<void> {
    let pauseMs = FIRST_PAUSE_MS;
    while (!this.#stopping) {
      this.#nudged = false;
      const began = performance.now();
      try {
        const more = await this.#options.work();
        pauseMs = FIRST_PAUSE_MS;
        if (more) continue;
        await this.#sleep(await this.#options.idleMs());
        const early = (this.#options.gatherMs?.() ?? 0) - (performance.now() - began);
        if (early > 0 && !this.#stopping) await new Promise((resolve) => setTimeout(resolve, early));
      } catch (error) {
        this.#log.warn({ err: error, loop: this.#options.name, pauseMs }, 'the worker met a fault and tries again');
        this.#nudged = false;
        await this.#sleep(pauseMs);
        pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
      }
    }
  }

  #sleep(ms: number): Promise<void> {
    if (this.#nudged || this.#stopping) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(done, Math.max(1, ms));
      const wake = (): void => done();
      this.#wake = wake;
      function done(): void {
        clearTimeout(timer);
        resolve();
      }
    });
  }
}
