import type { Statement, Transaction } from '#core/database/database.ts';
import { html, type Html } from '#core/portal/html.ts';
import type { PortalFile, PortalPage, PortalPart, PortalVisit } from '#core/portal/types.ts';
import { badge, card, dayOf, inside, rows } from '#modules/portal/public.ts';
import { balanceOf, dueNowOf, INVOICE_COLUMNS, isOpen, lapsed, linesOf, type StoredInvoice, type StoredLine } from '../invoice.ts';
import { localAmount } from '../money/currency.ts';
import { checkoutsOf } from '../online/checkout.ts';
import { payPath } from '../online/link.ts';
import { obstacleTo, offersOf } from '../online/offered.ts';
import { fileNameOf } from '../pdf/name.ts';
import { quoteAct, quoteActs, quoteSays } from './quote.ts';
import { paperName, paperPdf, statementPaper } from '../statement/paper.ts';
import { paidSoFar, receiptOf } from './receipts.ts';

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const YEAR_MS = 365 * 86_400_000;
const MOST = 200;
/** On the page; the PDF has all. */
const MOST_LINES = 200;

/** What was issued to this client; drafts are not theirs to see. invoices_of_client serves it. */
const OF_CLIENT: Statement = {
  name: 'invoices.portal_list',
  text: `select ${INVOICE_COLUMNS} from invoices i where i.company_id = $1 and i.client_id = $2 and i.number is not null order by i.created_at desc, i.id desc limit ${MOST}`,
};
const ONE: Statement = {
  name: 'invoices.portal_one',
  text: `select ${INVOICE_COLUMNS} from invoices i where i.company_id = $1 and i.client_id = $2 and i.id = $3 and i.number is not null`,
};

const money = (cents: number, currency: string) => `${localAmount(cents, currency, 'en')} ${currency}`;
const KINDS = { invoice: 'Invoice', quote: 'Quote', credit_note: 'Credit note' } as const;

function markOf(row: StoredInvoice, now: Date): Html | null {
  if (isOpen(row)) {
    if (row.overdueFrom !== null && row.overdueFrom <= now) return badge('Overdue', 'bad');
    return row.state === 'partly_paid' ? badge('Partly paid', 'warn') : badge('Open', 'accent');
  }
  if (row.state === 'paid') return badge('Paid', 'ok');
  if (row.state === 'void') return badge('Void');
  if (row.kind !== 'quote') return null;
  if (row.state === 'issued') return lapsed(row, now) ? badge('No longer open') : badge('To answer', 'accent');
  return row.state === 'declined' ? badge('Declined') : badge('Accepted', 'ok');
}

async function front(tx: Transaction, visit: PortalVisit): Promise<Html | null> {
  const found = await tx.query<StoredInvoice>(OF_CLIENT, [visit.companyId, visit.clientId]);
  if (found.length === 0) return null;
  return html`${rows(
    found.map((row) => ({
      title: `${KINDS[row.kind]} ${row.number ?? ''}`,
      detail: [row.title, isOpen(row) && row.dueOn !== null ? `due on ${dayOf(row.dueOn)}` : row.validUntil !== null && row.state === 'issued' ? `good until ${dayOf(row.validUntil)}` : row.issuedOn === null ? '' : dayOf(row.issuedOn)].filter((text) => text !== '').join(' · '),
      figure: money(row.totalCents, row.currency),
      badge: markOf(row, visit.now),
      href: `${visit.at}/${row.id}`,
    })),
  )}${inside(html`<p><a href="${visit.at}/statement">Statement of account</a></p>`)}`; // prettier-ignore
}

async function open(tx: Transaction, visit: PortalVisit, path: string): Promise<PortalPage | PortalFile | null> {
  if (path === 'statement') return statementFile(tx, visit);
  const [id = '', what, ...more] = path.split('/');
  if (!ID.test(id) || more.length !== (what === 'receipt' ? 1 : 0) || ![undefined, 'pdf', 'receipt'].includes(what)) return null;
  const [row] = await tx.query<StoredInvoice>(ONE, [visit.companyId, visit.clientId, id]);
  if (row === undefined) return null;
  if (what === undefined) return pageOf(tx, visit, row);
  if (what === 'receipt') return receiptOf(tx, row, more[0] ?? '');
  const [{ loadDocument }, { drawInvoice }] = await Promise.all([import('../pdf/load.ts'), import('../pdf/draw.ts')]);
  const document = await loadDocument(tx, visit.companyId, id);
  return { filename: fileNameOf(row), contentType: 'application/pdf', bytes: () => drawInvoice(document), inline: true };
}

