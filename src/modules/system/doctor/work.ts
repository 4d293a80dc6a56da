import type { Statement } from '#core/database/database.ts';
import type { Runtime } from '#core/runtime.ts';
import { bad, count, ok, warn, type Said } from './finding.ts';

/** Workers say every few seconds that they live; by the database's clock, which also wrote it. */
const WORKERS: Statement = {
  name: 'doctor.workers',
  text: `select count(*) filter (where beat_at > now() - interval '90 seconds')::int as alive, extract(epoch from now() - max(beat_at))::float8 as silent_s from workers`,
};
/** $1 now by our clock: runs and events are due by it. */
const LAG: Statement = {
  name: 'doctor.lag',
  text: `select (select extract(epoch from $1::timestamptz - min(wake_at))::float8 from runs where state = 'waiting' and wake_at <= $1) as runs_s,
                (select count(*)::int from (select from runs where state = 'waiting' and wake_at <= $1 limit 10000) x) as runs,
                (select count(*)::int from (select from outbox where failed_at is null and due_at <= $1 limit 10000) x) as events,
                (select count(*)::int from (select from outbox where failed_at is not null limit 10000) x) as given_up,
                (select count(*)::int from (select from pgboss.job where name = 'runs' and state = 'created' limit 10000) x) as jobs`,
};
const STUCK: Statement = {
  name: 'doctor.stuck',
  text: `select count(*)::int as stuck, min(updated_at) as since from runs where state = 'running' and updated_at < $1::timestamptz - interval '1 hour'`,
};
const EFFECTS: Statement = {
  name: 'doctor.effects',
  text: `select count(*) filter (where state = 'in_doubt')::int as in_doubt, count(*) filter (where state = 'reserved' and held)::int as held,
                count(*) filter (where state = 'reserved' and not held and due_at < $1::timestamptz - interval '1 hour')::int as late
           from effects where state in ('in_doubt', 'reserved')`,
};
const LONG_S = 60;

export async function held({ standing }: Runtime): Promise<Said> {
  return standing.why === null
    ? ok('This installation acts: it is the one that its database knows.')
    : warn('This installation is held: nothing leaves and nothing fires.', 'See what would fire under Settings → Held, then release it.');
}

export async function workers(runtime: Runtime): Promise<Said> {
  const [row] = await runtime.system.read((tx) => tx.query<{ alive: number; silent_s: number | null }>(WORKERS, []));
  const alive = row?.alive ?? 0;
  if (alive > 0) return ok(`${count(alive, 'worker')} at work.`);
  const since = row?.silent_s == null ? 'None was ever there.' : `The last one was heard ${Math.round(row.silent_s)} s ago.`;
  return bad(`Nobody works on runs and mail. ${since}`, 'Start one: ROLE=worker npm start, or ROLE=all.');
}

export async function queue(runtime: Runtime): Promise<Said> {
  const [row] = await runtime.system.read((tx) =>
    tx.query<{ runs_s: number | null; runs: number; events: number; given_up: number; jobs: number }>(LAG, [runtime.clock.now()]),
  );
  const { runs_s: late, runs = 0, events = 0, given_up: givenUp = 0, jobs = 0 } = row ?? {};
  const says = `${count(runs, 'run')} due, ${count(jobs, 'step')} queued, ${count(events, 'event')} to pass on.`;
  if (runtime.standing.held) return ok(`${says} They wait for the release.`);
  if ((late ?? 0) > LONG_S)
    return bad(`${says} The oldest is ${Math.round(late ?? 0)} s late.`, 'Start more workers, or see whether one is stuck in its log.');
  if (givenUp > 0)
    return warn(
      `${says} ${count(givenUp, 'event')} could not be acted on and were given up.`,
      'Look for “could not be acted on” in the log.',
    );
  return ok(says);
}

export async function stuck(runtime: Runtime): Promise<Said> {
  const [row] = await runtime.system.read((tx) => tx.query<{ stuck: number; since: Date | null }>(STUCK, [runtime.clock.now()]));
  const runs = row?.stuck ?? 0;
  if (runs === 0 || runtime.standing.held) return ok('No run is stuck in a step.');
  return bad(`${count(runs, 'run')} did not move for over an hour.`, 'Open Runs, state running, and retry them from where they stand.');
}

export async function ledger(runtime: Runtime): Promise<Said> {
  const [row] = await runtime.system.read((tx) =>
    tx.query<{ in_doubt: number; held: number; late: number }>(EFFECTS, [runtime.clock.now()]),
  );
  const { in_doubt: doubt = 0, held: waiting = 0, late = 0 } = row ?? {};
  if (doubt > 0)
    return warn(
      `${count(doubt, 'effect')} in doubt: nobody knows whether they happened.`,
      'Decide them: steward effects list --state in_doubt',
    );
  if (waiting > 0) return warn(`${count(waiting, 'effect')} wait for new credentials.`, 'Mend the connections that were rejected.');
  if (late > 0 && !runtime.standing.held)
    return bad(`${count(late, 'effect')} should have left over an hour ago.`, 'See the log of the workers.');
  return ok('Nothing is in doubt, nothing is late.');
}
