import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { Caller } from './caller.ts';
import { child, journey, kindsWithin, pathOf, pathsOf, UNSAFE } from './journey.ts';
import { mulberry32 } from './random.ts';
import { patiently, type Victim } from './victim.ts';
import { WebReceiver } from './web-receiver.ts';
import type { World } from './world.ts';

/** What the web service, the senders of the webhooks and the journal say. */
export interface JourneysReport {
  /** Webhooks that were answered with a 2xx. */
  readonly acknowledged: number;
  /** Requests of theirs that a kill cut off, and that were sent again under the same name. */
  readonly sent_again: number;
  /** Runs that came to their end. */
  readonly done: number;
  /** Acknowledged webhooks whose run did not come to its end, and requests of finished runs that never arrived. */
  readonly lost: number;
  /** A second run for one webhook, a second request that may be made once only, a request or a journal row for a step that was done. */
  readonly repeated: number;
  /** Requests that nobody can know about without asking the service. */
  readonly in_doubt: number;
  /** Those of them that did arrive: the proof, which can ask, decides them so; the others are sent again. */
  readonly in_doubt_arrived: number;
  /** Requests open at kills, summed, and connections that the service cut by itself: the most that may be in doubt. */
  readonly open_at_kills: number;
  readonly cut_by_service: number;
  /** Steps recorded as done, and requests that arrived. */
  readonly steps: number;
  readonly requests: number;
  /** The first few of what was lost or repeated, in words. */
  readonly faults: readonly string[];
}

const PROGRESS_WITHIN_MS = 5_000;
const SETTLE_WITHIN_MS = 400_000;
const SENDERS = 4;
const READERS = 4;
const MOST_FAULTS = 20;

/** Webhooks start runs that wait, branch, loop, start others and ask a web service. */
export class JourneysWorld implements World {
  readonly environment = { ALLOWED_INTERNAL_HOSTS: '127.0.0.1' };
  readonly #receiver: WebReceiver;
  readonly #address: string;
  readonly #caller: Caller;
  readonly #journeys: number;
  readonly #kinds: readonly (readonly [number, number])[];
  readonly #random: () => number;
  readonly #limitMs: number;
  #hooks: string[] = [];
  readonly #workflows: string[] = [];
  #fed = 0;
  #openAtKills = 0;
  /** Effects in doubt, by id: did the request arrive? */
  readonly #doubtful = new Map<string, boolean>();
  #done = 0;
  #steps = 0;
  readonly #lost: string[] = [];
  readonly #repeated: string[] = [];

  private constructor(receiver: WebReceiver, address: string, url: string, options: JourneysOptions) {
    this.#receiver = receiver;
    this.#address = address;
    this.#caller = new Caller(url, SENDERS);
    this.#journeys = options.journeys;
    this.#kinds = kindsWithin(options.longestWaitS);
    this.#random = mulberry32(options.seed ^ 0x1057);
    this.#limitMs = options.limitMs ?? SETTLE_WITHIN_MS;
  }

  /** @param url where Steward answers, whichever process it is */
  static async open(url: string, options: JourneysOptions): Promise<JourneysWorld> {
    const receiver = new WebReceiver(mulberry32(options.seed ^ 0xcafe), options.cuts);
    return new JourneysWorld(receiver, await receiver.open(), url, options);
  }

