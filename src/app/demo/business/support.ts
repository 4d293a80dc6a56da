import { z } from 'zod';
import { query } from '../sql.ts';
import { day, DAY_H, owner, type Firm, type Someone } from './firm.ts';

const SUPPORT = 'support@nordlicht.example';
const Flows = z.object({ items: z.array(z.object({ id: z.string(), name: z.string() })) });
const Ticket = z.object({ items: z.array(z.object({ id: z.string(), subject: z.string(), state: z.string() })) });

interface Trouble {
  readonly subject: string;
  readonly text: string;
  readonly answer: string;
  readonly tags: readonly string[];
  readonly priority?: 'urgent' | 'high';
}

const TROUBLES: readonly Trouble[] = [
  { subject: 'No hot water since this morning', text: 'The display says E4 and the shower is cold. Two small children in the house. Can somebody come today?', answer: 'E4 is the ignition. Please hold the reset key for five seconds; if it comes back, Cleo is with you between two and four.', tags: ['fault'], priority: 'urgent' },
  { subject: 'Radiator in the bathroom stays cold', text: 'All the others are warm. I have turned the valve up and down a few times.', answer: 'That sounds like air or a valve that sticks. Tap its pin lightly with the handle of a screwdriver; if it stays cold we come on Thursday.', tags: ['fault'] },
  { subject: 'How do I set the night mode?', text: 'I can’t find it in the booklet. It should go down to 17 degrees from ten to six.', answer: 'Menu, Heating circuit 1, Times: turn to 22:00, press, then 06:00. The temperature is one page further on.', tags: ['question'] },
  { subject: 'Question about the invoice', text: 'Is the disposal of the old boiler in the price, or does that come on top?', answer: 'It is in the price: the last line of the invoice.', tags: ['invoice'] },
  { subject: 'Humming at night', text: 'Since last week the outdoor unit hums between two and four. My neighbour has asked about it.', answer: 'It defrosts then. We lower the fan for the night from here; tell us on Monday whether it is quiet.', tags: ['noise'], priority: 'high' },
  { subject: 'Papers for the subsidy', text: 'The bank asks for the confirmation of the installer. Do I get that from you?', answer: 'Yes, it is on its way by post and, as a copy, on your page under Documents.', tags: ['papers'] },
  { subject: 'Moving the yearly inspection', text: 'We are away in the second week. Could it be a week later?', answer: 'It can: Tuesday the week after, at nine.', tags: ['appointment'] },
  { subject: 'Water below the tank', text: 'There is a small puddle below the tank, about a cup a day.', answer: 'Please close the red tap at the safety group and send us a photo. We bring a new valve tomorrow morning.', tags: ['fault'], priority: 'high' },
  { subject: 'App shows no values', text: 'Since the new router the app says “not connected”.', answer: 'The box needs the new password: hold its key until the light is blue, then follow the app.', tags: ['question'] },
]; // prettier-ignore

const ARTICLES = [
  { title: 'What the codes on the display mean', body: 'E1: the pressure is low. Fill up to 1.6 bar.\n\nE4: the flame does not light. Hold the reset key for five seconds, once.\n\nE9: call us. Do not reset.' },
  { title: 'Filling up water', body: 'Read the gauge when the heating is cold. Below 1.2 bar, open the tap slowly until it shows 1.6.\n\nTwice a year is usual. More often: write to us.' },
  { title: 'Setting the times', body: 'Menu, Heating circuit 1, Times. Turn to the hour, press, turn to the end, press.\n\nA night two or three degrees lower saves; ten degrees lower does not.' },
  { title: 'What the yearly inspection covers', body: 'Cleaning, pressure, safety valve, filters, a measurement, and a page on what we saw. About an hour.' },
]; // prettier-ignore

const MACROS = [
  {
    title: 'Ask for a photo',
    text: 'Could you send us a photo of the type plate? It is on the side of the unit.',
    changes: { state: 'pending' },
  },
  { title: 'We come', text: 'We are with you tomorrow between eight and ten.', changes: { addTags: ['visit'] } },
];

/** What those who are asked say. */
const SAID = {
  good: ['5', 'Quick and friendly, thank you.', 'Cleo explained it very well.', '', '', ''],
  well: ['4', '', '', 'All well, only the parking was a hunt.'],
  fair: ['3', ''],
  bad: ['2', 'It took two days until somebody answered.'],
} as const;
const SURVEY = `select text from messages where company_id = $1 and person_id = $2 and direction = 'outbound' and text like '%/rate/%' order by created_at desc limit 1`;
const LAST_OF = `select message_id from messages where company_id = $1 and person_id = $2 and direction = 'outbound' and channel = 'email' order by created_at desc limit 1`;

/** Who has a heating has questions: tickets by mail, answered by the team, and articles that answer before. */
export class Support {
  readonly #firm: Firm;
  constructor(firm: Firm) {
    this.#firm = firm;
  }

