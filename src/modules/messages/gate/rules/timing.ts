import { nextOpening } from '../hours.ts';
import type { Rule } from '../types.ts';

const DAY_MS = 86_400_000;

/** Commercial mail keeps to working hours where the person is. */
export const hours: Rule = {
  id: 'sending_hours',
  commercialOnly: true,
  check({ now, person, settings }) {
    const zone = person?.timeZone ?? settings.timeZone;
    const until = nextOpening(now, zone, settings.hours, settings.days);
    if (until === null) return null;
    return {
      decision: 'later',
      until,
      value: { hours: settings.hours, zone },
      says: `It is outside ${settings.hours} in ${zone}`,
      fix: 'Wait, or change the sending hours under Settings → Company (always is allowed)',
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
