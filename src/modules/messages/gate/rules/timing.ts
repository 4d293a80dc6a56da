import { DateTime } from 'luxon';
import { whereOf } from '#modules/people/public.ts';
import type { Calendar } from '../holidays.ts';
import { nextOpening } from '../hours.ts';
import type { Candidate, Rule } from '../types.ts';

const DAY_MS = 86_400_000;

/** What a commercial message may keep to: the hours, week days and holidays where the person is. */
export function windowOf({ person, settings }: Pick<Candidate, 'person' | 'settings'>): {
  readonly zone: string;
  readonly country: string | null;
  readonly calendar: Calendar | null;
  opening(at: Date): Date | null;
} {
  const zone = person?.timeZone ?? settings.timeZone;
  // Always is always, on holidays, too.
  const keeps = settings.hours !== 'always' && settings.calendar !== undefined;
  const country = keeps && person !== null ? whereOf(person.grounds.where, person.phoneCountry) : null;
  const calendar = keeps ? (settings.calendar?.(country) ?? null) : null;
  return { zone, country, calendar, opening: (at) => nextOpening(at, zone, settings.hours, settings.days, calendar) };
}

/** Commercial mail keeps to working hours where the person is. */
export const hours: Rule = {
  id: 'sending_hours',
  commercialOnly: true,
  check(candidate) {
    const { now, settings } = candidate;
    const { zone, opening } = windowOf(candidate);
    if (nextOpening(now, zone, settings.hours, settings.days) === null) return null;
    return {
      decision: 'later',
      until: opening(now),
      value: { hours: settings.hours, zone },
      says: `It is outside ${settings.hours} in ${zone}`,
      fix: 'Wait, or change the sending hours under Settings → Company (always is allowed)',
    };
  },
};

/** And keeps off public holidays there, and the days that the company added. */
export const holiday: Rule = {
  id: 'holiday',
  commercialOnly: true,
  check(candidate) {
    const { now, settings } = candidate;
    const { zone, country, calendar, opening } = windowOf(candidate);
    if (calendar === null || nextOpening(now, zone, settings.hours, settings.days) !== null) return null;
    const until = opening(now);
    if (until === null) return null;
    const day = DateTime.fromJSDate(now, { zone }).toFormat('yyyy-MM-dd');
    const name = calendar.closed(day) ?? 'a day off';
    return {
      decision: 'later',
      until,
      value: { day, name, country, zone },
      says: `It is ${name} where they are${country === null ? '' : ` (${country})`}`,
      fix: 'Wait, or say under Settings → Sending that mail leaves on holidays, too',
    };
  },
};

/**
 * Advertising by SMS between 8 and 21 where the person is, whatever the company's hours: 47 CFR 64.1200 (c) (1), and no law that we know lets
 * more.
 */
const SMS_HOURS = '08:00-21:00';
const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];

export const quiet: Rule = {
  id: 'sms_quiet_hours',
  channel: 'sms',
  commercialOnly: true,
  check({ now, person, settings }) {
    const zone = person?.timeZone ?? settings.timeZone;
    const until = nextOpening(now, zone, SMS_HOURS, EVERY_DAY);
    if (until === null) return null;
    return {
      decision: 'later',
      until,
      value: { hours: SMS_HOURS, zone },
      says: `Commercial SMS leave between 8 and 21 only, and it is outside that in ${zone}`,
      fix: 'Wait; note their time zone on the person page if it is another one',
    };
  },
};

/** So many commercial messages to one person in 24 hours and in seven days, whoever wrote them. */
export const cap: Rule = {
  id: 'frequency_cap',
  commercialOnly: true,
  check({ now, history, settings }) {
    const { capPerDay, capPerWeek } = settings;
    const free = Math.max(freeAt(history.commercial, capPerDay, DAY_MS), freeAt(history.commercial, capPerWeek, 7 * DAY_MS));
    if (free <= now.getTime()) return null;
    const recent = history.commercial.filter((at) => at.getTime() > now.getTime() - DAY_MS).length;
    return {
      decision: 'later',
      until: free === Infinity ? null : new Date(free),
      value: { last_24_hours: recent, last_7_days: history.commercial.length, cap_per_day: capPerDay, cap_per_week: capPerWeek },
      says: `They had ${recent} commercial ${recent === 1 ? 'message' : 'messages'} in the last 24 hours and ${history.commercial.length} in 7 days; the cap is ${capPerDay} a day and ${capPerWeek} a week`,
      fix: 'Wait, or raise the cap under Settings → Sending',
    };
  },
};

/** The moment from which fewer than `cap` of these lie inside the window. Infinity for a cap of none. */
function freeAt(newestFirst: readonly Date[], limit: number, windowMs: number): number {
  if (limit === 0) return Infinity;
  const deciding = newestFirst[limit - 1];
  return deciding === undefined ? 0 : deciding.getTime() + windowMs;
}
