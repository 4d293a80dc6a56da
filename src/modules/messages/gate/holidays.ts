import type Holidays from 'date-holidays';
import type { Statement, Transaction } from '#core/database/database.ts';
import { companyCountry } from '#modules/people/public.ts';

/** Days on which commercial mail waits, for one country. */
export interface Calendar {
  /** Tells one from another, for what is remembered by it. */
  readonly key: string;
  /** What day it is, `2026-12-25` of the wall clock; null: an ordinary one. */
  closed(day: string): string | null;
}

/** A day that the company added. `yearly`: that day of every year. */
export interface OwnDay {
  readonly day: string;
  readonly yearly: boolean;
  readonly title: string;
}

/** Public holidays of a country by day, a year at a time. National ones only: nobody knows somebody's province. */
const known = new Map<string, ReadonlyMap<string, string>>();
let library: typeof Holidays | undefined;

/** The library is large: loaded when the first company asks that keeps hours. */
export async function loadHolidays(): Promise<void> {
  library ??= (await import('date-holidays')).default;
}

/** Empty for a country that the library does not know. @throws when it was not loaded */
export function publicHolidays(country: string, year: number): ReadonlyMap<string, string> {
  const key = `${country} ${year}`;
  const found = known.get(key);
  if (found !== undefined) return found;
  if (library === undefined) throw new Error('the holidays were not loaded');
  const days = new library(country).getHolidays(year).filter(({ type }) => type === 'public');
  const made = new Map(days.map(({ date, name }) => [date.slice(0, 10), name]));
  known.set(key, made);
  return made;
}

/** What a company keeps off, in the country of a person; null: nobody knows the country, and only the company's own days count. */
export function calendarOf(country: string | null, own: readonly OwnDay[]): Calendar | null {
  if (country === null && own.length === 0) return null;
  const days = new Map(own.filter(({ yearly }) => !yearly).map(({ day, title }) => [day, title]));
  const yearly = new Map(own.filter((one) => one.yearly).map(({ day, title }) => [day.slice(5), title]));
  return {
    key: `${country ?? ''} ${own.map(({ day, yearly: each }) => `${day}${each ? '*' : ''}`).join()}`,
    closed(day) {
      return (
        days.get(day) ??
        yearly.get(day.slice(5)) ??
        (country === null ? null : (publicHolidays(country, Number(day.slice(0, 4))).get(day) ?? null))
      );
    },
  };
}

const OWN: Statement = {
  name: 'sending.holidays_of',
  text: `select day::text as day, yearly, title from sending_holidays where company_id = $1 order by day`,
};

/** The holidays of a company itself: the public ones of its country, and the days that it added. Null: none are known. */
export async function holidaysOf(tx: Transaction, companyId: string): Promise<Calendar | null> {
  const country = await companyCountry(tx, companyId);
  const own = await tx.query<OwnDay>(OWN, [companyId]);
  if (country !== null) await loadHolidays();
  return calendarOf(country, own);
}
