import type { Statement } from '#core/database/database.ts';
import { nowAndThen, together, type Stop } from '#core/now-and-then.ts';
import type { Runtime } from '#core/runtime.ts';
import { KEPT_DAYS, runJob } from './job.ts';
import { running, scriptOf } from './playbook.ts';
import { Request } from './request.ts';

const EVERY_MS = 60_000;
/** Somebody waits in front of the page. */
const LOOK_MS = 700;
/** A running one says so twice a second; one this quiet has lost its process. */
const QUIET_S = 120;

// Real time of the database: processes die in real time.
const LOST: Statement = {
  name: 'rehearsals.lost',
  text: `update rehearsals set state = 'failed', error = 'Its process ended before it was done; start it again', updated_at = date_trunc('milliseconds', now())
          where state = 'running' and updated_at < now() - make_interval(secs => $1)`,
};
const FORGET: Statement = {
  name: 'rehearsals.forget',
  text: `delete from rehearsals where created_at < $1::timestamptz - make_interval(days => $2)`,
};

// One at a time in a process; several processes share them.
const TAKE: Statement = {
  name: 'rehearsals.take',
  text: `update rehearsals set state = 'running', updated_at = date_trunc('milliseconds', now())
          where id = (select id from rehearsals where state = 'queued' order by id limit 1 for update skip locked)
         returning id, company_id as "companyId", workflow_id as "workflowId", request, began_at as start`,
};
const FAILED: Statement = {
  name: 'rehearsals.not_begun',
  text: `update rehearsals set state = 'failed', error = $3, updated_at = date_trunc('milliseconds', now()) where company_id = $1 and id = $2`,
};

/** Carries out what is queued, one after another. Answers how many. */
export async function rehearseQueued(runtime: Runtime): Promise<number> {
  const { system, database } = runtime;
  for (let taken = 0; ; taken++) {
    const [row] = await system.write((tx) =>
      tx.query<{ id: string; companyId: string; workflowId: string; request: unknown; start: Date }>(TAKE, []),
    );
    if (row === undefined) return taken;
    const { id, companyId, workflowId, start } = row;
    try {
      const request = Request.parse(row.request);
      const script = await database.read(companyId, (tx) => scriptOf(tx, runtime, companyId, workflowId, request));
      await runJob(runtime, { id, companyId, workflowId, ...running(script), request, start });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      await database.write(companyId, (tx) => tx.query(FAILED, [companyId, id, reason.slice(0, 1_000)]));
    }
  }
}

/** Rehearsals of every company whose process died are over; old ones are forgotten, with their mails. */
export async function tendRehearsals(runtime: Runtime): Promise<void> {
  await runtime.system.write(async (tx) => {
    await tx.query(LOST, [QUIET_S]);
    await tx.query(FORGET, [runtime.clock.now(), KEPT_DAYS]);
  });
}

/** The worker's share. */
export function tendForEver(runtime: Runtime): Stop {
  const { log } = runtime;
  return together(
    nowAndThen({ log, everyMs: LOOK_MS, what: 'rehearse what is queued', round: () => rehearseQueued(runtime) }),
    nowAndThen({ log, everyMs: EVERY_MS, what: 'look after rehearsals', round: () => tendRehearsals(runtime) }),
  );
}
