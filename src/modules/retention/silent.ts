import type { Keeps } from '#core/module.ts';

/**
 * The condition on `p` (people) under which nothing speaks for keeping a person: what every module says, and no hold.
 * @param since the place of the moment before which silence counts: `$2`
 */
export function silent(keeps: Keeps, since: string): string {
  const reasons = Object.values(keeps).map((condition) => `(${condition.replaceAll(':since', `${since}::timestamptz`)})`);
  return [
    `p.created_at < ${since}::timestamptz`,
    'not exists (select from retention_holds h where h.person_id = p.id and h.company_id = p.company_id)',
    ...reasons.map((reason) => `not ${reason}`),
  ].join(' and ');
}

/** The calendar month before which silence counts, whole days of UTC. A month that is too short gives its last day. */
export function silentSince(now: Date, months: number): Date {
  const since = new Date(now);
  const day = since.getUTCDate();
  since.setUTCDate(1);
  since.setUTCMonth(since.getUTCMonth() - months);
  const last = new Date(Date.UTC(since.getUTCFullYear(), since.getUTCMonth() + 1, 0)).getUTCDate();
  since.setUTCDate(Math.min(day, last));
  return since;
}
