const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'narrow' });
const full = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeStyle: 'medium' });
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const dayYear = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });

/** `5 min. ago`, `in 3 days`; a date when it is further than a week. */
export function ago(iso: string, now = Date.now()): string {
  const seconds = (new Date(iso).getTime() - now) / 1000;
  const size = Math.abs(seconds);
  if (size < 45) return seconds <= 0 ? 'just now' : 'in a moment';
  if (size > 7 * 86_400) return dateOf(iso);
  if (size < 3600) return relative.format(Math.round(seconds / 60), 'minute');
  if (size < 86_400) return relative.format(Math.round(seconds / 3600), 'hour');
  return relative.format(Math.round(seconds / 86_400), 'day');
}

export function dateOf(iso: string): string {
  const date = new Date(iso);
  return date.getFullYear() === new Date().getFullYear() ? day.format(date) : dayYear.format(date);
}

const calendar = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });

/** A day of the calendar, the same in every time zone: `2026-07-01` → `1 Jul 2026`. What is no day stays as it is. */
export function dayOf(text: string): string {
  const at = Date.parse(`${text.slice(0, 10)}T00:00:00Z`);
  return Number.isNaN(at) ? text : calendar.format(at);
}

const monthYear = new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' });

/** `2026-07` → `July 2026`. What is no month stays as it is. */
export function monthOf(text: string): string {
  const at = Date.parse(`${text.slice(0, 7)}-01T00:00:00Z`);
  return Number.isNaN(at) ? text : monthYear.format(at);
}

export function clockOf(iso: string): string {
  return clock.format(new Date(iso));
}

/** `21 Nov, 09:30` in the reader's zone. */
export function momentOf(iso: string): string {
  return `${dateOf(iso)}, ${clockOf(iso)}`;
}

/** A moment, short; the exact one on hover. */
export function When({ at, exact, className }: { at: string; exact?: boolean; className?: string }) {
  return (
    <time dateTime={at} title={full.format(new Date(at))} className={className ?? 'num whitespace-nowrap text-ink-2'}>
      {exact === true ? momentOf(at) : ago(at)}
    </time>
  );
}

/** One digit behind the point, unless it says nothing. */
const short = (value: number): string => String(Number(value.toFixed(value < 10 ? 1 : 0)));

/** 1,234 ms → `1.2 s`; 86,400,000 ms → `1 day`. */
export function lengthOf(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${short(ms / 1000)} s`;
  if (ms < 3_600_000) return `${Math.round(ms / 60_000)} min`;
  if (ms < 86_400_000) return `${short(ms / 3_600_000)} h`;
  const days = short(ms / 86_400_000);
  return `${days} ${days === '1' ? 'day' : 'days'}`;
}
