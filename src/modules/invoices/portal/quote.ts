import type { Statement, Transaction } from '#core/database/database.ts';
import { InvalidInput, NotFound } from '#core/errors.ts';
import { html, type Html } from '#core/portal/html.ts';
import type { PortalDone, PortalSent, PortalVisit } from '#core/portal/types.ts';
import { recordInteractions } from '#modules/people/public.ts';
import { dayOf, folded, form, timeIn } from '#modules/portal/public.ts';
import { InvoiceStateRefused, lapsed, lockInvoice, type StoredInvoice } from '../invoice.ts';
import { localAmount } from '../money/currency.ts';
import { answerQuote } from '../quote/answer.ts';
import type { QUOTE_ANSWERS } from '../tables.ts';

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const MINE: Statement = {
  name: 'quotes.of_visitor',
  text: `select id from invoices where company_id = $1 and client_id = $2 and id = $3 and kind = 'quote' and number is not null`,
};
const ANSWERED: Statement = {
  name: 'quotes.portal_answer',
  text: 'select answer, name, answered_at as "answeredAt" from quote_answers where company_id = $1 and invoice_id = $2',
};

type Said = (typeof QUOTE_ANSWERS)[number];

/** Until when it holds, what was said to it, or where it is answered. */
export async function quoteAct(tx: Transaction, visit: PortalVisit, row: StoredInvoice): Promise<Html | null> {
  if (row.kind !== 'quote') return null;
  if (row.state !== 'issued') {
    const [known] = await tx.query<{ answer: Said; name: string | null; answeredAt: Date }>(ANSWERED, [row.companyId, row.id]);
    if (known === undefined) return null;
    const by = known.name === null ? '' : ` by ${known.name}`;
    return html`<p>${known.answer === 'accepted' ? 'Accepted' : 'Declined'}${by} on ${timeIn(visit, known.answeredAt)}.</p>`;
  }
  if (lapsed(row, visit.now)) return html`<p class="soft">This quote held until ${dayOf(row.validUntil ?? '')}. Ask us for a new one.</p>`;
  const refused = visit.faults.some(({ path }) => path === 'declined_by') || visit.typed['do'] === 'decline';
  return html`${row.validUntil === null ? null : html`<p>It holds until ${dayOf(row.validUntil)}.</p>`}
    <p class="soft">
      Type your name to accept. ${visit.company.name} keeps what stands on this page, your name, the time and the address of your connection
      as proof.
    </p>
    ${form(visit, {
      act: 'accept',
      label: 'Accept the quote',
      path: row.id,
      fields: [
        { name: 'name', label: 'Your name', required: true, autocomplete: 'name' },
        { name: 'agree', label: 'I accept this quote, and I may do so for whom it is addressed to.', type: 'tick', required: true },
      ],
    })}
    ${folded(
      'Decline it',
      refused,
      form(visit, {
        act: 'decline',
        label: 'Decline the quote',
        path: row.id,
        second: true,
        fields: [
          { name: 'declined_by', label: 'Your name', required: true, autocomplete: 'name' },
          { name: 'reason', label: 'Why', type: 'area', help: 'So that we can do better.' },
        ],
      }),
    )}`;
}

const typedName = (text: string | undefined) => (text ?? '').normalize('NFC').replaceAll(/\s+/g, ' ').trim();

/** Once: whoever presses twice has answered once, and sees what was said. */
function act(answer: Said, nameField: string) {
  return async (tx: Transaction, visit: PortalVisit, { path, fields }: PortalSent): Promise<PortalDone> => {
    const [mine] = ID.test(path) ? await tx.query<{ id: string }>(MINE, [visit.companyId, visit.clientId, path]) : [];
    if (mine === undefined) throw new NotFound('There is no such quote');
    const quote = await lockInvoice(tx, visit.companyId, mine.id);
    const before = ({ invoiced: 'accepted', declined: 'declined' } as const)[quote.state as 'invoiced' | 'declined'] ?? null; // other states are none of them
    if (before === answer) return { says: answer };
    if (before !== null) throw new InvoiceStateRefused(`This quote was ${before} already; write to us if that has changed`);
    const name = typedName(fields[nameField]);
    const faults = [
      ...(name.length < 2 || name.length > 200 ? [{ path: nameField, message: 'Type your name' }] : []),
      ...(answer === 'accepted' && fields['agree'] !== 'yes' ? [{ path: 'agree', message: 'Tick the box to agree' }] : []),
    ];
    if (faults.length > 0) throw new InvalidInput(faults.map(({ message }) => message).join('. '), { fields: faults });
    const reason = (fields['reason'] ?? '').trim().slice(0, 1_000);
    const { companyId, personId, ip, userAgent, now } = visit;
    await answerQuote(tx, visit.runtime, quote, { answer, name, reason, ip, userAgent, by: null }, now);
    const sum = `${localAmount(quote.totalCents, quote.currency, 'en')} ${quote.currency}`;
    const said = answer === 'accepted' ? 'Accepted' : 'Declined';
    const content = `${said} quote ${quote.number ?? ''}, ${sum}, as ${name}${reason === '' ? '' : `: ${reason}`}`;
    await recordInteractions(tx, [
      { companyId, personId, type: 'form', direction: 'inbound', channel: 'portal', content, metadata: { invoice_id: quote.id }, at: now },
    ]);
    return { says: answer };
  };
}

export const quoteActs = { accept: act('accepted', 'name'), decline: act('declined', 'declined_by') };
export const quoteSays = { accepted: 'Thank you. The quote is accepted.', declined: 'Thank you for telling us. The quote is declined.' };
