import type { Statement, Transaction } from '#core/database/database.ts';
import type { Runtime } from '#core/runtime.ts';

/** The person's run that this reply ended, unless they are in the sequence again already. */
const ENDED: Statement = {
  name: 'nurturing.run.ended_by_reply',
  text: `select r.id from runs r join workflows w on w.id = r.workflow_id
          where r.company_id = $1 and r.person_id = $2 and w.name = $3 and r.state = 'cancelled' and r.outcome = 'message.replied' and r.completed_at >= $4
            and not exists (select from runs live where live.workflow_id = r.workflow_id and live.subject_id = r.subject_id and live.state in ('running', 'waiting', 'paused'))
          order by r.completed_at limit 1`,
};

/**
 * A reply that ended the sequence turned out to be an absence note: the sequence goes on from where it stood. The wait that was cut short starts
 * anew, and nothing is written before the person is back.
 */
export async function resumeAfterAbsence(
  tx: Transaction,
  runtime: Runtime,
  reply: { readonly companyId: string; readonly personId: string; readonly receivedAt: Date; readonly workflow: string },
): Promise<boolean> {
  const [run] = await tx.query<{ id: string }>(ENDED, [reply.companyId, reply.personId, reply.workflow, reply.receivedAt]);
  if (run === undefined) return false;
  await runtime.engine.retry(tx, { companyId: reply.companyId, runId: run.id });
  return true;
}
