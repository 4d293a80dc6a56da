import type { Statement } from '#core/database/database.ts';
import type { Lease } from '#core/effects/lease.ts';
import { counters } from '#core/telemetry/metrics.ts';
import type { Advanced } from './advance.ts';
import type { Dispatched } from './dispatcher.ts';
import { BatchSize, GiveWay } from './give-way.ts';
import { isolatedAdvance, isolatedDispatch } from './isolate.ts';
import { Backlogs } from './lanes.ts';
import { Loop } from './loop.ts';
import type { Parts } from './parts.ts';
import type { Mark, Traces } from './traces.ts';
import { unlessHeld } from './unless-held.ts';
import { wake } from './waker.ts';

/** Most events or runs in one transaction. Beyond a few hundred, batches only hold locks longer. */
const EVENTS = 500;
const RUNS = 200;
const WAKES = 1_000;
/** The same while a company has a backlog: those beside it are not to wait for a long batch (docs/adr/0031-lanes.md). */
const CROWDED = { EVENTS: 100, RUNS: 60, WAKES: 300, PAUSE_MS: 40 };
/** The backlog's own batches are as small as this when they are slow and others are about (docs/adr/0070-giving-way.md). */
const LEAST = 10;
/** Looked for again after this long when nobody nudged (milliseconds). The shortest wait of a run is longer than WAKE_POLL. */
const POLL_MS = 1_000;
const WAKE_POLL_MS = 500;
const WAKE_GATHER_MS = 20;

/** What tells other processes that there is work. */
export const WORK_CHANNEL = 'steward_work';
/** Said on it, with the id of a worker that has work beside a backlog: the other workers' backlogs give way as well. At most this often (milliseconds). */
const OTHERS_AT_WORK = 'others ';
const TELL_MS = 10;
const TELL: Statement = { name: 'engine.tell_workers', text: `select pg_notify('${WORK_CHANNEL}', $1)` };

type Dispatching = ReturnType<typeof isolatedDispatch>;
type Advancing = ReturnType<typeof isolatedAdvance>;

export interface RoundsInput {
  readonly parts: Parts;
  readonly lease: Lease;
  readonly traces: Traces;
  /** Under load, rounds of dispatch and advance begin at most this often (milliseconds), unless there is a full batch. */
  gatherMs(): number;
  /** Runs wait for a worker of activities. */
  onActivities(): void;
  /** Effects were reserved. */
  onEffects(): void;
}

/**
 * What the worker does with the database alone, each a loop: events off the outbox, runs whose time has come, runs that may move. While a company has
 * a backlog the loop is its lane, and a second one beside it serves everybody else.
 */
