import { DateTime, IANAZone } from 'luxon';

/** Stretches of time as seen from a moment: `last_30_days`, `next_7_days`, `over_90_days_ago`, `today`, `this_week`, `this_month`, `this_year`. */
export const WINDOW = /^(?:(last|next)_(\d{1,4})_days|over_(\d{1,4})_days_ago|today|this_(?:week|month|year))$/;

/** Moments from `from` up to, not including, `to`; days `fromDay` to `toDay`, both included. Null is no bound. */
export interface Stretch {
  readonly from: Date | null;
  readonly to: Date | null;
  readonly fromDay: string | null;
  readonly toDay: string | null;
}

/** Calendar words follow the zone's calendar, weeks begin on Monday; days in between count 24 hours for moments. Null: no such window. */
export function stretchOf(window: string, now: Date, zone: string): Stretch | null {
  const match = WINDOW.exec(window);
  if (match === null) return null;
  const here = DateTime.fromJSDate(now, { zone: IANAZone.isValidZone(zone) ? zone : 'utc' });
  const [, direction, days, over] = match;
  if (over !== undefined) {
    const limit = here.minus({ days: Number(over) });
    return { from: null, to: hoursFrom(now, -24 * Number(over)), fromDay: null, toDay: dayOf(limit.minus({ days: 1 })) };
  }
  if (direction === 'last')
    return {
      from: hoursFrom(now, -24 * Number(days)),
      to: new Date(now.getTime() + 1),
      fromDay: dayOf(here.minus({ days: Number(days) })),
      toDay: dayOf(here),
    };
  if (direction === 'next')
    return {
      from: now,
      to: new Date(now.getTime() + 24 * 3_600_000 * Number(days) + 1),
      fromDay: dayOf(here),
      toDay: dayOf(here.plus({ days: Number(days) })),
    };
  const unit = window === 'today' ? 'day' : window === 'this_week' ? 'week' : window === 'this_month' ? 'month' : 'year';
  const [start, end] = [here.startOf(unit), here.endOf(unit)];
  return { from: start.toJSDate(), to: new Date(end.toMillis() + 1), fromDay: dayOf(start), toDay: dayOf(end) };
}

/** Days of the year, `MM-DD`, that the window covers: from and to, both included; from after to goes over New Year. Null: no such window or it is longer than a year. */
export function anniversaryOf(window: string, now: Date, zone: string): readonly [from: string, to: string] | null {
  const stretch = stretchOf(window, now, zone);
  if (stretch === null || stretch.fromDay === null || stretch.toDay === null) return null;
  if (Date.parse(stretch.toDay) - Date.parse(stretch.fromDay) >= 365 * 86_400_000) return ['01-01', '12-31'];
  return [stretch.fromDay.slice(5), stretch.toDay.slice(5)];
}

const hoursFrom = (now: Date, hours: number) => new Date(now.getTime() + hours * 3_600_000);
const dayOf = (moment: DateTime) => moment.toFormat('yyyy-MM-dd');
