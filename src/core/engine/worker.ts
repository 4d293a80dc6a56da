import type { Lease } from '#core/effects/lease.ts';
import type { Sender } from '#core/effects/sender.ts';
import { Activities } from './activities.ts';
import { anyDue } from './any-due.ts';
import { install } from './install.ts';
import { Loop } from './loop.ts';
import type { Parts } from './parts.ts';
import { Rounds, WORK_CHANNEL } from './rounds.ts';
import type { Traces } from './traces.ts';
import type { Drained, EngineWorker } from './types.ts';
import { unlessHeld } from './unless-held.ts';

const ACTIVITIES = 10;
/** Looked for again after this long when nobody nudged (milliseconds). */
const POLL_MS = 1_000;
/** Under load, rounds of dispatch and advance begin at most this often (milliseconds), unless there is a full batch. */
const GATHER_MS = 20;
/** While mails and the like are leaving: what follows from them is worked off in larger rounds, so that it holds up none of them. */
const BUSY_GATHER_MS = 100;
const GRACE_MS = 20_000;

/** Said to the workers when there are new events and nothing else. */
const EVENTS_ONLY = 'events';

/** Everything that works in the background: one loop for each kind of work. */
export class Worker implements EngineWorker {
  readonly #parts: Parts;
  readonly #senders: readonly Sender[];
  readonly #lease: Lease;
  readonly #traces: Traces;
  readonly #activities: Activities;
  readonly #rounds: Rounds;
  readonly #loops: { readonly activities: Loop; readonly beat: Loop; readonly effects: readonly Loop[] };
  #unlisten: (() => Promise<void>) | null = null;
  #started = false;

  constructor(parts: Parts, senders: readonly Sender[], lease: Lease, traces: Traces) {
    this.#traces = traces;
    this.#parts = parts;
    this.#senders = senders;
    this.#lease = lease;
    this.#activities = new Activities(parts, lease, ACTIVITIES);
    this.#rounds = new Rounds({
      parts,
      lease,
      traces,
      gatherMs: () => (senders.some((sender) => sender.open > 0) ? BUSY_GATHER_MS : GATHER_MS),
      onActivities: () => this.#loops.activities.nudge(),
      onEffects: () => this.#nudgeEffects(),
    });
    const loop = (name: string, work: () => Promise<boolean>, idleMs = () => POLL_MS) => new Loop({ name, work, idleMs }, parts.log);
    this.#loops = {
      activities: loop('activities', () => unlessHeld(parts, () => this.#activityRound(), false)),
      beat: loop(
        'beat',
        () => this.#beatRound(),
        () => lease.beatMs,
      ),
      effects: senders.map((sender) => loop(`effects ${sender.kind}`, () => this.#effectRound(sender))),
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
    for (const one of [...this.#working, this.#loops.beat]) one.start();
  }

  async stop(): Promise<void> {
    if (!this.#started) return;
    this.#started = false;
    await this.#unlisten?.();
    await Promise.all(this.#working.map((loop) => loop.stop()));
    await Promise.all([this.#activities.stop(GRACE_MS), ...this.#senders.map((sender) => sender.finish())]);
    await this.#loops.beat.stop();
    await this.#lease.leave();
    await this.#parts.queue.stop();
  }

  nudge(what = ''): void {
    if (this.#rounds.heard(what)) return;
    this.#rounds.nudgeDispatch();
    if (what === EVENTS_ONLY) return;
    this.#rounds.nudgeWake();
    this.#nudgeEffects();
  }

  #nudgeEffects(): void {
    for (const loop of this.#loops.effects) loop.nudge();
  }

  /** All loops but the beat, which tells that this process lives until they have stopped. */
  get #working(): readonly Loop[] {
    return [...this.#rounds.loops, this.#loops.activities, ...this.#loops.effects];
  }

  async #activityRound(): Promise<boolean> {
    const mark = this.#traces.mark();
    const taken = await this.#activities.take(() => {
      this.#loops.activities.nudge();
      this.#rounds.nudgeAdvance();
      this.#rounds.follow(mark);
    });
    return taken > 0 && this.#activities.room > 0;
  }

  /** Held, it only writes down what became of calls that were open. */
  async #round(sender: Sender): Promise<boolean> {
    return this.#parts.fence.held ? sender.round(false) : unlessHeld(this.#parts, () => sender.round(true), true);
  }

  async #effectRound(sender: Sender): Promise<boolean> {
    const before = sender.done;
    const mark = this.#traces.mark();
    const more = await this.#round(sender);
    if (sender.done > before) this.#rounds.nudgeDispatch();
    this.#rounds.follow(mark);
    return more;
  }

  /** Says that this process lives, and looks into what dead ones left behind. */
  async #beatRound(): Promise<boolean> {
    await this.#lease.beat();
    await this.#activities.beat();
    await unlessHeld(this.#parts, () => this.recover(), 0);
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
    const before = {
      steps: this.#rounds.steps + this.#activities.steps,
      effects: this.#senders.reduce((sum, sender) => sum + sender.done, 0),
    };
    let events = 0;
    const kinds = this.#senders.map((sender) => sender.kind);
    while (this.#unfinished || (await anyDue(this.#parts, kinds))) {
      const pass = await this.#pass();
      events += pass.events;
      if (!pass.any) break;
    }
    return {
      events,
      steps: this.#rounds.steps + this.#activities.steps - before.steps,
      effects: this.#senders.reduce((sum, sender) => sum + sender.done, 0) - before.effects,
    };
  }

  /** Calls whose end is not written down yet, steps that have not ended. */
  get #unfinished(): boolean {
    return this.#activities.open > 0 || this.#senders.some((sender) => sender.open > 0 || sender.unsettled > 0 || sender.unclear);
  }

  /** Every kind of work once, in a fixed order, so that tests see the same each time. */
  #pass(): Promise<{ any: boolean; events: number }> {
    return unlessHeld(this.#parts, () => this.#everything(), { any: false, events: 0 });
  }
  async #everything(): Promise<{ any: boolean; events: number }> {
    let any = false;
    let events = 0;
    for (let batch = await this.#rounds.dispatch.round(); batch.events > 0; batch = await this.#rounds.dispatch.round()) {
      events += batch.events;
      this.#rounds.steps += batch.steps;
    }
    while ((await this.#rounds.wakeAll()).due > 0) any = true;
    for (let batch = await this.#rounds.advance.round(); batch.taken > 0; batch = await this.#rounds.advance.round()) {
      this.#rounds.steps += batch.steps;
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