export class Rounds {
  readonly dispatch: Dispatching;
  readonly advance: Advancing;
  /** Steps done so far. */
  steps = 0;
  readonly #input: RoundsInput;
  readonly #backlogs = new Backlogs();
  readonly #giveWay = new GiveWay();
  readonly #sizes = {
    events: new BatchSize(LEAST, CROWDED.EVENTS),
    runs: new BatchSize(LEAST, CROWDED.RUNS),
    wakes: new BatchSize(LEAST, CROWDED.WAKES),
  };
  readonly #large: { readonly dispatch: Dispatching; readonly advance: Advancing };
  readonly #beside: { readonly dispatch: Dispatching; readonly advance: Advancing };
  readonly #loops: Readonly<Record<'dispatch' | 'dispatchBeside' | 'wake' | 'wakeBeside' | 'advance' | 'advanceBeside', Loop>>;
  #next: Date | null = null;
  #toldAt = Number.NEGATIVE_INFINITY;
  /** More runs stand on the queue than one batch takes. */
  #behind = false;

  constructor(input: RoundsInput) {
    const { parts } = input;
    this.#input = input;
    this.dispatch = isolatedDispatch(parts, EVENTS);
    this.advance = isolatedAdvance(parts, RUNS);
    this.#large = {
      dispatch: isolatedDispatch(
        parts,
        () => this.#sizes.events.now,
        () => ({ of: this.#backlogs.large }),
      ),
      advance: isolatedAdvance(parts, () => this.#sizes.runs.now),
    };
    this.#beside = {
      dispatch: isolatedDispatch(parts, CROWDED.EVENTS, () => ({ beside: this.#backlogs.large })),
      advance: isolatedAdvance(parts, CROWDED.RUNS, () => this.#backlogs.large),
    };
    const loop = (name: string, round: () => Promise<boolean>, idleMs = () => POLL_MS, gatherMs = () => 0) =>
      new Loop({ name, work: () => unlessHeld(parts, round, false), idleMs, gatherMs }, parts.log);
    const gatherMs = () => input.gatherMs();
    this.#loops = {
      dispatch: loop('dispatch', () => this.#dispatchRound(), undefined, gatherMs),
      dispatchBeside: loop('dispatch beside a backlog', () => this.#dispatchBesideRound()),
      wake: loop(
        'wake',
        () => this.#wakeRound(),
        () => this.#untilNext(),
        () => WAKE_GATHER_MS,
      ),
      wakeBeside: loop(
        'wake beside a backlog',
        () => this.#wakeBesideRound(),
        () => (this.#crowded ? CROWDED.PAUSE_MS : POLL_MS),
      ),
      advance: loop('advance', () => this.#advanceRound(), undefined, gatherMs),
      advanceBeside: loop('advance beside a backlog', () => this.#advanceBesideRound()),
    };
  }

  get loops(): readonly Loop[] {
    return Object.values(this.#loops);
  }

  nudgeDispatch(): void {
    this.#loops.dispatch.nudge();
    this.#loops.dispatchBeside.nudge();
  }
  nudgeWake(): void {
    this.#loops.wake.nudge();
    this.#loops.wakeBeside.nudge();
  }
  nudgeAdvance(): void {
    this.#loops.advance.nudge();
    this.#loops.advanceBeside.nudge();
  }

  /** A word on the channel: answers whether it was for the rounds alone. */
  heard(what: string): boolean {
    if (!what.startsWith(OTHERS_AT_WORK)) return false;
    if (what.slice(OTHERS_AT_WORK.length) !== this.#input.lease.id) this.#giveWay.seen();
    return true;
  }

  /** As many runs and schedules as are due on the clock, for a drain. */
  wakeAll(): Promise<{ readonly due: number }> {
    return wake(this.#input.parts, WAKES);
  }

  /** What a round put down since its beginning is looked for. */
  follow(mark: Mark): void {
    const { events, effects } = this.#input.traces.since(mark);
    if (events) this.nudgeDispatch();
    if (effects) this.#input.onEffects();
  }

  get #crowded(): boolean {
    return this.#backlogs.large.length > 0;
  }

  async #dispatchRound(): Promise<boolean> {
    const mark = this.#input.traces.mark();
    if (!this.#crowded) {
      const dispatched = await this.dispatch.round();
      this.#count(() => this.#backlogs.events.took(dispatched.companies, EVENTS));
      this.#followDispatch(dispatched, mark);
      return dispatched.events >= EVENTS;
    }
    // A backlog of events becomes runs no faster than runs are worked off: more of them on the queue would help nobody.
    if (this.#behind) return false;
    const { found, most } = await this.#giveWay.backlog(
      this.#sizes.events,
      () => this.#large.dispatch.round(),
      ({ events }) => events,
    );
    this.#count(() => this.#backlogs.events.kept(found.companies, most));
    this.#followDispatch(found, mark);
    return found.events >= most;
  }

  async #dispatchBesideRound(): Promise<boolean> {
    if (!this.#crowded) return false;
    const mark = this.#input.traces.mark();
    const dispatched = await this.#others(
      () => this.#beside.dispatch.round(),
      ({ events }) => events,
    );
    this.#count(() => this.#backlogs.events.took(dispatched.companies, CROWDED.EVENTS));
    this.#followDispatch(dispatched, mark);
    return dispatched.events >= CROWDED.EVENTS;
  }

  #followDispatch({ due, steps }: Dispatched, mark: Mark): void {
    this.steps += steps;
    if (steps > 0) counters.add('steward_steps_total', steps);
    if (due > 0) this.nudgeAdvance();
    this.follow(mark);
  }

  /** A change of who has a backlog. When the lanes begin or end, everything looks again: each loop saw only the half of it that it was to see. */
  #count(change: () => void): void {
    const before = this.#crowded;
    change();
    if (before === this.#crowded) return;
    this.nudgeDispatch();
    this.nudgeAdvance();
    this.nudgeWake();
  }

  /** A look for work of those beside the backlogs; found, the backlogs of all workers give way. */
  async #others<T>(look: () => Promise<T>, took: (found: T) => number): Promise<T> {
    const found = await this.#giveWay.others(look, took);
    const now = performance.now();
    if (took(found) === 0 || this.#input.lease.neighbours === 0 || now - this.#toldAt < TELL_MS) return found;
    this.#toldAt = now;
    const { system, log } = this.#input.parts;
    system
      .round('relaxed', (tx) => tx.query(TELL, [`${OTHERS_AT_WORK}${this.#input.lease.id}`]))
      .catch((error: unknown) => log.debug({ err: error }, 'other workers were not told to give way'));
    return found;
  }

  async #wakeRound(): Promise<boolean> {
    if (!this.#crowded) {
      const { due, next, companies } = await wake(this.#input.parts, WAKES);
      this.#next = next;
      this.#count(() => this.#backlogs.wakes.took(companies, WAKES));
      if (due > 0) this.nudgeAdvance();
      return due > 0;
    }
    // A backlog is woken no faster than it is worked off.
    if (this.#behind) return false;
    const { found, most } = await this.#giveWay.backlog(
      this.#sizes.wakes,
      () => wake(this.#input.parts, this.#sizes.wakes.now, { of: this.#backlogs.large }),
      ({ companies }) => companies.length,
    );
    this.#count(() => this.#backlogs.wakes.kept(found.companies, most));
    if (found.due > 0) this.nudgeAdvance();
    return false;
  }

  async #wakeBesideRound(): Promise<boolean> {
    if (!this.#crowded) return false;
    const { due, companies } = await this.#others(
      () => wake(this.#input.parts, CROWDED.WAKES, { beside: this.#backlogs.large }),
      ({ due }) => due,
    );
    this.#count(() => this.#backlogs.wakes.took(companies, CROWDED.WAKES));
    if (due > 0) this.nudgeAdvance();
    return due > 0;
  }

  #untilNext(): number {
    if (this.#crowded) return CROWDED.PAUSE_MS;
    if (this.#next === null) return WAKE_POLL_MS;
    return Math.min(WAKE_POLL_MS, Math.max(1, this.#next.getTime() - this.#input.parts.clock.now().getTime()));
  }

  async #advanceRound(): Promise<boolean> {
    const mark = this.#input.traces.mark();
    if (!this.#crowded) {
      const advanced = await this.advance.round();
      this.#count(() => this.#backlogs.runs.took(advanced.companies, RUNS));
      this.#behind = advanced.taken >= RUNS;
      this.#followAdvance(advanced, mark);
      return this.#behind;
    }
    const { found, most } = await this.#giveWay.backlog(
      this.#sizes.runs,
      () => this.#large.advance.round(),
      ({ taken }) => taken,
    );
    this.#count(() => this.#backlogs.runs.kept(found.companies, most));
    this.#behind = found.taken >= most;
    if (!this.#behind) {
      this.nudgeDispatch();
      this.#loops.wake.nudge();
    }
    this.#followAdvance(found, mark);
    return this.#behind;
  }

  async #advanceBesideRound(): Promise<boolean> {
    if (!this.#crowded) return false;
    const mark = this.#input.traces.mark();
    const advanced = await this.#others(
      () => this.#beside.advance.round(),
      ({ taken }) => taken,
    );
    this.#count(() => this.#backlogs.runs.took(advanced.companies, CROWDED.RUNS));
    this.#followAdvance(advanced, mark);
    return advanced.taken >= CROWDED.RUNS;
  }

  #followAdvance({ taken, steps, handedOver }: Advanced, mark: Mark): void {
    this.steps += steps;
    if (steps > 0) counters.add('steward_steps_total', steps);
    if (handedOver > 0) this.#input.onActivities();
    if (taken > 0) this.nudgeAdvance();
    this.follow(mark);
  }
}
