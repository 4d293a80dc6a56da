import { z } from 'zod';
import type { Condition, Facts, Json } from './types.ts';
import { anniversaryOf, stretchOf, WINDOW } from './windows.ts';

const field = z.string().regex(/^[\w-]+(\.[\w-]+)*$/, { error: 'A field is a dotted path such as lead.status' });

const window = z.string().regex(WINDOW, {
  error: 'A stretch of time is last_30_days, next_7_days, over_90_days_ago, today, this_week, this_month or this_year',
});

/** A condition as it comes from outside; `Condition` is its type. */
export const ConditionSchema: z.ZodType<Condition> = z.lazy(() =>
  z.union(
    [
      z.strictObject({ all: z.array(ConditionSchema).max(50) }),
      z.strictObject({ any: z.array(ConditionSchema).max(50) }),
      z.strictObject({ not: ConditionSchema }),
      z.strictObject({ field, is: z.json() }),
      z.strictObject({ field, isNot: z.json() }),
      z.strictObject({ field, in: z.array(z.json()).max(1_000) }),
      z.strictObject({ field, contains: z.string() }),
      z.strictObject({ field, above: z.union([z.number(), z.string()]) }),
      z.strictObject({ field, below: z.union([z.number(), z.string()]) }),
      z.strictObject({ field, exists: z.boolean() }),
      z.strictObject({ field, within: window }),
      z.strictObject({ field, anniversary: window }),
    ],
    {
      error:
        'A condition is {"field": …} with one of is, isNot, in, contains, above, below, exists, within, anniversary; or {"all": […]}, {"any": […]}, {"not": …}',
    },
  ),
);

/**
 * Does it hold? A missing field is null: `is null` and `isNot x` hold, `above`, `below`, `within` and `anniversary` do not.
 * `now` is what `within` and `anniversary` are seen from, on the calendar of `company.settings.time_zone` (else UTC).
 */
export function holds(condition: Condition, facts: Facts, now: Date): boolean {
  if ('all' in condition) return condition.all.every((part) => holds(part, facts, now));
  if ('any' in condition) return condition.any.some((part) => holds(part, facts, now));
  if ('not' in condition) return !holds(condition.not, facts, now);
  const value = valueAt(facts, condition.field);
  if ('is' in condition) return same(value, condition.is);
  if ('isNot' in condition) return !same(value, condition.isNot);
  if ('in' in condition) return condition.in.some((one) => same(value, one));
  if ('contains' in condition) return contains(value, condition.contains);
  if ('above' in condition) return compare(value, condition.above) > 0;
  if ('below' in condition) return compare(value, condition.below) < 0;
  if ('within' in condition) return isWithin(value, condition.within, now, zoneOf(facts));
  if ('anniversary' in condition) return hasAnniversary(value, condition.anniversary, now, zoneOf(facts));
  return (value !== null) === condition.exists;
}

function zoneOf(facts: Facts): string {
  const zone = valueAt(facts, 'company.settings.time_zone');
  return typeof zone === 'string' ? zone : 'UTC';
}

/** A day (`2026-05-01`) by the calendar, a moment by time. */
function isWithin(value: Json, window: string, now: Date, zone: string): boolean {
  const stretch = stretchOf(window, now, zone);
  if (stretch === null || typeof value !== 'string') return false;
  if (/^\d{4}-\d{2}-\d{2}$/.test(value))
    return (stretch.fromDay === null || value >= stretch.fromDay) && (stretch.toDay === null || value <= stretch.toDay);
  const time = momentOf(value);
  return time !== null && (stretch.from === null || time >= stretch.from.getTime()) && (stretch.to === null || time < stretch.to.getTime());
}

/** The day comes round in the window, whatever the year: a birthday. */
function hasAnniversary(value: Json, window: string, now: Date, zone: string): boolean {
  const days = anniversaryOf(window, now, zone);
  if (days === null || typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}/.test(value)) return false;
  const [from, to] = days;
  const day = value.slice(5, 10);
  return from <= to ? day >= from && day <= to : day >= from || day <= to;
}

/** The value at a dotted path; null where there is none. Numbers index lists. */
export function valueAt(facts: Facts, path: string): Json {
  let value: Json | undefined = facts;
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null) return null;
    if (Array.isArray(value)) value = value[Number(name)];
    else value = Object.hasOwn(value, name) ? value[name] : undefined;
  }
  return value ?? null;
}

function same(a: Json, b: Json): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b))
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((one, i) => same(one, b[i] ?? null));
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && same(a[key] ?? null, b[key] ?? null));
}

/** Text holds the words, whatever their case; a list holds them as one of its values. */
function contains(value: Json, part: string): boolean {
  if (typeof value === 'string') return value.toLowerCase().includes(part.toLowerCase());
  return Array.isArray(value) && value.includes(part);
}

/** Numbers as numbers, moments by time, other text by letter; NaN where they cannot be compared. */
function compare(value: Json, bound: number | string): number {
  if (value === null || typeof value === 'object' || typeof value === 'boolean') return Number.NaN;
  if (typeof bound === 'number') return Math.sign(Number(value) - bound);
  if (typeof value === 'number') return Math.sign(value - Number(bound));
  const [left, right] = [momentOf(value), momentOf(bound)];
  if (left !== null && right !== null) return Math.sign(left - right);
  return value < bound ? -1 : Number(value > bound);
}

function momentOf(text: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}/.test(text)) return null;
  const time = Date.parse(text);
  return Number.isNaN(time) ? null : time;
}
