import { DateTime } from 'luxon';
import type { SENDER_HEALTHS, SENDER_STATES } from '../tables.ts';
import type { Feedback } from './health.ts';

/** A sender as the gate loads it. */
export interface Sender {
  readonly id: string;
  readonly address: string;
  readonly name: string;
  readonly replyTo: string | null;
  readonly connectionId: string | null;
  readonly carries: readonly ('commercial' | 'transactional')[];
  readonly dailyLimit: number | null;
  readonly ramp: { readonly start: number; readonly percent: number; readonly since: string } | null;
  /** IANA; the company's where it has none of its own. */
  readonly timeZone: string;
  readonly state: (typeof SENDER_STATES)[number];
  readonly health: (typeof SENDER_HEALTHS)[number];
  readonly because: Feedback | null;
  readonly today: Today;
}

/** What is left of a sender's day. */
export interface Today {
  /** Of its zone, `2026-11-21`. */
  readonly day: string;
  readonly taken: number;
  readonly commercial: number;
  /** Days of its ramp before today on which it sent. */
  readonly step: number;
  /** All mail; null: no limit. */
  readonly limit: number | null;
  /** Commercial mail; null: no limit. */
  readonly allowed: number | null;
  /** There is a row for today already. */
  readonly begun: boolean;
}

/** A day's row, as `sender_days` has it. */
export interface DayRow {
  readonly day: string;
  readonly taken: number;
  readonly commercial: number;
  readonly step: number;
}

/** A slowed sender sends a quarter of what it might, and one without any limit a quarter of its busiest day lately, but so many at least. */
const SLOWED_SHARE = 4;
const SLOWED_LEAST = 5;

export function dayIn(now: Date, zone: string): string {
  const local = DateTime.fromJSDate(now, { zone });
  return (local.isValid ? local : DateTime.fromJSDate(now, { zone: 'utc' })).toFormat('yyyy-MM-dd');
}

/** When the day of this zone ends. */
export function tomorrowIn(now: Date, zone: string): Date {
  const local = DateTime.fromJSDate(now, { zone });
  return (local.isValid ? local : DateTime.fromJSDate(now, { zone: 'utc' })).plus({ days: 1 }).startOf('day').toJSDate();
}

/**
 * Commercial mails on the day that follows `step` days of a ramp. It grows with the days on which the sender sent, not with the calendar: an address
 * that was silent for a month has earned nothing. Rounded up, so that the smallest start grows, too.
 */
export function rampOf({ start, percent }: { readonly start: number; readonly percent: number }, step: number): number {
  let allowed = start;
  // Each day from the one before, as a person would work it out; a year of growth is beyond any limit.
  for (let i = 0; i < Math.min(step, 365) && allowed < 10_000_000; i++) allowed = Math.ceil(allowed + (allowed * percent) / 100);
  return Math.min(allowed, 10_000_000);
}

/** What may leave today, from the plan, the days before and how the sender is doing. */
export function todayOf(
  sender: Pick<Sender, 'dailyLimit' | 'ramp' | 'timeZone' | 'health'>,
  days: readonly DayRow[],
  busiest: number,
  now: Date,
): Today {
  const day = dayIn(now, sender.timeZone);
  const row = days.find((one) => one.day === day);
  const before = days.filter((one) => one.day < day && one.taken > 0).toSorted((a, b) => (a.day < b.day ? 1 : -1))[0];
  const { ramp, dailyLimit } = sender;
  const inRamp = (one: DayRow) => ramp !== null && one.day >= ramp.since;
  const step = row !== undefined && inRamp(row) ? row.step : before !== undefined && inRamp(before) ? before.step + 1 : 0;
  const ramped = ramp === null ? null : rampOf(ramp, step);
  const planned = ramped === null ? dailyLimit : Math.min(ramped, dailyLimit ?? ramped);
  const allowed = sender.health === 'slowed' ? Math.max(SLOWED_LEAST, Math.floor((planned ?? busiest) / SLOWED_SHARE)) : planned;
  return {
    day,
    taken: row?.taken ?? 0,
    commercial: row?.commercial ?? 0,
    step,
    limit: dailyLimit,
    allowed: allowed === null || planned === null ? allowed : Math.min(allowed, planned),
    begun: row !== undefined,
  };
}

/** How many more of a class may leave today; Infinity where nothing limits them. */
export function roomOf({ limit, allowed, taken, commercial }: Today, kind: 'commercial' | 'transactional'): number {
  const all = limit === null ? Infinity : limit - taken;
  if (kind === 'transactional') return Math.max(0, all);
  return Math.max(0, Math.min(all, allowed === null ? Infinity : allowed - commercial));
}
