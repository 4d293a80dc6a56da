import type { Statement, Transaction } from '#core/database/database.ts';
import type { Engine } from '#core/engine/types.ts';

/**
 * Live runs that may not go on beside what the two are together: those that a reply ends when either of them has replied since the run
 * began, those that an opt-out ends when either has opted out, and of two runs of one workflow the absorbed one's.
 */
const STOP: Statement = {
  name: 'people.merge.runs_to_stop',
  text: `with live as (
      select r.id, r.workflow_id, r.person_id, r.started_at, r.solo, v.definition -> 'stopOn' as stops from runs r
        join workflow_versions v on v.workflow_id = r.workflow_id and v.version = r.version and v.company_id = r.company_id
       where r.company_id = $1 and r.person_id in ($2, $3) and r.state in ('running', 'waiting', 'paused')
    )
    select l.id from live l
     where (position('person.opted_out' in l.stops::text) > 0 and exists (select from people p where p.company_id = $1 and p.id in ($2, $3) and p.opted_out_at is not null))
        or (position('message.replied' in l.stops::text) > 0 and exists (
             select from messages m where m.company_id = $1 and m.person_id in ($2, $3) and m.direction = 'inbound' and not m.auto and m.created_at >= l.started_at))
        or (l.solo and l.person_id = $3 and exists (select from live other where other.person_id = $2 and other.workflow_id = l.workflow_id and other.solo))`,
};

/** Which ones, asked before anything moves. */
export async function runsToStop(tx: Transaction, companyId: string, survivorId: string, absorbedId: string): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(STOP, [companyId, survivorId, absorbedId]);
  return rows.map((row) => row.id);
}

/** Ends them; the undo of a merge does not start them again, a person may. */
export async function stopRuns(tx: Transaction, engine: Engine, companyId: string, runIds: readonly string[]): Promise<number> {
  if (runIds.length === 0) return 0;
  return engine.cancel(
    tx,
    { companyId, runIds },
    'Two people were put together, and one of them had replied, opted out or was in this sequence already',
  );
}
