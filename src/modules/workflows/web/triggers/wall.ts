import type { Item } from '#web/kit/api.ts';

type Schedule = Pick<Item<'schedules.list'>, 'cron' | 'every_s' | 'time_zone' | 'missed'>;

/** `Tue 2 Jun, 09:00` as the clock on the wall there shows it. */
export function wallOf(iso: string, timeZone: string): string {
  const date = new Date(iso);
  const parts: Intl.DateTimeFormatOptions = {
    timeZone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  };
  const year = date.getFullYear() === new Date().getFullYear() ? {} : { year: 'numeric' as const };
  return new Intl.DateTimeFormat('en-GB', { ...parts, ...year }).format(date);
}

export function missedWords({ missed }: Schedule): string {
  if (missed['policy'] === 'skip') return 'Skipped';
  if (missed['policy'] === 'once') return 'One run stands for all';
  return `All not older than ${spanWords(Number(missed['within_s'] ?? missed['withinS'] ?? 0))}`;
}

/** 7,200 → `2 hours`. */
export function spanWords(seconds: number): string {
  const [size, unit] =
    seconds % 86_400 === 0
      ? [seconds / 86_400, 'day']
      : seconds % 3_600 === 0
        ? [seconds / 3_600, 'hour']
        : [Math.round(seconds / 60), 'minute'];
  return `${size} ${unit}${size === 1 ? '' : 's'}`;
}
