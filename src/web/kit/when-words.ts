/** When a schedule fires: one of the two is there. `every_s` in seconds. */
interface Rule {
  readonly cron: string | null;
  readonly every_s: number | null;
}

const DAYS = ['Sundays', 'Mondays', 'Tuesdays', 'Wednesdays', 'Thursdays', 'Fridays', 'Saturdays'];
const plural = (count: number, one: string) => (count === 1 ? `Every ${one}` : `Every ${count} ${one}s`);

/** `Weekdays at 09:00`; a cron that has no plain words is shown as it is. */
export function whenWords({ cron, every_s: everyS }: Rule): string {
  if (everyS !== null) {
    if (everyS % 86_400 === 0) return plural(everyS / 86_400, 'day');
    if (everyS % 3_600 === 0) return plural(everyS / 3_600, 'hour');
    return everyS % 60 === 0 ? plural(everyS / 60, 'minute') : plural(everyS, 'second');
  }
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = (cron ?? '').trim().split(/\s+/);
  const plain = /^\d+$/;
  if (month !== '*') return cron ?? '';
  if (plain.test(minute) && plain.test(hour)) {
    const at = `at ${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`;
    if (day === '*' && weekday === '*') return `Every day ${at}`;
    if (day === '*' && /^(1-5|mon-fri)$/i.test(weekday)) return `Weekdays ${at}`;
    if (day === '*' && plain.test(weekday)) return `${DAYS[Number(weekday) % 7] ?? weekday} ${at}`;
    if (weekday === '*' && /^L$/i.test(day)) return `On the last day of each month ${at}`;
    if (weekday === '*' && plain.test(day)) return `On day ${day} of each month ${at}`;
  }
  const step = /^\*\/(\d+)$/;
  if (day === '*' && weekday === '*' && hour === '*') {
    const every = step.exec(minute)?.[1];
    if (every !== undefined) return plural(Number(every), 'minute');
    if (minute === '*') return 'Every minute';
    if (plain.test(minute)) return minute === '0' ? 'Every hour' : `Every hour at ${minute.padStart(2, '0')} past`;
  }
  return cron ?? '';
}
