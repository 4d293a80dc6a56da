import { IANAZone } from 'luxon';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** A zone's clock on the wall. Wall times are milliseconds as if the zone were UTC: `Date.UTC(2026, 2, 29, 2, 30)` is half past two there. */
export class WallClock {
  readonly #zone: IANAZone;
  readonly #offsets = new Map<number, number>();

  constructor(timeZone: string) {
    this.#zone = IANAZone.create(timeZone);
  }

  /** Milliseconds that the wall is ahead of UTC at this moment. Zones change on full minutes only. */
  offset(ms: number): number {
    const minute = Math.floor(ms / MINUTE_MS);
    const known = this.#offsets.get(minute);
    if (known !== undefined) return known;
    const offset = Math.round(this.#zone.offset(minute * MINUTE_MS) * MINUTE_MS);
    if (this.#offsets.size > 5_000) this.#offsets.clear();
    this.#offsets.set(minute, offset);
    return offset;
  }

  wall(ms: number): number {
    return ms + this.offset(ms);
  }

  /** The only offset there is around this wall day; null when the clock is put forward or back near it. */
  steady(day: number): number | null {
    // At noons, so that the day after finds two of the three already known.
    const before = this.offset(day - 36 * HOUR_MS);
    return before === this.offset(day + 12 * HOUR_MS) && before === this.offset(day + 60 * HOUR_MS) ? before : null;
  }

  /**
   * The one moment for a wall time, or null. A wall time that comes twice is its first coming. One that is left out is the moment the clock
   * jumps; where that is the next day already, the last minute before. A day that is left out whole has none.
   */
  moment(wall: number): number | null {
    const offsets = new Set([-26, -13, -4, -2, -1, 0, 1, 2, 4, 13, 26].map((hours) => this.offset(wall + hours * HOUR_MS)));
    const there = [...offsets].map((offset) => wall - offset).filter((ms) => this.wall(ms) === wall);
    if (there.length > 0) return Math.min(...there);
    const jump = this.#jumpOver(wall, offsets);
    const day = Math.floor(wall / DAY_MS);
    return [jump, jump - MINUTE_MS].find((ms) => Math.floor(this.wall(ms) / DAY_MS) === day) ?? null;
  }

  /** When the clock jumps over this wall time: the first moment whose wall time is after it. */
  #jumpOver(wall: number, offsets: ReadonlySet<number>): number {
    let low = wall - Math.max(...offsets) - MINUTE_MS;
    let high = wall - Math.min(...offsets) + MINUTE_MS;
    low = Math.floor(low / MINUTE_MS) * MINUTE_MS;
    high = Math.ceil(high / MINUTE_MS) * MINUTE_MS;
    while (high - low > MINUTE_MS) {
      const middle = low + Math.floor((high - low) / MINUTE_MS / 2) * MINUTE_MS;
      if (this.wall(middle) > wall) high = middle;
      else low = middle;
    }
    return high;
  }
}

const clocks = new Map<string, WallClock>();

export function wallClock(timeZone: string): WallClock {
  const known = clocks.get(timeZone) ?? new WallClock(timeZone);
  clocks.set(timeZone, known);
  return known;
}
