import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { Unavailable } from '#core/errors.ts';
import { freePort } from './free-port.ts';
import { ACCOUNTS, readBooks } from './invoice-books.ts';
import { planOf, type Plan } from './invoice-plan.ts';
import { mulberry32 } from './random.ts';
import { killPostgres, killProcess, startVictim, type Asking, type Victim } from './victim.ts';

export interface InvoicesOptions {
  readonly invoices: number;
  /** How many make them at the same time. */
  readonly clients: number;
  readonly kills: number;
  /** Repeats a run's choices. */
  readonly seed: number;
  readonly progress: (line: string) => void;
  /** What the killed process needs to run (PATH, HOME …). */
  readonly environment: Readonly<Record<string, string>>;
}

export interface InvoicesReport {
  readonly seed: number;
  readonly seconds: number;
  readonly invoices: number;
  readonly clients: number;
  readonly kills: { readonly process: number; readonly postgres: number; readonly both: number };
  /** Requests that a kill left without an answer, and that were sent again under the same key. */
  readonly sent_again: number;
  /** Invoices that were asked for and are not there, or there more than once. */
  readonly lost: number;
  readonly repeated: number;
  /** By account, in cents: what must be there, worked out from what was asked for, and what the ledger holds. */
  readonly ledger: Readonly<Record<string, { readonly expected: number; readonly found: number }>>;
  readonly difference_cents: number;
  /** What an independent query finds wrong with numbers, sums, taxes and postings. */
  readonly faults: readonly string[];
}

const TRIES = 600;
const AGAIN_MS = 100;
const PAYERS = 5;
const Made = z.object({ id: z.string() });
const Companies = z.object({ items: z.array(z.object({ id: z.string() })) });

/**
 * Invoices are made by many clients at the same time, and paid, voided, credited and written off, while Steward and its PostgreSQL are killed. Each request is sent until
 * it is answered, under one key. Then the tables are asked, with SQL of its own, whether numbers are gapless and the ledger is right to the cent.
 * Always in a temporary home.
 */
export async function proveInvoices(options: InvoicesOptions): Promise<InvoicesReport> {
  const home = await mkdtemp(join(tmpdir(), 'steward-prove-'));
  const proof = new Proof(options, home, await freePort());
  const began = performance.now();
  try {
    const report = await proof.run();
    return { ...report, seconds: Math.round((performance.now() - began) / 1_000) };
  } finally {
    await proof.end();
    await rm(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 });
  }
}

class Proof {
  readonly #options: InvoicesOptions;
  readonly #home: string;
  readonly #port: number;
  readonly #random: () => number;
  readonly #plans: readonly Plan[];
  readonly #kills = { process: 0, postgres: 0, both: 0 };
  #victim: Victim | null = null;
  #company: string | null = null;
  #payers: string[] = [];
  #next = 0;
  #done = 0;
  #sentAgain = 0;
  /** Nobody makes any more, whether all are there or one was refused. */
  #over = false;

  constructor(options: InvoicesOptions, home: string, port: number) {
    this.#options = options;
    this.#home = home;
    this.#port = port;
    this.#random = mulberry32(options.seed);
    const random = mulberry32(options.seed ^ 0x1a5e);
    this.#plans = Array.from({ length: options.invoices }, (_, n) => planOf(n, random));
  }

