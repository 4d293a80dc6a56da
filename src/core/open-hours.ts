import { IANAZone } from 'luxon';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Wall clocks differ from UTC by at most this; a day that began elsewhere may reach so far. */
export const FAR_MS = 15 * HOUR_MS;

/** From minute to minute of a day, 0 to 1440; the end is past it. */
export type Span = readonly [start: number, end: number];

/** When somebody is open: the wall clock of its zone decides, so that nine is nine on the day the clocks change, too. */
export interface OpenHours {
  /** IANA; one that nobody knows counts as UTC. */
  readonly zone: string;
  /** Monday first; of each day its spans in order, apart from each other. */
  readonly week: readonly (readonly Span[])[];
  /** Is this day (`2026-12-25` of the wall clock) a holiday? */
  closed(day: string): boolean;
}

/** How far the wall clock of a zone is from UTC at a moment, in milliseconds. */
export function offsetIn(name: string): (at: number) => number {
  const zone = IANAZone.isValidZone(name) ? IANAZone.create(name) : IANAZone.create('UTC');
  return (at) => zone.offset(at) * MINUTE_MS;
}

/** Instants at which the wall clock shows a time of this day (counted from 1970-01-01) that is open. */
export function openOn({ week, closed }: OpenHours, offset: (at: number) => number, day: number): [number, number][] {
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
