import { z } from 'zod';
import { day, owner, type Firm } from './firm.ts';

const Made = z.object({ id: z.string() });
const Report = z.object({ id: z.string(), documentId: z.string() });

/** A season of a heat pump, day by day: what it drew and what it gave. */
function season(firm: Firm): string {
  const rows = Array.from({ length: 90 }, (_, index) => {
    const cold = 6 - 5 * Math.cos(((index - 20) / 90) * Math.PI) + firm.dice.between(-20, 20) / 10;
    const heat = Math.max(14, 62 - 3.4 * cold);
    const power = heat / (2.6 + cold / 12);
    return [day(firm, index - 90), cold.toFixed(1), power.toFixed(1), heat.toFixed(1), (power * 0.29).toFixed(2)].join(',');
  });
  return ['date,outside_c,power_kwh,heat_kwh,cost_eur', ...rows].join('\n');
}

/** Three days of a heat pump, a value a minute, as its meter logged them: it rests, heats, and makes hot water in the evening. */
function powerLog(firm: Firm): string {
  const end = Math.floor(firm.stage.clock.now().getTime() / 1_000 / 86_400) * 86_400;
  const rows = Array.from({ length: 3 * 24 * 60 }, (_, minute) => {
    const hour = Math.floor(minute / 60) % 24;
    const cold = hour < 8 || hour >= 20;
    const heats = minute % 60 < (cold ? 38 : 14);
    const bath = hour === 19 && minute % 60 < 25;
    const watts = bath ? firm.dice.between(2_900, 3_250) : heats ? firm.dice.between(1_450, 1_900) : firm.dice.between(38, 52);
    return `${end - (3 * 24 * 60 - minute) * 60},${watts}000`;
  });
  return ['timestamp,total_power_mw', ...rows].join('\n');
}

const DECK = [
  { type: 'heading', text: 'A heat pump in an old house' },
  { type: 'text', text: 'What we have learnt in ninety houses between Flensburg and Bremen.' },
  { type: 'break' },
  { type: 'heading', text: 'Three questions decide' },
  {
    type: 'text',
    text: '- How warm must the water be on the coldest day?\n- Where can the outdoor unit stand?\n- What does the roof give?',
  },
  { type: 'break' },
  {
    type: 'figures',
    items: [
      { label: 'Flow temperature that still pays', value: '55 °C', note: 'most radiators manage it' },
      { label: 'Sound at the neighbour’s window', value: '35 dB', note: 'as a fridge' },
      { label: 'Less gas', value: '100 %' },
    ],
  },
  { type: 'break' },
  { type: 'quote', text: 'We were warm from the first evening, and it is quieter than the old burner.', by: 'A client in Kiel' },
] as const;

const OFFER = [
  { type: 'heading', text: 'What we propose' },
  { type: 'text', text: 'One outdoor unit beside the garage, a tank in the boiler room, and your radiators as they are. Two days of work; you sleep in a warm house on both nights.' },
  {
    type: 'prices',
    lines: [
      { description: 'Air-source heat pump, 9 kW', quantity: 1, unitCents: 1_420_000 },
      { description: 'Buffer and hot water tank', quantity: 1, unitCents: 340_000 },
      { description: 'Fitting, two days', quantity: 32, unit: 'h', unitCents: 8_900 },
      { description: 'Solar thermal, prepared', quantity: 1, unitCents: 128_000, optional: true },
    ],
    taxPercent: 19,
  },
  { type: 'signature', label: 'Accepted' },
] as const; // prettier-ignore

const blocks = (written: readonly object[]) => written.map((block, index) => ({ id: `b${index + 1}`, ...block }));

/** What the firm shows: reports from figures, an offer to be accepted by a link, and slides. */
export class Papers {
  readonly #firm: Firm;
  constructor(firm: Firm) {
    this.#firm = firm;
  }

  async begins(): Promise<void> {
    const { stage } = this.#firm;
    const deck = Made.parse(
      await stage.call('documents.create', { kind: 'presentation', title: 'Heat pumps in old houses', lead: 'An evening in the workshop', blocks: blocks(DECK) }, owner(this.#firm)),
    ); // prettier-ignore
    await stage.call('documents.publish', { documentId: deck.id }, owner(this.#firm));
  }

  /** Near the end: for one of the clients, and for somebody who decides this week. */
  async writes(clientId: string, prospectId: string): Promise<void> {
    const { stage } = this.#firm;
    await stage.call(
      'documents.create_report',
      { clientId, csv: season(this.#firm), title: 'Your first season with the heat pump', publish: true },
      owner(this.#firm),
    );
    const power = Report.parse(
      await stage.call(
        'reports.create_power',
        { clientId, csv: powerLog(this.#firm), title: 'Power of your heat pump, three winter days' },
        owner(this.#firm),
      ),
    );
    await stage.call('documents.share', { documentId: power.documentId, label: 'For the energy adviser', days: 30 }, owner(this.#firm));
    await stage.call('reports.send', { reportId: power.id }, owner(this.#firm));
    const offer = Made.parse(
      await stage.call(
        'documents.create',
        { kind: 'proposal', title: 'A heat pump for your house', clientId: prospectId, validUntil: day(this.#firm, 21), blocks: blocks(OFFER) },
        owner(this.#firm),
      ),
    ); // prettier-ignore
    await stage.call('documents.publish', { documentId: offer.id }, owner(this.#firm));
    await stage.call('documents.share', { documentId: offer.id, label: 'By mail', days: 30 }, owner(this.#firm));
  }
}
