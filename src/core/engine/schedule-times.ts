import { IANAZone } from 'luxon';
import { InvalidInput, type FieldFault } from '#core/errors.ts';
import { parseCron } from './schedule/cron.ts';
import { firings } from './schedule/firings.ts';
import type { ScheduleSpec } from './types.ts';

/** What is wrong with a schedule, or null. The path is inside the schedule. */
export function scheduleFault(spec: ScheduleSpec): FieldFault | null {
  if (!IANAZone.isValidZone(spec.timeZone))
    return { path: 'timeZone', message: `${spec.timeZone} is no time zone; use a name such as Europe/Vienna` };
  if ((spec.cron === undefined) === (spec.everyS === undefined)) return { path: 'cron', message: 'give either cron or everyS' };
  if (spec.cron === undefined) return null;
  try {
    parseCron(spec.cron);
  } catch (error) {
    if (error instanceof InvalidInput) return { path: 'cron', message: error.message };
    throw error;
  }
  return firingsAfter(spec, new Date(0), 1).length === 1 ? null : { path: 'cron', message: 'there is no such day: it never fires' };
}

/** The next moments a schedule fires, strictly after `after`; fewer when there are no more. The rules stand at `firings`. */
export function firingsAfter(spec: ScheduleSpec, after: Date, count: number): Date[] {
  const found: Date[] = [];
  if (count < 1) return found;
  for (const at of firings(spec, after)) {
    found.push(at);
    if (found.length >= count) break;
  }
  return found;
}

/** Planned firings that did not run, one after the other. */
export interface Passed {
  readonly from: Date;
  readonly to: Date;
  /** At least so many, where it were too many to count. */
  readonly count: number;
  /** `missed`: nothing ran then. `stood_for`: a later one runs in their place. `too_old`: older than the policy takes. */
  readonly why: 'missed' | 'stood_for' | 'too_old';
}

export interface Due {
  /** Firings that run now, oldest first. */
  readonly fire: readonly Date[];
  readonly passed: readonly Passed[];
  /** Null: it never fires again. */
  readonly next: Date | null;
}

/** How late a firing may be and still count as on time: a poll, a busy machine, a restart. */
const ON_TIME_MS = 60_000;
/** At most this many firings catch up at once under `all`. */
const MOST = 1_000;
/** So many firings of an absence are counted one by one; before them it is "at least". */
const MOST_COUNTED = 100_000;

/** What a schedule whose `next` moment has come does now, by its policy for missed firings. */
export function due(spec: ScheduleSpec, nextAt: Date, now: Date): Due {
  const { past, next, earlier } = pastFirings(spec, nextAt, now);
  const { missed } = spec;
  const last = past.at(-1) ?? nextAt;
  const onTime = now.getTime() - last.getTime() <= ON_TIME_MS;
  const split = (fired: number, why: Passed['why']): Due => ({
    fire: fired === 0 ? [] : past.slice(-fired),
    passed: passedOf(nextAt, fired === 0 ? past : past.slice(0, -fired), earlier, why),
    next,
  });
  switch (missed.policy) {
    case 'skip':
      return split(onTime ? 1 : 0, 'missed');
    case 'once':
      return split(1, 'stood_for');
    case 'all': {
      const oldest = now.getTime() - missed.withinS * 1_000;
      return split(Math.min(MOST, past.filter((firing) => firing.getTime() >= oldest).length), 'too_old');
    }
  }
}

function passedOf(nextAt: Date, past: readonly Date[], earlier: number, why: Passed['why']): Passed[] {
  const last = past.at(-1);
  return last === undefined ? [] : [{ from: earlier > 0 ? nextAt : (past[0] ?? nextAt), to: last, count: past.length + earlier, why }];
}

interface Past {
  /** The latest ones, oldest first. */
  readonly past: Date[];
  /** How many came before those. */
  readonly earlier: number;
  readonly next: Date | null;
}

/** Every firing from `nextAt` to `now`. */
function pastFirings(spec: ScheduleSpec, nextAt: Date, now: Date): Past {
  const everyMs = spec.everyS === undefined ? null : spec.everyS * 1_000;
  let from = nextAt;
  let earlier = 0;
  if (everyMs !== null) {
    earlier = Math.max(0, Math.floor((now.getTime() - nextAt.getTime()) / everyMs) - MOST);
    from = new Date(nextAt.getTime() + earlier * everyMs);
  }
  const past = [from];
  let counted = 0;
  for (const next of firings(spec, from)) {
    if (next > now) return { past, earlier, next };
    past.push(next);
    if (past.length > 2 * MOST) earlier += past.splice(0, past.length - MOST).length;
    // A year of every minute: what lies between here and the last day is not counted.
    if (++counted >= MOST_COUNTED) return latest(spec, now, earlier + past.length, past);
  }
  return { past, earlier, next: null };
}

const DAY_MS = 86_400_000;

function latest(spec: ScheduleSpec, now: Date, earlier: number, known: readonly Date[]): Past {
  const lastKnown = known.at(-1)?.getTime() ?? 0;
  const past: Date[] = [];
  for (const next of firings(spec, new Date(Math.max(lastKnown, now.getTime() - DAY_MS)))) {
    if (next > now) return { past: past.slice(-MOST), earlier: earlier + Math.max(0, past.length - MOST), next };
    past.push(next);
  }
  return { past, earlier, next: null };
}
