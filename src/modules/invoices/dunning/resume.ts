import type { Statement } from '#core/database/database.ts';
import type { EventHandler } from '#core/engine/types.ts';
import { OVERDUE, REMINDERS } from './names.ts';

/** The last run of each workflow about an invoice that is owed again, where the payment ended it. */
const ENDED: Statement = {
  name: 'invoices.ended_reminders',
  text: `select company_id as "companyId", id from (
           select distinct on (r.subject_id, r.workflow_id) r.company_id, r.id, r.state
             from jsonb_to_recordset($1::jsonb) as e(company_id uuid, id uuid)
             join invoices i on i.id = e.id and i.company_id = e.company_id and i.state in ('issued', 'partly_paid')
             join runs r on r.subject_id = i.id and r.company_id = i.company_id and r.subject_type = 'invoice'
             join workflows w on w.id = r.workflow_id and w.name = any ($2::text[])
            order by r.subject_id, r.workflow_id, r.started_at desc, r.id desc) last
          where state = 'cancelled'`,
};

/**
 * A payment that is taken back: the ladder of reminders goes on at the rung on which the payment ended it, its wait anew. As an event, so that
 * “paid”, which stops runs and may still be on its way, comes before it.
 */
export const onReopened: EventHandler = {
  event: 'invoice.reopened',
  name: 'invoices.resume_reminders',
  async handle(tx, events, runtime) {
    const wanted = events.map(({ companyId, subject }) => ({ company_id: companyId, id: subject.id }));
    const ended = await tx.query<{ companyId: string; id: string }>(ENDED, [JSON.stringify(wanted), [OVERDUE, REMINDERS]]);
    const byCompany = Map.groupBy(ended, ({ companyId }) => companyId);
    for (const [companyId, runs] of byCompany) await runtime.engine.retryMany(tx, { companyId, runIds: runs.map(({ id }) => id) });
    if (ended.length > 0) runtime.engine.nudge();
  },
};
