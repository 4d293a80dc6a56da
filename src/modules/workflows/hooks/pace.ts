const MINUTE_MS = 60_000;
/** So many may come at once. */
const BURST = 10;
const MOST = 50_000;

/** So many a minute, evenly, with a few at once (GCRA: one number a name). In this process's memory, like the limits of the API. */
export class Pace {
  readonly #full = new Map<string, number>();

  /** 0: it may go. Else the seconds to wait. */
  take(name: string, perMinute: number): number {
    const now = performance.now();
    const each = MINUTE_MS / perMinute;
    const full = Math.max(this.#full.get(name) ?? now, now) + each;
    const room = Math.min(BURST, perMinute) * each;
    if (full - now > room) return Math.max(1, Math.ceil((full - now - room) / 1_000));
    if (this.#full.size >= MOST) this.#full.clear();
    this.#full.set(name, full);
    return 0;
  }
}
