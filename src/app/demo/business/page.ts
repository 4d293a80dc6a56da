import { z } from 'zod';
import { countVisits } from '#modules/landing/public.ts';
import type { Prospect } from '../cast.ts';
import { Dice } from '../random.ts';
import { day, DAYS, owner, type Firm } from './firm.ts';

const Made = z.object({ id: z.string() });
const Found = z.object({ items: z.array(z.object({ id: z.string(), personId: z.string() })).min(1) });
const SLUG = 'warm-without-oil';

const FORM = {
  title: 'Ask for a visit',
  intro: 'We call you back within a day.',
  fields: [
    { name: 'name', label: 'Name', type: 'text', required: true },
    { name: 'email', label: 'Email', type: 'email', required: true },
    { name: 'phone', label: 'Phone', type: 'phone' },
    { name: 'message', label: 'What is it about?', type: 'textarea', required: true },
  ],
  consentWording: 'Nordlicht Heating may also send me news and offers by email. I can withdraw this at any time.',
  submitLabel: 'Ask for a visit',
  thankYou: 'Thank you! We call you back within a day.',
  source: 'website',
};

const written = (formId: string, call: string) => [
  { type: 'hero', eyebrow: 'Heat pumps for old houses', title: 'Warm without oil', text: 'We look at your house, say honestly whether a heat pump pays, and fit it in two days.', actions: [{ label: 'Ask for a visit', url: '#form' }, { label: 'Choose a time for a call', url: `/book/${call}` }], note: 'Between Flensburg and Bremen. The first visit is free.', art: 'waves' },
  { type: 'features', title: 'What you can count on', items: [
    { mark: 'shield', title: 'The price stands', text: 'You get a fixed price in writing before we begin.' },
    { mark: 'clock', title: 'Two days', text: 'You sleep in a warm house on both nights.' },
    { mark: 'people', title: 'We stay', text: 'Maintenance once a year, and somebody who picks up the phone.' },
  ] },
  { type: 'steps', title: 'How it goes', items: [
    { title: 'You tell us about the house', text: 'Two minutes by the form, or twenty on the phone.' },
    { title: 'We come and measure', text: 'The cellar, the radiators, the place for the outdoor unit.' },
    { title: 'You decide', text: 'With an offer that names each part, and the papers for the subsidy.' },
  ] },
  { type: 'quotes', items: [{ text: 'We were warm from the first evening, and it is quieter than the old burner.', by: 'A client', role: 'Kiel' }] },
  { type: 'form', title: 'Ask for a visit', text: 'We call you back within a day.', points: ['Free and without obligation', 'A fixed price', 'Help with the subsidy'], formId },
].map((block, index) => ({ id: `b${index + 1}`, ...block })); // prettier-ignore

/** The firm's page on the web, and who comes by it. */
export class Page {
  readonly #firm: Firm;
  readonly #dice = new Dice(20_261_124);
  #formId = '';
  #pageId = '';
  constructor(firm: Firm) {
    this.#firm = firm;
  }

  async begins(call: string): Promise<void> {
    const { stage } = this.#firm;
    const as = owner(this.#firm);
    this.#formId = Made.parse(await stage.call('forms.create', FORM, as)).id;
    const fields = { title: 'Warm without oil', description: 'Heat pumps for old houses in the north.', slug: SLUG };
    this.#pageId = Made.parse(await stage.call('landing.create', { ...fields, blocks: written(this.#formId, call) }, as)).id;
    await stage.call('landing.publish', { pageId: this.#pageId }, as);
  }

  /** Somebody writes by the form of the page. */
  async enquires(who: Prospect): Promise<{ readonly id: string; readonly personId: string }> {
    const { stage } = this.#firm;
    const answers = { name: who.name, email: who.email, message: `I am looking for: ${who.notes}.`, ...(who.phone === null ? {} : { phone: who.phone }) };
    const attribution = { utmSource: 'google', utmMedium: 'cpc', landingPage: `https://nordlicht.example/go/${SLUG}` };
    await stage.call('forms.submit', { formId: this.#formId, answers, consent: true, attribution }, { kind: 'public', companyId: null });
    const [lead] = Found.parse(await stage.call('leads.list', { q: who.email, limit: 1 }, owner(this.#firm))).items;
    if (lead === undefined) throw new Error('the form of the demo made no lead');
    return lead;
  } // prettier-ignore

  /** Who only looked, all days at once. */
  async settles(): Promise<void> {
    const { runtime } = this.#firm.stage.steward;
    const days = Array.from({ length: DAYS }, (_, ago) => ({
      page_id: this.#pageId,
      day: day(this.#firm, -ago),
      visits: this.#dice.between(4, 9) + (ago < 40 ? this.#dice.between(2, 14) : 0),
      machines: this.#dice.between(0, 5),
    }));
    await runtime.database.write(this.#firm.companyId, (tx) => countVisits(tx, this.#firm.companyId, days));
  }
}
