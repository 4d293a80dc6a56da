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
import { localNumber, wordsOf } from '../pdf/words.ts';
import { quoteAct, quoteActs } from './quote.ts';
import { paperName, paperPdf, statementPaper } from '../statement/paper.ts';
import { paidSoFar, receiptOf } from './receipts.ts';
import { INVOICE_PAGE_WORDS } from './words.ts';

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

const moneyIn =
  ({ language }: Pick<PortalVisit, 'language'>, currency: string) =>
  (cents: number) =>
    `${localAmount(cents, currency, language)} ${currency}`;

/** `Invoice INV-2026-0001` */
function titleOf({ language }: PortalVisit, { kind, number }: StoredInvoice): string {
  const { invoice, quote, creditNote } = wordsOf(language);
  return `${{ invoice, quote, credit_note: creditNote }[kind]} ${number ?? ''}`;
}

function markOf({ language, now }: PortalVisit, row: StoredInvoice): Html | null {
  const { marks } = INVOICE_PAGE_WORDS[language];
  if (isOpen(row)) {
    if (row.overdueFrom !== null && row.overdueFrom <= now) return badge(marks.overdue, 'bad');
    return row.state === 'partly_paid' ? badge(marks.partlyPaid, 'warn') : badge(marks.open, 'accent');
  }
  if (row.state === 'paid') return badge(marks.paid, 'ok');
  if (row.state === 'void') return badge(marks.void);
  if (row.kind !== 'quote') return null;
  if (row.state === 'issued') return lapsed(row, now) ? badge(marks.lapsed) : badge(marks.toAnswer, 'accent');
  return row.state === 'declined' ? badge(marks.declined) : badge(marks.accepted, 'ok');
}

async function front(tx: Transaction, visit: PortalVisit): Promise<Html | null> {
  const found = await tx.query<StoredInvoice>(OF_CLIENT, [visit.companyId, visit.clientId]);
  if (found.length === 0) return null;
  const words = INVOICE_PAGE_WORDS[visit.language];
  const dated = ({ dueOn, validUntil, issuedOn, ...row }: StoredInvoice) => {
    if (isOpen(row) && dueOn !== null) return words.dueOn(dayOf(visit, dueOn));
    if (validUntil !== null && row.state === 'issued') return words.goodUntil(dayOf(visit, validUntil));
    return issuedOn === null ? '' : dayOf(visit, issuedOn);
  };
  return html`${rows(
    found.map((row) => ({
      title: titleOf(visit, row),
      detail: [row.title, dated(row)].filter((text) => text !== '').join(' · '),
      figure: moneyIn(visit, row.currency)(row.totalCents),
      badge: markOf(visit, row),
      href: `${visit.at}/${row.id}`,
    })),
  )}${inside(html`<p><a href="${visit.at}/statement">${words.statement}</a></p>`)}`;
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
  const words = INVOICE_PAGE_WORDS[visit.language];
  const money = moneyIn(visit, row.currency);
  if (underWay) return html`<p class="soft">${words.underWay}</p>`;
  const [now, left] = [dueNowOf(row), balanceOf(row)];
  const button = (label: string, pays: string, second: boolean) =>
    html`<form method="post" action="${payPath(visit.runtime, visit.companyId, row.id)}">
      <button${second ? html` class="second"` : null} type="submit" name="pays" value="${pays}">${label}</button>
    </form>`;
  if (now === left) return button(words.payOnline(money(left)), 'due', false);
  return html`${button(words.payDeposit(money(now)), 'due', false)}${button(words.payAll(money(left)), 'all', true)}`;
}

/** The first line of a text stands out; the rest of it and how many are below. */
function lineOf(
  visit: PortalVisit,
  { description, quantity, unit, unitPriceCents }: StoredLine,
  currency: string,
): { title: string; detail: string | null } {
  const [title = '', ...more] = description.split('\n');
  const count =
    quantity === 1 && unit === ''
      ? []
      : [
          INVOICE_PAGE_WORDS[visit.language].each(
            `${localNumber(quantity, visit.language)}${unit === '' ? '' : ` ${unit}`}`,
            moneyIn(visit, currency)(unitPriceCents),
          ),
        ];
  return { title, detail: [...more, ...count].join(' · ') || null };
}

async function pageOf(tx: Transaction, visit: PortalVisit, row: StoredInvoice): Promise<PortalPage> {
  const lines = await linesOf(tx, visit.companyId, row.id);
  const { currency, seller } = row;
  const left = balanceOf(row);
  const title = titleOf(visit, row);
  const words = INVOICE_PAGE_WORDS[visit.language];
  const money = moneyIn(visit, currency);
  const sums = [
    { title: words.net, figure: money(row.netCents) },
    ...(row.taxCents === 0 ? [] : [{ title: words.tax, figure: money(row.taxCents) }]),
    { title: words.total, figure: money(row.totalCents) },
    ...(row.kind === 'quote' && row.depositCents !== null ? [{ title: words.deposit, figure: money(row.depositCents) }] : []),
    ...(isOpen(row) && left !== row.totalCents ? [{ title: words.stillOwed, figure: money(left) }] : []),
  ];
  const account = [seller.iban == null ? null : seller.iban.replace(/(.{4})(?=.)/g, '$1 '), seller.bic, seller.bankName]
    .filter((one) => one != null)
    .join(' · ');
  const now = dueNowOf(row);
  const day = (on: string | null) => (on === null ? null : dayOf(visit, on));
  const whither = { by: day(row.dueOn), account: account === '' ? null : account, number: row.number ?? '' };
  const asked =
    now === left
      ? words.please({ sum: money(left), ...whither })
      : words.pleaseParts({ first: money(now), firstBy: day(row.depositDueOn), rest: money(left - now), ...whither });
  const pay = isOpen(row) ? html`<p>${asked}</p>` : null;
  const body = html`${card(
    title,
    html`${inside(pay, isOpen(row) ? await payButton(tx, visit, row) : null, html`<p><a href="${visit.at}/${row.id}/pdf">${words.openPdf}</a></p>`)}${rows(
      lines.slice(0, MOST_LINES).map((line) => ({
        ...lineOf(visit, line, currency),
        figure: money(line.netCents),
      })),
    )}${lines.length > MOST_LINES ? inside(html`<p>${words.firstLines(MOST_LINES, lines.length)}</p>`) : null}${rows(sums)}${await paidSoFar(tx, visit, row)}${inside(await quoteAct(tx, visit, row))}`,
    markOf(visit, row),
  )}`;
  return { title, body };
}

/** The client's invoices, quotes and credit notes, each with its PDF. */
export const invoicesPart: PortalPart = {
  name: 'invoices',
  title: (language) => INVOICE_PAGE_WORDS[language].invoices,
  place: 20,
  front,
  open,
  acts: quoteActs,
  says: (language) => INVOICE_PAGE_WORDS[language].quote.says,
};
