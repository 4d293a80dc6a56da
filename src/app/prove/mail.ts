import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { openReceiver, type Receiver } from './mail-receiver.ts';
import { mulberry32 } from './random.ts';
import { patiently, type Victim } from './victim.ts';
import type { World } from './world.ts';

/** What the receiving mail server and the ledger say. */
export interface MailReport {
  readonly messages: number;
  /** Messages that the receiving server took, each counted once. */
  readonly sent: number;
  /** Messages that neither arrived nor are listed as in doubt. */
  readonly lost: number;
  /** Deliveries beyond the first to the same person. */
  readonly duplicates: number;
  /** Messages that wait for a person's word, as the API lists them. */
  readonly in_doubt: number;
  /** Those of them that did arrive, as the receiver knows and Steward cannot. */
  readonly in_doubt_arrived: number;
  /** SMTP conversations open at the kills of a worker, summed: the most that may be in doubt. */
  readonly open_at_kills: number;
  /** Messages in doubt beyond the conversations that were open at the kills before: none, if the promise holds kill by kill. */
  readonly doubt_beyond_open: number;
}

const PROGRESS_WITHIN_MS = 10_000;
const SETTLE_WITHIN_MS = 300_000;

/** People are brought in as a CSV, each gets one mail, and a real SMTP server counts. */
export class MailWorld implements World {
  readonly #receiver: Receiver;
  readonly #messages: number;
  readonly #random: () => number;
  readonly #limitMs: number;
  #openAtKills = 0;
  /** Conversations open at kills that were not compared with the ledger yet, and what was in doubt at the last comparison. */
  #openSince = 0;
  #openThisRound = 0;
  #doubtBefore = 0;
  #beyondOpen = 0;
  /** How many people were brought in. */
  #fed = 0;
  /** Address by message id: each is asked for once. */
  readonly #doubtful = new Map<string, string>();

  private constructor(receiver: Receiver, messages: number, random: () => number, limitMs: number) {
    this.#receiver = receiver;
    this.#messages = messages;
    this.#random = random;
    this.#limitMs = limitMs;
  }

  static async open(messages: number, seed: number, limitMs = SETTLE_WITHIN_MS): Promise<MailWorld> {
    const slowness = mulberry32(seed ^ 0x5eed);
    return new MailWorld(await openReceiver(() => 20 + slowness() * 60), messages, mulberry32(seed ^ 0x3a11), limitMs);
  }

  get environment() {
    return {
      SMTP_URL: this.#receiver.url,
      FROM_EMAIL: 'hello@steward.test',
      FROM_NAME: 'Steward',
      POSTAL_ADDRESS: '1 Proof Street, Springfield',
      SENDING: 'launched',
      SENDING_HOURS: 'always',
    };
  }

  /** The built-in sequence gets short waits in front, so that timed wake-ups are among what is interrupted. */
  async prepare(victim: Victim): Promise<void> {
    const { items } = Workflows.parse(await victim.ask('/api/workflows'));
    const path = `/api/workflows/${items.find(({ name }) => name === 'lead-nurturing')?.id ?? ''}`;
    const { definition } = Workflow.parse(await victim.ask(path));
    const waits = [1, 2].map((place) => ({ id: `wait_${place}`, title: 'A second', type: 'wait', input: { for: { seconds: 1 } } }));
    const steps = [...waits, ...definition.steps];
    await victim.ask(path, { definition: { ...definition, steps } }, 'PUT');
  }

