import type { Prospect } from '../cast.ts';
import { Bills } from './bills.ts';
import { Clients } from './clients.ts';
import { DAY_H, DAYS, type Firm, type Someone } from './firm.ts';
import { Page } from './page.ts';
import { Papers } from './papers.ts';
import { Quotes } from './quotes.ts';
import { Sales } from './sales.ts';
import { Sending } from './sending.ts';
import { Support } from './support.ts';
import { Visits } from './visits.ts';

/** Questions that wait for an answer when the reader comes. */
const OPEN_TICKETS = 4;
/** Times of the days to come. */
const COMING_CALLS = 5;
/** UTC, on the last day but one. */
const CHAT_HOUR = 10;
/** So long ago an offer was sent that was never answered. */
const LAPSED_DAYS = 28;
/** For so long somebody who is being taken on has kept everybody waiting. */
const WAITED_DAYS = 6;

/** What comes of interest: deals, orders, invoices, questions. Has dice of its own: the letters of the story stay as they are. */
export class Business {
  readonly #sending: Sending;
  readonly #sales: Sales;
  readonly #clients: Clients;
  readonly #bills: Bills;
  readonly #quotes: Quotes;
  readonly #support: Support;
  readonly #papers: Papers;
  readonly #visits: Visits;
  readonly #page: Page;
  readonly #fitted: { readonly clientId: string; readonly someone: Someone }[] = [];
  readonly #interested: Someone[] = [];

  constructor(firm: Firm) {
    this.#sending = new Sending(firm);
    this.#sales = new Sales(firm);
    this.#clients = new Clients(firm);
    this.#bills = new Bills(firm);
    this.#quotes = new Quotes(firm);
    this.#support = new Support(firm);
    this.#papers = new Papers(firm);
    this.#visits = new Visits(firm);
    this.#page = new Page(firm);
    firm.later((DAYS - 1) * DAY_H + CHAT_HOUR, async () => {
      const last = this.#interested.at(-1);
      if (last !== undefined) await this.#visits.chats(last);
    });
    firm.later((DAYS - LAPSED_DAYS) * DAY_H, async () => {
      const [first] = this.#fitted;
      if (first !== undefined) await this.#quotes.lapses(first.clientId);
    });
    firm.later((DAYS - WAITED_DAYS) * DAY_H, async () => {
      await this.#clients.waitsFor(this.#fitted.map(({ clientId }) => clientId).toReversed());
    });
  }

  async begins(): Promise<void> {
    for (const part of [this.#sending, this.#sales, this.#clients, this.#bills, this.#support, this.#papers, this.#visits])
      await part.begins();
    await this.#page.begins(this.#visits.talk);
  }

  /** They write by the form of the firm's page. */
  enquires(who: Prospect): Promise<{ readonly id: string; readonly personId: string }> {
    return this.#page.enquires(who);
  }

  async interested(someone: Someone): Promise<void> {
    this.#interested.push(someone);
    await this.#sales.opens(someone);
    this.#visits.interested(someone);
  }

  offered(someone: Someone): Promise<void> {
    return this.#sales.offers(someone);
  }

  async decided(someone: Someone, how: 'converted' | 'lost' | 'qualified'): Promise<void> {
    const job = await this.#sales.ends(someone, how);
    if (job === undefined) return;
    const { clientId, maintained } = await this.#clients.takesOn(someone, job);
    this.#fitted.push({ clientId, someone });
    this.#bills.ordered(clientId, job, maintained);
    this.#quotes.fitted(clientId, someone);
    this.#support.fitted(someone);
  }

  goesOn(): Promise<void> {
    return this.#bills.goesOn();
  }

  /** What lies on the desk when the reader comes. */
  async settles(): Promise<void> {
    await this.#bills.reads();
    for (const { someone } of this.#fitted.slice(-OPEN_TICKETS)) await this.#support.asks(someone, true);
    await this.#visits.settles(this.#interested.slice(-COMING_CALLS));
    const [first, second, last] = [this.#fitted[0], this.#fitted[1], this.#fitted.at(-1)];
    if (first !== undefined && last !== undefined) {
      await this.#papers.writes(first.clientId, last.clientId);
      await this.#quotes.settles((second ?? first).clientId, last.clientId);
    }
    await this.#bills.settles();
    await this.#page.settles();
    await this.#sales.settles();
    await this.#sending.settles();
  }
}
