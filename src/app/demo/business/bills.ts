import { z } from 'zod';
import { billDue } from '#modules/invoices/public.ts';
import { day, DAY_H, owner, type Firm } from './firm.ts';
import type { Job } from './jobs.ts';

const Invoice = z.object({ id: z.string(), number: z.string().nullable(), clientName: z.string(), totalCents: z.number() });

const Overdue = z.object({ items: z.array(z.object({ clientId: z.string().nullable() })) });
const Lines = z.object({ items: z.array(z.object({ id: z.string() })) });

const SETTINGS = {
  seller: {
    name: 'Nordlicht Heating',
    line1: 'Deichstraße 1',
    postcode: '20459',
    city: 'Hamburg',
    country: 'DE',
    taxNumber: '17/123/45678',
    email: 'hello@nordlicht.example',
    phone: '+49 40 1234567',
    website: 'https://nordlicht.example',
    iban: 'DE89370400440532013000', // the example of the IBAN registry
    bankName: 'Sparbank Hamburg',
  },
  options: { paymentDays: 14, invoicePrefix: 'NH-', lateFeeCents: 0, intro: 'Thank you for your order.' },
};
const COLUMNS = {
  date: 'Buchungstag',
  amount: 'Betrag',
  reference: ['Verwendungszweck'],
  counterparty: 'Name',
  dates: 'ymd',
  decimal: '.',
};
const MAINTENANCE_CENTS = 2_900;

interface Credit {
  readonly on: string;
  readonly cents: number;
  readonly text: string;
  readonly name: string;
}

/** Invoices, what recurs, and the bank's statement of each week. */
export class Bills {
  readonly #firm: Firm;
  #credits: Credit[] = [];
  #today = '';
  constructor(firm: Firm) {
    this.#firm = firm;
  }

  async begins(): Promise<void> {
    await this.#firm.stage.call('invoices.update_settings', SETTINGS, owner(this.#firm));
  }

  /** The job is invoiced when it is done; who has a maintenance plan pays each month from then on. */
  ordered(clientId: string, job: Job, maintained: boolean): void {
    const { stage, dice, team } = this.#firm;
    this.#firm.later(dice.between(2, 12) * DAY_H, async () => {
      const invoice = Invoice.parse(
        await stage.call('invoices.create', { clientId, title: job.product, lines: job.lines, issue: true }, dice.pick(team)),
      );
      await stage.call('invoices.send', { invoiceId: invoice.id }, dice.pick(team));
      this.#pays(invoice);
    });
    if (!maintained) return;
    this.#firm.later(dice.between(12, 20) * DAY_H, async () => {
      await stage.call(
        'invoice_plans.create',
        { clientId, title: 'Maintenance', lines: [{ description: 'Maintenance of the heating, a month', unitPriceCents: MAINTENANCE_CENTS }], unit: 'months', mode: 'issue' },
        owner(this.#firm),
      ); // prettier-ignore
    });
  }

  /** Most pay in time, some late, some a part, some not at all. */
  #pays({ number, totalCents, clientName: name }: z.output<typeof Invoice>): void {
    const { dice } = this.#firm;
    const how = dice.weighted({ soon: 12, late: 4, part: 1, never: 3 });
    if (how === 'never') return;
    const days = how === 'late' ? dice.between(18, 40) : dice.between(3, 13);
    const text = dice.chance(0.8) ? `Rechnung ${number ?? ''}` : 'Heizung, vielen Dank';
    this.#firm.later(days * DAY_H, async () => {
      const cents = how === 'part' ? Math.round(totalCents / 2) : totalCents;
      this.#credits.push({ on: day(this.#firm), cents, text, name });
    });
  }

  /** Each day what recurs is invoiced; on a Monday the statement of the week before is read. */
  async goesOn(): Promise<void> {
    const { stage, companyId } = this.#firm;
    if (this.#today === day(this.#firm)) return;
    this.#today = day(this.#firm);
    const made = await billDue(stage.steward.runtime, companyId);
    for (const invoiceId of made) this.#pays(Invoice.parse(await stage.call('invoices.get', { invoiceId }, owner(this.#firm))));
    if (made.length > 0) await stage.steward.worker.drain();
    if (stage.clock.now().getUTCDay() !== 1) return;
    await this.#books();
    await this.reads();
  }

  /** Nora books what the bank's lines of the week before are held to be. */
  async #books(): Promise<void> {
    const { stage } = this.#firm;
    const { items } = Lines.parse(await stage.call('bank.lines', { state: 'proposed' }, owner(this.#firm)));
    for (const { id: bankLineId } of items) await stage.call('bank.decide', { bankLineId, decision: 'book' }, owner(this.#firm));
  }

  /** Who owes something since longest gets a statement of account. */
  async settles(): Promise<void> {
    const { stage } = this.#firm;
    const { items } = Overdue.parse(await stage.call('invoices.list', { status: 'overdue', limit: 100 }, owner(this.#firm)));
    const clientId = items.at(-1)?.clientId;
    if (clientId != null) await stage.call('clients.send_statement', { clientId }, owner(this.#firm));
  }

  async reads(): Promise<void> {
    if (this.#credits.length === 0) return;
    const lines = this.#credits.map(({ on, cents, text, name }) => [on, (cents / 100).toFixed(2), text, name].join(';'));
    this.#credits = [];
    const text = ['Buchungstag;Betrag;Verwendungszweck;Name', ...lines, `${day(this.#firm)};-1480.00;Miete Werkstatt;Hafenverwaltung`].join(
      '\n',
    );
    await this.#firm.stage.call(
      'bank.import',
      { name: `statement-${day(this.#firm)}.csv`, contentBase64: Buffer.from(text).toString('base64'), columns: COLUMNS },
      owner(this.#firm),
    );
  }
}
