import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Outlet } from './outlet.ts';
import { mulberry32 } from './random.ts';
import type { Receiver } from './receiver.ts';
import { patiently, type Victim } from './victim.ts';
import type { World } from './world.ts';

/** What the receiver and the ledger say. */
export interface MailReport {
  readonly messages: number;
  /** Messages that the receiver took, each counted once. */
  readonly sent: number;
  /** Messages that neither arrived nor are listed as in doubt. */
  readonly lost: number;
  /** Deliveries beyond the first to the same person; of mails to others (Steward tells its admin that acts are in doubt) of the same Message-ID. */
  readonly duplicates: number;
  /** Those mails to others. */
  readonly besides: number;
  /** Messages that wait for a person's word, as the API lists them. */
  readonly in_doubt: number;
  /** Those of them that did arrive, as the receiver knows and Steward cannot. */
  readonly in_doubt_arrived: number;
  /** Conversations open at the kills of a worker, summed: with `cut_by_vendor` the most that may be in doubt. */
  readonly open_at_kills: number;
  /** Messages in doubt beyond the conversations that were open at the kills before: none, if the promise holds kill by kill. */
  readonly doubt_beyond_open: number;
}

/** The same of a vendor, with what it did about lost answers. */
export interface VendorReport extends MailReport {
  /** Answers that the vendor lost by itself, before or after it took the message. */
  readonly cut_by_vendor: number;
  /** Messages that were asked for again under their key, and went out once. */
  readonly asked_again: number;
  /** Questions after a lost answer that the vendor answered with "it went out". */
  readonly found_by_lookup: number;
}

const PROGRESS_WITHIN_MS = 10_000;
const SETTLE_WITHIN_MS = 300_000;

/** People are brought in as a CSV, each gets one message, and the receiver counts. */
export class MailWorld implements World {
  readonly #outlet: Outlet;
  readonly #receiver: Receiver;
  readonly #messages: number;
  readonly #random: () => number;
  readonly #limitMs: number;
  #openAtKills = 0;
  #persons: ReadonlySet<string> | null = null;
  /** Conversations open at kills that were not compared with the ledger yet, and what was in doubt at the last comparison. */
  #openSince = 0;
  #openThisRound = 0;
  #cutBefore = 0;
  #doubtBefore = 0;
  #beyondOpen = 0;
  /** How many people were brought in. */
  #fed = 0;
  /** Address by message id: each is asked for once. */
  readonly #doubtful = new Map<string, string>();

  constructor(outlet: Outlet, options: { readonly messages: number; readonly seed: number; readonly limitMs?: number }) {
    this.#outlet = outlet;
    this.#receiver = outlet.receiver;
    this.#messages = options.messages;
    this.#random = mulberry32(options.seed ^ 0x3a11);
    this.#limitMs = options.limitMs ?? SETTLE_WITHIN_MS;
  }

  get environment() {
    return this.#outlet.environment;
  }

  prepare(victim: Victim): Promise<void> {
    return this.#outlet.prepare(victim);
  }

