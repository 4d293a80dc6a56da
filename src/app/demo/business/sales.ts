import { z } from 'zod';
import { Dice } from '../random.ts';
import type { Prospect } from '../cast.ts';
import { day, owner, type Firm, type Someone } from './firm.ts';
import { priced, productOf, PRODUCTS, type Job } from './jobs.ts';

const Pipelines = z.object({ items: z.array(z.object({ stages: z.array(z.object({ id: z.string(), name: z.string() })) })) });
const Made = z.object({ id: z.string() });

const SELLERS = ['Nora Lindqvist', 'Ben Otto', 'Cleo Arslan'] as const;
const BEFORE = 'opportunity_id,name,sales_agent,product,deal_stage,engage_date,close_date,close_value,currency';
/** Deals of the twenty months before the story begins. */
const OLD_DEALS = 170;
const OLD_DAYS = 600;

/** Deals: those of the years before, from a file, and one for whoever says they are interested. */
export class Sales {
  readonly #firm: Firm;
  readonly #deals = new Map<string, { readonly id: string; readonly job: Job }>();
  #products = new Map<string, string>();
  #stages = new Map<string, string>();
  constructor(firm: Firm) {
    this.#firm = firm;
  }

  async begins(): Promise<void> {
    const { stage } = this.#firm;
    for (const name of PRODUCTS) {
      const made = Made.parse(await stage.call('products.create', { name, series: 'Fitting' }, owner(this.#firm)));
      this.#products.set(name, made.id);
    }
    await this.#bringsIn();
    const { items } = Pipelines.parse(await stage.call('pipelines.list', {}, owner(this.#firm)));
    this.#stages = new Map(items[0]?.stages.map(({ id, name }) => [name, id]));
    for (const months of [0, 1, 2, 3, 4]) {
      const start = new Date(stage.clock.now());
      start.setUTCMonth(start.getUTCMonth() + months, 1);
      await stage.call('targets.set', { dealOwnerId: null, grain: 'month', start: start.toISOString().slice(0, 10), cents: 14_000_000 }, owner(this.#firm)); // prettier-ignore
    }
  }

  /** The file of the years before, as it came from a spreadsheet. */
  async #bringsIn(): Promise<void> {
    const { stage } = this.#firm;
    const dice = new Dice(20_240_301);
    const rows = Array.from({ length: OLD_DEALS }, (_, index) => {
      const product = dice.pick(PRODUCTS);
      const opened = -dice.between(20, OLD_DAYS);
      const closed = opened + dice.between(9, 75);
      const ended = closed < 0;
      const how = ended ? dice.weighted({ Won: 6, Lost: 5 }) : dice.weighted({ Qualification: 2, Proposal: 3, Negotiation: 2 });
      const value = how === 'Lost' ? 0 : priced(dice, product).cents / 100;
      return [`N-${index + 1}`, `${product} ${index + 1}`, dice.pick(SELLERS), product, how, day(this.#firm, opened), ended ? day(this.#firm, closed) : '', value, 'EUR'].join(','); // prettier-ignore
    });
    const content = [BEFORE, ...rows].join('\n');
    const { id } = Made.parse(await stage.call('imports.create', { filename: 'deals-before.csv', content }, owner(this.#firm)));
    await stage.call('imports.run', { importId: id, wait: true }, owner(this.#firm));
    await stage.steward.worker.drain();
  }

  /** Somebody is interested. */
  async opens({ personId, who }: Someone): Promise<void> {
    if (this.#deals.has(personId)) return;
    const { stage, dice, team } = this.#firm;
    const job = priced(dice, productOf(who.notes));
    const fields = {
      name: nameOf(job, who),
      amountCents: job.cents,
      productId: this.#products.get(job.product) ?? null,
      personIds: [personId],
      source: who.source,
      closeDate: day(this.#firm, dice.between(20, 60)),
      nextStep: dice.pick(['Visit and measure', 'Send the offer', 'Ask for last year’s bill', 'Check the subsidy']),
    };
    const { id } = Made.parse(await stage.call('deals.create', fields, dice.pick(team)));
    this.#deals.set(personId, { id, job });
    this.#firm.later(dice.between(20, 70), () => this.#moves(personId, 'Qualification'));
  }

  offers({ personId }: Someone): Promise<void> {
    return this.#moves(personId, 'Proposal');
  }

  /** @returns the job, when it is won */
  async ends(someone: Someone, how: 'converted' | 'lost' | 'qualified'): Promise<Job | undefined> {
    await this.opens(someone);
    await this.#moves(someone.personId, how === 'converted' ? 'Won' : how === 'lost' ? 'Lost' : 'Negotiation');
    return how === 'converted' ? this.#deals.get(someone.personId)?.job : undefined;
  }

  /** Works the forecast out, at the end of the story. */
  async settles(): Promise<void> {
    await this.#firm.stage.call('forecast.make', {}, owner(this.#firm));
    await this.#firm.stage.call('watches.create', { metric: 'deals.won_value', compare: 'falls', percent: 30 }, owner(this.#firm));
    await this.#firm.stage.steward.worker.drain();
  }

  async #moves(personId: string, to: string): Promise<void> {
    const deal = this.#deals.get(personId);
    const [stageId, order] = [this.#stages.get(to), [...this.#stages.keys()]];
    if (deal === undefined || stageId === undefined) return;
    const now = z.object({ stage: z.string() }).parse(await this.#firm.stage.call('deals.get', { dealId: deal.id }, owner(this.#firm)));
    if (order.indexOf(to) > order.indexOf(now.stage)) await this.#firm.stage.call('deals.update', { dealId: deal.id, stageId }, this.#firm.dice.pick(this.#firm.team)); // prettier-ignore
  }
}

const nameOf = (job: Job, who: Prospect) => `${job.product}, ${who.company ?? who.name}`;
