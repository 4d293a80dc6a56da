import { once } from 'node:events';
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { CRASH_POINTS, type CrashPoint } from '#core/effects/crash-points.ts';
import { freePort } from './free-port.ts';
import { JourneysWorld, type JourneysReport } from './journeys.ts';
import { MailWorld, type MailReport, type VendorReport } from './mail.ts';
import { smtpOutlet, vendorOutlet } from './outlet.ts';
import { mulberry32 } from './random.ts';
import { killPostgres, killProcess, startVictim, startWorker, type Victim } from './victim.ts';
import { PROVEN } from './vendors/all.ts';
import type { Way } from './vendors/ways.ts';
import type { World } from './world.ts';

export interface KillOptions {
  readonly rounds: number;
  /** Repeats a run's choices: what is killed, and when. */
  readonly seed: number;
  /** What dies: processes of Steward, its PostgreSQL, or one or the other or both at once. Default: both. */
  readonly kill?: 'worker' | 'postgres' | 'both';
  /** How many people are written to, by each way. Default 2,000; 0: no mail. */
  readonly messages?: number;
  /** The ways that messages take; all of them die by the same kills. Default: a mail server alone. */
  readonly through?: readonly Way[];
  /** How many webhooks start runs that wait, branch, loop and ask a web service. Default 8 a round; 0: none. */
  readonly journeys?: number;
  /** Runs wait no longer than that, in seconds. Default 70. */
  readonly longestWaitS?: number;
  /** Does the web service cut connections by itself? Default true. */
  readonly cuts?: boolean;
  /** Whether named crash points are among the kills. Default true. */
  readonly points?: boolean;
  readonly progress: (line: string) => void;
  /** What the killed process needs to run (PATH, HOME …). */
  readonly environment: Readonly<Record<string, string>>;
}

/** What the witnesses outside and the ledger say afterwards. */
export interface KillReport {
  readonly seed: number;
  readonly rounds: number;
  readonly seconds: number;
  /** Mails and webhooks whose work never came to its end, and what arrived nowhere though it is recorded as done. */
  readonly lost: number;
  /** What happened twice: deliveries, runs, requests, steps that were done already. */
  readonly repeated: number;
  /** What nobody can know without asking the other side; a person decides it. */
  readonly in_doubt: number;
  /** By SMTP. */
  readonly mail: MailReport | null;
  /** By each vendor's own interface. */
  readonly vendors: Readonly<Partial<Record<Way, VendorReport>>>;
  readonly workflows: JourneysReport | null;
  readonly kills: { readonly worker: number; readonly postgres: number; readonly both: number; readonly crash_point: number };
  /** Processes that ended by themselves: none should. */
  readonly gave_up: number;
  readonly crash_points_hit: readonly CrashPoint[];
  readonly crash_points_missed: readonly CrashPoint[];
}

const CRASH_WITHIN_MS = 15_000;
const LATE_MS = 100;
/** A round that waits for a named point gets this many times the work of another. */
const CRASH_SHARE = 3;
const JOURNEYS_A_ROUND = 8;
type Kill = keyof KillReport['kills'];

/**
 * Kills Steward and its PostgreSQL again and again while it writes mail, takes webhooks and moves runs, then lets it finish and counts outside.
 * Two processes work: one serves the web besides. Always in a temporary home of its own.
 */
