import { offsetIn, openOn, type OpenHours } from '#core/open-hours.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** From one moment to a later one, in milliseconds; the end is past it. */
export type Stretch = readonly [start: number, end: number];

export interface SlotRules {
  readonly minutes: number;
  /** Times begin so far apart, counted from where the hours open. */
  readonly stepMinutes: number;
  /** Kept free around a call. */
  readonly beforeMinutes: number;
  readonly afterMinutes: number;
  /** Nobody books sooner than that from now … */
  readonly noticeMinutes: number;
  /** … nor later than that. */
  readonly horizonDays: number;
  /** Calls a day of the host's wall clock; null: any number. */
  readonly dailyLimit: number | null;
}

export interface Diary {
  readonly hours: OpenHours;
  /** Calendars and calls together, in any order. */
  readonly busy: readonly Stretch[];
  /** When calls begin that count for the limit a day. */
  readonly counted: readonly number[];
}

/**
 * When a call may begin, in order. Hours are a set of instants at which the wall clock shows an open minute (ADR 0095), so that nine is nine on the days
 * on which clocks change; the whole call lies in one stretch of it, and the time around it meets nothing that is busy.
 */
export function freeSlots(rules: SlotRules, diary: Diary, now: number): number[] {
  const earliest = now + rules.noticeMinutes * MINUTE_MS;
  const latest = now + rules.horizonDays * DAY_MS;
  const [length, step] = [rules.minutes * MINUTE_MS, rules.stepMinutes * MINUTE_MS];
  const [before, after] = [rules.beforeMinutes * MINUTE_MS, rules.afterMinutes * MINUTE_MS];
  const busy = merged(diary.busy);
  const full = fullDays(rules, diary);
  const found: number[] = [];
  for (const [open, shut] of openBetween(diary.hours, earliest, latest)) {
    // What began before the earliest moment keeps its rhythm.
    const skipped = Math.max(0, Math.ceil((earliest - open) / step));
    for (let at = open + skipped * step; at + length <= shut && at <= latest; at += step) {
      if (!meets(busy, at - before, at + length + after) && !full(at)) found.push(at);
    }
  }
  return found;
}

/** May a call begin just then? The same answer as looking for it among all. */
export function isFree(rules: SlotRules, diary: Diary, now: number, at: number): boolean {
  return freeSlots(rules, diary, now).includes(at);
}

/** The day of the host's wall clock, counted from 1970-01-01. */
const dayOf = (offset: (at: number) => number, at: number) => Math.floor((at + offset(at)) / DAY_MS);

function fullDays({ dailyLimit }: SlotRules, { hours, counted }: Diary): (at: number) => boolean {
  if (dailyLimit === null) return () => false;
  const offset = offsetIn(hours.zone);
  const perDay = new Map<number, number>();
  for (const at of counted) perDay.set(dayOf(offset, at), (perDay.get(dayOf(offset, at)) ?? 0) + 1);
  return (at) => (perDay.get(dayOf(offset, at)) ?? 0) >= dailyLimit;
}

/** Open stretches that touch this time, whole and in order: what two spans or two days leave no gap between is one. */
function openBetween(hours: OpenHours, from: number, to: number): Stretch[] {
  const offset = offsetIn(hours.zone);
  const all: Stretch[] = [];
  for (let day = dayOf(offset, from) - 2; day <= dayOf(offset, to) + 2; day++) all.push(...openOn(hours, offset, day));
  return merged(all).filter(([open, shut]) => shut > from && open <= to);
}

/** What is busy besides one stretch: the time of a call that is moved is not in its own way. A calendar tells no entries apart, so what else lies in it is not seen. */
export const without = (busy: readonly Stretch[], free: Stretch | null): readonly Stretch[] =>
  free === null
    ? busy
    : busy.flatMap(([start, end]): Stretch[] =>
        end <= free[0] || start >= free[1]
          ? [[start, end]]
          : [...(start < free[0] ? [[start, free[0]] as const] : []), ...(end > free[1] ? [[free[1], end] as const] : [])],
      );

function merged(stretches: readonly Stretch[]): Stretch[] {
  const apart: [number, number][] = [];
  for (const [start, end] of stretches.filter((one) => one[0] < one[1]).toSorted((a, b) => a[0] - b[0])) {
    const last = apart.at(-1);
    if (last !== undefined && start <= last[1]) last[1] = Math.max(last[1], end);
    else apart.push([start, end]);
  }
  return apart;
}

/** Of stretches in order and apart. */
function meets(busy: readonly Stretch[], start: number, end: number): boolean {
  let [low, high] = [0, busy.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((busy[middle]?.[1] ?? 0) <= start) low = middle + 1;
    else high = middle;
  }
  const next = busy[low];
  return next !== undefined && next[0] < end;
}
