import type { Statement, Transaction } from '#core/database/database.ts';
import { newId } from '#core/ids.ts';
import type { Runtime } from '#core/runtime.ts';
import { INVOICE_MAIL } from './workflow.ts';

const WHOM: Statement = {
  name: 'invoices.whom',
  text: `select p.id, p.email from clients c join people p on p.id = c.person_id where c.company_id = $1 and c.id = $2`,
};

/** Who gets the mail with an invoice; null: the client was erased, or has no address. */
export async function addressee(
  tx: Transaction,
  companyId: string,
  clientId: string | null,
): Promise<{ readonly id: string; readonly email: string } | null> {
  const [whom] = clientId === null ? [] : await tx.query<{ id: string; email: string | null }>(WHOM, [companyId, clientId]);
  return whom?.email == null ? null : { id: whom.id, email: whom.email };
}

/** A run of “Invoices by mail”. Answers its id; undefined: one is under way. @throws Conflict it is switched off */
export async function startMail(
  tx: Transaction,
  runtime: Runtime,
  companyId: string,
  invoiceId: string,
  personId: string,
): Promise<string | undefined> {
  const started = await runtime.engine.start(tx, {
    companyId,
    workflow: INVOICE_MAIL,
    subjects: [{ type: 'invoice', id: invoiceId, personId }],
    trigger: { type: 'manual', id: newId() },
  });
  return started.get(invoiceId);
}
