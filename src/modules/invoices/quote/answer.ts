import { createHash } from 'node:crypto';
import type { Statement, Transaction } from '#core/database/database.ts';
import type { Runtime } from '#core/runtime.ts';
import { givenDeposit } from '../deposit.ts';
import { saveDraft } from '../draft.ts';
import { InvoiceStateRefused, lapsed, lineOf, linesOf, lockInvoice, type StoredInvoice, type StoredLine } from '../invoice.ts';
import { about, issueDraft } from '../issue.ts';
import { addressee, startMail } from '../mail/start.ts';
import { loadSettings } from '../settings/load.ts';
import type { QUOTE_ANSWERS } from '../tables.ts';

export interface Answer {
  readonly answer: (typeof QUOTE_ANSWERS)[number];
  /** As typed by the client; null: one of us notes what the client said. */
  readonly name: string | null;
  readonly reason: string;
  readonly ip: string | null;
  readonly userAgent: string | null;
  readonly by: string | null;
}

const ANSWER: Statement = {
  name: 'quotes.answer',
  text: 'update invoices set state = $3, updated_at = $4 where company_id = $1 and id = $2',
};
const KEEP: Statement = {
  name: 'quotes.keep_answer',
  text: `insert into quote_answers (company_id, invoice_id, answer, name, reason, sha256, total_cents, currency, ip, user_agent, noted_by, answered_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
};

/** What was agreed to, whatever happens to client and settings afterwards. */
function fingerprint(quote: StoredInvoice, lines: readonly StoredLine[]): string {
  const { number, issuedOn, validUntil, currency, seller, buyer, title, notes, texts, discount, deposit, netCents, taxCents, totalCents, treatment } = quote;
  const stands = { number, issuedOn, validUntil, currency, seller, buyer, title, notes, texts, discount, deposit, netCents, taxCents, totalCents, treatment, lines };
  return createHash('sha256').update(JSON.stringify(stands)).digest('hex');
} // prettier-ignore

/**
 * Keeps what was said to a locked quote. An accepted one becomes an invoice, as the company chose: a draft, issued, or issued and mailed. It stays a draft where
 * it would not come to what was agreed to. Answers its id; null: declined.
 * @throws InvoiceStateRefused it was answered, never issued, or its last day is over
 */
export async function answerQuote(
  tx: Transaction,
  runtime: Runtime,
  quote: StoredInvoice,
  given: Answer,
  at: Date,
): Promise<string | null> {
  const { companyId, clientId, number } = quote;
  if (quote.kind !== 'quote' || quote.state !== 'issued' || clientId === null)
    throw new InvoiceStateRefused('Only a quote that was issued and not answered yet takes an answer');
  if (given.answer === 'accepted' && lapsed(quote, at))
    throw new InvoiceStateRefused(
      given.name === null
        ? `${number ?? 'It'} held until ${quote.validUntil ?? ''}; give it another last day, then note the answer`
        : `This quote held until ${quote.validUntil ?? ''}; ask for a new one`,
    );
  const accepted = given.answer === 'accepted';
  const lines = await linesOf(tx, companyId, quote.id);
  await tx.query(ANSWER, [companyId, quote.id, accepted ? 'invoiced' : 'declined', at]);
  await tx.query(KEEP, [
    companyId, quote.id, given.answer, given.name, given.reason, fingerprint(quote, lines), quote.totalCents, quote.currency, given.ip, given.userAgent,
    given.by, at,
  ]); // prettier-ignore
  const made = accepted ? await invoiceOf(tx, runtime, { ...quote, clientId }, lines, given.by, at) : null;
  const by = given.name === null ? 'us' : 'client';
  const payload = {
    number,
    by,
    total_cents: quote.totalCents,
    currency: quote.currency,
    ...(given.name === null ? {} : { name: given.name }),
  };
  await runtime.engine.emit(tx, [
    accepted
      ? { name: 'quote.accepted', companyId, ...about(quote), payload: { ...payload, invoice_id: made ?? '' } }
      : { name: 'quote.declined', companyId, ...about(quote), payload: { ...payload, reason: given.reason } },
  ]);
  return made;
}

async function invoiceOf(
  tx: Transaction,
  runtime: Runtime,
  quote: StoredInvoice & { readonly clientId: string },
  lines: readonly StoredLine[],
  by: string | null,
  at: Date,
): Promise<string> {
  const { companyId, clientId, discount } = quote;
  const settings = await loadSettings(tx, companyId);
  const id = await saveDraft(tx, settings, {
    companyId,
    clientId,
    kind: 'invoice',
    originId: quote.id,
    lines: lines.map(lineOf),
    title: quote.title,
    notes: quote.notes,
    reference: quote.reference,
    currency: quote.currency,
    paymentDays: quote.paymentDays,
    periodStart: quote.periodStart,
    periodEnd: quote.periodEnd,
    treatment: quote.treatment,
    discountPercent: discount !== null && 'percentBps' in discount ? discount.percentBps / 100 : null,
    discountCents: discount !== null && 'cents' in discount ? discount.cents : null,
    ...givenDeposit(quote.deposit),
    depositDays: quote.depositDays,
    by,
    at,
  });
  const { quoteBecomes } = settings.options;
  const draft = await lockInvoice(tx, companyId, id);
  if (quoteBecomes === 'draft' || draft.totalCents !== quote.totalCents) return id;
  await runtime.engine.emit(tx, [{ ...(await issueDraft(tx, draft, settings, at)).event, companyId }]);
  const whom = quoteBecomes === 'send' ? await addressee(tx, companyId, clientId) : null;
  if (whom !== null) await startMail(tx, runtime, companyId, id, whom.id);
  return id;
}