  /** People come in as users bring them. */
  async feed(victim: Victim, share: number): Promise<void> {
    const from = this.#fed;
    const until = Math.min(this.#messages, Math.ceil(this.#messages * share));
    if (until === from) return;
    const lines = Array.from({ length: until - from }, (_, index) => {
      const { email, phone } = this.#outlet.person(from + index);
      return `Person ${from + index},${email},${phone},prove`;
    });
    const body = { filename: 'prove.csv', content: ['name,email,phone,source', ...lines].join('\n'), enrol: this.#outlet.enrol };
    // twice is once: the same addresses are the same people
    await patiently(() => victim.ask('/api/lead-nurturing/leads/import', body, this.#outlet.asking()));
    this.#fed = until;
  }

  /** Some of those who were brought in have got theirs since the last kill. */
  async underWay(): Promise<void> {
    const reached = this.#reached();
    const enough = reached + Math.ceil(this.#random() * (this.#fed - this.#doubtful.size - reached));
    for (let waited = 0; waited < PROGRESS_WITHIN_MS && this.#reached() < enough; waited += 10) await sleep(10);
  }

  get open(): number {
    return this.#receiver.open();
  }
  get opened(): number {
    return this.#receiver.opened();
  }
  get peak(): number {
    return this.#receiver.peak();
  }
  resetPeak(): void {
    this.#receiver.resetPeak();
  }
  cutOff(conversations: number): void {
    this.#openAtKills += conversations;
    this.#openSince += conversations;
    this.#openThisRound += conversations;
  }

  /** What is in doubt since the last look, against the conversations that the kills since then cut off. */
  async look(victim: Victim): Promise<string> {
    const doubt = await this.#inDoubt(victim).catch(() => null); // its database is on the way back: compared with the next
    const arrived = `${this.#reached()} of ${this.#messages} by ${this.#outlet.name}`;
    if (doubt === null) return arrived;
    const grown = doubt.size - this.#doubtBefore;
    const cut = this.#receiver.lost();
    const open = this.#openSince + cut - this.#cutBefore;
    this.#cutBefore = cut;
    // What this round's kill left may be looked into after this comparison: what is left of its conversations counts for the next one, no longer.
    this.#openSince = Math.min(this.#openThisRound, Math.max(0, open - grown));
    this.#openThisRound = 0;
    this.#doubtBefore = doubt.size;
    this.#beyondOpen += Math.max(0, grown - open);
    return `${arrived} (${grown} newly in doubt of at most ${open} cut off)`;
  }

  /** Until nobody is left whose message is neither delivered nor in doubt. */
  async settle(victim: Victim, progress: (line: string) => void): Promise<void> {
    const until = performance.now() + this.#limitMs;
    for (let before = ''; performance.now() < until; await sleep(500)) {
      const doubtful = await this.#inDoubt(victim).catch(() => null);
      if (doubtful === null) continue; // its database is on the way back
      const missing = this.#missing();
      const handed = await this.#handed(victim).catch(() => null);
      // Something that was handed over may still be looked into, or made twice: only what is settled is counted.
      if (missing === 0 && handed === 0) break;
      const now = `settling ${this.#outlet.name}: ${this.#reached()} delivered, ${doubtful.size} in doubt, ${missing} to come, ${handed ?? 'some'} under way`;
      if (now !== before) progress(now);
      before = now;
    }
  }

  /** Neither delivered nor in doubt. */
  #missing(): number {
    const doubtful = new Set(this.#doubtful.values());
    return Array.from({ length: this.#messages }, (_, index) => this.#addressOf(index)).filter(
      (person) => !this.#receiver.delivered.has(person) && !doubtful.has(person),
    ).length;
  }

  #people(): ReadonlySet<string> {
    return (this.#persons ??= new Set(Array.from({ length: this.#messages }, (_, index) => this.#addressOf(index))));
  }

  /** People whose message arrived. */
  #reached(): number {
    const people = this.#people();
    return [...this.#receiver.delivered.keys()].filter((to) => people.has(to)).length;
  }

  #addressOf(index: number): string {
    const { email, phone } = this.#outlet.person(index);
    return this.#outlet.channel === 'sms' ? phone : email;
  }

  async #handed(victim: Victim): Promise<number> {
    const path = `/api/effects?state=handed&kind=${this.#outlet.channel}&limit=1`;
    return EffectsPage.parse(await victim.ask(path, undefined, this.#outlet.asking())).items.length;
  }

  async #inDoubt(victim: Victim): Promise<ReadonlySet<string>> {
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: z.infer<typeof EffectsPage> = EffectsPage.parse(
        await victim.ask(
          `/api/effects?state=in_doubt&kind=${this.#outlet.channel}&limit=500${cursor === '' ? '' : `&cursor=${cursor}`}`,
          undefined,
          this.#outlet.asking(),
        ),
      );
      for (const { subject } of page.items) {
        if (this.#doubtful.has(subject.id)) continue;
        const message = Message.parse(await victim.ask(`/api/messages/${subject.id}`, undefined, this.#outlet.asking()));
        this.#doubtful.set(subject.id, message.to_phone ?? message.to_email);
      }
      cursor = page.next_cursor;
    }
    return new Set(this.#doubtful.values());
  }

  report(): MailReport {
    const people = this.#people();
    const counts = [...this.#receiver.delivered].filter(([to]) => people.has(to)).map(([, count]) => count);
    const besides = [...(this.#receiver.arrivals ?? [])]
      .filter(([mail]) => !people.has(mail.split(' ')[0] ?? ''))
      .map(([, count]) => count);
    const doubtful = new Set(this.#doubtful.values());
    return {
      messages: this.#messages,
      sent: counts.length,
      lost: this.#missing(),
      duplicates: [...counts, ...besides].reduce((sum, count) => sum + count - 1, 0),
      besides: besides.length,
      in_doubt: doubtful.size,
      in_doubt_arrived: [...doubtful].filter((person) => this.#receiver.delivered.has(person)).length,
      open_at_kills: this.#openAtKills,
      doubt_beyond_open: this.#beyondOpen,
    };
  }

  vendorReport(): VendorReport {
    const receiver = this.#receiver;
    return { ...this.report(), cut_by_vendor: receiver.lost(), asked_again: receiver.again(), found_by_lookup: receiver.found() };
  }

  close(): Promise<void> {
    return this.#receiver.close();
  }
}

const EffectsPage = z.object({ items: z.array(z.object({ subject: z.object({ id: z.string() }) })), next_cursor: z.string().nullable() });
const Message = z.object({ to_email: z.string(), to_phone: z.string().nullish() });
