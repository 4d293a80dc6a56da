import { FAR_MS, offsetIn, openOn, type OpenHours } from '#core/open-hours.ts';

const DAY_MS = 86_400_000;
/** Instants are looked at in blocks of so many days of UTC, each worked out once. */
const BLOCK_DAYS = 32;
const BLOCK_MS = BLOCK_DAYS * DAY_MS;
/** Nobody waits longer: hours that never open answer null after so many blocks (some ten years). */
const MOST_BLOCKS = 115;
const MOST_KNOWN_BLOCKS = 512;

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

export function businessCalendar(hours: OpenHours): BusinessCalendar {
  const offset = offsetIn(hours.zone);
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

function openIn(hours: OpenHours, offset: (at: number) => number, from: number): Block {
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