  /** People come in as users bring them: a CSV, with the tick that enrols them. */
  async feed(victim: Victim, share: number): Promise<void> {
    const from = this.#fed;
    const until = Math.min(this.#messages, Math.ceil(this.#messages * share));
    if (until === from) return;
    const lines = Array.from({ length: until - from }, (_, index) => `Person ${from + index},${address(from + index)},prove`);
    const body = { filename: 'prove.csv', content: ['name,email,source', ...lines].join('\n'), enrol: true };
    await patiently(() => victim.ask('/api/lead-nurturing/leads/import', body)); // twice is once: the same addresses are the same people
    this.#fed = until;
  }

  /** Some of those who were brought in have got theirs since the last kill. */
  async underWay(): Promise<void> {
    const { delivered } = this.#receiver;
    const enough = delivered.size + Math.ceil(this.#random() * (this.#fed - this.#doubtful.size - delivered.size));
    for (let waited = 0; waited < PROGRESS_WITHIN_MS && delivered.size < enough; waited += 10) await sleep(10);
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
    const arrived = `${this.#receiver.delivered.size} of ${this.#messages} mails`;
    if (doubt === null) return arrived;
    const grown = doubt.size - this.#doubtBefore;
    const open = this.#openSince;
    // What this round's kill left may be looked into after this comparison: what is left of its conversations counts for the next one, no longer.
    this.#openSince = Math.min(this.#openThisRound, Math.max(0, open - grown));
    this.#openThisRound = 0;
    this.#doubtBefore = doubt.size;
    this.#beyondOpen += Math.max(0, grown - open);
    return `${arrived} (${grown} newly in doubt of at most ${open} conversations cut off)`;
  }

  /** Until nobody is left whose message is neither delivered nor in doubt. */
  async settle(victim: Victim, progress: (line: string) => void): Promise<void> {
    const until = performance.now() + this.#limitMs;
    for (let before = ''; performance.now() < until; await sleep(500)) {
      const doubtful = await this.#inDoubt(victim).catch(() => null);
      if (doubtful === null) continue; // its database is on the way back
      const missing = this.#missing();
      if (missing === 0) break;
      const now = `settling: ${this.#receiver.delivered.size} mails delivered, ${doubtful.size} in doubt, ${missing} to come`;
      if (now !== before) progress(now);
      before = now;
    }
  }

  /** Neither delivered nor in doubt. */
  #missing(): number {
    const doubtful = new Set(this.#doubtful.values());
    return Array.from({ length: this.#messages }, (_, index) => address(index)).filter(
      (person) => !this.#receiver.delivered.has(person) && !doubtful.has(person),
    ).length;
  }

  async #inDoubt(victim: Victim): Promise<ReadonlySet<string>> {
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: z.infer<typeof EffectsPage> = EffectsPage.parse(
        await victim.ask(`/api/effects?state=in_doubt&kind=email&limit=500${cursor === '' ? '' : `&cursor=${cursor}`}`),
      );
      for (const { subject } of page.items) {
        if (this.#doubtful.has(subject.id)) continue;
        this.#doubtful.set(subject.id, Message.parse(await victim.ask(`/api/messages/${subject.id}`)).to_email);
      }
      cursor = page.next_cursor;
    }
    return new Set(this.#doubtful.values());
  }

  report(): MailReport {
    const counts = [...this.#receiver.delivered.values()];
    const doubtful = new Set(this.#doubtful.values());
    return {
      messages: this.#messages,
      sent: counts.length,
      lost: this.#missing(),
      duplicates: counts.reduce((sum, count) => sum + count - 1, 0),
      in_doubt: doubtful.size,
      in_doubt_arrived: [...doubtful].filter((person) => this.#receiver.delivered.has(person)).length,
      open_at_kills: this.#openAtKills,
      doubt_beyond_open: this.#beyondOpen,
    };
  }

  close(): Promise<void> {
    return this.#receiver.close();
  }
}

const address = (index: number) => `person-${index}@example.test`;

const EffectsPage = z.object({ items: z.array(z.object({ subject: z.object({ id: z.string() }) })), next_cursor: z.string().nullable() });
const Message = z.object({ to_email: z.string() });
const Workflows = z.object({ items: z.array(z.object({ id: z.string(), name: z.string() })) });
const Workflow = z.object({ definition: z.looseObject({ steps: z.array(z.json()) }) });
