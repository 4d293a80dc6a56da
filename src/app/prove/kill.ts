import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { CRASH_POINTS, type CrashPoint } from '#core/effects/crash-points.ts';
import { openReceiver, type Receiver } from './receiver.ts';
import { killPostgres, killVictim, startVictim, type Victim } from './victim.ts';

export interface KillOptions {
  readonly rounds: number;
  /** How many people are written to. Default 2,000. */
  readonly messages?: number;
  /** Repeats a run's choices: what is killed, and when. */
  readonly seed: number;
  readonly progress: (line: string) => void;
  /** What the killed process needs to run (PATH, HOME …). */
  readonly environment: Readonly<Record<string, string>>;
}

/** What the receiving server and the ledger say afterwards. The first five are the promised shape. */
export interface KillReport {
  readonly rounds: number;
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
  readonly messages: number;
  /** SMTP conversations open at the kills of a worker, summed: the most that may be in doubt. */
  readonly open_at_kills: number;
  /** Messages in doubt beyond the conversations that were open at the kills before: none, if the promise holds kill by kill. */
  readonly doubt_beyond_open: number;
  readonly kills: { readonly worker: number; readonly postgres: number; readonly both: number; readonly crash_point: number };
  readonly crash_points_hit: readonly CrashPoint[];
  readonly crash_points_missed: readonly CrashPoint[];
  readonly seed: number;
}

const CRASH_WITHIN_MS = 15_000;
const PROGRESS_WITHIN_MS = 10_000;
const SETTLE_WITHIN_MS = 300_000;
const FEED_TRIES = 40;
const LATE_MS = 100;
/** A round that waits for a named point gets this many times the people of another. */
const CRASH_SHARE = 3;
type Kill = keyof KillReport['kills'];

/**
 * Kills Steward and its PostgreSQL again and again while it writes to `messages` people through a real SMTP server, then
 * lets it finish and counts at the receiver. Always in a temporary home of its own.
 */
export async function proveKill(options: KillOptions): Promise<KillReport> {
  const home = await mkdtemp(join(tmpdir(), 'steward-prove-'));
  const random = mulberry32(options.seed);
  const receiver = await openReceiver(() => 20 + random() * 60);
  const proof = new Proof(options, home, receiver, random);
  try {
    return await proof.run();
  } finally {
    await proof.end();
    await receiver.close();
    // Children of a killed PostgreSQL may still be writing their last.
    await rm(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 });
  }
}

class Proof {
  readonly #options: KillOptions;
  readonly #home: string;
  readonly #receiver: Receiver;
  readonly #random: () => number;
  readonly #messages: number;
  readonly #kills: Record<Kill, number> = { worker: 0, postgres: 0, both: 0, crash_point: 0 };
  readonly #hit: CrashPoint[] = [];
  #openAtKills = 0;
  /** Conversations open at kills that were not compared with the ledger yet, and what was in doubt at the last comparison. */
  #openSince = 0;
  #openThisRound = 0;
  #doubtBefore = 0;
  #beyondOpen = 0;
  /** How many people were brought in. */
  #fed = 0;
  #did = '';
  #latest: Victim | null = null;
  /** Address by message id: each is asked for once. */
  readonly #doubtful = new Map<string, string>();

  constructor(options: KillOptions, home: string, receiver: Receiver, random: () => number) {
    this.#options = options;
    this.#home = home;
    this.#receiver = receiver;
    this.#random = random;
    this.#messages = options.messages ?? 2_000;
  }

  async run(): Promise<KillReport> {
    const { rounds, progress } = this.#options;
    let victim = await this.#start();
    await this.#prepare(victim);
    const points: CrashPoint[] = [...CRASH_POINTS];
    for (let round = 1; round <= rounds; round++) {
      // Every named point first, again where it was not passed, then instants that nobody chose. Each round has people of its own to write to.
      const point = points.shift();
      const left = rounds - round;
      const share =
        (point === undefined ? 1 : CRASH_SHARE) /
        (left + 1 + points.length * (CRASH_SHARE - 1) + (point === undefined ? 0 : CRASH_SHARE - 1));
      await this.#feed(victim, left === 0 ? this.#messages : Math.ceil((this.#messages - this.#fed) * share));
      victim = point === undefined ? await this.#killSomewhere(victim) : await this.#killAt(victim, point);
      if (point !== undefined && !this.#hit.includes(point)) points.push(point);
      const compared = await this.#compare(victim);
      progress(`round ${round} of ${rounds}: ${this.#did}${compared}; ${this.#receiver.delivered.size} of ${this.#messages} delivered`);
    }
    const doubtful = await this.#settle(victim);
    progress(`after the last round: ${await this.#compare(victim)}`);
    return this.#report(doubtful);
  }

  /** What is in doubt since the last comparison, against the conversations that the kills since then cut off. */
  async #compare(victim: Victim): Promise<string> {
    const doubt = await this.#inDoubt(victim).catch(() => null); // its database is on the way back: compared with the next
    if (doubt === null) return '';
    const grown = doubt.size - this.#doubtBefore;
    const open = this.#openSince;
    // What this round's kill left may be looked into after this comparison: what is left of its conversations counts for the next one, no longer.
    this.#openSince = Math.min(this.#openThisRound, Math.max(0, open - grown));
    this.#openThisRound = 0;
    this.#doubtBefore = doubt.size;
    this.#beyondOpen += Math.max(0, grown - open);
    return `, ${grown} newly in doubt of at most ${open} conversations cut off`;
  }

