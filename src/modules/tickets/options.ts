import { IANAZone } from 'luxon';
import { z } from 'zod';

const CLOCK = /^(?:[01]\d|2[0-3]):[0-5]\d-(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/;

/** `09:00-12:30` as minutes of the day. */
export function readSpan(text: string): [start: number, end: number] {
  const minutes = (part: string) => Number(part.slice(0, 2)) * 60 + Number(part.slice(3, 5));
  return [minutes(text.slice(0, 5)), minutes(text.slice(6))];
}

const OpenDay = z
  .array(z.string().regex(CLOCK, 'is written as 09:00-17:00'))
  .max(6)
  .refine(
    (spans) => spans.map(readSpan).every(([start, end]) => start < end),
    'begins after it ends; a night is two spans: until 24:00, and from 00:00',
  )
  .refine((spans) => {
    const sorted = spans.map(readSpan).toSorted((a, b) => a[0] - b[0]);
    return sorted.every(([start], i) => i === 0 || start >= (sorted[i - 1]?.[1] ?? 0));
  }, 'has spans that overlap');

const minutes = () => z.int().min(1).max(525_600).nullable();
const Target = z.object({
  firstResponse: minutes().describe('Business minutes until somebody first answers; null: no target'),
  nextResponse: minutes().describe('Business minutes until each further message of theirs is answered; null: no target'),
  resolution: minutes().describe('Business minutes until it is solved, without those in which it waits for them; null: no target'),
});

/** Everything that a company may set about its support, as stored and as shown. */
export const TicketOptions = z.object({
  timeZone: z
    .string()
    .max(64)
    .refine((zone) => IANAZone.isValidZone(zone), 'is no time zone; e.g. Europe/Berlin')
    .nullable()
    .describe('IANA; null: that of the company'),
  hours: z
    .object({ mon: OpenDay, tue: OpenDay, wed: OpenDay, thu: OpenDay, fri: OpenDay, sat: OpenDay, sun: OpenDay })
    .describe('When clocks run, by the wall clock: 09:00-12:30, 13:30-18:00. Empty: closed'),
  keepHolidays: z.boolean().describe('Clocks rest on the public holidays of the company’s country and on days that the company added'),
  targets: z.object({ low: Target, normal: Target, high: Target, urgent: Target }),
  warnMinutes: z
    .int()
    .min(1)
    .max(14_400)
    .describe('Business minutes before a target is broken at which “soon” is told; never more than half of the target'),
  restOnHold: z.boolean().describe('Clocks also rest while a ticket is on hold'),
  closeAfterDays: z.int().min(1).max(365).nullable().describe('A solved ticket is closed after so many days without a word; null: never'),
});
export type TicketOptions = z.output<typeof TicketOptions>;

const OFFICE = ['09:00-17:00'];
const target = (firstResponse: number, nextResponse: number, resolution: number) => ({ firstResponse, nextResponse, resolution });

const DEFAULT_OPTIONS: TicketOptions = {
  timeZone: null,
  hours: { mon: OFFICE, tue: OFFICE, wed: OFFICE, thu: OFFICE, fri: OFFICE, sat: [], sun: [] },
  keepHolidays: true,
  targets: { low: target(960, 960, 4_800), normal: target(480, 480, 2_400), high: target(120, 240, 960), urgent: target(60, 60, 480) },
  warnMinutes: 60,
  restOnHold: false,
  closeAfterDays: 7,
};

/** What was stored, the defaults where nothing was or where it no longer fits. */
export function readOptions(stored: unknown): TicketOptions {
  const known = typeof stored === 'object' && stored !== null ? stored : {};
  const parsed = TicketOptions.safeParse({ ...DEFAULT_OPTIONS, ...known });
  return parsed.success ? parsed.data : DEFAULT_OPTIONS;
}

export const WEEK = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
