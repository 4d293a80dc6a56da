import { z } from 'zod';
import { DAY_H, DAYS, owner, type Firm } from './firm.ts';

const Made = z.object({ id: z.string() });

/** Days after which the records of the firm's domain are as the doctor asks. */
const MENDED_AFTER = 9;

/** What mail leaves by: the firm's address, that of its support, and a new domain for campaigns that is not warm yet. */
export class Sending {
  readonly #firm: Firm;
  constructor(firm: Firm) {
    this.#firm = firm;
  }

  async begins(): Promise<void> {
    const { stage } = this.#firm;
    const as = owner(this.#firm);
    const { id: connectionId } = Made.parse(await stage.call('connections.create', { connector: 'demo', credentials: {} }, as));
    await stage.call('connections.test', { connectionId }, as);
    const replyTo = 'hello@nordlicht.example';
    const sender = { connectionId, replyTo, dailyLimit: 200 };
    await stage.call(
      'senders.create',
      { ...sender, address: 'nora@nordlicht.example', name: 'Nora Lindqvist, Nordlicht', carries: ['commercial'], rampStart: 10, rampPercent: 20 },
      as,
    ); // prettier-ignore
    await stage.call('senders.create', { ...sender, address: replyTo, name: 'Nordlicht Heating', carries: ['transactional'] }, as);
    await stage.call('sending.launch', {}, as);
    await stage.call('senders.doctor', {}, as);
    this.#firm.later(MENDED_AFTER * DAY_H, async () => {
      stage.names.mend();
      await stage.call('senders.doctor', {}, as);
    });
    this.#firm.later((DAYS - 12) * DAY_H, async () => {
      const news = { ...sender, dailyLimit: 100, address: 'news@nordlicht-waerme.example', name: 'Nordlicht Heating' };
      const { id: senderId } = Made.parse(await stage.call('senders.create', { ...news, carries: ['commercial'], rampStart: 5 }, as));
      await stage.call('senders.update', { senderId, state: 'paused' }, as);
    });
  }

  /** The doctor's last look was this morning. */
  async settles(): Promise<void> {
    await this.#firm.stage.call('senders.doctor', {}, owner(this.#firm));
  }
}
