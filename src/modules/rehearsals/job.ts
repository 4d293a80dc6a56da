import type { Statement } from '#core/database/database.ts';
import type { Runtime } from '#core/runtime.ts';
import { carryOut, type Job, type Outcome } from './run.ts';

/** Progress is written this often (milliseconds), and a cancel is noticed. */
const EVERY_MS = 400;
/** Kept this long, and no more than so many of one workflow: they hold mails to people. */
export const KEPT_DAYS = 30;
const MOST_OF_ONE = 20;

const PROGRESS: Statement = {
  name: 'rehearsals.progress',
  text: `update rehearsals set progress = $3, people = $4, updated_at = date_trunc('milliseconds', now()) where company_id = $1 and id = $2 and state = 'running' returning id`,
};
const DONE: Statement = {
  name: 'rehearsals.done',
  text: `update rehearsals set state = 'done', progress = 100, hash = $3, parts = $4::jsonb, summary = $5::jsonb, took_ms = $6, updated_at = date_trunc('milliseconds', now())
          where company_id = $1 and id = $2 and state = 'running' returning id`,
};
const FAILED: Statement = {
  name: 'rehearsals.failed',
  text: `update rehearsals set state = 'failed', error = $3, updated_at = date_trunc('milliseconds', now()) where company_id = $1 and id = $2 and state = 'running'`,
};
const OLD: Statement = {
  name: 'rehearsals.old',
  text: `delete from rehearsals where company_id = $1 and workflow_id = $2 and state <> 'running'
            and id not in (select id from rehearsals where company_id = $1 and workflow_id = $2 order by id desc limit ${MOST_OF_ONE})`,
};

/** It was cancelled while it was being kept: nothing of it is. */
class Cancelled extends Error {}

/** Carries it out and writes down what came of it. Never throws: what went wrong stands with the rehearsal. */
export async function runJob(runtime: Runtime, job: Job): Promise<void> {
  const { companyId, id } = job;
  const began = performance.now();
  let told = Number.NEGATIVE_INFINITY;
  const watch = async (part: number, people: number): Promise<boolean> => {
    if (performance.now() - told < EVERY_MS) return true;
    told = performance.now();
    const progress = Math.max(0, Math.min(99, Math.floor(part * 100)));
    const rows = await runtime.database.write(companyId, (tx) => tx.query(PROGRESS, [companyId, id, progress, people]));
    return rows.length > 0;
  };
  try {
    await carryOut(runtime, job, watch, async (tx, outcome) => {
      const rows = await tx.query(DONE, [
        companyId,
        id,
        outcome.watermark.hash,
        ...partsOf(outcome),
        Math.round(performance.now() - began),
      ]);
      if (rows.length === 0) throw new Cancelled();
    });
    await runtime.database.write(companyId, (tx) => tx.query(OLD, [companyId, job.workflowId]));
  } catch (error) {
    if (error instanceof Cancelled) return;
    runtime.log.warn({ err: error, rehearsal: id }, 'a rehearsal failed');
    const reason = error instanceof Error ? error.message : String(error);
    await runtime.database.write(companyId, (tx) => tx.query(FAILED, [companyId, id, reason.slice(0, 1_000)])).catch(() => undefined);
  }
}

function partsOf({ watermark, summary }: Outcome): [string, string] {
  return [JSON.stringify(watermark.parts), JSON.stringify(summary)];
}
