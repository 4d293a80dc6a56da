import type { Statement, Transaction } from '#core/database/database.ts';
import { INVOICE_MAIL } from './workflow.ts';

const MAILED: Statement = {
  name: 'invoices.mailed',
  text: `select max(m.updated_at) filter (where m.state in ('sent', 'captured')) as at, coalesce(bool_or(m.state in ('queued', 'in_doubt')), false) as waits
           from runs r join messages m on m.run_id = r.id and m.company_id = r.company_id
          where r.company_id = $1 and r.subject_id = $2 and m.workflow = $3`,
};

/** When an invoice last went to its client by mail, reminders apart, and whether such a mail still waits to leave. */
export async function mailedInvoice(
  tx: Transaction,
  companyId: string,
  invoiceId: string,
): Promise<{ readonly at: Date | null; readonly waits: boolean }> {
  const [row] = await tx.query<{ at: Date | null; waits: boolean }>(MAILED, [companyId, invoiceId, INVOICE_MAIL]);
  return row ?? { at: null, waits: false };
}