export async function proveKill(options: KillOptions): Promise<KillReport> {
  const home = await mkdtemp(join(tmpdir(), 'steward-prove-'));
  const { seed, rounds, messages = 2_000, journeys = rounds * JOURNEYS_A_ROUND, longestWaitS = 70, cuts = true } = options;
  const port = await freePort();
  const ways = messages === 0 ? [] : [...new Set(options.through ?? ['smtp' as const])];
  const mails = await Promise.all(
    ways.map(async (way) => {
      const outlet = way === 'smtp' ? await smtpOutlet(seed) : await vendorOutlet(PROVEN[way], seed);
      return { way, world: new MailWorld(outlet, { messages, seed }) };
    }),
  );
  const workflows = journeys === 0 ? null : await JourneysWorld.open(`http://127.0.0.1:${port}`, { journeys, seed, longestWaitS, cuts });
  const worlds: readonly World[] = [...mails.map(({ world }) => world), ...(workflows === null ? [] : [workflows])];
  const proof = new Proof(options, home, port, worlds);
  const began = performance.now();
  try {
    await proof.run();
    const byRuns = workflows?.report() ?? null;
    const reports = mails.map(({ way, world }) => [way, world.vendorReport()] as const); // pairs
    const sum = (count: (report: VendorReport) => number) => reports.reduce((total, [, report]) => total + count(report), 0);
    return {
      seed,
      rounds,
      seconds: Math.round((performance.now() - began) / 1_000),
      lost: sum(({ lost }) => lost) + (byRuns?.lost ?? 0),
      repeated: sum(({ duplicates }) => duplicates) + (byRuns?.repeated ?? 0),
      in_doubt: sum(({ in_doubt: doubtful }) => doubtful) + (byRuns?.in_doubt ?? 0),
      mail: mails.find(({ way }) => way === 'smtp')?.world.report() ?? null,
      vendors: Object.fromEntries(reports.filter(([way]) => way !== 'smtp')),
      workflows: byRuns,
      ...proof.report(),
    };
  } finally {
    await proof.end();
    for (const world of worlds) await world.close();
    // Children of a killed PostgreSQL may still be writing their last.
    await rm(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 });
  }
}

class Proof {
  readonly #options: KillOptions;
  readonly #home: string;
  readonly #port: number;
  readonly #worlds: readonly World[];
  readonly #random: () => number;
  readonly #kills: Record<Kill, number> = { worker: 0, postgres: 0, both: 0, crash_point: 0 };
  readonly #hit: CrashPoint[] = [];
  #gaveUp = 0;
  #did = '';
  #latest: Victim | null = null;
  #worker: ChildProcess | null = null;
  /** The first company, once it is known: there may be others. */
  #company: string | null = null;

  constructor(options: KillOptions, home: string, port: number, worlds: readonly World[]) {
    this.#options = options;
    this.#home = home;
    this.#port = port;
    this.#worlds = worlds;
    this.#random = mulberry32(options.seed);
  }

