import type { Lease } from '#core/effects/lease.ts';
import { HeldInstance } from '#core/errors.ts';
import type { Sender } from '#core/effects/sender.ts';
import { counters } from '#core/telemetry/metrics.ts';
import { Activities } from './activities.ts';
import type { Advanced } from './advance.ts';
import type { Dispatched } from './dispatcher.ts';
import { install } from './install.ts';
import { isolatedAdvance, isolatedDispatch } from './isolate.ts';
import { Lanes } from './lanes.ts';
import { Loop } from './loop.ts';
import type { Parts } from './parts.ts';
import type { Traces } from './traces.ts';
import type { Drained, EngineWorker } from './types.ts';
import { wake } from './waker.ts';

/** Most events or runs in one transaction. Beyond a few hundred, batches only hold locks longer. */
const EVENTS = 500;
const RUNS = 200;
const WAKES = 1_000;
const ACTIVITIES = 10;
/** The same while a company has a backlog: those beside it are not to wait for a long batch (docs/adr/0031-lanes.md). */
const CROWDED = { EVENTS: 100, RUNS: 60, WAKES: 300, PAUSE_MS: 40 };
/** Looked for again after this long when nobody nudged (milliseconds). The shortest wait of a run is longer than WAKE_POLL. */
const POLL_MS = 1_000;
const WAKE_POLL_MS = 500;
/** Under load, rounds of dispatch and advance begin at most this often (milliseconds), unless there is a full batch. */
const GATHER_MS = 20;
const WAKE_GATHER_MS = 20;
/** While mails and the like are leaving: what follows from them is worked off in larger rounds, so that it holds up none of them. */
const BUSY_GATHER_MS = 100;
const GRACE_MS = 20_000;

/** What tells other processes that there is work. */
export const WORK_CHANNEL = 'steward_work';
/** Said on it when there are new events and nothing else. */
const EVENTS_ONLY = 'events';

