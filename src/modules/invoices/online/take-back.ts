import type { Statement, Transaction } from '#core/database/database.ts';
import type { DomainEvent } from '#core/engine/types.ts';
import { newId } from '#core/ids.ts';
import type { Checkout, VendorRefund } from '#core/ports/payments.ts';
import type { Runtime } from '#core/runtime.ts';
import { dayOf } from '../days.ts';
import type { StoredInvoice } from '../invoice.ts';
import { about } from '../issue.ts';
import { plainAmount } from '../money/currency.ts';
import { loadSettings } from '../settings/load.ts';
import type { REFUND_STATES } from '../tables.ts';
import { bookBack, bookReturned } from './book.ts';
import type { StoredCheckout } from './checkout.ts';
import { note, settleNote } from './notes.ts';

interface Known {
  readonly id: string;
  readonly state: (typeof REFUND_STATES)[number];
  readonly externalId: string | null;
  readonly effectId: string | null;
  readonly amountCents: number;
}

const KNOWN: Statement = {
  name: 'refunds.known',
  text: `select id, state, external_id as "externalId", effect_id as "effectId", amount_cents::float8 as "amountCents" from invoice_refunds where company_id = $1 and checkout_id = $2 for update`,
};
const NAME: Statement = {
  name: 'refunds.name',
  text: 'update invoice_refunds set external_id = $3 where company_id = $1 and id = $2 and external_id is null',
};
const OUTSIDE: Statement = {
  name: 'refunds.outside',
  text: `insert into invoice_refunds (id, company_id, invoice_id, checkout_id, state, amount_cents, currency, reason, external_id, payment_id, created_at, settled_at, disputed)
         values ($1, $2, $3, $4, 'done', $5, $6, $7, $8, $9, $10, $10, $11) on conflict (company_id, external_id) where external_id is not null do nothing`,
};
const FAILED: Statement = {
  name: 'refunds.failed',
  text: `update invoice_refunds set state = 'failed', problem = $3 where company_id = $1 and id = $2`,
};

/** What went back of a payment, whoever gave it back, and what a bank wants back. Each is booked once, by the service's own name of it. */
export async function takeBack(
  tx: Transaction,
  runtime: Runtime,
  row: StoredInvoice,
  checkout: StoredCheckout,
  seen: Checkout,
  at: Date,
): Promise<Omit<DomainEvent, 'companyId'>[]> {
  if (seen.refunds.length === 0 && seen.disputes.length === 0) return [];
  const { companyId } = row;
  const { timeZone } = await loadSettings(tx, companyId);
  const known = await tx.query<Known>(KNOWN, [companyId, checkout.id]);
  const events: Omit<DomainEvent, 'companyId'>[] = [];
  const name = row.number ?? 'the invoice';
  const said = { companyId, invoiceId: row.id, number: row.number };
  const money = (cents: number) => `${plainAmount(cents, row.currency)} ${row.currency}`;
  const outside = async (externalId: string, amountCents: number, reason: string, on: Date, disputed = false) => {
    const paymentId = await bookBack(tx, row, { amountCents, method: 'other', reference: `Online · ${externalId}`, externalKey: `online/${externalId}`, on: dayOf(on, timeZone), by: null, at }); // prettier-ignore
    if (paymentId === null) return;
    await tx.query(OUTSIDE, [
      newId(),
      companyId,
      row.id,
      checkout.id,
      amountCents,
      row.currency,
      reason,
      externalId,
      paymentId,
      at,
      disputed,
    ]);
    events.push({ name: 'invoice.refunded', ...about(row), payload: { number: row.number, amount_cents: amountCents } });
  };
  const returned = async (mine: Known, refund: VendorRefund) => {
    await tx.query(FAILED, [companyId, mine.id, refund.problem]);
    if (mine.state !== 'done') return;
    await bookReturned(tx, row, { amountCents: refund.amountCents, method: 'other', reference: `Online · ${refund.externalId} came back`, externalKey: `online/${refund.externalId}/back`, on: dayOf(at, timeZone), by: null, at }); // prettier-ignore
    const says = `${money(refund.amountCents)} of ${name} could not be given back (${refund.problem ?? 'no reason given'}). The client has it in credit: give it back another way.`;
    await note(tx, runtime, { ...said, key: `refund-failed/${mine.id}`, says });
  };

  for (const refund of seen.refunds) {
    const mine = known.find(({ id, externalId }) => externalId === refund.externalId || id === refund.key);
    if (mine === undefined) {
      if (refund.state === 'failed') continue;
      await outside(refund.externalId, refund.amountCents, '', refund.at);
      await note(tx, runtime, {
        ...said,
        key: `outside/${refund.externalId}`,
        says: `${money(refund.amountCents)} of ${name} was given back at the payment service. It is booked; write a credit note if the client owes that much less.`,
      });
      continue;
    }
    // It is there: nobody need decide whether it happened.
    if (mine.state === 'in_doubt' && mine.effectId !== null && refund.state !== 'failed')
      await runtime.effects.decide(tx, mine.effectId, 'happened');
    if (mine.externalId === null) await tx.query(NAME, [companyId, mine.id, refund.externalId]);
    if (refund.state === 'failed' && mine.state !== 'failed') await returned(mine, refund);
  }

  for (const { externalId, state, amountCents, reason, answerBy, at: since } of seen.disputes) {
    const key = `dispute/${externalId}`;
    if (state === 'open') {
      const until = answerBy === null ? '' : ` Answer it at the payment service by ${dayOf(answerBy, timeZone)}.`;
      await note(tx, runtime, { ...said, key, says: `The payer’s bank wants ${money(amountCents)} of ${name} back (${reason}).${until}` });
    } else await settleNote(tx, companyId, key, at);
    if (state !== 'lost') continue;
    await outside(externalId, amountCents, `Taken back by the payer’s bank (${reason})`, since, true);
    const says = `The payer’s bank took ${money(amountCents)} of ${name} back (${reason}). It is booked, and the client owes it again: ask for it, or write a credit note.`;
    await note(tx, runtime, { ...said, key: `${key}/lost`, says });
  }
  return events;
}
