import { z } from 'zod';
import { onTheirPage } from './client-page.ts';
import { day, DAY_H, owner, type Firm, type Someone } from './firm.ts';
import type { Job } from './jobs.ts';

const Made = z.object({ id: z.string() });
const Started = z.object({ id: z.string(), tasks: z.array(z.object({ id: z.string(), owner: z.string(), kind: z.string() })) });

/** From the yes to the day of fitting: what the firm does, and what it needs of the client. */
const PLAN = {
  name: 'From the order to the fitting',
  welcome: 'Thank you for your trust. Here is what we need from you before we come, and what happens next.',
  tasks: [
    { key: 'call', title: 'Welcome call', owner: 'us', dueDays: 2 },
    {
      key: 'house',
      title: 'Tell us about the house',
      body: 'Four questions; five minutes.',
      owner: 'client',
      kind: 'form',
      dueDays: 5,
      spec: {
        fields: [
          { name: 'size', label: 'Heated area in m²', type: 'number' },
          { name: 'people', label: 'How many live there?', type: 'number' },
          { name: 'power', label: 'Where is the fuse box?', type: 'text' },
          { name: 'access', label: 'What should we know about the way in?', type: 'area', required: false },
        ],
      },
    },
    { key: 'way', title: 'Clear a way to the boiler, one metre wide', owner: 'client', dueDays: 7 },
    { key: 'order', title: 'Order the parts', owner: 'us', dueDays: 4, needs: ['house'] },
    { key: 'day', title: 'Agree on the day of fitting', owner: 'us', dueDays: 3, dueAfter: 'order', needs: ['order'] },
  ],
} as const;

const STREETS = ['Deichweg', 'Lindenallee', 'Am Markt', 'Hafenstraße', 'Schulweg', 'Gartenstraße', 'Mühlenweg', 'Kirchstraße'];

/** Those who bought: with an address, a plan, and tasks before the fitting. */
export class Clients {
  readonly #firm: Firm;
  #planId = '';
  readonly #prepared = new Set<string>();
  constructor(firm: Firm) {
    this.#firm = firm;
  }

  async begins(): Promise<void> {
    this.#planId = Made.parse(await this.#firm.stage.call('onboarding_plans.create', PLAN, owner(this.#firm))).id;
  }

  /** In the last week somebody is being taken on who keeps everybody waiting. */
  async waitsFor(clientIds: readonly string[]): Promise<void> {
    const { stage } = this.#firm;
    const clientId = clientIds.find((id) => !this.#prepared.has(id));
    if (clientId === undefined) return;
    const { id: onboardingId, tasks } = Started.parse(
      await stage.call('onboardings.start', { clientId, planId: this.#planId }, owner(this.#firm)),
    );
    const [call] = tasks;
    if (call !== undefined)
      await stage.call('onboardings.settle_task', { onboardingId, taskId: call.id, state: 'done' }, owner(this.#firm));
  }

  async takesOn({ leadId, personId, who }: Someone, job: Job): Promise<{ clientId: string; maintained: boolean }> {
    const { stage, dice, team } = this.#firm;
    const { id: clientId } = Made.parse(await stage.call('clients.convert', { leadId }, dice.pick(team)));
    const plan = dice.chance(0.45) ? 'Maintenance' : null;
    await stage.call(
      'clients.update',
      {
        clientId,
        plan,
        ...(plan === null ? {} : { contractStart: day(this.#firm), contractEnd: day(this.#firm, 730) }),
        billing: {
          name: who.company ?? who.name,
          line1: `${dice.pick(STREETS)} ${dice.between(1, 90)}`,
          postcode: String(dice.between(20_095, 25_999)),
          city: who.city,
          country: 'DE',
        },
      },
      dice.pick(team),
    );
    if (job.product === 'Heat pump' || job.product === 'Gas boiler') await this.#prepares({ clientId, personId, name: who.name });
    return { clientId, maintained: plan !== null };
  }

  /** The firm's own tasks get done as days pass; the client does theirs, or keeps everybody waiting. */
  async #prepares(who: { readonly clientId: string; readonly personId: string; readonly name: string }): Promise<void> {
    const { stage, dice, team } = this.#firm;
    this.#prepared.add(who.clientId);
    const { id: onboardingId, tasks } = Started.parse(
      await stage.call('onboardings.start', { clientId: who.clientId, planId: this.#planId }, dice.pick(team)),
    );
    let hours = 0;
    for (const { id, owner: whose, kind } of tasks) {
      hours += dice.between(12, 3 * DAY_H);
      this.#firm.later(hours, async () => {
        if (whose === 'us') await stage.call('onboardings.settle_task', { onboardingId, taskId: id, state: 'done' }, dice.pick(team));
        else if (kind === 'form')
          await onTheirPage(this.#firm, who, { part: 'onboarding', button: 'answer', path: id, fields: this.#house() });
        else await onTheirPage(this.#firm, who, { part: 'onboarding', button: 'done', path: id });
      });
      if (dice.chance(0.08)) return; // and there it rests
    }
  }

  #house(): Readonly<Record<string, string>> {
    const { dice } = this.#firm;
    return { size: String(dice.between(80, 320)), people: String(dice.between(1, 6)), power: dice.pick(['Cellar', 'Hall', 'Garage']) };
  }
}
