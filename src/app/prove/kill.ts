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
  readonly kills: { readonly worker: number; readonly postgres: number; readonly both: number; readonly crash_point: number };
  readonly crash_points_hit: readonly CrashPoint[];
  readonly crash_points_missed: readonly CrashPoint[];
  readonly seed: number;
}

const CRASH_WITHIN_MS = 15_000;
const PROGRESS_WITHIN_MS = 10_000;
const SETTLE_WITHIN_MS = 300_000;
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
    let victim = await this.#start();
    await this.#seed(victim);
    const points = [...CRASH_POINTS];
    for (let round = 1; round <= this.#options.rounds; round++) {
      // Every named point first (as far as the rounds go), then instants that nobody chose.
      const point = points.shift();
      victim = point === undefined ? await this.#killSomewhere(victim) : await this.#killAt(victim, point);
      this.#options.progress(`round ${round} of ${this.#options.rounds}: ${this.#receiver.delivered.size} of ${this.#messages} delivered`);
    }
    const doubtful = await this.#settle(victim);
    return this.#report(doubtful);
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
    await killVictim(victim);
    // Not the first time: by then connections are open and work is under way.
    const hit = point === 'engine.wake.before-commit' ? 1 : 3 + Math.floor(this.#random() * 6); // wake-ups come in few, large batches
    const doomed = await this.#start({ STEWARD_CRASH_AT: `${point}:${hit}` }).catch(() => null); // it may die before it is ready
    const died = doomed === null || (await Promise.race([once(doomed.child, 'exit').then(() => true), sleep(CRASH_WITHIN_MS, false)]));
    this.#openAtKills += this.#receiver.peak();
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
    if (kill !== 'worker') await killPostgres(this.#home);
    if (kill === 'postgres') return victim; // it must bring its database back by itself
    this.#openAtKills += this.#receiver.open();
    await killVictim(victim);
    return this.#start();
  }

  /** Kills fall while mail is on its way: some more have arrived since the last one, or nothing moves any more. */
  async #someDeliveries(): Promise<void> {
    const enough = this.#receiver.delivered.size + 1 + this.#random() * (this.#messages / this.#options.rounds) * 1.5;
    for (let waited = 0; waited < PROGRESS_WITHIN_MS && this.#receiver.delivered.size < enough; waited += 10) await sleep(10);
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

  /**
   * People come in as users bring them: a CSV, with the tick that enrols them. The built-in sequence gets short waits
   * in front, so that timed wake-ups are among what is interrupted.
   */
  async #seed(victim: Victim): Promise<void> {
    const { items } = Workflows.parse(await victim.ask('/api/workflows'));
    const path = `/api/workflows/${items.find(({ name }) => name === 'lead-nurturing')?.id ?? ''}`;
    const { definition } = Workflow.parse(await victim.ask(path));
    const waits = [1, 2, 3].map((place) => ({ id: `wait_${place}`, title: 'Two seconds', type: 'wait', input: { for: { seconds: 2 } } }));
    const steps = [...waits, ...definition.steps];
    await victim.ask(path, { definition: { ...definition, steps } }, 'PUT');
    const lines = Array.from({ length: this.#messages }, (_, index) => `Person ${index},${address(index)},prove`);
    await victim.ask('/api/lead-nurturing/leads/import', {
      filename: 'prove.csv',
      content: ['name,email,source', ...lines].join('\n'),
      enrol: true,
    });
    this.#options.progress(`${this.#messages} people enrolled`);
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