/** A year's statement, in the currency in which they are invoiced. */
async function statementFile(tx: Transaction, { companyId, clientId, now }: PortalVisit): Promise<PortalFile> {
  const from = new Date(now.getTime() - YEAR_MS).toISOString().slice(0, 10);
  const paper = await statementPaper(tx, companyId, clientId, { from }, now);
  return { filename: paperName(paper, 'pdf'), contentType: 'application/pdf', bytes: await paperPdf(tx, companyId, paper), inline: true };
}

/** The button, where it can be paid online. It leads to the invoice's own page, which asks the payment service when it is pressed. */
async function payButton(tx: Transaction, visit: PortalVisit, row: StoredInvoice): Promise<Html | null> {
  const offer = (await offersOf(tx, visit.runtime, [visit.companyId])).get(visit.companyId);
  if (obstacleTo(offer, row) !== null) return null;
  const underWay = (await checkoutsOf(tx, visit.companyId, row.id)).some(({ state }) => state === 'processing');
  if (underWay) return html`<p class="soft">Your payment is under way. It may take some days until it arrives.</p>`;
  const [now, left] = [dueNowOf(row), balanceOf(row)];
  const button = (label: string, pays: string, second: boolean) =>
    html`<form method="post" action="${payPath(visit.runtime, visit.companyId, row.id)}">
      <button${second ? html` class="second"` : null} type="submit" name="pays" value="${pays}">${label}</button>
    </form>`;
  if (now === left) return button(`Pay ${money(left, row.currency)} online`, 'due', false);
  return html`${button(`Pay the deposit, ${money(now, row.currency)}, online`, 'due', false)}${button(`Pay all, ${money(left, row.currency)}`, 'all', true)}`;
}

/** The first line of a text stands out; the rest of it and how many are below. */
function wordsOf({ description, quantity, unit, unitPriceCents }: StoredLine, currency: string): { title: string; detail: string | null } {
  const [title = '', ...more] = description.split('\n');
  const count = quantity === 1 && unit === '' ? [] : [`${quantity}${unit === '' ? '' : ` ${unit}`} at ${money(unitPriceCents, currency)}`];
  return { title, detail: [...more, ...count].join(' · ') || null };
}

async function pageOf(tx: Transaction, visit: PortalVisit, row: StoredInvoice): Promise<PortalPage> {
  const lines = await linesOf(tx, visit.companyId, row.id);
  const { currency, seller } = row;
  const left = balanceOf(row);
  const title = `${KINDS[row.kind]} ${row.number ?? ''}`;
  const sums = [
    { title: 'Net', figure: money(row.netCents, currency) },
    ...(row.taxCents === 0 ? [] : [{ title: 'Tax', figure: money(row.taxCents, currency) }]),
    { title: 'Total', figure: money(row.totalCents, currency) },
    ...(row.kind === 'quote' && row.depositCents !== null
      ? [{ title: 'Of it first, as a deposit', figure: money(row.depositCents, currency) }]
      : []),
    ...(isOpen(row) && left !== row.totalCents ? [{ title: 'Still owed', figure: money(left, currency) }] : []),
  ];
  const account = [seller.iban == null ? null : seller.iban.replace(/(.{4})(?=.)/g, '$1 '), seller.bic, seller.bankName]
    .filter((one) => one != null)
    .join(' · ');
  const now = dueNowOf(row);
  const by = (day: string | null) => (day === null ? '' : ` by ${dayOf(day)}`);
  const asked =
    now === left
      ? `${money(left, currency)}${by(row.dueOn)}`
      : `a deposit of ${money(now, currency)}${by(row.depositDueOn)}, and the rest, ${money(left - now, currency)},${by(row.dueOn)}`;
  const pay = isOpen(row) ? html`<p>Please pay ${asked}${account === '' ? '' : ` to ${account}`}, and name ${row.number}.</p>` : null; // prettier-ignore
  const body = html`${card(
    title,
    html`${inside(pay, isOpen(row) ? await payButton(tx, visit, row) : null, html`<p><a href="${visit.at}/${row.id}/pdf">Open the PDF</a></p>`)}${rows(
      lines.slice(0, MOST_LINES).map((line) => ({
        ...wordsOf(line, currency),
        figure: money(line.netCents, currency),
      })),
    )}${lines.length > MOST_LINES ? inside(html`<p>The first ${MOST_LINES} of ${lines.length} lines; the PDF has all.</p>`) : null}${rows(sums)}${await paidSoFar(tx, visit, row)}${inside(await quoteAct(tx, visit, row))}`,
    markOf(row, visit.now),
  )}`;
  return { title, body };
}

/** The client's invoices, quotes and credit notes, each with its PDF. */
export const invoicesPart: PortalPart = { name: 'invoices', title: 'Invoices', place: 20, front, open, acts: quoteActs, says: quoteSays };
