import { Bills } from './bills.ts';
import { Clients } from './clients.ts';
import type { Firm, Someone } from './firm.ts';
import { Papers } from './papers.ts';
import { Sales } from './sales.ts';
import { Support } from './support.ts';

/** Questions that wait for an answer when the reader comes. */
const OPEN_TICKETS = 4;

/** What comes of interest: deals, orders, invoices, questions. Has dice of its own: the letters of the story stay as they are. */
export class Business {
  readonly #sales: Sales;
  readonly #clients: Clients;
  readonly #bills: Bills;
  readonly #support: Support;
  readonly #papers: Papers;
  readonly #fitted: { readonly clientId: string; readonly someone: Someone }[] = [];

  constructor(firm: Firm) {
    this.#sales = new Sales(firm);
    this.#clients = new Clients(firm);
    this.#bills = new Bills(firm);
    this.#support = new Support(firm);
    this.#papers = new Papers(firm);
  }

  async begins(): Promise<void> {
    for (const part of [this.#sales, this.#clients, this.#bills, this.#support, this.#papers]) await part.begins();
  }

  interested(someone: Someone): Promise<void> {
    return this.#sales.opens(someone);
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
    this.#support.fitted(someone);
  }

  goesOn(): Promise<void> {
    return this.#bills.goesOn();
  }

  /** What lies on the desk when the reader comes. */
  async settles(): Promise<void> {
    await this.#bills.reads();
    for (const { someone } of this.#fitted.slice(-OPEN_TICKETS)) await this.#support.asks(someone, true);
    const [first, last] = [this.#fitted[0], this.#fitted.at(-1)];
    if (first !== undefined && last !== undefined) await this.#papers.writes(first.clientId, last.clientId);
    await this.#sales.settles();
  }
}
