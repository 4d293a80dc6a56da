import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { newId } from '#core/ids.ts';
import { operation } from '#core/operation/operation.ts';
import { REMINDERS } from '../dunning/names.ts';

const MOST = 10_000;
const WAITING: Statement = {
  name: 'invoices.unreminded',
  text: `select i.id, i.number, c.person_id as "personId", exists (select from runs r join workflows w on w.id = r.workflow_id
             where r.company_id = $1 and r.subject_id = i.id and w.name = $3 and r.state in ('running', 'waiting', 'paused')) as live
           from invoices i join clients c on c.id = i.client_id
          where i.company_id = $1 and i.kind = 'invoice' and i.state in ('issued', 'partly_paid') and i.overdue_from <= $2 order by i.overdue_from, i.id limit ${MOST}`,
};

/** Overdue invoices get on the ladder by themselves; this catches those of before it was switched on. Nobody is on it twice. */
export const runReminders = operation({
  name: 'invoices.run_reminders',
  summary: 'Put every overdue invoice on the ladder of reminders that is not on it yet',
  http: 'POST /api/invoices/run-reminders',
  cli: 'business workflows run-reminders',
  access: 'write',
  role: 'manager',
  status: 200,
  input: z.object({}),
  output: z.object({ overdue: z.int(), started: z.int(), numbers: z.array(z.string()).describe('Of those that were started') }),
  async run(ctx) {
    const rows = await ctx.query<{ id: string; number: string; personId: string; live: boolean }>(WAITING, [
      ctx.companyId,
      ctx.clock.now(),
      REMINDERS,
    ]);
    const fresh = rows.filter((row) => !row.live);
    if (fresh.length > 0)
      await ctx.runtime.engine.start(ctx, {
        companyId: ctx.companyId,
        workflow: REMINDERS,
        subjects: fresh.map(({ id, personId }) => ({ type: 'invoice', id, personId })),
        trigger: { type: 'manual', id: newId() },
      });
    ctx.subject('workflows', REMINDERS);
    ctx.afterCommit(() => ctx.runtime.engine.nudge());
    return { overdue: rows.length, started: fresh.length, numbers: fresh.map(({ number }) => number) };
  },
});
