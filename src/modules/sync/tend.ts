import type { Statement } from '#core/database/database.ts';
import { newId } from '#core/ids.ts';
import { nowAndThen, together, type Stop } from '#core/now-and-then.ts';
import type { Runtime } from '#core/runtime.ts';
import { sweepArchive } from './archive/sweep.ts';
import { beginRun, takeRun } from './run-row.ts';
import { runSync } from './run.ts';

/** How often a worker looks, in real time. */
const EVERY_MS = 2_000;
/** Runs that one process works on at once. */
const AT_ONCE = 2;
/** Old files are looked for as rarely as this. */
const SWEEP_MS = 3_600_000;
const RUNS_KEPT_DAYS = 90;

/** Sources whose time has come, or of which the vendor spoke, and that are not at work. Across companies, under steward_system. */
const DUE: Statement = {
  name: 'sync.due',
  text: `select s.id, s.company_id as "companyId", s.mark is null as everything, (s.next_run_at is null or s.next_run_at > $1) as hinted from sync_sources s
          where s.state = 'active' and (s.next_run_at <= $1 or exists (select from sync_hints h where h.source_id = s.id and h.company_id = s.company_id and h.at < $1::timestamptz - interval '2 seconds'))
            and not exists (select from sync_runs r where r.source_id = s.id and r.company_id = s.company_id and r.state = 'running')
          order by s.next_run_at nulls last limit 20`,
};
/** Runs that nobody works on: new ones, those whose vendor may be asked again, those whose process died. */
const FREE: Statement = {
  name: 'sync.free',
  text: `select id, company_id as "companyId" from sync_runs where state = 'running' and (held_until is null or held_until < $1) and (waits_until is null or waits_until <= $1) order by started_at limit 20`,
};
const OLD: Statement = {
  name: 'sync.old_runs',
  text: `delete from sync_runs where id = any (array(select id from sync_runs where state <> 'running' and finished_at < $1::timestamptz - make_interval(days => $2) limit 1000))`,
};
/** Companies of which something may lie in an archive. */
const KEEPERS: Statement = {
  name: 'sync.archives',
  text: 'select company_id as "companyId" from sync_sources union select company_id from sync_archives',
};

/** Begins a run of each source that is due. */
async function beginDue({ system, database, clock }: Runtime): Promise<void> {
  const at = clock.now();
  const due = await system.read((tx) => tx.query<{ id: string; companyId: string; everything: boolean; hinted: boolean }>(DUE, [at]));
  for (const { id: sourceId, companyId, everything, hinted } of due)
    await database.write(companyId, (tx) => beginRun(tx, { companyId, sourceId, trigger: hinted ? 'hint' : 'schedule', everything, at }));
}

/** Takes one run that nobody works on; answers its work. Null: there is none. */
async function nextWork(runtime: Runtime, signal: AbortSignal | undefined): Promise<(() => Promise<void>) | null> {
  const { system, database, clock } = runtime;
  for (const { id, companyId } of await system.read((tx) => tx.query<{ id: string; companyId: string }>(FREE, [clock.now()]))) {
    const holder = newId();
    const run = await database.write(companyId, (tx) => takeRun(tx, { id, companyId }, holder, clock.now()));
    if (run !== null) return () => runSync(runtime, run, holder, signal);
  }
  return null;
}

/** Begins what is due and does what nobody works on, one after the other, until nothing is. Answers how many runs it did. */
export async function tendSources(runtime: Runtime, signal?: AbortSignal): Promise<number> {
  await beginDue(runtime);
  let done = 0;
  for (let work = await nextWork(runtime, signal); work !== null; work = await nextWork(runtime, signal)) {
    await work();
    done += 1;
  }
  return done;
}

/** Old runs and files go; so do records of people who were erased. */
export async function sweepSources(runtime: Runtime): Promise<void> {
  const { system, clock } = runtime;
  await system.write((tx) => tx.query(OLD, [clock.now(), RUNS_KEPT_DAYS]));
  for (const { companyId } of await system.read((tx) => tx.query<{ companyId: string }>(KEEPERS, [])))
    await sweepArchive(runtime, companyId);
}

/** The worker's share. A long first load keeps nobody else waiting. */
export function startSync(runtime: Runtime): Stop {
  const stop = new AbortController();
  const running = new Set<Promise<void>>();
  const { log } = runtime;
  const look = async () => {
    await beginDue(runtime);
    while (running.size < AT_ONCE && !stop.signal.aborted) {
      const work = await nextWork(runtime, stop.signal);
      if (work === null) break;
      const one: Promise<void> = work()
        .catch((error: unknown) => log.warn({ err: error }, 'a run of a source was given up; it is taken up again'))
        .finally(() => running.delete(one));
      running.add(one);
    }
  };
  const rounds = together(
    nowAndThen({ log, everyMs: EVERY_MS, what: 'look after sources', round: look }),
    nowAndThen({ log, everyMs: SWEEP_MS, what: 'clear old runs and files of sources', atOnce: true, round: () => sweepSources(runtime) }),
  );
  return async () => {
    stop.abort();
    await rounds();
    await Promise.all(running);
  };
}