  async run(): Promise<void> {
    const { rounds, progress, kill = 'both', points: named = true } = this.#options;
    let victim = await this.#start();
    this.#company = Companies.parse(await victim.ask('/api/companies')).items[0]?.id ?? null;
    for (const world of this.#worlds) await world.prepare(victim);
    await this.#startWorker();
    const points: CrashPoint[] = named && kill !== 'postgres' ? [...CRASH_POINTS] : [];
    let fed = 0;
    for (let round = 1; round <= rounds; round++) {
      // Every named point first, again where it was not passed, then instants that nobody chose. Each round has work of its own.
      const point = points.shift();
      const left = rounds - round;
      const weight = point === undefined ? 1 : CRASH_SHARE;
      fed += ((1 - fed) * weight) / (weight + left + Math.min(left, points.length) * (CRASH_SHARE - 1));
      for (const world of this.#worlds) await world.feed(victim, left === 0 ? 1 : fed);
      victim = point === undefined ? await this.#killSomewhere(victim) : await this.#killAt(victim, point);
      if (point !== undefined && !this.#hit.includes(point)) points.push(point);
      victim = await this.#revive(victim);
      progress(`round ${round} of ${rounds}: ${this.#did}; ${(await this.#look(victim)).join('; ')}`);
    }
    for (const world of this.#worlds) await world.settle(victim, progress);
    progress(`after the last round: ${(await this.#look(victim)).join('; ')}`);
  }

  report() {
    return {
      kills: this.#kills,
      gave_up: this.#gaveUp,
      crash_points_hit: this.#hit,
      crash_points_missed: this.#options.points === false ? [] : CRASH_POINTS.filter((point) => !this.#hit.includes(point)),
    };
  }

  #look(victim: Victim): Promise<string[]> {
    return Promise.all(this.#worlds.map((world) => world.look(victim)));
  }

  /** Nothing of it outlives the proof, however it went. */
  async end(): Promise<void> {
    if (this.#worker !== null) await killProcess(this.#worker, 'SIGTERM');
    if (this.#latest !== null) await killProcess(this.#latest.child, 'SIGTERM');
  }

  /** A process that dies at this very line; the next one has to cope. */
  async #killAt(victim: Victim, point: CrashPoint): Promise<Victim> {
    // Alone, so that the work is its own.
    await this.#cutOff([victim.child, ...(this.#worker === null ? [] : [this.#worker])]);
    // Not the first time: by then connections are open and work is under way.
    // The engine moves many in one round; the ledger a few.
    const hit = point.startsWith('effects.') ? 3 + Math.floor(this.#random() * 4) : 1 + Math.floor(this.#random() * 2);
    for (const world of this.#worlds) world.resetPeak();
    const doomed = await this.#start({ STEWARD_CRASH_AT: `${point}:${hit}` }).catch(() => null); // it may die before it is ready
    const died = doomed === null || (await Promise.race([once(doomed.child, 'exit').then(() => true), sleep(CRASH_WITHIN_MS, false)]));
    await sleep(LATE_MS);
    for (const world of this.#worlds) world.cutOff(world.peak);
    this.#did = `${died ? 'died' : 'did not pass'} at ${point}`;
    if (died) {
      this.#hit.push(point);
      this.#kills.crash_point += 1;
    } else await killProcess(doomed.child);
    const next = await this.#start();
    await this.#startWorker();
    return next;
  }

  async #killSomewhere(victim: Victim): Promise<Victim> {
    await Promise.race(this.#worlds.map((world) => world.underWay()));
    await sleep(this.#random() * 200);
    const choice = this.#random();
    const wanted = this.#options.kill ?? 'both';
    const kill: Kill = wanted === 'both' ? (choice < 0.5 ? 'worker' : choice < 0.75 ? 'postgres' : 'both') : wanted;
    const which = this.#random();
    this.#kills[kill] += 1;
    if (kill === 'postgres') {
      this.#did = 'killed PostgreSQL';
      await killPostgres(this.#home);
      return victim; // they must bring their database back by themselves
    }
    if (kill === 'both') await killPostgres(this.#home);
    const children = kill === 'both' || which < 0.4 ? 'all' : which < 0.7 ? 'web' : 'worker';
    this.#did = `killed ${{ all: 'both processes', web: 'the one that serves the web', worker: 'the one that only works' }[children]}${kill === 'both' ? ' and PostgreSQL' : ''}`;
    await this.#cutOff([
      ...(children === 'worker' ? [] : [victim.child]),
      ...(children === 'web' || this.#worker === null ? [] : [this.#worker]),
    ]);
    const next = children === 'worker' ? victim : await this.#start();
    if (children !== 'web') await this.#startWorker();
    return next;
  }

  /** What ended by itself is started again, as a service manager would, and counted. */
  async #revive(victim: Victim): Promise<Victim> {
    const ended = this.#worker !== null && (this.#worker.exitCode !== null || this.#worker.signalCode !== null);
    if (ended) await this.#startWorker();
    if (victim.alive()) {
      this.#gaveUp += Number(ended);
      return victim;
    }
    this.#gaveUp += 1 + Number(ended);
    return this.#start();
  }

  /** Calls that the dead processes had begun, and that the witness comes to see only now, were open at the kill, too. */
  async #cutOff(children: readonly ChildProcess[]): Promise<void> {
    const before = this.#worlds.map((world) => ({ world, open: world.open, opened: world.opened }));
    await Promise.all(children.map((child) => killProcess(child)));
    await sleep(LATE_MS);
    for (const { world, open, opened } of before) world.cutOff(open + world.opened - opened);
  }

  #environment(): Record<string, string> {
    return Object.assign(
      {},
      this.#options.environment,
      {
        PORT: String(this.#port),
        LOG_LEVEL: 'fatal',
        STEWARD_ADMIN_EMAIL: 'prove@steward.test',
        STEWARD_ADMIN_PASSWORD: 'prove-kill-proves-kills',
      },
      ...this.#worlds.map((world) => world.environment),
    );
  }

  async #start(extra: Readonly<Record<string, string>> = {}): Promise<Victim> {
    this.#latest = await startVictim(this.#home, { ...this.#environment(), ...extra }, () => this.#company);
    return this.#latest;
  }

  async #startWorker(): Promise<void> {
    this.#worker = await startWorker(this.#home, this.#environment());
  }
}

const Companies = z.object({ items: z.array(z.object({ id: z.string() })) });