  async begins(): Promise<void> {
    const { stage } = this.#firm;
    await stage.call('tickets.add_address', { address: SUPPORT }, owner(this.#firm));
    for (const macro of MACROS) await stage.call('tickets.create_macro', macro, owner(this.#firm));
    for (const article of ARTICLES) await stage.call('articles.create', { ...article, state: 'published' }, owner(this.#firm));
    await this.#asksHowItWas();
    await stage.call('articles.update_help_page', { open: true, slug: 'nordlicht' }, owner(this.#firm));
  }

  /** From now on who was helped is asked, an hour after. */
  async #asksHowItWas(): Promise<void> {
    const { stage } = this.#firm;
    const { items } = Flows.parse(await stage.call('workflows.list', { limit: 100 }, owner(this.#firm)));
    const survey = items.find(({ name }) => name === 'ticket-survey');
    if (survey === undefined) throw new Error('the survey of tickets is gone');
    await stage.call('workflows.update', { workflowId: survey.id, active: true }, owner(this.#firm));
  }

  /** Some of those who are asked press one of the five buttons. */
  #rates(personId: string): void {
    const { stage, dice, companyId } = this.#firm;
    if (!dice.chance(0.45)) return;
    this.#firm.later(dice.between(3, 40), async () => {
      const [mail] = await query<{ text: string }>(stage, SURVEY, [companyId, personId]);
      const url = /\/rate\/\S+/.exec(mail?.text ?? '')?.[0];
      if (url === undefined) return;
      const [score, ...words] = SAID[dice.weighted({ good: 12, well: 6, fair: 2, bad: 1 })];
      const payload = new URLSearchParams({ score, comment: dice.pick<string>(words) }).toString();
      await stage.steward.http.inject({ method: 'POST', url, payload, headers: { 'content-type': 'application/x-www-form-urlencoded' } });
    });
  }

  /** Weeks after the fitting something comes up. */
  fitted(someone: Someone): void {
    const { dice } = this.#firm;
    for (let days = dice.between(3, 25); dice.chance(0.75); days += dice.between(5, 30))
      this.#firm.later(days * DAY_H, () => this.asks(someone));
  }

  /** They write, and somebody answers within hours; `open`: the reader of the demo may. */
  async asks({ personId, who }: Someone, open = false): Promise<void> {
    const { stage, dice, post } = this.#firm;
    const trouble = dice.pick(TROUBLES);
    await post.brings({ from: who, to: SUPPORT, subject: trouble.subject, text: trouble.text });
    await stage.steward.worker.drain();
    const { items } = Ticket.parse(await stage.call('tickets.list', { personId, view: 'all', limit: 50 }, owner(this.#firm)));
    const ticket = items.find((one) => one.subject === trouble.subject && one.state === 'open');
    if (ticket === undefined) return;
    const { priority, tags } = trouble;
    await stage.call(
      'tickets.update',
      { ticketId: ticket.id, tags: [...tags], ...(priority === undefined ? {} : { priority }) },
      dice.pick(this.#firm.team),
    );
    if (!open)
      this.#firm.later(priority === 'urgent' ? 1 : dice.between(1, 30), () => this.#answers(ticket.id, { personId, who }, trouble));
  }

  async #answers(ticketId: string, { personId, who }: Pick<Someone, 'personId' | 'who'>, trouble: Trouble): Promise<void> {
    const { stage, dice, team, post } = this.#firm;
    const as = dice.pick(team);
    const goesOn = dice.chance(0.35);
    if (dice.chance(0.2))
      await stage.call('tickets.note', { ticketId, text: `Looked at the file: fitted ${day(this.#firm, -30)}, under warranty.` }, as);
    const text = `Hello ${who.name.split(' ')[0] ?? ''},\n\n${trouble.answer}\n\nKind regards`;
    await stage.call('tickets.reply', { ticketId, text, state: goesOn ? 'pending' : 'solved', anyway: true }, as);
    if (!goesOn) {
      this.#rates(personId);
      return;
    }
    this.#firm.later(dice.between(2, 40), async () => {
      const [last] = await query<{ message_id: string }>(stage, LAST_OF, [this.#firm.companyId, personId]);
      const below = last === undefined ? {} : { below: last.message_id };
      await post.brings({ from: who, to: SUPPORT, subject: `Re: ${trouble.subject}`, text: dice.pick(['That worked, thank you!', 'Thank you, all is well again.', 'Great, see you then.']), ...below }); // prettier-ignore
      await stage.steward.worker.drain();
      this.#firm.later(dice.between(1, 20), async () => {
        await stage.call('tickets.update', { ticketId, state: 'solved' }, dice.pick(team));
        this.#rates(personId);
      });
    });
  }
}
