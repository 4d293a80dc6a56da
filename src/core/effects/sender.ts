import type { Clock } from '#core/clock.ts';
import type { Statement, SystemDatabase, Transaction } from '#core/database/database.ts';
import type { Fence } from '#core/instance/fence.ts';
import { loggedAs, type Log, type LogFields } from '#core/log.ts';
import type { Runtime } from '#core/runtime.ts';
import { inEffectSpan, runOfKey } from '#core/telemetry/carry.ts';
import { counters } from '#core/telemetry/metrics.ts';
import { claim, companiesDue, look, NOTHING, type Claimed } from './claim.ts';
import { crashPoint } from './crash-points.ts';
import type { Lease } from './lease.ts';
import { EFFECT_COLUMNS, effectOf, type EffectRow } from './ledger.ts';
import { lookUp, perform } from './perform.ts';
import { settle, type Finished } from './settle.ts';
import type { Effect, EffectKind } from './types.ts';

export interface SenderParts {
  readonly system: SystemDatabase;
  readonly clock: Clock;
  readonly log: Log;
  readonly lease: Lease;
  readonly fence: Fence;
  /** Are traces kept of what happens here? */
  traced(): boolean;
  runtime(): Runtime;
}

/** Without a call for this long (milliseconds), connections may have been closed: begin slowly again. */
const SLOW_START_AFTER_MS = 60_000;

/**
 * A round begins when all calls under way have ended, or when the first to end has waited as long as it took itself, this long at most (milliseconds): what a
 * round costs whatever it holds is then shared by ten (docs/adr/0077-campaigns.md). Calls slower than QUICK_MS end one by one, and wait for nobody.
 */
const GATHER_MS = 20;
const QUICK_MS = 100;

/** How long the list of companies with something due is believed. */
const COMPANIES_FRESH_MS = 250;

// Handed in a transaction whose end we did not learn: nothing left the house, so they go back.
const UNOPENED: Statement = {
  name: 'effects.unopened',
  text: `update effects set state = 'reserved', attempts = attempts - 1, reason = null where owner = $1 and kind = $2 and state = 'handed' and reason is null and id <> all ($3::uuid[])`,
};
// The reason tells an inherited one, which may have happened, from one of our own that was never begun.
const INHERIT: Statement = {
  name: 'effects.inherit',
  text: `update effects e set owner = $1, reason = 'its worker was lost; it is looked into' where e.id = any (array(
           select id from effects where state = 'handed' and kind = $2
              and (owner = any ($3::uuid[]) or (owner = $1 and reason is not null and id <> all ($4::uuid[]))) limit 500 for update skip locked))
         returning ${EFFECT_COLUMNS}`,
};

/**
 * Does one kind of effect. A round is one transaction: it settles what has finished and hands over as many as can open at once,
 * so that one flush to disk serves both, and a kill leaves at most the open calls in doubt.
 */
export class Sender {
  readonly #kind: EffectKind;
  readonly #parts: SenderParts;
  readonly #open = new Map<string, Promise<void>>();
  #finished: Finished[] = [];
  #gatherUntil = 0;
  #gatherer: NodeJS.Timeout | undefined;
  #companies: string[] = [];
  #companiesAt = Number.NEGATIVE_INFINITY;
  #turn = 0;
  #unclear = false;
  /**
   * How many calls may be open now. It begins with one and grows by one when the call that filled it has ended, as its connection is open then: a process
   * that dies right after its start must not leave ten calls in doubt that no vendor ever heard of. Halved when the vendor is away.
   */
  #window = 1;
  #filler: string | undefined;
  #lastCall = Number.NEGATIVE_INFINITY;
  /** Called when a call has ended: there is something to settle, and room. */
  onFinished: () => void = () => undefined;
  done = 0;

  constructor(kind: EffectKind, parts: SenderParts) {
    this.#kind = kind;
    this.#parts = parts;
  }

