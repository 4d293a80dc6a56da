/** Others' work holds a backlog up for so long after it was last seen (milliseconds): a run goes from hop to hop with small gaps. */
const HOLD_MS = 15;
/** Others are about for so long after their work was last seen (milliseconds). */
const ABOUT_MS = 2_000;
/** Of the time in which others are at work, a backlog gets at least this part. */
const SHARE = 1 / 3;
/** No batch holds a backlog up longer than this (milliseconds), whatever it took itself. */
const LONGEST_WAIT_MS = 500;
/** A batch of a backlog takes about as long (milliseconds): while others are about, and while nobody else is. */
const BATCH_MS = { about: 20, nobody: 50 };

/** Real time: how long batches take and how far apart others' work lies. */
export interface Pace {
  now(): number;
  sleep(ms: number): Promise<void>;
}
const REAL: Pace = { now: () => performance.now(), sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)) };

/**
 * Lets the batches of a backlog give way to other companies' work: none begins while a run of theirs is under way in this process, or was a moment ago.
 * While others are about they go one at a time, so that one core is free. So that no backlog starves, it waits after each batch at most twice as long
 * as that batch took (docs/adr/0070-giving-way.md).
 */
export class GiveWay {
  readonly #pace: Pace;
  #seenAt = Number.NEGATIVE_INFINITY;
  #underWay = 0;
  /** The next batch of a backlog begins no later than this. */
  #latest = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor(pace: Pace = REAL) {
    this.#pace = pace;
  }

  /** Others' work was seen: here, or by another process that said so. */
  seen(): void {
    this.#seenAt = this.#pace.now();
  }

  /** A look for others' work; `took` says how much there was. */
  async others<T>(look: () => Promise<T>, took: (found: T) => number): Promise<T> {
    // What follows closely on work of theirs is likely to be work of theirs.
    const follows = this.#near;
    if (follows) this.#underWay++;
    try {
      const found = await look();
      if (took(found) > 0) this.seen();
      return found;
    } finally {
      if (follows) this.#underWay--;
    }
  }

  /**
   * A batch of a backlog, when it is its turn; `took` says how many it took. Answers how many it could have taken as well.
   * @throws what `work` throws
   */
  backlog<T>(size: BatchSize, work: () => Promise<T>, took: (found: T) => number): Promise<{ readonly found: T; readonly most: number }> {
    if (!this.about) return this.#batch(size, work, took);
    const turn = this.#last.then(() => this.#turn(size, work, took));
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  /** Has work of others been seen lately? */
  get about(): boolean {
    return this.#pace.now() - this.#seenAt < ABOUT_MS;
  }

  get #near(): boolean {
    return this.#pace.now() - this.#seenAt < HOLD_MS;
  }

  async #turn<T>(size: BatchSize, work: () => Promise<T>, took: (found: T) => number) {
    for (let wait = this.#wait(); wait > 0; wait = this.#wait()) await this.#pace.sleep(wait);
    return this.#batch(size, work, took);
  }

  async #batch<T>(size: BatchSize, work: () => Promise<T>, took: (found: T) => number) {
    const most = size.now;
    const began = this.#pace.now();
    try {
      const found = await work();
      if (took(found) >= most) size.took(this.#pace.now() - began, this.about ? BATCH_MS.about : BATCH_MS.nobody);
      return { found, most };
    } finally {
      const ended = this.#pace.now();
      this.#latest = ended + Math.min(LONGEST_WAIT_MS, (ended - began) * (1 / SHARE - 1));
    }
  }

  /** Milliseconds until it is worth another look; 0: go. */
  #wait(): number {
    const now = this.#pace.now();
    const left = this.#latest - now;
    if (left <= 0) return 0;
    if (this.#underWay > 0) return Math.min(left, 2);
    return Math.min(left, Math.max(0, this.#seenAt + HOLD_MS - now));
  }
}

/** How many items go in a batch, so that it takes about as long as it should. */
export class BatchSize {
  readonly #least: number;
  readonly #most: number;
  #size: number;

  constructor(least: number, most: number) {
    this.#least = least;
    this.#most = most;
    this.#size = Math.round((least + most) / 2);
  }

  get now(): number {
    return this.#size;
  }

  /** After a full batch that took `ms` where `wanted` were aimed at. One slow batch may be chance: at most a half less, a quarter more. */
  took(ms: number, wanted: number): void {
    const factor = Math.min(1.25, Math.max(0.5, wanted / Math.max(1, ms)));
    this.#size = Math.min(this.#most, Math.max(this.#least, Math.round(this.#size * factor)));
  }
}
