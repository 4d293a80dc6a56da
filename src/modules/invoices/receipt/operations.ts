import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { newId } from '#core/ids.ts';
import { operation } from '#core/operation/operation.ts';
import { InvoiceNotFound, InvoiceStateRefused, lockInvoice } from '../invoice.ts';
import { addressee } from '../mail/start.ts';
import { invoiceId } from '../operations/invoices.ts';
import { loadReceipt, PaymentNotFound } from './load.ts';
import { RECEIPTS } from './workflow.ts';

const MAILED: Statement = {
  name: 'receipts.mailed',
  text: `select r.id from runs r join workflows w on w.id = r.workflow_id and w.name = $3 left join messages m on m.run_id = r.id and m.company_id = r.company_id
          where r.company_id = $1 and r.subject_id = $2 and (r.state in ('running', 'waiting', 'paused') or m.state in ('sent', 'captured', 'queued', 'in_doubt')) limit 1`,
};

export const mailReceipt = operation({
  name: 'invoices.send_receipt',
  summary: 'Mail the receipt of a payment to the client, with its PDF',
  http: 'POST /api/invoices/{invoice_id}/payments/{payment_id}/receipt',
  cli: 'business invoices send-receipt',
  access: 'write',
  status: 202,
  input: z.object({
    invoiceId: invoiceId(),
    paymentId: z.uuid().describe('Id of the payment; see `business invoices payments`'),
    again: z.boolean().default(false).describe('Although it was mailed before'),
  }),
  output: z.object({ paymentId: z.uuid(), runId: z.uuid(), to: z.string() }),
  errors: [InvoiceNotFound, InvoiceStateRefused, PaymentNotFound],
  async run(ctx, { invoiceId: id, paymentId, again }) {
    const row = await lockInvoice(ctx, ctx.companyId, id);
    const { payment } = await loadReceipt(ctx, ctx.companyId, paymentId);
    if (payment.invoiceId !== id) throw new PaymentNotFound('This invoice has no such payment');
    const whom = await addressee(ctx, ctx.companyId, row.clientId);
    if (whom === null) throw new InvoiceStateRefused(`${row.buyer.name} has no address; add one on the person’s page, then send it`);
    const mailed = await ctx.query(MAILED, [ctx.companyId, paymentId, RECEIPTS]);
    if (!again && mailed.length > 0) throw new InvoiceStateRefused('This receipt was mailed already; to mail it once more, say again');
    const subjects = [{ type: 'payment', id: paymentId, personId: whom.id }];
    const started = await ctx.runtime.engine.start(ctx, {
      companyId: ctx.companyId,
      workflow: RECEIPTS,
      subjects,
      trigger: { type: 'manual', id: newId() },
    });
    const runId = started.get(paymentId);
    if (runId === undefined) throw new InvoiceStateRefused('“Receipts by mail” is switched off, or one is on its way; see Workflows');
    ctx.subject('invoices', id);
    ctx.afterCommit(() => ctx.runtime.engine.nudge());
    return { paymentId, runId, to: whom.email };
  },
});
