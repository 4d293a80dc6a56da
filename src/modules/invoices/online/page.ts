import type { Statement, Transaction } from '#core/database/database.ts';
import { html, type Html } from '#core/portal/html.ts';
import type { Runtime } from '#core/runtime.ts';
import { badge, card, dayOf, framePage, inside, rows, type Visitor, type WholePage } from '#modules/portal/public.ts';
import { balanceOf, dueNowOf, INVOICE_COLUMNS, isOpen, type StoredInvoice } from '../invoice.ts';
import { localAmount } from '../money/currency.ts';
import { checkoutsOf, type StoredCheckout } from './checkout.ts';
import { obstacleTo, offersOf } from './offered.ts';

const ONE: Statement = {
  name: 'invoices.to_pay',
  text: `select ${INVOICE_COLUMNS} from invoices i where i.company_id = $1 and i.id = $2 and i.kind = 'invoice' and i.number is not null and i.client_id is not null`,
};
const WHOSE: Statement = {
  name: 'invoices.to_pay_whose',
  text: `select co.name as "companyName", coalesce(co.settings ->> 'time_zone', 'UTC') as "timeZone", co.settings ->> 'postal_address' as "postalAddress", co.website,
           b.logo, jsonb_build_object('accent', coalesce(b.look ->> 'accent', '#3b57cf'), 'font', coalesce(b.look ->> 'font', 'sans')) as brand
         from companies co left join brands b on b.company_id = co.id where co.id = $1`,
};

export interface ToPay {
  readonly row: StoredInvoice;
  readonly whose: Pick<Visitor, 'companyName' | 'timeZone' | 'postalAddress' | 'website' | 'logo' | 'brand'>;
  readonly checkouts: readonly StoredCheckout[];
  /** Null: it can be paid online. */
  readonly why: string | null;
}

/** Null: there is no such invoice, or nobody to pay it any more. */
export async function loadToPay(tx: Transaction, runtime: Runtime, companyId: string, invoiceId: string): Promise<ToPay | null> {
  const [row] = await tx.query<StoredInvoice>(ONE, [companyId, invoiceId]);
  const [whose] = await tx.query<ToPay['whose']>(WHOSE, [companyId]);
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
}

const money = (cents: number, currency: string) => `${localAmount(cents, currency, 'en')} ${currency}`;

/** One invoice, what is owed on it, and the button. Looking changes nothing. `refresh`: seconds until the page is worth another look; null: it says all. */
export function payPage({ row, whose, checkouts, why }: ToPay, { at, returned = false, alert = null }: Shown): { page: WholePage; refresh: number | null } {
  const left = balanceOf(row);
  const open = isOpen(row);
  const now = dueNowOf(row);
  const part = open && now !== left;
  const underWay = open && checkouts.some(({ state }) => state === 'processing');
  const waits = returned && open && !underWay && checkouts.some(({ state }) => state === 'open');
  const failed = open && !underWay ? checkouts[0] : undefined;
  const mark = !open
    ? row.state === 'paid' ? badge('Paid', 'ok') : row.state === 'void' ? badge('Void') : badge('Settled', 'ok')
    : underWay || waits ? badge('Under way', 'accent') : row.state === 'partly_paid' ? badge('Partly paid', 'warn') : badge('Open', 'accent');
  const sums = [
    { title: 'Total', figure: money(row.totalCents, row.currency) },
    ...(open && left !== row.totalCents ? [{ title: 'Still owed', figure: money(left, row.currency) }] : []),
    ...(part ? [{ title: `Deposit, due on ${dayOf(row.depositDueOn ?? '')}`, figure: money(now, row.currency) }] : []),
    ...(row.dueOn === null ? [] : [{ title: part ? 'The rest is due' : 'Due', figure: dayOf(row.dueOn) }]),
  ];
  const body = card(`Invoice ${row.number ?? ''}`, html`${rows(sums)}${inside(act())}`, mark);
  const visitor: Visitor = { ...whose, companyId: row.companyId, clientId: '', personId: '', name: '', firstName: null };
  const said = !open && row.state === 'paid' ? 'Thank you. The invoice is paid.' : null;
  return { page: framePage({ visitor, home: at, title: open ? `Pay ${money(now, row.currency)}` : `Invoice ${row.number ?? ''}`, body, said, alert, alone: 'Whoever has the address of this page can see and pay this invoice, and nothing else.' }), refresh: waits ? 3 : null };

  function act(): Html {
    if (!open) return html`<p class="soft">${row.state === 'paid' ? 'There is nothing left to do.' : row.state === 'void' ? 'This invoice was voided. Please do not pay it.' : 'Nothing is owed on it.'}</p>`;
    if (underWay) return html`<p class="soft">Your payment is under way. It may take some days until it arrives; you need do nothing more.</p>`;
    if (waits) return html`<p class="soft">One moment: we ask whether your payment has arrived. This page looks again by itself.</p>${button('Pay again', true)}`;
    if (why !== null) return html`<p class="soft">This invoice can’t be paid online at the moment. Please pay it as it says.</p>`;
    return html`${failed?.state === 'failed' ? html`<p class="alert">Your last payment did not go through${failed.problem === null ? '' : `: ${failed.problem}`}. You can try again.</p>` : null}${part ? html`${button(`Pay the deposit, ${money(now, row.currency)}, online`, false)}${button(`Pay all, ${money(left, row.currency)}`, true, 'all')}` : button(`Pay ${money(left, row.currency)} online`, false)}<p class="soft"><small>You go on to a secure page where you choose how to pay.</small></p>`;
  }
  function button(label: string, second: boolean, pays = 'due'): Html {
    return html`<form method="post" action="${at}"><button${second ? html` class="second"` : null} type="submit" name="pays" value="${pays}">${label}</button></form>`;
  }
} // prettier-ignore

/** On the way to the payment service. A page and no redirect: browsers that keep a form to its own site would stop there. */
export function onwardPage({ row, whose }: ToPay, at: string, url: string): WholePage {
  const visitor: Visitor = { ...whose, companyId: row.companyId, clientId: '', personId: '', name: '', firstName: null };
  const body = card('One moment', inside(html`<p>You go on to the payment page by itself.</p>`, html`<a class="button" href="${url}" rel="noopener">Go on to pay</a>`)); // prettier-ignore
  return framePage({ visitor, home: at, title: `Invoice ${row.number ?? ''}`, body, alone: 'Your payment is taken by a payment service; we never see the number of your card.' }); // prettier-ignore
}
