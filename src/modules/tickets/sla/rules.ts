import { createHash } from 'node:crypto';
import type { Statement, Transaction } from '#core/database/database.ts';
import type { Span } from '#core/open-hours.ts';
import { holidaysOf } from '#modules/messages/public.ts';
import { readOptions, readSpan, WEEK, type TicketOptions } from '../options.ts';
import { businessCalendar, type BusinessCalendar } from './calendar.ts';
import type { ClockRules } from './clocks.ts';

/** Rules of a company with what else its tickets go by. */
interface Support {
  readonly options: TicketOptions;
  readonly rules: ClockRules;
  readonly updatedAt: Date;
}

const LOAD: Statement = {
  name: 'tickets.settings',
  text: `select c.settings ->> 'time_zone' as "timeZone", s.options, coalesce(s.updated_at, c.created_at) as "updatedAt"
           from companies c left join ticket_settings s on s.company_id = c.id where c.id = $1`,
};

/** Calendars remember what they worked out: one for all companies of the same hours and holidays. */
const calendars = new Map<string, BusinessCalendar>();
const MOST_CALENDARS = 200;

/** What the clocks of this company's tickets go by. Three statements; the calendar is made once. */
export async function loadSupport(tx: Transaction, companyId: string): Promise<Support> {
  const [row] = await tx.query<{ timeZone: string | null; options: unknown; updatedAt: Date }>(LOAD, [companyId]);
  const options = readOptions(row?.options);
  const holidays = options.keepHolidays ? await holidaysOf(tx, companyId) : null;
  const zone = options.timeZone ?? row?.timeZone ?? 'UTC';
  const kept = `${zone} ${JSON.stringify(options.hours)} ${holidays?.key ?? ''}`;
  const known = calendars.get(kept);
  const calendar =
    known ??
    businessCalendar({
      zone,
      week: WEEK.map((day) => options.hours[day].map((span): Span => readSpan(span)).toSorted((a, b) => a[0] - b[0])),
      closed: (day) => holidays !== null && holidays.closed(day) !== null,
    });
  if (known === undefined) {
    if (calendars.size >= MOST_CALENDARS) calendars.clear();
    calendars.set(kept, calendar);
  }
  const { targets, warnMinutes, restOnHold } = options;
  const key = createHash('sha256')
    .update(`${kept} ${JSON.stringify([targets, warnMinutes, restOnHold])}`)
    .digest('base64url')
    .slice(0, 22);
  return { options, rules: { calendar, targets, warnMinutes, restOnHold, key }, updatedAt: row?.updatedAt ?? new Date(0) };
}