/** Everything that works in the background: one loop for each kind of work. */
export class Worker implements EngineWorker {
  readonly #parts: Parts;
  readonly #senders: readonly Sender[];
  readonly #lease: Lease;
  readonly #traces: Traces;
  #next: Date | null = null;
  readonly #activities: Activities;
  readonly #advance: ReturnType<typeof isolatedAdvance>;
  readonly #dispatch: ReturnType<typeof isolatedDispatch>;
  /** The lanes of those who have no backlog, while others have one. */
  readonly #eventLanes = new Lanes();
  readonly #runLanes = new Lanes();
  readonly #advanceBeside: ReturnType<typeof isolatedAdvance>;
  readonly #dispatchBeside: ReturnType<typeof isolatedDispatch>;
  readonly #large: { readonly dispatch: ReturnType<typeof isolatedDispatch>; readonly advance: ReturnType<typeof isolatedAdvance> };
  #crowded = false;
  /** More runs stand on the queue than one batch takes. */
  #behind = false;
  readonly #loops: {
    readonly dispatch: Loop;
    readonly dispatchBeside: Loop;
    readonly advanceBeside: Loop;
    readonly wake: Loop;
    readonly advance: Loop;
    readonly activities: Loop;
    readonly beat: Loop;
    readonly effects: readonly Loop[];
  };
  #unlisten: (() => Promise<void>) | null = null;
  #started = false;
  #steps = 0;

  constructor(parts: Parts, senders: readonly Sender[], lease: Lease, traces: Traces) {
    this.#traces = traces;
    this.#parts = parts;
    this.#senders = senders;
    this.#lease = lease;
    this.#activities = new Activities(parts, lease, ACTIVITIES);
    this.#advance = isolatedAdvance(parts, RUNS);
    this.#dispatch = isolatedDispatch(parts, EVENTS);
    this.#large = {
      dispatch: isolatedDispatch(parts, CROWDED.EVENTS, () => ({ of: this.#eventLanes.large })),
      advance: isolatedAdvance(parts, CROWDED.RUNS),
    };
    this.#dispatchBeside = isolatedDispatch(parts, CROWDED.EVENTS, () => ({ beside: this.#eventLanes.large }));
    this.#advanceBeside = isolatedAdvance(parts, CROWDED.RUNS, () => this.#runLanes.large);
    const loop = (name: string, work: () => Promise<boolean>, idleMs: () => number | Promise<number>, gatherMs = () => 0) =>
      new Loop({ name, work, idleMs, gatherMs }, parts.log);
    const gather = () => (senders.some((sender) => sender.open > 0) ? BUSY_GATHER_MS : GATHER_MS);
    this.#loops = {
      dispatch: loop(
        'dispatch',
        () => this.#unlessHeld(() => this.#dispatchRound(), false),
        () => POLL_MS,
        gather,
      ),
      dispatchBeside: loop(
        'dispatch beside a backlog',
        () => this.#unlessHeld(() => this.#dispatchBesideRound(), false),
        () => POLL_MS,
      ),
      advanceBeside: loop(
        'advance beside a backlog',
        () => this.#unlessHeld(() => this.#advanceBesideRound(), false),
        () => POLL_MS,
      ),
      wake: loop(
        'wake',
        () => this.#unlessHeld(() => this.#wakeRound(), false),
        () => this.#untilNext(),
        () => WAKE_GATHER_MS,
      ),
      advance: loop(
        'advance',
        () => this.#unlessHeld(() => this.#advanceRound(), false),
        () => POLL_MS,
        gather,
      ),
      activities: loop(
        'activities',
        () => this.#unlessHeld(() => this.#activityRound(), false),
        () => POLL_MS,
      ),
      beat: loop(
        'beat',
        () => this.#beatRound(),
        () => lease.beatMs,
      ),
      effects: senders.map((sender) =>
        loop(
          `effects ${sender.kind}`,
          () => this.#effectRound(sender),
          () => POLL_MS,
        ),
      ),
    };
    for (const [i, sender] of senders.entries()) sender.onFinished = () => this.#loops.effects[i]?.nudge();
  }

  get started(): boolean {
    return this.#started;
  }

  async start(): Promise<void> {
    const { system, queue, registry, clock } = this.#parts;
    await system.write((tx) => install(tx, registry.workflows, null, clock.now()));
    await queue.start();
    await this.#lease.beat();
    this.#unlisten = await system.listen(WORK_CHANNEL, (what) => this.nudge(what));
    this.#started = true;
    for (const one of this.#all()) one.start();
  }

  async stop(): Promise<void> {
    if (!this.#started) return;
    this.#started = false;
    const { beat, ...rest } = this.#loops;
    await this.#unlisten?.();
    const { effects, ...others } = rest;
    await Promise.all([...Object.values(others), ...effects].map((loop) => loop.stop()));
    await Promise.all([this.#activities.stop(GRACE_MS), ...this.#senders.map((sender) => sender.finish())]);
    await beat.stop();
    await this.#lease.leave();
    await this.#parts.queue.stop();
  }

  nudge(what = ''): void {
    this.#nudgeDispatch();
    if (what === EVENTS_ONLY) return;
    this.#loops.wake.nudge();
    for (const loop of this.#loops.effects) loop.nudge();
  }

  #all(): readonly Loop[] {
    const { effects, ...rest } = this.#loops;
    return [...Object.values(rest), ...effects];
  }

  /** Held, nothing is taken up: not by what this process knows, and not by what the database says. */
  async #unlessHeld<T>(work: () => Promise<T>, otherwise: T): Promise<T> {
    const { fence } = this.#parts;
    if (fence.held) return otherwise;
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof HeldInstance)) throw error;
      await fence.refused();
      return otherwise;
    }
  }

  async #dispatchRound(): Promise<boolean> {
    const crowded = this.#eventLanes.large.length > 0;
    // A backlog of events becomes runs no faster than runs are worked off: more of them on the queue would help nobody.
    if (crowded && this.#behind) return false;
    const dispatched = await (crowded ? this.#large.dispatch : this.#dispatch).round();
    const most = crowded ? CROWDED.EVENTS : EVENTS;
    this.#eventLanes.took(dispatched.companies, most);
    this.#followDispatch(dispatched);
    // Whoever had a backlog until now is served by the one lane again.
    return dispatched.events >= most || crowded;
  }

  async #dispatchBesideRound(): Promise<boolean> {
    if (this.#eventLanes.large.length === 0) return false;
    const dispatched = await this.#dispatchBeside.round();
    this.#followDispatch(dispatched);
    return dispatched.events >= CROWDED.EVENTS;
  }

  #followDispatch({ due, steps }: Dispatched): void {
    this.#steps += steps;
    if (steps > 0) counters.add('steward_steps_total', steps);
    if (due > 0) this.#nudgeAdvance();
    this.#followTraces();
  }

  #nudgeAdvance(): void {
    this.#loops.advance.nudge();
    this.#loops.advanceBeside.nudge();
  }
  #nudgeDispatch(): void {
    this.#loops.dispatch.nudge();
    this.#loops.dispatchBeside.nudge();
  }

  async #wakeRound(): Promise<boolean> {
    // A backlog is woken no faster than it is worked off.
    if (this.#crowded && this.#behind) return false;
    const most = this.#crowded ? CROWDED.WAKES : WAKES;
    const { due, next } = await wake(this.#parts, most, this.#crowded);
    this.#next = next;
    if (due > 0) this.#nudgeAdvance();
    this.#crowded = due >= most / 2;
    return due > 0 && !this.#crowded;
  }

  #untilNext(): number {
    if (this.#crowded) return CROWDED.PAUSE_MS;
    if (this.#next === null) return WAKE_POLL_MS;
    return Math.min(WAKE_POLL_MS, Math.max(1, this.#next.getTime() - this.#parts.clock.now().getTime()));
  }

  async #advanceRound(): Promise<boolean> {
    const crowded = this.#runLanes.large.length > 0;
    const advanced = await (crowded ? this.#large.advance : this.#advance).round();
    const most = crowded ? CROWDED.RUNS : RUNS;
    this.#runLanes.took(advanced.companies, most);
    this.#behind = advanced.taken >= most;
    if (!this.#behind && this.#eventLanes.large.length > 0) this.#nudgeDispatch();
    this.#followAdvance(advanced);
    return this.#behind;
  }

  async #advanceBesideRound(): Promise<boolean> {
    if (this.#runLanes.large.length === 0) return false;
    const advanced = await this.#advanceBeside.round();
    this.#followAdvance(advanced);
    return advanced.taken >= CROWDED.RUNS;
  }

  #followAdvance({ taken, steps, handedOver }: Advanced): void {
    this.#steps += steps;
    if (steps > 0) counters.add('steward_steps_total', steps);
    if (handedOver > 0) this.#loops.activities.nudge();
    if (taken > 0) this.#nudgeAdvance();
    this.#followTraces();
  }

  #followTraces(): void {
    const { events, effects } = this.#traces.take();
    if (events) this.#nudgeDispatch();
    if (effects) for (const loop of this.#loops.effects) loop.nudge();
  }

  async #activityRound(): Promise<boolean> {
    const taken = await this.#activities.take(() => {
      this.#loops.activities.nudge();
      this.#nudgeAdvance();
      this.#followTraces();
    });
    return taken > 0 && this.#activities.room > 0;
  }

  /** Held, it only writes down what became of calls that were open. */
  async #round(sender: Sender): Promise<boolean> {
    return this.#parts.fence.held ? sender.round(false) : this.#unlessHeld(() => sender.round(true), true);
  }

  async #effectRound(sender: Sender): Promise<boolean> {
    const before = sender.done;
    const more = await this.#round(sender);
    if (sender.done > before) this.#nudgeDispatch();
    this.#followTraces();
    return more;
  }

  /** Says that this process lives, and looks into what dead ones left behind. */
  async #beatRound(): Promise<boolean> {
    await this.#lease.beat();
    await this.#activities.beat();
    await this.#unlessHeld(() => this.recover(), 0);
    return false;
  }

  /** What workers that are gone had in hand: steps are free for others, effects are looked up. Answers how many. */
  async recover(): Promise<number> {
    const dead = await this.#lease.dead();
    let found = await this.#activities.inherit(dead);
    if (found > 0) this.#loops.activities.nudge();
    for (const sender of this.#senders) found += await sender.inherit(dead);
    for (const id of dead) await this.#lease.forget(id);
    return found;
  }

  /** Round after round until nothing is due on the clock. Needs no `start`. */
  async drain(): Promise<Drained> {
    const before = { steps: this.#steps + this.#activities.steps, effects: this.#senders.reduce((sum, sender) => sum + sender.done, 0) };
    let events = 0;
    for (;;) {
      const pass = await this.#pass();
      events += pass.events;
      if (!pass.any) break;
    }
    return {
      events,
      steps: this.#steps + this.#activities.steps - before.steps,
      effects: this.#senders.reduce((sum, sender) => sum + sender.done, 0) - before.effects,
    };
  }

  /** Every kind of work once, in a fixed order, so that tests see the same each time. */
  #pass(): Promise<{ any: boolean; events: number }> {
    return this.#unlessHeld(() => this.#everything(), { any: false, events: 0 });
  }
  async #everything(): Promise<{ any: boolean; events: number }> {
    let any = false;
    let events = 0;
    for (let batch = await this.#dispatch.round(); batch.events > 0; batch = await this.#dispatch.round()) {
      events += batch.events;
      this.#steps += batch.steps;
    }
    while ((await wake(this.#parts, WAKES)).due > 0) any = true;
    for (let batch = await this.#advance.round(); batch.taken > 0; batch = await this.#advance.round()) {
      this.#steps += batch.steps;
      any = true;
    }
    while ((await this.#activities.take(() => undefined)) > 0) {
      await this.#activities.settle();
      any = true;
    }
    for (const sender of this.#senders) {
      while (await sender.round(true)) {
        await sender.finish();
        any = true;
      }
      await sender.finish();
    }
    return { any: any || events > 0, events };
  }
}
