import type { Database, Statement, Transaction } from '#core/database/database.ts';
import { arrayOf } from '#core/database/array-literal.ts';
import { backTest, intervalOf, type Trial } from './calibrate.ts';
import { gather, type Known } from './gather.ts';
import { ALL, predict } from './predict.ts';
import { learn } from './rates.ts';
import { periodAt, trialsOf, type Grain } from './trials.ts';

/** What is forecast, and on how many past periods it is tried. */
const ASKED: readonly { readonly grain: Grain; readonly ahead: number; readonly trials: number }[] = [
  { grain: 'month', ahead: 0, trials: 24 },
  { grain: 'month', ahead: 1, trials: 24 },
  { grain: 'quarter', ahead: 0, trials: 12 },
];
const KEPT_DAYS = 400;

const CLEAR: Statement = { name: 'forecast.clear_trials', text: 'delete from forecast_trials where company_id = $1' };
const TRIALS: Statement = {
  name: 'forecast.trials',
  text: `insert into forecast_trials (company_id, grain, ahead, dim, value, start, expected_cents, low_cents, high_cents, actual_cents, calibrated, inside)
         select $1, e.* from unnest($2::text[], $3::smallint[], $4::text[], $5::text[], $6::date[], $7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[], $11::boolean[], $12::boolean[]) as e`,
};
const SAY: Statement = {
  name: 'forecast.say',
  text: `insert into forecasts (company_id, made_at, made_on, grain, ahead, dim, value, start, expected_cents, low_cents, high_cents, won_cents, open_cents, fresh_cents, calibrated)
         select $1, $2, ($2::timestamptz at time zone 'UTC')::date, e.* from unnest($3::text[], $4::smallint[], $5::text[], $6::text[], $7::date[], $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[], $14::boolean[]) as e
         on conflict (company_id, grain, start, dim, value, made_on) do update set made_at = excluded.made_at, ahead = excluded.ahead, won_cents = excluded.won_cents, open_cents = excluded.open_cents,
           fresh_cents = excluded.fresh_cents, expected_cents = excluded.expected_cents, low_cents = excluded.low_cents, high_cents = excluded.high_cents, calibrated = excluded.calibrated`,
};
const SWEEP: Statement = { name: 'forecast.sweep', text: 'delete from forecasts where company_id = $1 and made_on < $2::date' };

interface Row {
  readonly grain: Grain;
  readonly ahead: number;
  readonly owner: string;
  readonly start: number;
  readonly expected: number;
  readonly low: number;
  readonly high: number;
  readonly calibrated: boolean;
}
interface Said extends Row {
  readonly won: number;
  readonly open: number;
  readonly fresh: number;
}
interface Tried extends Row {
  readonly actual: number;
  readonly inside: boolean;
}

const day = (at: number) => new Date(at).toISOString().slice(0, 10);

/** Two at once write one after the other. */
const ALONE: Statement = { name: 'forecast.alone', text: `select pg_advisory_xact_lock(hashtextextended('forecast ' || $1::text, 0))` };

/**
 * Works the forecasts of a company out and keeps them: those of today, and what past ones would have been. Answers how many were made. What it is made from is read in one
 * transaction and written in another: no transaction waits for the arithmetic in between (2 seconds of a million deals).
 */
export async function makeForecasts(database: Database, companyId: string, now: Date): Promise<number> {
  const known = await database.read(companyId, (tx) => gather(tx, companyId, now));
  const said: Said[] = [];
  const tried: Tried[] = [];
  for (const asked of ASKED) {
    const found = await oneOf(known, now.getTime(), asked);
    said.push(...found.said);
    tried.push(...found.tried);
  }
  await database.write(companyId, (tx) => keep(tx, companyId, now, said, tried));
  return said.length;
}

async function keep(tx: Transaction, companyId: string, now: Date, said: readonly Said[], tried: readonly Tried[]): Promise<void> {
  await tx.query(ALONE, [companyId]);
  await tx.query(CLEAR, [companyId]);
  if (tried.length > 0)
    await tx.query(TRIALS, [companyId, ...keys(tried), ...cents(tried), list(tried, (row) => row.actual), flags(tried, (row) => row.calibrated), flags(tried, (row) => row.inside)]); // prettier-ignore
  if (said.length > 0)
    await tx.query(SAY, [companyId, now, ...keys(said), ...cents(said), list(said, (row) => row.won), list(said, (row) => row.open), list(said, (row) => row.fresh), flags(said, (row) => row.calibrated)]); // prettier-ignore
  await tx.query(SWEEP, [companyId, day(now.getTime() - KEPT_DAYS * 86_400_000)]);
}

async function oneOf(known: Known, now: number, { grain, ahead, trials: count }: (typeof ASKED)[number]) {
  const wonIn = (start: number) => wonDuring(known, start, grain);
  const trials = await trialsOf(known, now, grain, ahead, count, wonIn);
  const period = periodAt(now, grain, ahead);
  const rates = learn(known.histories, known.stages, now);
  const sums = predict({ ...known, rates }, known.standing, now, period);
  const already = wonIn(period.start);
  const said: Said[] = [];
  const tried: Tried[] = [];
  for (const owner of new Set([ALL, ...sums.keys(), ...already.keys(), ...trials.keys()])) {
    const past: readonly (Trial & { start: number })[] = trials.get(owner) ?? [];
    const { open = 0, fresh = 0, variance = 0 } = sums.get(owner) ?? {};
    const won = already.get(owner) ?? 0;
    // Somebody of whom nothing was and nothing is to be told.
    if (owner !== ALL && won === 0 && open + fresh < 1 && past.every(({ actual }) => actual === 0)) continue;
    const interval = intervalOf(past, { won, more: open + fresh, variance });
    // What past forecasts missed is corrected in both parts alike.
    const lean = open + fresh > 0 ? (interval.expected - won) / (open + fresh) : 1;
    said.push({ grain, ahead, owner, start: period.start, won, open: open * lean, fresh: fresh * lean, ...interval });
    for (const [i, tested] of backTest(past).entries())
      tried.push({ grain, ahead, owner, start: past[i]?.start ?? period.start, ...tested });
  }
  return { said, tried };
}

function wonDuring(known: Known, start: number, grain: Grain): Map<string, number> {
  const sums = new Map<string, number>();
  for (let month = 0; month < (grain === 'month' ? 1 : 3); month++)
    for (const [owner, value] of known.won.get(day(periodAt(start, 'month', month).start)) ?? [])
      sums.set(owner, (sums.get(owner) ?? 0) + value);
  return sums;
}

const list = <R extends Row>(rows: readonly R[], pick: (row: R) => number) => arrayOf(rows.map((row) => String(Math.round(pick(row)))));
const flags = <R extends Row>(rows: readonly R[], pick: (row: R) => boolean) => arrayOf(rows.map((row) => String(pick(row))));
const keys = (rows: readonly Row[]) => [
  arrayOf(rows.map((row) => row.grain)),
  arrayOf(rows.map((row) => String(row.ahead))),
  arrayOf(rows.map((row) => (row.owner === ALL ? 'all' : 'owner'))),
  arrayOf(rows.map((row) => (row.owner === ALL ? '' : row.owner))),
  arrayOf(rows.map((row) => day(row.start))),
];
const cents = (rows: readonly Row[]) => [list(rows, (row) => row.expected), list(rows, (row) => row.low), list(rows, (row) => row.high)];
