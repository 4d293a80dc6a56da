import { CronExpressionParser } from 'cron-parser';
import { IANAZone } from 'luxon';
import type { FieldFault } from '#core/errors.ts';
import type { ScheduleSpec } from './types.ts';

/** What is wrong with a schedule, or null. The path is inside the schedule. */
export function scheduleFault(spec: ScheduleSpec): FieldFault | null {
  if (!IANAZone.isValidZone(spec.timeZone))
    return { path: 'timeZone', message: `${spec.timeZone} is no time zone; use a name such as Europe/Vienna` };
  if ((spec.cron === undefined) === (spec.everyS === undefined)) return { path: 'cron', message: 'give either cron or everyS' };
  if (spec.cron === undefined) return null;
  if (spec.cron.trim().split(/\s+/).length !== 5)
    return { path: 'cron', message: 'five fields: minute hour day month weekday, e.g. 0 9 * * 1-5' };
  try {
    CronExpressionParser.parse(spec.cron, { tz: spec.timeZone }).next();
    return null;
  } catch (error) {
    return { path: 'cron', message: error instanceof Error ? error.message : 'not a cron expression' };
  }
}

/**
 * The next moments a schedule fires, strictly after `after`. Cron runs on the zone's wall clock: a time that daylight saving
 * skips fires at the moment it jumps to, a time that comes twice fires once. An interval counts from `after`.
 */
export function firingsAfter(spec: ScheduleSpec, after: Date, count: number): Date[] {
  const { everyS } = spec;
  if (everyS !== undefined) return Array.from({ length: count }, (_, i) => new Date(after.getTime() + (i + 1) * everyS * 1_000));
  if (spec.cron === undefined) return [];
  const expression = CronExpressionParser.parse(spec.cron, { tz: spec.timeZone, currentDate: after });
  const firings: Date[] = [];
  while (firings.length < count) {
    const next = expression.next().toDate();
    if (next.getTime() !== firings.at(-1)?.getTime()) firings.push(next);
  }
  return firings;
}

export interface Due {
  /** Firings that run now, oldest first. */
  readonly fire: readonly Date[];
  /** How many were passed over by the policy. */
  readonly missed: number;
  readonly next: Date;
}

/** How late a firing may be and still count as on time: a poll, a busy machine, a restart. */
const ON_TIME_MS = 60_000;
/** At most this many firings catch up at once under `all`. */
const MOST = 1_000;

/** What a schedule whose `next` moment has come does now, by its policy for missed firings. */
export function due(spec: ScheduleSpec, nextAt: Date, now: Date): Due {
  const { past, next } = pastFirings(spec, nextAt, now);
  const last = past.at(-1) ?? nextAt;
  const onTime = now.getTime() - last.getTime() <= ON_TIME_MS;
  switch (spec.missed.policy) {
    case 'skip':
      return { fire: onTime ? [last] : [], missed: past.length - (onTime ? 1 : 0), next };
    case 'once':
      return { fire: [last], missed: past.length - 1, next };
    case 'all': {
      const oldest = now.getTime() - spec.missed.withinS * 1_000;
      const fire = past.filter((firing) => firing.getTime() >= oldest).slice(-MOST);
      return { fire, missed: past.length - fire.length, next };
    }
  }
}

/** Every firing from `nextAt` to `now`; after a very long absence only the latest ones are listed. */
function pastFirings(spec: ScheduleSpec, nextAt: Date, now: Date): { past: Date[]; next: Date } {
  const everyMs = spec.everyS === undefined ? null : spec.everyS * 1_000;
  let from = nextAt;
  if (everyMs !== null) {
    const passed = Math.floor((now.getTime() - nextAt.getTime()) / everyMs);
    from = new Date(nextAt.getTime() + Math.max(0, passed - 10 * MOST) * everyMs);
  }
  const past = [from];
  for (;;) {
    const [next] = firingsAfter(spec, past.at(-1) ?? from, 1);
    if (next === undefined) return { past, next: new Date(8.64e15) };
    if (next > now) return { past, next };
    past.push(next);
    if (past.length > 10 * MOST) past.splice(0, past.length - 5 * MOST);
  }
}
