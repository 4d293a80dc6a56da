import { IANAZone } from 'luxon';
import { z } from 'zod';
import type { Span } from '#core/open-hours.ts';

const CLOCK = /^(?:[01]\d|2[0-3]):[0-5]\d-(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/;

const minutesOf = (clock: string) => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5));

/** `09:00-12:30` as minutes of the day. */
export const readSpan = (text: string): Span => [minutesOf(text.slice(0, 5)), minutesOf(text.slice(6))];

const Day = z
  .array(z.string().regex(CLOCK, 'is written as 09:00-17:00'))
  .max(6)
  .refine(
    (spans) => spans.map(readSpan).every(([start, end], i, all) => start < end && (i === 0 || start >= (all[i - 1]?.[1] ?? 0))),
    'has spans that overlap, stand out of order or begin after they end',
  );

/** By the wall clock. Empty: nobody is there. */
export const WeekHours = z.object({ mon: Day, tue: Day, wed: Day, thu: Day, fri: Day, sat: Day, sun: Day });
export type WeekHours = z.output<typeof WeekHours>;

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const OFFICE = ['09:00-17:00'];
export const OFFICE_HOURS: WeekHours = { mon: OFFICE, tue: OFFICE, wed: OFFICE, thu: OFFICE, fri: OFFICE, sat: [], sun: [] };

/** Monday first. */
export const weekOf = (hours: WeekHours): readonly (readonly Span[])[] => DAYS.map((day) => hours[day].map(readSpan));

export const zoneName = () =>
  z
    .string()
    .max(64)
    .refine((zone) => IANAZone.isValidZone(zone), 'is no time zone; e.g. Europe/Berlin');
