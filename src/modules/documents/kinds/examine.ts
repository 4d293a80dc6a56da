import { dayKey } from '../draw/chart-data.ts';
import { measured } from '../draw/measure.ts';
import type { Cell, DataSet } from '../model/data.ts';

/** What each column of a table is good for. */
export interface Examined {
  /** The day of each row; the first column of days. */
  readonly day: string | null;
  /** Columns to be added up or averaged, the most telling first. */
  readonly numbers: readonly { readonly name: string; readonly level: boolean }[];
  /** Columns whose few values come again: channels, products. */
  readonly groups: readonly string[];
  readonly grain: 'day' | 'week' | 'month' | 'year';
}

const MOST_GROUPS = 40;

/** Numbers that name something or stand for a level are not added up. */
const NAMES = /^(?:id|nr|no|number|code|zip|postcode|year|month|week|row|index)$|(?:^|[ _])(?:id|nr|zip|code)$/i;
const LEVELS = /rate|share|percent|%|average|mean|avg|price|score|temperature|ratio|quote|anteil|preis|schnitt/i;

export function examine({ columns, rows }: DataSet): Examined {
  const cellsOf = (at: number) => rows.map((row) => row[at] ?? null).filter((cell) => cell !== null);
  const dayAt = columns.findIndex(({ kind }) => kind === 'date');
  const numbers = columns.flatMap(({ name, kind }, at) => {
    if (kind !== 'number' || NAMES.test(name.trim())) return [];
    const cells = cellsOf(at);
    return cells.length < rows.length / 2 || new Set(cells).size < 2 ? [] : [{ name, level: LEVELS.test(name) }];
  });
  const groups = columns.flatMap(({ name, kind }, at) => {
    if (kind !== 'text') return [];
    const different = new Set(cellsOf(at)).size;
    return different >= 2 && different <= MOST_GROUPS && different <= rows.length / 2 ? [name] : [];
  });
  const days = dayAt < 0 ? [] : cellsOf(dayAt).map(String).toSorted();
  return { day: dayAt < 0 ? null : (columns[dayAt]?.name ?? null), numbers: numbers.toSorted((a, b) => Number(a.level) - Number(b.level)), groups, grain: grainOf(days) };
} // prettier-ignore

function grainOf(days: readonly string[]): Examined['grain'] {
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined) return 'month';
  const span = (Date.parse(last.slice(0, 10)) - Date.parse(first.slice(0, 10))) / 86_400_000;
  return span <= 45 ? 'day' : span <= 200 ? 'week' : span <= 365 * 6 ? 'month' : 'year';
}

/** One value for each day, week, month or year, oldest first. The last one may not be over yet. */
export function courseOf({ columns, rows }: DataSet, day: string, value: string, grain: Examined['grain'], level: boolean): { readonly key: string; readonly value: number }[] {
  const [dayAt, valueAt] = [columns.findIndex(({ name }) => name === day), columns.findIndex(({ name }) => name === value)];
  const places = new Map<string, number[]>();
  for (const row of rows) {
    const key = dayKey(row[dayAt] ?? null, grain);
    const cell: Cell = row[valueAt] ?? null;
    if (key === null || typeof cell !== 'number') continue;
    const list = places.get(key) ?? [];
    places.set(key, list);
    list.push(cell);
  }
  return [...places].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([key, list]) => ({ key, value: measured(list, level ? 'mean' : 'sum') ?? 0 }));
} // prettier-ignore
