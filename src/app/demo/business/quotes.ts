import { z } from 'zod';
import { onTheirPage } from './client-page.ts';
import { day, DAY_H, owner, type Firm, type Someone } from './firm.ts';

const Made = z.object({ id: z.string() });

const EXTRAS = [
  { title: 'Solar thermal for the hot water', lines: [['Two collectors, 5 m²', 1, 248_000], ['Solar station and piping', 1, 139_000], ['Fitting', 14, 8_900]] },
  { title: 'Charging point at the garage', lines: [['Charging point, 11 kW', 1, 79_000], ['Cable and fuse', 1, 34_500], ['Fitting', 4, 8_900]] },
  { title: 'Radiators for the attic', lines: [['Radiator, 1.2 kW', 3, 31_000], ['Piping and fitting', 9, 8_900]] },
] as const; // prettier-ignore

/** How long one of these offers holds. */
const HOLDS_DAYS = 21;

/** Further work for those who are clients already: some say yes, some no, some let it lapse. */
export class Quotes {
  readonly #firm: Firm;
  constructor(firm: Firm) {
    this.#firm = firm;
  }

  /** Some weeks after their first job. */
  fitted(clientId: string, { personId, who: { name } }: Someone): void {
    const { stage, dice, team } = this.#firm;
    if (!dice.chance(0.5)) return;
    this.#firm.later(dice.between(8, 20) * DAY_H, async () => {
      const invoiceId = await this.#writes(clientId, true, dice.pick(EXTRAS));
      const answer = dice.weighted({ accepted: 3, declined: 1, none: 2 });
      if (answer === 'none') return;
      const reason = answer === 'declined' ? 'Next year, after the roof.' : '';
      this.#firm.later(dice.between(2, 12) * DAY_H, async () => {
        if (dice.chance(0.3)) await stage.call('invoices.answer', { invoiceId, answer, reason }, dice.pick(team));
        else if (answer === 'accepted')
          await onTheirPage(
            this.#firm,
            { clientId, personId, name },
            { part: 'invoices', button: 'accept', path: invoiceId, fields: { name, agree: 'yes' } },
          );
        else
          await onTheirPage(
            this.#firm,
            { clientId, personId, name },
            { part: 'invoices', button: 'decline', path: invoiceId, fields: { declined_by: name, reason } },
          );
      });
    });
  }

  /** One that nobody answers until its last day is over. */
  async lapses(clientId: string): Promise<void> {
    await this.#writes(clientId, true, EXTRAS[0]);
  }

  /** One that was sent this week, and one that is still being written. */
  async settles(sent: string, draft: string): Promise<void> {
    await this.#writes(sent, true, EXTRAS[1]);
    await this.#writes(draft, false, EXTRAS[2]);
  }

  async #writes(clientId: string, issue: boolean, { title, lines }: (typeof EXTRAS)[number]): Promise<string> {
    const { stage } = this.#firm;
    const fields = {
      clientId,
      kind: 'quote',
      title,
      validUntil: day(this.#firm, HOLDS_DAYS),
      lines: lines.map(([description, quantity, unitPriceCents]) => ({ description, quantity, unitPriceCents, ...(quantity > 3 ? { unit: 'h' } : {}) })),
      issue,
    }; // prettier-ignore
    const { id: invoiceId } = Made.parse(await stage.call('invoices.create', fields, owner(this.#firm)));
    if (issue) await stage.call('invoices.send', { invoiceId }, owner(this.#firm));
    return invoiceId;
  }
}
