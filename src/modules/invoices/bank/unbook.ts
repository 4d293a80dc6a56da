import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { Conflict } from '#core/errors.ts';
import { newId } from '#core/ids.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { lockClient } from '#modules/clients/public.ts';
import { InvoiceNotFound, InvoiceStateRefused, lockInvoice } from '../invoice.ts';
import { post } from '../ledger/post.ts';
import { creditOf, insertPayment, reopen } from '../ledger/settle.ts';
import { userOf } from '../operations/invoices.ts';
import { BankLineDecided, BankLineNotFound, Line, lockLine, shownLine } from './lines.ts';

/** The client has spent the credit that this money became: it can't be taken back as it is. */
export class CreditSpent extends Conflict {
  override readonly code = 'credit_spent';
}

interface Booked {
  readonly id: string;
  readonly invoiceId: string;
  readonly amountCents: number;
  readonly appliedCents: number;
  readonly currency: string;
  readonly method: string;
  readonly receivedOn: string;
  readonly reference: string;
}

/** What a line was booked as and is not taken back yet. By invoice, the order in which all lock them. */
const BOOKED: Statement = {
  name: 'bank.booked_payments',
  text: `select p.id, p.invoice_id as "invoiceId", p.amount_cents::float8 as "amountCents", p.applied_cents::float8 as "appliedCents", p.currency, p.method,
           p.received_on::text as "receivedOn", p.reference
           from bank_lines l cross join jsonb_array_elements_text(l.proposal) as i(id)
           join invoice_payments p on p.company_id = l.company_id and p.external_key = 'bank:' || l.id || ':' || i.id
          where l.company_id = $1 and l.id = $2 order by p.invoice_id`,
};
/** The line may be booked again, on that invoice, too. */
const FREE: Statement = {
  name: 'bank.free_payments',
  text: `update invoice_payments set external_key = external_key || ':taken-back:' || id where company_id = $1 and id = any ($2::uuid[])`,
};
const OPEN: Statement = {
  name: 'bank.line_taken_back',
  text: `update bank_lines set state = 'open', proposal = '[]', why = $3, reason = $4, decided_by = $5, decided_at = $6, updated_at = $6 where company_id = $1 and id = $2`,
};

/** One payment goes back: the ledger turns it round, and what it paid is owed again. */
async function takeBack(ctx: Ctx, payment: Booked, reason: string, at: Date): Promise<string> {
  const row = await lockInvoice(ctx, ctx.companyId, payment.invoiceId);
  const { amountCents, appliedCents, receivedOn } = payment;
  const credited = amountCents - appliedCents;
  if (credited > 0 && row.clientId !== null) {
    await lockClient(ctx, ctx.companyId, row.clientId);
    if ((await creditOf(ctx, ctx.companyId, row.clientId, row.currency)) < credited)
      throw new CreditSpent(
        `More than was owed on ${row.number ?? 'the invoice'} became credit, and that was spent; take it off where it went first`,
      );
  }
  const id = newId();
  const money = { id, kind: 'reversal' as const, amountCents, applied: appliedCents, method: payment.method, receivedOn, reference: reason.slice(0, 200), externalKey: null, by: userOf(ctx), reverses: payment.id, at }; // prettier-ignore
  await insertPayment(ctx, row, money);
  const entries = { cash: -amountCents, receivable: appliedCents, credit: credited };
  await post(ctx, {
    companyId: ctx.companyId,
    kind: 'reversal',
    currency: row.currency,
    invoiceId: row.id,
    paymentId: id,
    on: receivedOn,
    at,
    entries,
  });
  ctx.emit({
    name: 'payment.reversed',
    subject: { type: 'payment', id: payment.id },
    payload: { number: row.number, invoice_id: row.id, amount_cents: amountCents, currency: row.currency },
  });
  (await reopen(ctx, ctx.runtime, row, appliedCents, at)).forEach((event) => ctx.emit(event));
  return row.number ?? 'a draft';
}

/** Money that was booked on the wrong invoice is to be decided again. Payment and reversal both stay in the history of the invoice. */
export const unbookBankLine = operation({
  name: 'bank.unbook',
  summary: 'Take back what money was booked to: the invoices are owed again, their reminders go on, and the line is to be decided',
  http: 'POST /api/bank/lines/{bank_line_id}/unbook',
  cli: 'business bank unbook',
  access: 'write',
  status: 200,
  input: z.object({
    bankLineId: z.uuid().describe('Id of the line'),
    reason: z.string().trim().min(1).max(500).describe('What was wrong, for those who look later'),
  }),
  output: Line,
  errors: [BankLineNotFound, BankLineDecided, InvoiceNotFound, InvoiceStateRefused, CreditSpent],
  async run(ctx, { bankLineId, reason }) {
    const line = await lockLine(ctx, bankLineId);
    ctx.expectVersion(line);
    if (line.state !== 'booked') throw new BankLineDecided('It is not booked, so there is nothing to take back');
    const payments = await ctx.query<Booked>(BOOKED, [ctx.companyId, line.id]);
    const at = ctx.clock.now();
    const numbers: string[] = [];
    // A line pays a handful of invoices at most; each is locked and checked by itself.
    for (const payment of payments) numbers.push(await takeBack(ctx, payment, reason, at));
    await ctx.query(FREE, [ctx.companyId, payments.map(({ id }) => id)]);
    await ctx.query(OPEN, [ctx.companyId, line.id, `Was booked to ${numbers.join(', ')} and taken back`, reason, userOf(ctx), at]);
    return shownLine(ctx, line.id);
  },
});