  /** Nothing of it outlives the proof, however it went. */
  async end(): Promise<void> {
    if (this.#latest === null || !this.#latest.alive()) return;
    const gone = once(this.#latest.child, 'exit');
    this.#latest.child.kill('SIGTERM');
    await gone;
  }

  /** A process that dies at this very line; the next one has to cope. */
  async #killAt(victim: Victim, point: CrashPoint): Promise<Victim> {
    await this.#cutOff(victim);
    // Not the first time: by then connections are open and work is under way.
    // The engine moves many in one round; the ledger a few.
    const hit = point.startsWith('effects.') ? 3 + Math.floor(this.#random() * 4) : 1 + Math.floor(this.#random() * 2);
    const doomed = await this.#start({ STEWARD_CRASH_AT: `${point}:${hit}` }).catch(() => null); // it may die before it is ready
    const died = doomed === null || (await Promise.race([once(doomed.child, 'exit').then(() => true), sleep(CRASH_WITHIN_MS, false)]));
    await sleep(LATE_MS);
    this.#cut(this.#receiver.peak());
    this.#did = `${died ? 'died' : 'did not pass'} at ${point}`;
    if (died) {
      this.#hit.push(point);
      this.#kills.crash_point += 1;
    } else if (doomed !== null) {
      await killVictim(doomed);
    }
    return this.#start();
  }

  async #killSomewhere(victim: Victim): Promise<Victim> {
    await this.#someDeliveries();
    await sleep(this.#random() * 200);
    const choice = this.#random();
    const kill: Kill = choice < 0.5 ? 'worker' : choice < 0.75 ? 'postgres' : 'both';
    this.#kills[kill] += 1;
    this.#did = { worker: 'killed the worker', postgres: 'killed PostgreSQL', both: 'killed both', crash_point: '' }[kill];
    if (kill !== 'worker') await killPostgres(this.#home);
    if (kill === 'postgres') return victim; // it must bring its database back by itself
    await this.#cutOff(victim);
    return this.#start();
  }

  /** Conversations that the dead process had begun, and that the receiver comes to see only now, were open at the kill, too. */
  async #cutOff(victim: Victim): Promise<void> {
    const open = this.#receiver.open();
    const before = this.#receiver.opened();
    await killVictim(victim);
    await sleep(LATE_MS);
    this.#cut(open + this.#receiver.opened() - before);
  }

  #cut(conversations: number): void {
    this.#openAtKills += conversations;
    this.#openSince += conversations;
    this.#openThisRound += conversations;
  }

  /** Kills fall while mail is on its way: some of those who were brought in have got theirs since the last one. */
  async #someDeliveries(): Promise<void> {
    const { delivered } = this.#receiver;
    const enough = delivered.size + Math.ceil(this.#random() * (this.#fed - this.#doubtful.size - delivered.size));
    for (let waited = 0; waited < PROGRESS_WITHIN_MS && delivered.size < enough; waited += 10) await sleep(10);
  }

  async #start(extra: Readonly<Record<string, string>> = {}): Promise<Victim> {
    this.#receiver.resetPeak();
    this.#latest = await startVictim(this.#home, {
      ...this.#options.environment,
      PORT: '0',
      LOG_LEVEL: 'fatal',
      STEWARD_ADMIN_EMAIL: 'prove@steward.test',
      STEWARD_ADMIN_PASSWORD: 'prove-kill-proves-kills',
      SMTP_URL: this.#receiver.url,
      FROM_EMAIL: 'hello@steward.test',
      FROM_NAME: 'Steward',
      POSTAL_ADDRESS: '1 Proof Street, Springfield',
      SENDING: 'launched',
      SENDING_HOURS: 'always',
      ...extra,
    });
    return this.#latest;
  }

  /** The built-in sequence gets short waits in front, so that timed wake-ups are among what is interrupted. */
  async #prepare(victim: Victim): Promise<void> {
    const { items } = Workflows.parse(await victim.ask('/api/workflows'));
    const path = `/api/workflows/${items.find(({ name }) => name === 'lead-nurturing')?.id ?? ''}`;
    const { definition } = Workflow.parse(await victim.ask(path));
    const waits = [1, 2].map((place) => ({ id: `wait_${place}`, title: 'A second', type: 'wait', input: { for: { seconds: 1 } } }));
    const steps = [...waits, ...definition.steps];
    await victim.ask(path, { definition: { ...definition, steps } }, 'PUT');
  }

  /** People come in as users bring them: a CSV, with the tick that enrols them; some each round, so that every kill has work to interrupt. */
  async #feed(victim: Victim, count: number): Promise<void> {
    const from = this.#fed;
    const until = Math.min(this.#messages, from + count);
    if (until === from) return;
    const lines = Array.from({ length: until - from }, (_, index) => `Person ${from + index},${address(from + index)},prove`);
    const body = { filename: 'prove.csv', content: ['name,email,source', ...lines].join('\n'), enrol: true };
    for (let tries = 0; ; tries++) {
      try {
        await victim.ask('/api/lead-nurturing/leads/import', body); // twice is once: the same addresses are the same people
        break;
      } catch (error) {
        if (tries >= FEED_TRIES) throw error;
        await sleep(500); // its database is on the way back
      }
    }
    this.#fed = until;
  }

  /** Until nobody is left whose message is neither delivered nor in doubt. Answers the addresses of those in doubt. */
  async #settle(victim: Victim): Promise<ReadonlySet<string>> {
    const until = performance.now() + SETTLE_WITHIN_MS;
    let doubtful: ReadonlySet<string> = new Set();
    for (let before = ''; performance.now() < until; await sleep(500)) {
      try {
        doubtful = await this.#inDoubt(victim);
      } catch {
        continue; // its database is on the way back
      }
      const missing = this.#missing(doubtful);
      if (missing === 0) break;
      const now = `settling: ${this.#receiver.delivered.size} delivered, ${doubtful.size} in doubt, ${missing} to come`;
      if (now !== before) this.#options.progress(now);
      before = now;
    }
    return doubtful;
  }

  /** Neither delivered nor in doubt. */
  #missing(doubtful: ReadonlySet<string>): number {
    return Array.from({ length: this.#messages }, (_, index) => address(index)).filter(
      (person) => !this.#receiver.delivered.has(person) && !doubtful.has(person),
    ).length;
  }

  async #inDoubt(victim: Victim): Promise<ReadonlySet<string>> {
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: z.infer<typeof EffectsPage> = EffectsPage.parse(
        await victim.ask(`/api/effects?state=in_doubt&limit=500${cursor === '' ? '' : `&cursor=${cursor}`}`),
      );
      for (const { subject } of page.items) {
        if (this.#doubtful.has(subject.id)) continue;
        this.#doubtful.set(subject.id, Message.parse(await victim.ask(`/api/messages/${subject.id}`)).to_email);
      }
      cursor = page.next_cursor;
    }
    return new Set(this.#doubtful.values());
  }

  #report(doubtful: ReadonlySet<string>): KillReport {
    const counts = [...this.#receiver.delivered.values()];
    return {
      rounds: this.#options.rounds,
      sent: counts.length,
      lost: this.#missing(doubtful),
      duplicates: counts.reduce((sum, count) => sum + count - 1, 0),
      in_doubt: doubtful.size,
      in_doubt_arrived: [...doubtful].filter((person) => this.#receiver.delivered.has(person)).length,
      messages: this.#messages,
      open_at_kills: this.#openAtKills,
      doubt_beyond_open: this.#beyondOpen,
      kills: this.#kills,
      crash_points_hit: this.#hit,
      crash_points_missed: CRASH_POINTS.filter((point) => !this.#hit.includes(point)),
      seed: this.#options.seed,
    };
  }
}

const address = (index: number) => `person-${index}@example.test`;

const EffectsPage = z.object({ items: z.array(z.object({ subject: z.object({ id: z.string() }) })), next_cursor: z.string().nullable() });
const Message = z.object({ to_email: z.string() });
const Workflows = z.object({ items: z.array(z.object({ id: z.string(), name: z.string() })) });
const Workflow = z.object({ definition: z.looseObject({ steps: z.array(z.json()) }) });

/** Small seeded generator, public domain (Tommy Ettinger): repeatable choices, no cryptography. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
