/** The one source of time. Tests put a virtual one in its place; nothing else calls `new Date()` or `Date.now()`. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };

/** Any amount of time; parts add up. */
export interface Duration {
  readonly weeks?: number;
  readonly days?: number;
  readonly hours?: number;
  readonly minutes?: number;
  readonly seconds?: number;
}

/** Absolute length in milliseconds; a day is 24 hours here (calendar days belong to a time zone, see engine waits). */
export function durationMs(d: Duration): number {
  const hours = ((d.weeks ?? 0) * 7 + (d.days ?? 0)) * 24 + (d.hours ?? 0);
  return ((hours * 60 + (d.minutes ?? 0)) * 60 + (d.seconds ?? 0)) * 1000;
}

/** A clock that stands still until told to move. */
export class VirtualClock implements Clock {
  #now: number;
  constructor(start: Date) {
    this.#now = start.getTime();
  }
  now(): Date {
    return new Date(this.#now);
  }
  advance(by: Duration): void {
    this.#now += durationMs(by);
  }
  /** Never back. */
  moveTo(moment: Date): void {
    this.#now = Math.max(this.#now, moment.getTime());
  }
}
