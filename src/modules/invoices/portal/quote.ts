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
import { INVOICE_PAGE_WORDS } from './words.ts';

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
  const words = INVOICE_PAGE_WORDS[visit.language].quote;
  if (row.state !== 'issued') {
    const [known] = await tx.query<{ answer: Said; name: string | null; answeredAt: Date }>(ANSWERED, [row.companyId, row.id]);
    if (known === undefined) return null;
    return html`<p>${words.answered(known.answer, known.name, timeIn(visit, known.answeredAt))}</p>`;
  }
  if (lapsed(row, visit.now)) return html`<p class="soft">${words.held(dayOf(visit, row.validUntil ?? ''))}</p>`;
  const refused = visit.faults.some(({ path }) => path === 'declined_by') || visit.typed['do'] === 'decline';
  return html`${row.validUntil === null ? null : html`<p>${words.holds(dayOf(visit, row.validUntil))}</p>`}
    <p class="soft">${words.asks(visit.company.name)}</p>
    ${form(visit, {
      act: 'accept',
      label: words.accept,
      path: row.id,
      fields: [
        { name: 'name', label: words.name, required: true, autocomplete: 'name' },
        { name: 'agree', label: words.agree, type: 'tick', required: true },
      ],
    })}
    ${folded(
      words.declineIt,
      refused,
      form(visit, {
        act: 'decline',
        label: words.decline,
        path: row.id,
        second: true,
        fields: [
          { name: 'declined_by', label: words.name, required: true, autocomplete: 'name' },
          { name: 'reason', label: words.why, type: 'area', help: words.better },
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
    const words = INVOICE_PAGE_WORDS[visit.language].quote;
    if (before !== null) throw new InvoiceStateRefused(words.before[before]);
    const name = typedName(fields[nameField]);
    const faults = [
      ...(name.length < 2 || name.length > 200 ? [{ path: nameField, message: words.typeName }] : []),
      ...(answer === 'accepted' && fields['agree'] !== 'yes' ? [{ path: 'agree', message: words.tick }] : []),
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
