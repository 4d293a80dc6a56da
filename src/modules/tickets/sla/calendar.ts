import { IANAZone } from 'luxon';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Instants are looked at in blocks of so many days of UTC, each worked out once. */
const BLOCK_DAYS = 32;
const BLOCK_MS = BLOCK_DAYS * DAY_MS;
/** Wall clocks differ from UTC by at most this; a day that began elsewhere may reach so far. */
const FAR_MS = 15 * HOUR_MS;
/** Nobody waits longer: hours that never open answer null after so many blocks (some ten years). */
const MOST_BLOCKS = 115;
const MOST_KNOWN_BLOCKS = 512;

/** From minute to minute of a day, 0 to 1440; the end is past it. */
export type Span = readonly [start: number, end: number];

/** When a business is open: the wall clock of its zone decides, so that nine is nine on the day the clocks change, too. */
export interface BusinessHours {
  /** IANA; one that nobody knows counts as UTC. */
  readonly zone: string;
  /** Monday first; of each day its spans in order, apart from each other. */
  readonly week: readonly (readonly Span[])[];
  /** Is this day (`2026-12-25` of the wall clock) a holiday? */
  closed(day: string): boolean;
}

/** Counts business time. Built once for some hours, then asked often: a question costs a look into one or two blocks. */
export interface BusinessCalendar {
  /** Business milliseconds from one moment to a later one; 0 when it is not later. */
  between(from: Date, to: Date): number;
  /** The first moment at which so many business milliseconds have passed since then; null: the business never opens that long. */
  after(from: Date, ms: number): Date | null;
}

/** What of one block is open: instants in order and apart, and how much is open before each of them in the block. */
interface Block {
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  readonly before: readonly number[];
  readonly total: number;
}

export function businessCalendar(hours: BusinessHours): BusinessCalendar {
  const zone = IANAZone.isValidZone(hours.zone) ? IANAZone.create(hours.zone) : IANAZone.create('UTC');
  const offset = (at: number) => zone.offset(at) * MINUTE_MS;
  const blocks = new Map<number, Block>();
  const blockOf = (number: number): Block => {
    const known = blocks.get(number);
    if (known !== undefined) return known;
    if (blocks.size >= MOST_KNOWN_BLOCKS) blocks.clear();
    const made = openIn(hours, offset, number * BLOCK_MS);
    blocks.set(number, made);
    return made;
  };
  return {
    between(from, to) {
      const [start, end] = [from.getTime(), to.getTime()];
      if (end <= start) return 0;
      const [first, last] = [Math.floor(start / BLOCK_MS), Math.floor(end / BLOCK_MS)];
      let sum = openBefore(blockOf(last), end) - openBefore(blockOf(first), start);
      for (let number = first; number < last; number++) sum += blockOf(number).total;
      return sum;
    },
    after(from, ms) {
      const start = from.getTime();
      if (ms <= 0) return new Date(start);
      const first = Math.floor(start / BLOCK_MS);
      let left = ms + openBefore(blockOf(first), start);
      for (let number = first; number < first + MOST_BLOCKS; number++) {
        const block = blockOf(number);
        if (left <= block.total) return new Date(momentOf(block, left));
        left -= block.total;
      }
      return null;
    },
  };
}

/** Place of the last span that begins before this moment, or -1. */
function spanBefore(sorted: readonly number[], value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function openBefore({ starts, ends, before }: Block, at: number): number {
  const place = spanBefore(starts, at);
  const start = starts[place];
  return start === undefined ? 0 : (before[place] ?? 0) + Math.min(at, ends[place] ?? at) - start;
}

/** When so much of the block is over: `left` is above 0 and no more than its total. */
function momentOf({ starts, before }: Block, left: number): number {
  const place = spanBefore(before, left);
  return (starts[place] ?? 0) + left - (before[place] ?? 0);
}

function openIn(hours: BusinessHours, offset: (at: number) => number, from: number): Block {
  const firstDay = Math.floor((from - FAR_MS) / DAY_MS);
  const spans: [number, number][] = [];
  for (let day = firstDay; day <= firstDay + BLOCK_DAYS + 2; day++) {
    for (const [start, end] of openOn(hours, offset, day)) {
      const clipped: [number, number] = [Math.max(start, from), Math.min(end, from + BLOCK_MS)];
      if (clipped[0] < clipped[1]) spans.push(clipped);
    }
  }
  // Where the clocks go back over midnight, pieces of two days take turns.
  spans.sort((a, b) => a[0] - b[0]);
  const before: number[] = [];
  let total = 0;
  for (const [start, end] of spans) {
    before.push(total);
    total += end - start;
  }
  return { starts: spans.map(([start]) => start), ends: spans.map(([, end]) => end), before, total };
}

/** Instants at which the wall clock shows a time of this day (counted from 1970-01-01) that is open. */
function openOn({ week, closed }: BusinessHours, offset: (at: number) => number, day: number): [number, number][] {
  const spans = week[(((day + 3) % 7) + 7) % 7] ?? []; // 1970-01-01 was a Thursday
  if (spans.length === 0) return [];
  const midnight = day * DAY_MS;
  if (closed(new Date(midnight).toISOString().slice(0, 10))) return [];
  return stretches(offset, midnight - FAR_MS, midnight + DAY_MS + FAR_MS).flatMap(({ from, to, by }) =>
    spans.flatMap(([start, end]): [number, number][] => {
      const open = Math.max(midnight + start * MINUTE_MS - by, from);
      const shut = Math.min(midnight + end * MINUTE_MS - by, to);
      return open < shut ? [[open, shut]] : [];
    }),
  );
}

/** Parts of some days in which the wall clock keeps one distance from UTC: one of them, two where the clocks change. */
function stretches(offset: (at: number) => number, from: number, to: number): { from: number; to: number; by: number }[] {
  const first = offset(from);
  if (first === offset(to)) return [{ from: -Infinity, to: Infinity, by: first }];
  const parts = [{ from: -Infinity, to: Infinity, by: first }];
  for (let at = from; at < to; at += HOUR_MS) {
    const by = offset(at + HOUR_MS);
    const last = parts.at(-1);
    if (last === undefined || by === last.by) continue;
    const change = changeBetween(offset, at, at + HOUR_MS);
    last.to = change;
    parts.push({ from: change, to: Infinity, by });
  }
  return parts;
}

/** The first moment of the new offset, to the millisecond. */
function changeBetween(offset: (at: number) => number, from: number, to: number): number {
  const before = offset(from);
  let [low, high] = [from, to];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offset(middle) === before) low = middle;
    else high = middle;
  }
  return high;
}
