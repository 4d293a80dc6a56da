/** A rhythm that a person picks; everything else is cron. */
export type Rhythm = 'daily' | 'weekdays' | 'weekly' | 'monthly' | 'every' | 'cron';

export const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const;

export interface Schedule {
  readonly rhythm: Rhythm;
  /** `09:00`. */
  readonly time: string;
  /** 0 is Sunday. */
  readonly day: number;
  /** 1 to 31. */
  readonly date: number;
  readonly everyS: number;
  readonly cron: string;
}

const BEGIN: Schedule = { rhythm: 'daily', time: '09:00', day: 1, date: 1, everyS: 3_600, cron: '0 9 * * *' };
const two = (text: string | undefined) => (text ?? '0').padStart(2, '0');

/** What a stored schedule says in these words; a cron of another shape is shown as it is. */
export function readSchedule(spec: Readonly<Record<string, unknown>>): Schedule {
  if (typeof spec['everyS'] === 'number') return { ...BEGIN, rhythm: 'every', everyS: spec['everyS'] };
  const cron = typeof spec['cron'] === 'string' ? spec['cron'] : BEGIN.cron;
  const found = /^(\d{1,2}) (\d{1,2}) (\*|\d{1,2}) \* (\*|1-5|[0-6])$/.exec(cron);
  if (found === null) return { ...BEGIN, rhythm: 'cron', cron };
  const [, minute, hour, date = '*', day = '*'] = found;
  const at = { ...BEGIN, cron, time: `${two(hour)}:${two(minute)}` };
  if (date !== '*') return day === '*' ? { ...at, rhythm: 'monthly', date: Number(date) } : { ...at, rhythm: 'cron' };
  if (day === '*') return { ...at, rhythm: 'daily' };
  return day === '1-5' ? { ...at, rhythm: 'weekdays' } : { ...at, rhythm: 'weekly', day: Number(day) };
}

/** As a definition stores it: `{cron}` or `{everyS}`. */
export function writeSchedule(schedule: Schedule): { cron: string } | { everyS: number } {
  if (schedule.rhythm === 'every') return { everyS: schedule.everyS };
  if (schedule.rhythm === 'cron') return { cron: schedule.cron };
  const [hour = '9', minute = '0'] = schedule.time.split(':');
  const at = `${Number(minute)} ${Number(hour)}`;
  if (schedule.rhythm === 'monthly') return { cron: `${at} ${schedule.date} * *` };
  const day = schedule.rhythm === 'daily' ? '*' : schedule.rhythm === 'weekdays' ? '1-5' : String(schedule.day);
  return { cron: `${at} * * ${day}` };
}