  async run(): Promise<Omit<InvoicesReport, 'seconds'>> {
    const { seed, invoices, clients } = this.#options;
    await this.#start();
    await this.#prepare();
    const making = Promise.all(Array.from({ length: clients }, () => this.#make())).finally(() => (this.#over = true));
    await Promise.all([making, this.#killAll()]);
    const found = await readBooks(this.#home);
    const ledger = Object.fromEntries(
      ACCOUNTS.map((account) => [
        account,
        { expected: this.#plans.reduce((sum, { books }) => sum + books[account], 0), found: found.books[account] },
      ]),
    );
    return {
      seed,
      invoices,
      clients,
      kills: this.#kills,
      sent_again: this.#sentAgain,
      lost: this.#plans.filter(({ title }) => !found.titles.has(title)).length,
      repeated: [...found.titles.values()].reduce((sum, times) => sum + times - 1, 0),
      ledger,
      difference_cents: Object.values(ledger).reduce((sum, one) => sum + Math.abs(one.expected - one.found), 0),
      faults: found.faults,
    };
  }

  async end(): Promise<void> {
    if (this.#victim !== null) await killProcess(this.#victim.child, 'SIGTERM');
  }

  async #start(): Promise<void> {
    const own = {
      PORT: String(this.#port),
      LOG_LEVEL: 'fatal',
      STEWARD_ADMIN_EMAIL: 'prove@steward.test',
      STEWARD_ADMIN_PASSWORD: 'prove-invoices-proves-them',
    };
    this.#victim = await startVictim(this.#home, { ...this.#options.environment, ...own }, () => this.#company);
  }

  async #prepare(): Promise<void> {
    this.#company = Companies.parse(await this.#victim?.ask('/api/companies')).items[0]?.id ?? null;
    const seller = { name: 'Proof GmbH', line1: 'Kai 1', postcode: '20457', city: 'Hamburg', country: 'DE', vat_id: 'DE123456789' };
    await this.#ask('/api/invoices/settings', { seller, options: { currency: 'EUR' } }, { method: 'PUT' });
    for (let n = 0; n < PAYERS; n++) {
      const billing = { name: `Payer ${n}`, line1: 'Kai 2', postcode: '20457', city: 'Hamburg', country: 'DE' };
      const client = { name: `Payer ${n}`, email: `payer${n}@steward.test`, status: 'active', billing };
      this.#payers.push(Made.parse(await this.#ask('/api/clients', client)).id);
    }
  }

  /** One client of many: takes the next invoice until none is left. */
  async #make(): Promise<void> {
    for (let n = this.#next++; n < this.#plans.length; n = this.#next++) {
      const plan = this.#plans[n];
      if (plan === undefined) return;
      const key = (what: string) => ({ idempotencyKey: `${what} ${n}` });
      const asked = { client_id: this.#payers[n % PAYERS], title: plan.title, lines: plan.lines, issue: true };
      const path = `/api/invoices/${Made.parse(await this.#ask('/api/invoices', asked, key('invoice'))).id}`;
      const amount = (plan.paidCents / 100).toFixed(2);
      if (plan.paidCents > 0) await this.#ask(`${path}/payments`, { amount, external_key: `payment ${n}` }, key('payment'));
      else if (plan.fate === 'void') await this.#ask(`${path}/void`, {}, key('void'));
      else if (plan.fate === 'credited') await this.#ask(`${path}/credit`, {}, key('credit'));
      else if (plan.fate === 'written_off') await this.#ask(`${path}/write-off`, {}, key('write-off'));
      this.#done += 1;
    }
  }

  /** Until it is answered. @throws Unavailable when it is refused, or never is */
  async #ask(path: string, body: object, more: Asking = {}): Promise<unknown> {
    for (let tries = 0; ; tries++) {
      try {
        if (this.#victim !== null) return await this.#victim.ask(path, body, more);
      } catch (error) {
        const said = error instanceof Error ? error.message : '';
        if (/answered 4(?!01|09|29)/.test(said) || tries >= TRIES) throw error;
        this.#sentAgain += 1;
      }
      if (tries >= TRIES) throw new Unavailable(`${path} was never answered`);
      await sleep(AGAIN_MS);
    }
  }

  /** Spread over the work, each at an instant that nobody chose. */
  async #killAll(): Promise<void> {
    const { kills, invoices, progress } = this.#options;
    for (let n = 1; n <= kills; n++) {
      const at = Math.floor((invoices * n) / (kills + 1));
      while (this.#done < at && !this.#over) await sleep(10);
      if (this.#over) return;
      await sleep(this.#random() * 100);
      const what = (['process', 'postgres', 'both'] as const)[Math.floor(this.#random() * 3)] ?? 'process';
      this.#kills[what] += 1;
      if (what !== 'process') await killPostgres(this.#home);
      const dying = this.#victim;
      if (what !== 'postgres' && dying !== null) {
        this.#victim = null;
        await killProcess(dying.child);
        await this.#start();
      } else if (dying?.alive() === false) await this.#start();
      progress(
        `${this.#done} of ${invoices} invoices: killed ${{ process: 'Steward', postgres: 'PostgreSQL', both: 'Steward and PostgreSQL' }[what]}`,
      );
    }
  }
}
