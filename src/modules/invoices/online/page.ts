import type { Statement, Transaction } from '#core/database/database.ts';
import { html, type Html } from '#core/portal/html.ts';
import type { Spoken } from '#core/language.ts';
import type { Runtime } from '#core/runtime.ts';
import { badge, card, dayOf, framePage, inside, rows, type Visitor, type WholePage } from '#modules/portal/public.ts';
import { balanceOf, dueNowOf, INVOICE_COLUMNS, isOpen, type StoredInvoice } from '../invoice.ts';
import { localAmount } from '../money/currency.ts';
import { wordsOf } from '../pdf/words.ts';
import { INVOICE_PAGE_WORDS } from '../portal/words.ts';
import { checkoutsOf, type StoredCheckout } from './checkout.ts';
import { obstacleTo, offersOf } from './offered.ts';

const ONE: Statement = {
  name: 'invoices.to_pay',
  text: `select ${INVOICE_COLUMNS} from invoices i where i.company_id = $1 and i.id = $2 and i.kind = 'invoice' and i.number is not null and i.client_id is not null`,
};
const WHOSE: Statement = {
  name: 'invoices.to_pay_whose',
  text: `select co.name as "companyName", coalesce(co.settings ->> 'time_zone', 'UTC') as "timeZone", co.settings ->> 'postal_address' as "postalAddress", co.settings ->> 'language' as "companyLanguage", co.website,
           (select p.language from clients c join people p on p.id = c.person_id where c.company_id = $1 and c.id = $2) as language,
           b.logo, jsonb_build_object('accent', coalesce(b.look ->> 'accent', '#3b57cf'), 'font', coalesce(b.look ->> 'font', 'sans')) as brand
         from companies co left join brands b on b.company_id = co.id where co.id = $1`,
};

export interface ToPay {
  readonly row: StoredInvoice;
  readonly whose: Pick<
    Visitor,
    'companyName' | 'timeZone' | 'postalAddress' | 'website' | 'logo' | 'brand' | 'language' | 'companyLanguage'
  >;
  readonly checkouts: readonly StoredCheckout[];
  /** Null: it can be paid online. */
  readonly why: string | null;
}

/** Null: there is no such invoice, or nobody to pay it any more. */
export async function loadToPay(tx: Transaction, runtime: Runtime, companyId: string, invoiceId: string): Promise<ToPay | null> {
  const [row] = await tx.query<StoredInvoice>(ONE, [companyId, invoiceId]);
  const [whose] = await tx.query<ToPay['whose']>(WHOSE, [companyId, row?.clientId ?? null]);
  if (row === undefined || whose === undefined) return null;
  const offer = (await offersOf(tx, runtime, [companyId])).get(companyId);
  return { row, whose, checkouts: await checkoutsOf(tx, companyId, invoiceId), why: obstacleTo(offer, row) };
}

interface Shown {
  /** `/pay/<word>` */
  readonly at: string;
  /** The browser comes from the payment service. */
  readonly returned?: boolean;
  readonly alert?: string | null;
  readonly language: Spoken;
}

/** One invoice, what is owed on it, and the button. Looking changes nothing. `refresh`: seconds until the page is worth another look; null: it says all. */
export function payPage({ row, whose, checkouts, why }: ToPay, { at, returned = false, alert = null, language }: Shown): { page: WholePage; refresh: number | null } {
  const { marks, ...words } = INVOICE_PAGE_WORDS[language];
  const money = (cents: number) => `${localAmount(cents, row.currency, language)} ${row.currency}`;
  const day = (on: string) => dayOf({ language }, on);
  const named = `${wordsOf(language).invoice} ${row.number ?? ''}`;
  const left = balanceOf(row);
  const open = isOpen(row);
  const now = dueNowOf(row);
  const part = open && now !== left;
  const underWay = open && checkouts.some(({ state }) => state === 'processing');
  const waits = returned && open && !underWay && checkouts.some(({ state }) => state === 'open');
  const failed = open && !underWay ? checkouts[0] : undefined;
  const mark = !open
    ? row.state === 'paid' ? badge(marks.paid, 'ok') : row.state === 'void' ? badge(marks.void) : badge(marks.settled, 'ok')
    : underWay || waits ? badge(marks.underWay, 'accent') : row.state === 'partly_paid' ? badge(marks.partlyPaid, 'warn') : badge(marks.open, 'accent');
  const sums = [
    { title: words.total, figure: money(row.totalCents) },
    ...(open && left !== row.totalCents ? [{ title: words.stillOwed, figure: money(left) }] : []),
    ...(part ? [{ title: words.pay.depositDue(day(row.depositDueOn ?? '')), figure: money(now) }] : []),
    ...(row.dueOn === null ? [] : [{ title: part ? words.pay.restDue : words.pay.due, figure: day(row.dueOn) }]),
  ];
  const body = card(named, html`${rows(sums)}${inside(act())}`, mark);
  const visitor = { ...whose, name: '', firstName: null };
  const said = !open && row.state === 'paid' ? words.pay.thanks : null;
  return { page: framePage({ visitor, home: at, title: open ? words.pay.title(money(now)) : named, body, said, alert, alone: words.pay.alone, language }), refresh: waits ? 3 : null };

  function act(): Html {
    if (!open) return html`<p class="soft">${row.state === 'paid' ? words.pay.nothingLeft : row.state === 'void' ? words.pay.voided : words.pay.nothingOwed}</p>`;
    if (underWay) return html`<p class="soft">${words.pay.underWay}</p>`;
    if (waits) return html`<p class="soft">${words.pay.asking}</p>${button(words.pay.again, true)}`;
    if (why !== null) return html`<p class="soft">${words.pay.notOnline}</p>`;
    return html`${failed?.state === 'failed' ? html`<p class="alert">${words.pay.failed(failed.problem)}</p>` : null}${part ? html`${button(words.payDeposit(money(now)), false)}${button(words.payAll(money(left)), true, 'all')}` : button(words.payOnline(money(left)), false)}<p class="soft"><small>${words.pay.secure}</small></p>`;
  }
  function button(label: string, second: boolean, pays = 'due'): Html {
    return html`<form method="post" action="${at}"><button${second ? html` class="second"` : null} type="submit" name="pays" value="${pays}">${label}</button></form>`;
  }
} // prettier-ignore

/** On the way to the payment service. A page and no redirect: browsers that keep a form to its own site would stop there. */
export function onwardPage({ row, whose }: ToPay, at: string, url: string, language: Spoken): WholePage {
  const { pay } = INVOICE_PAGE_WORDS[language];
  const visitor = { ...whose, name: '', firstName: null };
  const body = card(pay.moment, inside(html`<p>${pay.goesOn}</p>`, html`<a class="button" href="${url}" rel="noopener">${pay.goOn}</a>`));
  return framePage({ visitor, home: at, title: `${wordsOf(language).invoice} ${row.number ?? ''}`, body, alone: pay.byService, language });
}
