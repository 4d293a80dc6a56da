import type { Statement, Transaction } from '#core/database/database.ts';
import type { Runtime } from '#core/runtime.ts';

/** In this order: the surest first, so that the page has something to show soon. */
export const STAGES = ['email', 'phone', 'name'] as const;

/** A search that was not heard of for this long died with its process; another one may begin. */
const DEAD_AFTER_MS = 15 * 60_000;

const BEGIN: Statement = {
  name: 'people.duplicates.begin',
  text: `insert into duplicate_searches as s (company_id, state, stage, people_total, started_at, updated_at)
         values ($1, 'running', 'email', (select count(*) from people where company_id = $1), $2, $2)
         on conflict (company_id) do update set state = 'running', stage = 'email', people_seen = 0, people_total = excluded.people_total, pairs_found = 0, error = null,
           started_at = excluded.started_at, finished_at = null, updated_at = excluded.updated_at
          where s.state <> 'running' or s.updated_at < $3 returning company_id`,
};
/** Pairs of earlier searches whose reason may be gone; a dismissal stays. */
const FORGET: Statement = {
  name: 'people.duplicates.forget',
  text: 'delete from duplicate_pairs where company_id = $1 and dismissed_at is null',
};
const PATIENCE: Statement = {
  name: 'people.duplicates.patience',
  text: `select set_config('statement_timeout', '600000', true), set_config('work_mem', '128MB', true)`,
};
const STAGE: Statement = { name: 'people.duplicates.stage', text: 'select steward_find_duplicates($1, $2) as pairs' };
const PROGRESS: Statement = {
  name: 'people.duplicates.progress',
  text: `update duplicate_searches set stage = $2, people_seen = (people_total::bigint * $3 / 3)::integer, pairs_found = pairs_found + $4, updated_at = $5 where company_id = $1`,
};
const END: Statement = {
  name: 'people.duplicates.end',
  text: 'update duplicate_searches set state = $2, error = $3, people_seen = case when $3::text is null then people_total else people_seen end, finished_at = $4, updated_at = $4 where company_id = $1',
};

/** False: one runs already. */
export async function beginSearch(tx: Transaction, companyId: string, at: Date): Promise<boolean> {
  const begun = await tx.query(BEGIN, [companyId, at, new Date(at.getTime() - DEAD_AFTER_MS)]);
  return begun.length > 0;
}

/**
 * Three set-based statements, each in a transaction of its own; progress is seen after each. Blocks keep it near linear: nobody is compared
 * with a million others (0081_duplicates.sql).
 */
export async function runSearch(runtime: Runtime, companyId: string): Promise<void> {
  const { database, clock, log } = runtime;
  try {
    await database.write(companyId, (tx) => tx.query(FORGET, [companyId]));
    for (const [place, stage] of STAGES.entries()) {
      await database.write(companyId, async (tx) => {
        await tx.query(PATIENCE, []);
        const [row] = await tx.query<{ pairs: number }>(STAGE, [stage, clock.now()]);
        await tx.query(PROGRESS, [companyId, STAGES[place + 1] ?? stage, place + 1, row?.pairs ?? 0, clock.now()]);
      });
    }
    await database.write(companyId, (tx) => tx.query(END, [companyId, 'done', null, clock.now()]));
  } catch (error) {
    log.error({ err: error, companyId }, 'the search for duplicates failed');
    const reason = 'The search stopped because of an error of ours. What it found so far is shown; start it again';
    await database.write(companyId, (tx) => tx.query(END, [companyId, 'failed', reason, clock.now()]));
  }
}
