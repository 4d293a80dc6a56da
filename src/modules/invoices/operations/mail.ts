import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { operation } from '#core/operation/operation.ts';
import { InvoiceNotFound, InvoiceStateRefused, lockInvoice } from '../invoice.ts';
import { addressee, startMail } from '../mail/start.ts';
import { mailedInvoice } from '../mail/mailed.ts';
import { INVOICE_MAIL } from '../mail/workflow.ts';
import { invoiceId } from './invoices.ts';

const LIVE: Statement = {
  name: 'invoices.mail_under_way',
  text: `select r.id from runs r join workflows w on w.id = r.workflow_id where r.company_id = $1 and r.subject_id = $2 and w.name = $3 and r.state in ('running', 'waiting', 'paused')`,
};

/** By a run of “Invoices by mail”: the gate, the ledger and the timeline know of it. */
export const mailInvoice = operation({
  name: 'invoices.send',
  summary: 'Mail an issued invoice, quote or credit note to its client, with the PDF',
  http: 'POST /api/invoices/{invoice_id}/send',
  cli: 'business invoices send',
  access: 'write',
  status: 202,
  input: z.object({
    invoiceId: invoiceId(),
    again: z.boolean().default(false).describe('Although it was mailed before'),
  }),
  output: z.object({ invoiceId: z.uuid(), runId: z.uuid(), to: z.string() }),
  errors: [InvoiceNotFound, InvoiceStateRefused],
  async run(ctx, { invoiceId: id, again }) {
    const row = await lockInvoice(ctx, ctx.companyId, id);
    if (row.number === null) throw new InvoiceStateRefused('This is a draft; issue it first');
    if (row.state === 'void') throw new InvoiceStateRefused(`${row.number} is void; there is nothing to mail`);
    const whom = await addressee(ctx, ctx.companyId, row.clientId);
    if (whom === null) throw new InvoiceStateRefused(`${row.buyer.name} has no address; add one on the person’s page, then send it`);
    const [live] = await ctx.query<{ id: string }>(LIVE, [ctx.companyId, id, INVOICE_MAIL]);
    if (live !== undefined) return { invoiceId: id, runId: live.id, to: whom.email };
    const mailed = await mailedInvoice(ctx, ctx.companyId, id);
    if (!again && mailed.waits) throw new InvoiceStateRefused(`The mail with ${row.number} waits to leave; see the client’s messages`);
    if (!again && mailed.at !== null)
      throw new InvoiceStateRefused(`${row.number} was mailed on ${mailed.at.toISOString().slice(0, 10)}; to mail it once more, say again`);
    const runId = await startMail(ctx, ctx.runtime, ctx.companyId, id, whom.id);
    if (runId === undefined) throw new InvoiceStateRefused('“Invoices by mail” is switched off; switch it on under Workflows');
    ctx.subject('invoices', id);
    ctx.afterCommit(() => ctx.runtime.engine.nudge());
    return { invoiceId: id, runId, to: whom.email };
  },
});
