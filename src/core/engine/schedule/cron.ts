import { InvalidInput } from '#core/errors.ts';

/**
 * Five fields: minute hour day-of-month month day-of-week. Lists, ranges, steps, names of months and days, 7 as Sunday; `L` in the
 * day of the month is its last day, `5L` in the day of the week the last Friday, `5#2` the second. As everywhere, when both days are
 * restricted, either will do.
 */
export interface Cron {
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  /** The hour begins with `*`: it goes by the clock on the wall all day long, so it counts real hours where the clock is put forward or back. */
  readonly everyHour: boolean;
  /** Does this calendar day have firings? Month 1 to 12. */
  readonly onDay: (year: number, month: number, day: number) => boolean;
}

interface Field {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly names?: readonly string[];
}

const MINUTE: Field = { name: 'minute', from: 0, to: 59 };
const HOUR: Field = { name: 'hour', from: 0, to: 23 };
const DAY: Field = { name: 'day of the month', from: 1, to: 31 };
const MONTH: Field = {
  name: 'month',
  from: 1,
  to: 12,
  names: ['', 'jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
};
const WEEKDAY: Field = { name: 'day of the week', from: 0, to: 7, names: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] };

const known = new Map<string, Cron>();

/** @throws InvalidInput with the field that is wrong */
export function parseCron(text: string): Cron {
  const kept = known.get(text);
  if (kept !== undefined) return kept;
  const parts = text.trim().split(/\s+/);
  const [minute, hour, day, month, weekday] = parts;
  if (parts.length !== 5 || minute === undefined || hour === undefined || day === undefined || month === undefined || weekday === undefined)
    throw new InvalidInput('five fields: minute hour day month weekday, e.g. 0 9 * * 1-5');
  const months = new Set(numbers(month, MONTH));
  const cron: Cron = {
    minutes: numbers(minute, MINUTE),
    hours: numbers(hour, HOUR),
    everyHour: /^[*?]/.test(hour),
    onDay: dayTest(day, weekday, months),
  };
  if (known.size > 10_000) known.clear();
  known.set(text, cron);
  return cron;
}

type DayTest = (year: number, month: number, day: number) => boolean;

function dayTest(day: string, weekday: string, months: ReadonlySet<number>): DayTest {
  const tests = [daysOf(day), weekdaysOf(weekday)].filter((test): test is DayTest => test !== null);
  return (year, month, date) => months.has(month) && (tests.length === 0 || tests.some((test) => test(year, month, date)));
}

const lastDay = (year: number, month: number) => new Date(Date.UTC(year, month, 0)).getUTCDate();

function daysOf(text: string): DayTest | null {
  if (text === '*' || text === '?') return null;
  const parts = text.split(',');
  const last = parts.some((part) => /^L$/i.test(part));
  const rest = parts.filter((part) => !/^L$/i.test(part));
  const days = new Set(rest.length === 0 ? [] : numbers(rest.join(','), DAY));
  return (year, month, day) => days.has(day) || (last && day === lastDay(year, month));
}

function weekdaysOf(text: string): DayTest | null {
  if (text === '*' || text === '?') return null;
  const tests = text.split(',').map((part): DayTest => {
    const special = /^(\w+?)(?:(L)|#([1-5]))$/i.exec(part);
    if (special === null) {
      const days = new Set(numbers(part, WEEKDAY).map((one) => one % 7));
      return (year, month, day) => days.has(new Date(Date.UTC(year, month - 1, day)).getUTCDay());
    }
    const [, name = '', last, nth] = special;
    const weekday = number(name, WEEKDAY) % 7;
    return (year, month, day) =>
      new Date(Date.UTC(year, month - 1, day)).getUTCDay() === weekday &&
      (last === undefined ? Math.ceil(day / 7) === Number(nth) : day + 7 > lastDay(year, month));
  });
  return (year, month, day) => tests.some((test) => test(year, month, day));
}

/** What a field allows, in order. */
function numbers(text: string, field: Field): number[] {
  const found = new Set<number>();
  for (const part of text.split(',')) {
    const [range = '', step, ...more] = part.split('/');
    const every = step === undefined ? 1 : Number(step);
    if (more.length > 0 || !Number.isInteger(every) || every < 1) throw wrong(field, part);
    const [from, to] = bounds(range, step !== undefined, field);
    if (from > to) throw wrong(field, part);
    for (let one = from; one <= to; one += every) found.add(one);
  }
  return [...found].toSorted((a, b) => a - b);
}

function bounds(range: string, stepped: boolean, field: Field): readonly [number, number] {
  if (range === '*' || range === '?') return [field.from, field === WEEKDAY ? 6 : field.to];
  const [from = '', to, ...more] = range.split('-');
  if (more.length > 0) throw wrong(field, range);
  const first = number(from, field);
  return [first, to === undefined ? (stepped ? field.to : first) : number(to, field)];
}

function number(text: string, field: Field): number {
  const named = field.names?.indexOf(text.toLowerCase().slice(0, 3)) ?? -1;
  if (/^[a-z]{3,}$/i.test(text) && named >= 0) return named;
  const value = /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= field.from && value <= field.to)) throw wrong(field, text);
  return value;
}

function wrong(field: Field, text: string): InvalidInput {
  return new InvalidInput(`“${text}” is no ${field.name}; it is a number from ${field.from} to ${field.to}, *, a range 1-5, or a step */2`);
}