  async prepare(victim: Victim): Promise<void> {
    const make = async (definition: object) => Made.parse(await victim.ask('/api/workflows', { definition, active: true }));
    this.#workflows.push((await make(child(this.#address))).id);
    for (const [kind, waits] of this.#kinds.entries()) {
      const made = await make(journey(kind, waits, this.#address));
      this.#workflows.push(made.id);
      this.#hooks.push(made.hooks[0]?.path ?? '');
    }
  }

  feed(_victim: Victim, share: number): Promise<void> {
    const until = Math.min(this.#journeys, Math.ceil(this.#journeys * share));
    const numbers = Array.from({ length: until - this.#fed }, (_, i) => this.#fed + i);
    this.#caller.add(numbers.map((n) => ({ id: `delivery-${n}`, path: this.#hooks[n % this.#hooks.length] ?? '', body: { n } })));
    this.#fed = until;
    return Promise.resolve();
  }

  /** A few requests have been made since the last kill. */
  async underWay(): Promise<void> {
    const enough = this.#receiver.opened + 1 + Math.floor(this.#random() * 20);
    for (let waited = 0; waited < PROGRESS_WITHIN_MS && this.#receiver.opened < enough; waited += 10) await sleep(10);
  }

  get open(): number {
    return this.#receiver.openNow;
  }
  get opened(): number {
    return this.#receiver.opened;
  }
  get peak(): number {
    return this.#receiver.peak;
  }
  resetPeak(): void {
    this.#receiver.resetPeak();
  }
  cutOff(calls: number): void {
    this.#openAtKills += calls;
  }

  async look(victim: Victim): Promise<string> {
    await this.#decide(victim).catch(() => undefined); // its database is on the way back
    return `${this.#caller.acknowledged.size} of ${this.#journeys} webhooks acknowledged, ${this.#receiver.asked.size} requests arrived`;
  }

  /** Until every journey has come to an end, whatever end that is. */
  async settle(victim: Victim, progress: (line: string) => void): Promise<void> {
    const until = performance.now() + this.#limitMs;
    for (let before = ''; performance.now() < until; await sleep(500)) {
      const live = await this.#decide(victim)
        .then(() => this.#live(victim))
        .catch(() => null);
      if (live === null) continue; // its database is on the way back
      const unsent = this.#fed - this.#caller.acknowledged.size;
      if (live === 0 && unsent === 0) break;
      const now = `settling: ${live} runs under way, ${unsent} webhooks to acknowledge, ${this.#doubtful.size} requests were in doubt`;
      if (now !== before) progress(now);
      before = now;
    }
    await this.#count(victim);
  }

  async #live(victim: Victim): Promise<number> {
    let live = 0;
    for (const id of this.#workflows) {
      const { runs } = Counted.parse(await victim.ask(`/api/workflows/${id}`));
      live += runs.running + runs.waiting + runs.paused;
    }
    return live;
  }

  /** A person who can ask the service says what happened; that is what the list of effects in doubt is for. */
  async #decide(victim: Victim): Promise<void> {
    const { items } = Effects.parse(await victim.ask('/api/effects?state=in_doubt&kind=http&limit=500'));
    for (const { id, key, subject } of items) {
      const { results } = Results.parse(await victim.ask(`/api/runs/${subject.id}`));
      const stepId = /^[^:]*:([^/@]*)/.exec(key)?.[1] ?? '';
      const asked = this.#receiver.asked.get(pathOf(stepId, String(results.trigger.body.n), null));
      this.#doubtful.set(id, asked !== undefined);
      await victim.ask(`/api/effects/${id}/decide`, { decision: asked === undefined ? 'send_again' : 'happened' });
    }
  }

  /** Every run, every journal row, every request that arrived. */
  async #count(victim: Victim): Promise<void> {
    const runs = await this.#runs(victim);
    const ofWebhook = Map.groupBy(
      runs.filter((run) => run.trigger_type === 'webhook' && run.branch === null),
      (run) => run.trigger_id.replace('in:', ''),
    );
    for (const id of this.#caller.acknowledged) {
      const started = ofWebhook.get(id) ?? [];
      if (started.length > 1) this.#repeated.push(`${started.length} runs for ${id}`);
      const ended = started.some((run) => run.state === 'done');
      if (!ended) this.#lost.push(`${id}: ${started.map((run) => `${run.state} at ${run.step_id}: ${run.error}`).join() || 'no run'}`);
      else this.#done += 1;
      const never = ended ? pathsOf(Number(id.replace('delivery-', ''))).filter((path) => !this.#receiver.asked.has(path)) : [];
      this.#lost.push(...never.map((path) => `${path} never arrived, though its run is done`));
    }
    const left = [...runs];
    const read = async () => {
      for (let run = left.pop(); run !== undefined; run = left.pop())
        this.#check(run.id, Journal.parse(await patiently(async () => victim.ask(`/api/runs/${run?.id ?? ''}`))));
    };
    await Promise.all(Array.from({ length: READERS }, read));
    for (const [path, { at }] of this.#receiver.asked) {
      if (UNSAFE.includes(path.split('/')[1] ?? '') && at.length > 1) this.#repeated.push(`${path} arrived ${at.length} times`);
    }
  }

  /** A step that is done has one row that says so, and nothing asks for it afterwards. */
  #check(runId: string, { journal, results }: z.output<typeof Journal>): void {
    const { trigger } = results;
    const n = String(trigger.body?.n ?? trigger.n);
    const done = journal.filter((row) => row.state === 'done' && row.step_type !== 'loop');
    this.#steps += done.length;
    for (const [step, rows] of Map.groupBy(done, (row) => `${row.step_id}@${row.turn ?? ''}`)) {
      if (rows.length > 1) this.#repeated.push(`${step} of run ${runId} is done ${rows.length} times in its journal`);
    }
    for (const row of done) {
      if (row.step_type !== 'http' || row.ended_at === null) continue;
      const ended = Date.parse(row.ended_at);
      const path = pathOf(row.step_id, n, row.turn);
      const late = this.#receiver.asked.get(path)?.at.filter((at) => at > ended).length ?? 0;
      if (late > 0) this.#repeated.push(`${path} was asked ${late} times after it was done`);
    }
  }

  async #runs(victim: Victim): Promise<z.output<typeof Runs>['items']> {
    const all: z.output<typeof Runs>['items'] = [];
    for (const workflow of this.#workflows) {
      for (let cursor: string | null = ''; cursor !== null;) {
        const at: string = cursor === '' ? '' : `&cursor=${cursor}`;
        const page = Runs.parse(await patiently(() => victim.ask(`/api/runs?workflow_id=${workflow}&branches=true&limit=500${at}`)));
        all.push(...page.items);
        cursor = page.next_cursor;
      }
    }
    return all;
  }

  report(): JourneysReport {
    return {
      acknowledged: this.#caller.acknowledged.size,
      sent_again: this.#caller.unanswered,
      done: this.#done,
      lost: this.#lost.length + this.#fed - this.#caller.acknowledged.size,
      repeated: this.#repeated.length,
      in_doubt: this.#doubtful.size,
      in_doubt_arrived: [...this.#doubtful.values()].filter(Boolean).length,
      open_at_kills: this.#openAtKills,
      cut_by_service: this.#receiver.cut,
      steps: this.#steps,
      requests: [...this.#receiver.asked.values()].reduce((sum, { at }) => sum + at.length, 0),
      faults: [...this.#lost, ...this.#repeated].slice(0, MOST_FAULTS),
    };
  }

  async close(): Promise<void> {
    await this.#caller.stop();
    await this.#receiver.close();
  }
}

export interface JourneysOptions {
  readonly journeys: number;
  readonly seed: number;
  /** Journeys with a longer wait are left out, in seconds. */
  readonly longestWaitS: number;
  /** Whether the web service cuts connections by itself: what was cut is tried again after half a minute. */
  readonly cuts: boolean;
  readonly limitMs?: number;
}

const Made = z.object({ id: z.string(), hooks: z.array(z.object({ path: z.string() })) });
const Counted = z.object({ runs: z.object({ running: z.int(), waiting: z.int(), paused: z.int() }) });
const Effects = z.object({ items: z.array(z.object({ id: z.string(), key: z.string(), subject: z.object({ id: z.string() }) })) });
const Results = z.object({ results: z.object({ trigger: z.object({ body: z.object({ n: z.json() }) }) }) });
const Runs = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      state: z.string(),
      step_id: z.string().nullable(),
      error: z.string().nullable(),
      branch: z.int().nullable(),
      trigger_type: z.string(),
      trigger_id: z.string(),
    }),
  ),
  next_cursor: z.string().nullable(),
});
const Journal = z.object({
  results: z.object({ trigger: z.object({ body: z.object({ n: z.json() }).optional(), n: z.json().optional() }) }),
  journal: z.array(
    z.object({
      step_id: z.string(),
      step_type: z.string(),
      turn: z.string().nullable(),
      state: z.string(),
      ended_at: z.string().nullable(),
    }),
  ),
});