  get kind(): string {
    return this.#kind.kind;
  }
  /** Calls under way. */
  get open(): number {
    return this.#open.size;
  }
  get unsettled(): number {
    return this.#finished.length;
  }
  /** Whether what the last round handed over was committed is not known. */
  get unclear(): boolean {
    return this.#unclear;
  }

  /** One round. True when another may find more to do at once. */
  async round(take: boolean): Promise<boolean> {
    const { lease, system, clock } = this.#parts;
    await lease.enter();
    if (lease.doubtful) await lease.beat();
    const finished = this.#finished;
    if (this.#filler !== undefined && !this.#open.has(this.#filler)) {
      this.#filler = undefined;
      this.#window = Math.min(this.#kind.concurrency, this.#window + 1);
    }
    if (this.#kind.apart === true) this.#window = this.#kind.concurrency;
    else if (this.#open.size === 0 && finished.length === 0 && performance.now() - this.#lastCall > SLOW_START_AFTER_MS) this.#window = 1;
    const room = take ? this.#window - this.#open.size : 0;
    if (finished.length === 0 && room <= 0 && !this.#unclear) return false;
    if (take && this.#gathers()) return false;
    clearTimeout(this.#gatherer);
    this.#gatherer = undefined;
    const known = this.#companiesAt;
    const companies = room > 0 ? await this.#companiesToServe(room) : [];
    // An older list may lack a company that got its first effect since; when it yields too little, the next round looks afresh.
    const older = room > 0 && this.#companiesAt === known && companies.length > 0;
    if (finished.length === 0 && companies.length === 0 && !this.#unclear) return false;
    this.#finished = [];
    let claimed: Claimed = NOTHING;
    let looked = 0;
    const handedAt = performance.now();
    try {
      await system.round('durable', async (tx) => {
        const now = clock.now();
        if (this.#unclear) await tx.query(UNOPENED, [lease.id, this.kind, this.#begun(finished)]);
        // Sent together: PostgreSQL takes them in this order. What has ended is written down by whoever did it, fenced off or not.
        const [, , rows] = await Promise.all([
          room > 0 ? this.#parts.fence.check(tx) : undefined,
          settle(tx, this.#kind, lease.id, finished, now, this.#parts.runtime()),
          look(tx, this.#kind, companies, room, now),
        ]);
        if (finished.length > 0) crashPoint('effects.before-confirm');
        looked = rows.length;
        claimed = await claim(tx, this.#kind, rows, lease.id, now, this.#parts.runtime());
        if (claimed.handed.length > 0) crashPoint('effects.before-handed');
      });
    } catch (error) {
      // Outcomes are kept until they can be written; what this transaction handed over, if it did commit, was never begun.
      this.#finished = [...finished, ...this.#finished];
      this.#unclear = true;
      await claimed.marked; // its own failure says more than that of the commit
      throw error;
    }
    this.#unclear = false;
    this.done += finished.length;
    if (finished.length > 0) crashPoint('effects.after-confirm');
    if (claimed.handed.length > 0) crashPoint('effects.after-handed');
    for (const effect of claimed.handed) this.#begin(effect, () => this.#perform(effect, handedAt));
    if (this.#open.size >= this.#window) this.#filler ??= claimed.handed.at(-1)?.id;
    if (looked < room) this.#companiesAt = Number.NEGATIVE_INFINITY;
    return this.#finished.length > 0 || looked > 0 || older;
  }

  /** Calls have ended, and others are about to: one round serves them all. It is asked for again in time. */
  #gathers(): boolean {
    if (this.#finished.length === 0 || this.#open.size === 0 || this.#unclear) return false;
    const left = this.#gatherUntil - performance.now();
    if (left <= 0) return false;
    this.#gatherer ??= setTimeout(() => {
      this.#gatherer = undefined;
      this.onFinished();
    }, left).unref();
    return true;
  }

  /** All that was begun and is not written down yet: under way, about to be written, and what ended since that was collected. */
  #begun(settling: readonly Finished[]): string[] {
    return [...this.#open.keys(), ...[...settling, ...this.#finished].map(({ effect }) => effect.id)];
  }

  /** Looks into what dead workers left handed. Answers how many were taken over. */
  async inherit(dead: readonly string[]): Promise<number> {
    const { lease, system, log, fence } = this.#parts;
    await lease.enter();
    const known = [...this.#open.keys(), ...this.#finished.map(({ effect }) => effect.id)];
    const rows = await system.write(async (tx: Transaction) => {
      const [, taken] = await Promise.all([fence.check(tx), tx.query<EffectRow>(INHERIT, [lease.id, this.kind, dead, known])]);
      return taken;
    });
    if (rows.length > 0) log.warn({ kind: this.kind, effects: rows.length }, 'effects of a worker that is gone are looked into');
    for (const effect of rows.map(effectOf))
      this.#begin(effect, () => lookUp(this.#kind, effect, this.#parts.runtime(), 'its worker was lost while the call was open'));
    return rows.length;
  }

  async #perform(effect: Effect, handedAt: number) {
    // Suspended since the hand-over: others may have taken it over by now. Not begun is not done.
    if (performance.now() - handedAt > this.#parts.lease.trustMs) {
      return { state: 'reserved', dueAt: this.#parts.clock.now(), reason: 'its worker was suspended', hold: false, counts: false } as const;
    }
    crashPoint('effects.before-perform');
    const work = () => perform(this.#kind, effect, this.#parts.runtime());
    const result = this.#parts.traced() ? await inEffectSpan(this.#parts.system, effect, work) : await work();
    counters.add('steward_effects_total', 1, { kind: this.kind, state: result.state });
    crashPoint('effects.after-perform');
    return result;
  }

  #begin(effect: Effect, work: () => Promise<Finished['result']>): void {
    const beganAt = performance.now();
    const call = loggedAs(aboutOf(effect), work)
      .catch((error: unknown): Finished['result'] => ({
        state: 'in_doubt',
        reason: error instanceof Error ? error.message : String(error),
      }))
      .then((result) => {
        this.#lastCall = performance.now();
        if (this.#finished.length === 0) this.#gatherUntil = this.#lastCall + gatherMs(this.#lastCall - beganAt);
        this.#finished.push({ effect, result });
        this.#open.delete(effect.id);
        if (result.state === 'reserved') {
          this.#window = Math.max(1, this.#window >> 1);
          this.#filler = undefined;
        }
        if (result.state === 'in_doubt')
          this.#parts.log.error(
            { effect: effect.id, kind: this.kind, reason: result.reason },
            'an effect is in doubt: a person must decide',
          );
        this.onFinished();
      });
    this.#open.set(effect.id, call);
  }

  /** Companies whose turn it is, at most one for each free place. */
  async #companiesToServe(room: number): Promise<string[]> {
    const now = performance.now();
    if (now - this.#companiesAt > COMPANIES_FRESH_MS) {
      this.#companies = await this.#parts.system.read((tx) => companiesDue(tx, this.kind, this.#parts.clock.now()));
      // Nothing due is not remembered: the next look is asked for because something is.
      this.#companiesAt = this.#companies.length > 0 ? now : Number.NEGATIVE_INFINITY;
    }
    const all = this.#companies;
    if (all.length <= room) return all;
    const start = this.#turn % all.length;
    this.#turn = start + room;
    return [...all, ...all].slice(start, start + room);
  }

  /** Until every open call has ended and been written down. */
  async finish(): Promise<void> {
    for (;;) {
      await Promise.all(this.#open.values());
      if (this.#finished.length === 0 && this.#open.size === 0) return;
      await this.round(false);
    }
  }
}

function gatherMs(tookMs: number): number {
  return tookMs > QUICK_MS ? 0 : Math.min(GATHER_MS, tookMs);
}

function aboutOf(effect: Effect): LogFields {
  const run = effect.subject.type === 'run' ? effect.subject.id : runOfKey(effect.key);
  return { company: effect.companyId, effect: effect.id, ...(run === undefined ? {} : { run }) };
}
