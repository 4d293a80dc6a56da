import { z } from 'zod';
import type { Principal } from '#core/operation/principal.ts';
import { owner, type Firm, type Someone } from './firm.ts';

const Made = z.object({ id: z.string() });
const Coming = z.object({ items: z.array(z.unknown()) });
const Times = z.object({ items: z.array(z.object({ at: z.string() })) });

const HOUR_MS = 3_600_000;
const AHEAD_MS = 20 * HOUR_MS;
/** Of those who are interested so many choose a time. */
const BOOKS = 0.45;
/** Numbers kept for films and the like (Bundesnetzagentur): nobody has them. */
const MOBILE = '+4917139200';
const MOBILES = 100;

type Sms = readonly [asks: string, answer: string];
const SMS: readonly [Sms, Sms, Sms] = [
  ['Hello, I am stuck in traffic. Is half an hour later all right?', 'No trouble, we wait. See you then. Nordlicht'],
  ['Is there parking for your van needed? The street is full today.', 'Thank you, we park at the church and walk over. Nordlicht'],
  ['Do you need the key of the cellar? My neighbour has it.', 'Yes please, for the meter. We ring at your neighbour’s. Nordlicht'],
];
const NOTES = ['It is the house with the green door.', 'Please call when you are at the gate.', 'The dog is friendly.', ''];

/** Times that people choose themselves: a talk on the phone, a visit at the house; some are moved, some called off. */
export class Visits {
  readonly #firm: Firm;
  #talk = '';
  #visit = '';
  readonly #mobiles = new Map<string, string>();
  constructor(firm: Firm) {
    this.#firm = firm;
  }

  async begins(): Promise<void> {
    const { stage, team } = this.#firm;
    const hosts = team.flatMap((one) => (one.kind === 'user' ? [one.userId] : []));
    const kind = (fields: object) => stage.call('call_kinds.create', { ...fields, horizonDays: 21 }, owner(this.#firm));
    const talk = await kind({
      title: 'A first talk on the phone',
      description: 'Twenty minutes: your house, your heating, and what it may cost.',
      minutes: 20,
      place: 'We call you',
      hostIds: hosts,
      open: true,
    });
    const visit = await kind({
      title: 'A visit at your house',
      description: 'We look at the cellar and the radiators, and measure. Free of charge.',
      minutes: 60,
      stepMinutes: 60,
      beforeMinutes: 30,
      afterMinutes: 30,
      noticeMinutes: 24 * 60,
      dailyLimit: 3,
      place: 'At your house',
      hostIds: hosts.slice(0, 2),
    });
    [this.#talk, this.#visit] = [Made.parse(talk).id, Made.parse(visit).id];
    const [, ben] = hosts;
    const day = ['08:00-12:00', '13:00-16:30'];
    const hours = { mon: day, tue: day, wed: day, thu: day, fri: ['08:00-13:00'], sat: [], sun: [] };
    await stage.call('call_hosts.save', { userId: ben, hours }, owner(this.#firm));
  }

  /** The kind of call that anybody may book. */
  get talk(): string {
    return this.#talk;
  }

  /** Somebody is interested, and some of them take one of the times on offer. */
  interested(someone: Someone): void {
    const { dice } = this.#firm;
    if (dice.chance(BOOKS)) this.#firm.later(dice.between(4, 40), () => this.#books(someone, dice.chance(0.6) ? this.#visit : this.#talk));
  }

  async #books({ personId }: Someone, kindId: string): Promise<void> {
    const { stage, dice, team } = this.#firm;
    const as = dice.pick(team);
    const planned = Coming.parse(await stage.call('calls.list', { personId, state: 'planned', limit: 1 }, as));
    if (planned.items.length > 0) return;
    const { items } = Times.parse(await stage.call('calls.times', { kindId }, as));
    const soon = items.filter(({ at }) => Date.parse(at) > stage.clock.now().getTime() + AHEAD_MS).slice(0, 40);
    if (soon.length === 0) return;
    const { at } = dice.pick(soon);
    const { id: callId } = Made.parse(await stage.call('calls.book', { personId, kindId, at: new Date(at), note: dice.pick(NOTES) }, as));
    const left = Math.floor((Date.parse(at) - stage.clock.now().getTime()) / HOUR_MS);
    const what = dice.weighted({ stays: 7, off: 1, text: 3 });
    if (what === 'off') this.#firm.later(left / 2, () => this.#callsOff(callId, as));
    if (what === 'text' && this.#mobiles.size < MOBILES) {
      await this.#hasMobile(personId);
      this.#firm.later(left - 2, () => this.#texts(personId, as));
    }
  }

  async #callsOff(callId: string, as: Principal): Promise<void> {
    await this.#firm.stage.call('calls.cancel', { callId }, as);
  }

  async #hasMobile(personId: string): Promise<void> {
    if (this.#mobiles.has(personId)) return;
    const number = `${MOBILE}${String(this.#mobiles.size).padStart(2, '0')}`;
    await this.#firm.stage.call('people.add_phone', { personId, number, label: 'mobile' }, owner(this.#firm));
    this.#mobiles.set(personId, number);
  }

  /** They write by SMS, and are answered so within the hour. */
  async #texts(personId: string, as: Principal, [asks, answer]: Sms = this.#firm.dice.pick(SMS), answered = true): Promise<void> {
    const { stage, post } = this.#firm;
    const number = this.#mobiles.get(personId);
    if (number === undefined) return;
    await post.texts(number, asks);
    await stage.steward.worker.drain();
    if (!answered) return;
    this.#firm.later(1, async () => {
      await stage.call('conversations.send', { personId, channel: 'sms', text: answer, done: true }, as);
    });
  }

  /** Yesterday somebody wrote by SMS, and once more after the answer. */
  async chats({ personId }: Someone): Promise<void> {
    await this.#hasMobile(personId);
    await this.#texts(personId, owner(this.#firm), SMS[1]);
    this.#firm.later(3, () => this.#texts(personId, owner(this.#firm), SMS[2], false));
  }

  /** Times of the days to come, for those who decide now. */
  async settles(people: readonly Someone[]): Promise<void> {
    for (const [index, someone] of people.entries()) await this.#books(someone, index % 2 === 0 ? this.#visit : this.#talk);
  }
}
