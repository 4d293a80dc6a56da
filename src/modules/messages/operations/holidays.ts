import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { Conflict, NotFound } from '#core/errors.ts';
import { newId } from '#core/ids.ts';
import { operation } from '#core/operation/operation.ts';
import { companyCountry } from '#modules/people/public.ts';
import { loadHolidays, publicHolidays } from '../gate/holidays.ts';
import { sendingHolidays } from '../tables.ts';

/** The company added no such day. */
export class HolidayNotFound extends NotFound {
  override readonly code = 'holiday_not_found';
}
/** The company added that day already. */
export class HolidayTaken extends Conflict {
  override readonly code = 'holiday_taken';
}

const Own = z.object({
  id: z.uuid(),
  day: z.iso.date(),
  yearly: z.boolean().describe('That day of every year'),
  title: z.string(),
});
const OWN = {
  name: 'sending.own_holidays',
  text: `select id, day::text as day, yearly, title from sending_holidays where company_id = $1 order by day`,
};

export const listHolidays = operation({
  name: 'sending.holidays',
  summary: 'Days that commercial mail keeps off: yours, and the public holidays of a country in a year',
  http: 'GET /api/sending/holidays',
  cli: 'sending holidays',
  access: 'read',
  input: z.object({
    country: z
      .string()
      .regex(/^[A-Z]{2}$/)
      .optional()
      .describe('ISO 3166, e.g. DE; default: that of the company'),
    year: z.int().min(2000).max(2100).optional().describe('Default: this year'),
  }),
  output: z.object({
    items: z.array(Own),
    nextCursor: z.null(),
    country: z.string().nullable(),
    year: z.int(),
    public: z.array(z.object({ day: z.string(), title: z.string() })).describe('National ones; empty for a country that nobody knows'),
  }),
  async run(ctx, input) {
    const country = input.country ?? (await companyCountry(ctx, ctx.companyId));
    const year = input.year ?? ctx.clock.now().getUTCFullYear();
    await loadHolidays();
    const days = country === null ? new Map<string, string>() : publicHolidays(country, year);
    return {
      items: await ctx.query<z.output<typeof Own>>(OWN, [ctx.companyId]),
      nextCursor: null,
      country,
      year,
      public: [...days].map(([day, title]) => ({ day, title })).toSorted((a, b) => (a.day < b.day ? -1 : 1)),
    };
  },
});

export const addHoliday = operation({
  name: 'sending.add_holiday',
  summary: 'Commercial mail keeps off this day, too',
  http: 'POST /api/sending/holidays',
  cli: 'sending holidays add',
  access: 'write',
  role: 'manager',
  input: z.object({
    day: z.iso.date(),
    title: z.string().trim().min(1).max(200).describe('What people read as the reason, e.g. Company outing'),
    yearly: z.boolean().default(false).describe('That day of every year'),
  }),
  output: Own,
  errors: [HolidayTaken],
  async run(ctx, input) {
    const createdBy = 'userId' in ctx.principal ? ctx.principal.userId : null;
    const [row] = await ctx.db
      .insert(sendingHolidays)
      .values({ id: newId(), ...input, createdBy, createdAt: ctx.clock.now() })
      .onConflictDoNothing()
      .returning();
    if (row === undefined) throw new HolidayTaken(`${input.day} is on your list already`);
    return { id: row.id, day: row.day, yearly: row.yearly, title: row.title };
  },
});

export const removeHoliday = operation({
  name: 'sending.remove_holiday',
  summary: 'Mail leaves on this day again',
  http: 'DELETE /api/sending/holidays/{holiday_id}',
  cli: 'sending holidays remove',
  access: 'write',
  role: 'manager',
  destructive: true,
  input: z.object({ holidayId: z.uuid() }),
  output: z.object({}),
  errors: [HolidayNotFound],
  async run(ctx, input) {
    const gone = await ctx.db
      .delete(sendingHolidays)
      .where(and(eq(sendingHolidays.id, input.holidayId), eq(sendingHolidays.companyId, ctx.companyId)))
      .returning({ id: sendingHolidays.id });
    if (gone.length === 0) throw new HolidayNotFound('There is no such day; see GET /api/sending/holidays');
    ctx.subject('sending_holidays', input.holidayId);
    await ctx.runtime.effects.hasten(ctx, { companyId: ctx.companyId, kind: 'email' });
    return {};
  },
});
