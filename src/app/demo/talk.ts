import type { Principal } from '#core/operation/principal.ts';
import type { ReplyKind } from './cast.ts';
import { Dice } from './random.ts';
import type { Stage } from './stage.ts';

/** What the team answers, by what it answers. */
const ANSWERS: Readonly<Partial<Record<ReplyKind, readonly string[]>>> = {
  interested: [
    'thank you for writing back. I would look at the cellar and the radiators first, that takes half an hour. Does Thursday at four suit you?',
    'gladly. For an offer I need the size of the house and last year’s bill. A photo of both is enough.',
  ],
  question: [
    'the contract covers the yearly inspection, all small parts and the drive. Only the compressor is not in it.',
    'ours has 35 dB at three metres, a fridge in the next room. The rules for the night ask for less than that at the neighbour’s window, and we measure it.',
    'yes, that works. I note it down and call you the day before.',
  ],
  later: ['no trouble at all. I will ask again then, and not before.'],
};
const BACK: readonly string[] = [
  'That suits me. Should I prepare anything?',
  'Thank you. And how long would the house be cold?',
  'Good. Could your colleague bring the papers for the subsidy along?',
  'Fine with us. My wife asks whether the old boiler can stay in the cellar.',
];
const NOTES: readonly string[] = [
  'The landlord must agree first; ask for his address.',
  'Knows the Brandts in the same street, who are happy.',
  'Wants to be called after five only.',
];
/** Written back and forth so often at most. */
const TURNS = 3;

export interface Talker {
  readonly personId: string;
  readonly who: { readonly name: string };
}

/** What the conversations of the demo go on by. */
export interface TalkStage {
  readonly stage: Stage;
  readonly team: readonly Principal[];
  /** A mail of theirs comes in, below what was written last. */
  write(someone: Talker, text: string): Promise<void>;
  later(hours: number, act: () => Promise<void>): void;
}

/** The team answers who wrote, and some write back. Has dice of its own: the rest of the story stays as it is. */
export class Talk {
  readonly #dice = new Dice(20_261_122);

  begins(on: TalkStage, someone: Talker, kind: ReplyKind): void {
    if (ANSWERS[kind] !== undefined) on.later(this.#dice.between(1, 9), () => this.#answers(on, someone, kind, 1));
  }

  async #answers(on: TalkStage, someone: Talker, kind: ReplyKind, turn: number): Promise<void> {
    const as = this.#dice.pick(on.team);
    const { personId, who } = someone;
    if (this.#dice.chance(0.25)) await on.stage.call('notes.create', { personId, content: this.#dice.pick(NOTES) }, as);
    const text = `Hello ${who.name.split(' ')[0] ?? ''},\n\n${this.#dice.pick(ANSWERS[kind] ?? [''])}\n\nKind regards`;
    const goesOn = kind !== 'later' && turn < TURNS && this.#dice.chance(0.6);
    await on.stage.call('conversations.send', { personId, text, done: !goesOn }, as);
    if (!goesOn) return;
    on.later(this.#dice.between(2, 30), async () => {
      await on.write(someone, this.#dice.pick(BACK));
      on.later(this.#dice.between(1, 9), () => this.#answers(on, someone, 'question', turn + 1));
    });
  }
}
