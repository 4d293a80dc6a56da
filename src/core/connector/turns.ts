import { setTimeout as sleep } from 'node:timers/promises';
import { VendorUnavailable } from './errors.ts';

/** So many requests in any stretch of so many milliseconds. */
export interface Limit {
  readonly requests: number;
  readonly perMs: number;
}

/** A connection's turns, shared by all processes. */
export interface Turn {
  /** Until the next call may begin. @throws HeldBack when that is too far off to wait for */
  wait(): Promise<void>;
  /** The vendor asked for quiet: every process keeps it. */
  hold(seconds: number): Promise<void>;
}

/** A call that was not made, because its turn is far off. Costs no attempt. */
export class HeldBack extends VendorUnavailable {}

/** Turns of one connection, in milliseconds from the moment at which the database was asked. */
export interface Lease {
  /** When the first of them is; the others follow `spacingMs` apart. Null: none were given, because none is free within LONGEST_MS. */
  readonly startInMs: number | null;
  /** With null: when to ask again. */
  readonly waitMs: number;
}

export interface TurnSource {
  lease(wanted: {
    readonly count: number;
    readonly spacingMs: number;
    readonly leadMs: number;
    readonly longestMs: number;
  }): Promise<Lease>;
  hold(ms: number): Promise<void>;
}

/** Time within this process, in milliseconds; tests bring their own. */
export interface TurnTime {
  now(): number;
  pause(ms: number): Promise<void>;
}

const REAL: TurnTime = { now: () => performance.now(), pause: (ms) => sleep(ms) };

/** A turn further off is not waited for: the work goes back to the queue. */
const LONGEST_MS = 10_000;
/** How far ahead one process may take turns: what it holds, others can't use, and a vendor's call for quiet does not reach. */
const BLOCK_MS = 500;
const LARGEST_BLOCK = 50;

/**
 * How far apart turns are, and how late one may be used. With turns `(perMs + late) / requests` apart, `requests + 1` calls take `perMs` at
 * least, however late each is: the limit holds in every stretch of time, for the price of a tenth of it.
 */
export function rhythm({ requests, perMs }: Limit): { spacingMs: number; lateMs: number } {
  const lateMs = Math.min(Math.max(perMs / 10, 100), 1_000);
  return { spacingMs: (perMs + lateMs) / requests, lateMs };
}

/**
 * Takes turns in blocks, as many as calls are waiting, and lets the calls through one by one. A turn that this process comes too late for is
 * given up: using it would crowd the next.
 */
export function turns(limit: Limit, source: TurnSource, time: TurnTime = REAL): Turn {
  const { spacingMs, lateMs } = rhythm(limit);
  const block = Math.min(Math.max(Math.floor(BLOCK_MS / spacingMs), 1), LARGEST_BLOCK);
  const waiting: { go: () => void; fail: (error: Error) => void }[] = [];
  /** When each may be used: from `at`, before `by`. */
  let mine: { readonly at: number; readonly by: number }[] = [];
  /** How long the database takes to answer: turns begin no sooner. */
  let leadMs = 0;
  let working = false;

  async function take(): Promise<void> {
    const asked = time.now();
    const count = Math.min(waiting.length, block);
    const { startInMs, waitMs } = await source.lease({ count, spacingMs, leadMs, longestMs: LONGEST_MS });
    const answered = time.now();
    leadMs = Math.min(Math.max(leadMs / 2, (answered - asked) * 1.5), LONGEST_MS / 2);
    if (startInMs === null) {
      const error = new HeldBack('The rate limit of this connection is used up', { retryAfterS: Math.max(1, Math.ceil(waitMs / 1_000)) });
      for (const one of waiting.splice(0)) one.fail(error);
      return;
    }
    mine = Array.from({ length: count }, (_, i) => ({
      at: answered + startInMs + i * spacingMs,
      by: asked + startInMs + i * spacingMs + lateMs,
    }));
  }

  async function work(): Promise<void> {
    while (waiting.length > 0) {
      const next = mine.shift();
      if (next === undefined) {
        await take();
        continue;
      }
      const early = next.at - time.now();
      if (early > 0) await time.pause(early);
      if (time.now() < next.by) waiting.shift()?.go();
    }
  }

  function begin(): void {
    if (working) return;
    working = true;
    work()
      .catch((error: unknown) => {
        for (const one of waiting.splice(0)) one.fail(error instanceof Error ? error : new Error(String(error)));
      })
      .finally(() => {
        working = false;
        if (waiting.length > 0) begin();
      });
  }

  return {
    wait: () =>
      new Promise<void>((resolve, reject) => {
        waiting.push({ go: resolve, fail: reject });
        begin();
      }),
    async hold(seconds) {
      mine = [];
      await source.hold(seconds * 1_000);
    },
  };
}
