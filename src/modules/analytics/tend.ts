import type { Statement } from '#core/database/database.ts';
import { nowAndThen, together, type Stop } from '#core/now-and-then.ts';
import type { Runtime } from '#core/runtime.ts';
import { makeForecasts } from './forecast/make.ts';
import { tendReports } from './reports/tend.ts';
import { dueWatches, lookAndKeep } from './watches/store.ts';

/** In real time. */
const LOOK_MS = 60_000;

/** Companies with deals whose forecast is of another day, or older than an hour and than the latest change (index deals_touched). */
const DUE: Statement = {
  name: 'forecast.due',
  text: `select c.id from companies c
          cross join lateral (select max(d.updated_at) as at from deals d where d.company_id = c.id) touched
           left join lateral (select max(f.made_at) as at from forecasts f where f.company_id = c.id and f.made_on = (select max(l.made_on) from forecasts l where l.company_id = c.id)) made on true
          where touched.at is not null and (made.at is null or (made.at at time zone 'UTC')::date < ($1::timestamptz at time zone 'UTC')::date
             or (made.at <= $1::timestamptz - interval '1 hour' and touched.at > made.at)) order by made.at nulls first limit 20`,
};

/** Brings the forecasts up to date that are due. Answers of how many companies. */
export async function tendForecasts(runtime: Runtime, going: () => boolean = () => true): Promise<number> {
  const now = runtime.clock.now();
  const due = await runtime.system.read((tx) => tx.query<{ id: string }>(DUE, [now]));
  for (const { id } of due) {
    if (!going()) break;
    await makeForecasts(runtime.database, id, now);
  }
  return due.length;
}

/** Looks at the conditions that are due. Answers how many. */
export async function tendWatches(runtime: Runtime, going: () => boolean = () => true): Promise<number> {
  const now = runtime.clock.now();
  const due = await runtime.system.read((tx) => dueWatches(tx, now));
  for (const { id, companyId, ...watched } of due) {
    if (!going()) break;
    await runtime.database.write(companyId, (tx) => lookAndKeep(tx, companyId, id, watched, now));
  }
  return due.length;
}

/** The worker's share. Each has its own rhythm: a slow forecast keeps no watch waiting. */
export function startTending(runtime: Runtime): Stop {
  const { log } = runtime;
  return together(
    nowAndThen({ log, everyMs: LOOK_MS, what: 'look at the conditions that are watched', round: (going) => tendWatches(runtime, going) }),
    nowAndThen({ log, everyMs: LOOK_MS, what: 'bring forecasts up to date', round: (going) => tendForecasts(runtime, going) }),
    nowAndThen({ log, everyMs: LOOK_MS, what: 'mail reports', round: (going) => tendReports(runtime, going) }),
  );
}
