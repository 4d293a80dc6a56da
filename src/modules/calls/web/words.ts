import type { Item } from '#web/kit/api.ts';

export const DAYS = [
  ['mon', 'Monday'],
  ['tue', 'Tuesday'],
  ['wed', 'Wednesday'],
  ['thu', 'Thursday'],
  ['fri', 'Friday'],
  ['sat', 'Saturday'],
  ['sun', 'Sunday'],
] as const;

export const minutesOf = (call: Pick<Item<'calls.list'>, 'starts_at' | 'ends_at'>): number =>
  Math.round((Date.parse(call.ends_at) - Date.parse(call.starts_at)) / 60_000);

/** `9:00-12:00, 13-17` as it is kept. */
export const spansOf = (text: string): string[] =>
  text
    .split(',')
    .map((span) => span.replace(/\s+/g, '').replace('–', '-'))
    .filter((span) => span !== '');

/** For an input of the browser's, in its own time. */
export function localInput(iso: string): string {
  const at = new Date(iso);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
}
