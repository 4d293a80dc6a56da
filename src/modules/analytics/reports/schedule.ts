import { DateTime } from 'luxon';
import { z } from 'zod';

export const CADENCES = ['day', 'week', 'month'] as const;
export const REPORT_FORMATS = ['pdf', 'csv'] as const;

/** When a report is mailed, in the company's time zone. */
export const Schedule = z.object({
  every: z.enum(CADENCES),
  weekday: z.int().min(1).max(7).default(1).describe('Of week: 1 is Monday'),
  monthDay: z.int().min(1).max(28).default(1).describe('Of month'),
  hour: z.int().min(0).max(23).default(8),
  recipients: z.array(z.uuid()).min(1).max(50).describe('Users of the company'),
  formats: z
    .array(z.enum(REPORT_FORMATS))
    .min(1)
    .max(2)
    .default(['pdf'])
    .transform((list) => [...new Set(list)]),
});
export type Schedule = z.output<typeof Schedule>;

/** The first moment after `after`. What was missed is not caught up: a report is of the day on which it is made. */
export function nextOf({ every, weekday, monthDay, hour }: Omit<Schedule, 'recipients' | 'formats'>, zone: string, after: Date): Date {
  const local = DateTime.fromJSDate(after, { zone });
  const here = local.isValid ? local : DateTime.fromJSDate(after, { zone: 'UTC' });
  const at = here.set({ hour, minute: 0, second: 0, millisecond: 0 });
  const first = every === 'week' ? at.set({ weekday: weekdayOf(weekday) }) : every === 'month' ? at.set({ day: monthDay }) : at;
  const step = { day: { days: 1 }, week: { weeks: 1 }, month: { months: 1 } }[every];
  return (first.toMillis() > after.getTime() ? first : first.plus(step)).toJSDate();
}

const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7] as const;
const weekdayOf = (day: number) => WEEKDAYS.find((one) => one === day) ?? 1;
