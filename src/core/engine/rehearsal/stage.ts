import { VirtualClock } from '#core/clock.ts';
import type { Sandbox, Statement, SystemDatabase } from '#core/database/database.ts';
import type { EffectKind } from '#core/effects/types.ts';
import { newId } from '#core/ids.ts';
import type { Runtime } from '#core/runtime.ts';
import { advance } from '../advance.ts';
import { dispatch } from '../dispatcher.ts';
import { eventsOf } from '../install.ts';
import { isolatedAdvance, isolatedDispatch } from '../isolate.ts';
import { openEngine } from '../open.ts';
import type { Parts } from '../parts.ts';
import type { WorkflowDefinition } from '../types.ts';
import { wake } from '../waker.ts';
import { AT_ONCE, capturedEffect, captureDue, rehearsedStep } from './captured.ts';
import { advanceDue, apart, DUE_EVENTS, DUE_RUNS, RUNS_OF, type DueEvents, type DueRun } from './due.ts';
import { MemoryQueue } from './memory-queue.ts';
import { sealedConnectors } from './sealed.ts';
import { waits } from '#core/effects/waiting.ts';

/** More at once than a worker takes: nobody else waits for these rows, and each round has its price. */
const EVENTS = 2_000;
const RUNS = 2_000;
const WAKES = 4_000;
/** Rounds of runs at once, how many runs each takes, and from how many runs on it pays. Small ones: what a round sends fits into the socket at once. */
const LANES = 4;
const RUNS_OF_LANE = 250;
const SIDE_BY_SIDE = 20;

const WAITING: Statement = {
  name: 'rehearsal.waiting',
  text: `update runs set state = 'waiting', wake_at = $1, ticket = null where state = 'running'`,
};
const NO_PAUSE: Statement = { name: 'rehearsal.no_pause', text: 'delete from engine_pauses' };
const CURRENT: Statement = {
  name: 'rehearsal.current',
  text: `update workflows set active = true, paused_at = null, version = $2, events = $3 where id = $1`,
};
const VERSION: Statement = {
  name: 'rehearsal.version',
  text: `insert into workflow_versions (workflow_id, version, company_id, definition, digest) values ($1, $2, $3, $4::jsonb, '')
         on conflict (workflow_id, version) do update set definition = excluded.definition`,
};
/** What is due next, by what would do it. */
const DUE: Statement = {
  name: 'rehearsal.due',
  text: `select (select min(wake_at) from runs where state = 'waiting') as runs, (select min(due_at) from outbox where failed_at is null) as events,
                (select min(e.due_at) from unnest($2::text[]) as k (kind) cross join lateral (
                   select x.due_at from effects x where x.kind = k.kind and x.company_id = $1 and ${waits('x')} order by x.due_at limit 1) e) as effects`,
};

/** Which of these have anything due, by the index that a look for them would take. */
const RIPE_KINDS: Statement = {
  name: 'rehearsal.ripe_kinds',
  text: `select k.kind from unnest($2::text[]) as k (kind)
          where exists (select from effects x where x.kind = k.kind and x.company_id = $1 and ${waits('x')} and x.due_at <= $3::timestamptz)`,
};

interface Due {
  readonly runs: Date | null;
  readonly events: Date | null;
  readonly effects: Date | null;
}

export interface StageInput {
  /** The process's own: everything but clock, database, engine and connectors is taken from it as it is. */
  readonly runtime: Runtime;
  readonly companyId: string;
  readonly sandbox: Sandbox;
  readonly start: Date;
  /** What is rehearsed becomes the current version of this workflow, on the stage only. */
  readonly workflow: { readonly id: string; readonly version: number; readonly definition: WorkflowDefinition };
}

/**
 * The engine itself in a sandbox, on a clock that jumps to the next moment at which anything is due: the same dispatcher, interpreter, step types,
 * checks and statements as a worker's, in the same order (docs/adr/0015-rehearsal.md).
 */
export class Stage {
  readonly runtime: Runtime;
  readonly clock: VirtualClock;
  readonly sandbox: Sandbox;
  readonly #parts: Parts;
  readonly #kinds: readonly EffectKind[];
  readonly #companyId: string;
  readonly #owner = newId();
  readonly #queue = new MemoryQueue();
  readonly #system: SystemDatabase;
  readonly #advance: ReturnType<typeof isolatedAdvance>;
  readonly #dispatch: ReturnType<typeof isolatedDispatch>;

  private constructor({ runtime, companyId, sandbox, start }: StageInput) {
    this.clock = new VirtualClock(start);
    this.sandbox = sandbox;
    this.#companyId = companyId;
    const queue = this.#queue;
    this.#system = withQueue(sandbox.system, queue);
    const opened = openEngine({
      system: this.#system,
      clock: this.clock,
      log: runtime.log.child({}, { level: 'silent' }),
      registry: runtime.engine.registry,
      rehearsal: { queue, step: rehearsedStep, effect: capturedEffect },
    });
    this.runtime = {
      ...runtime,
      clock: this.clock,
      database: sandbox.database,
      system: sandbox.system,
      engine: { ...opened.engine, nudge: () => undefined },
      effects: opened.effects,
      connectors: sealedConnectors(runtime.connectors),
      backups: null,
    };
    opened.bind(this.runtime);
    this.#parts = opened.parts;
    this.#kinds = [...opened.kinds.values()];
    this.#advance = isolatedAdvance(opened.parts, RUNS);
    this.#dispatch = isolatedDispatch(opened.parts, EVENTS);
  }

  static async open(input: StageInput): Promise<Stage> {
    const stage = new Stage(input);
    const { id, version, definition } = input.workflow;
    await stage.sandbox.system.write(async (tx) => {
      await tx.query(WAITING, [input.start]);
      await tx.query(NO_PAUSE, []);
      await tx.query(VERSION, [id, version, input.companyId, JSON.stringify(definition)]);
      await tx.query(CURRENT, [id, version, eventsOf(definition)]);
    });
    return stage;
  }

  /** Everything that is due at this moment, in a worker's order, until nothing is. Answers when anything is due next; null: nothing ever. */
  async settle(): Promise<Date | null> {
    const now = this.clock.now().getTime();
    const ripe = (at: Date | null) => at !== null && at.getTime() <= now;
    for (;;) {
      const due = await this.#due();
      if (!ripe(due.runs) && !ripe(due.events) && !ripe(due.effects) && this.#queue.empty) return soonest(due);
      if (ripe(due.events)) await this.#dispatchDue();
      await this.#advanceQueued();
      if (ripe(due.runs)) await this.#advanceDue();
      await this.#advanceQueued();
      await this.#captureDue();
    }
  }

  /** What became of messages, each to a person of its own, side by side; all else in the order in which it happened. */
  async #dispatchDue(): Promise<void> {
    const [due] = await this.sandbox.system.read((tx) => tx.query<DueEvents>(DUE_EVENTS, [this.clock.now()]));
    if (due !== undefined && due.events >= SIDE_BY_SIDE && due.people === due.events && due.ofMessages) {
      const part = Math.min(RUNS_OF_LANE, Math.ceil(due.events / LANES));
      if (await this.#sideBySide(Array.from({ length: Math.ceil(due.events / part) }, () => () => dispatch(this.#parts, part)))) return;
    }
    while ((await this.#dispatch.round()).events === EVENTS);
  }

  async #advanceQueued(): Promise<void> {
    while (!this.#queue.empty) {
      const queued = this.#queue.runs;
      if (queued.length >= SIDE_BY_SIDE && (await this.#apart(queued))) {
        const part = Math.min(RUNS_OF_LANE, Math.ceil(queued.length / LANES));
        // As many rounds as there are now: what these runs put back on the queue is for the next time.
        const rounds = Array.from({ length: Math.ceil(queued.length / part) }, () => () => advance(this.#parts, part));
        if (await this.#sideBySide(rounds)) continue;
      }
      await this.#advance.round();
    }
  }

  /** Those whose time has come. Few, or some of the same person: they are woken, and go the way of the queue. */
  async #advanceDue(): Promise<void> {
    const due = await this.sandbox.system.read((tx) => tx.query<DueRun>(DUE_RUNS, [this.clock.now()]));
    if (due.length >= SIDE_BY_SIDE && apart(due)) {
      const part = Math.min(RUNS_OF_LANE, Math.ceil(due.length / LANES));
      const rounds = Array.from({ length: Math.ceil(due.length / part) }, (_, i) => {
        const ids = due.slice(i * part, (i + 1) * part).map(({ id }) => id);
        return () => advanceDue(this.#parts, ids);
      });
      if (await this.#sideBySide(rounds)) return;
    }
    while ((await wake(this.#parts, WAKES)).due >= WAKES);
  }

  /**
   * Runs of different people have nothing to do with one another: rounds of them go side by side in one transaction, so that PostgreSQL works for one while the
   * other is computed here. Whatever goes wrong is undone, to be done again one after the other, where a fault is found and set aside; then false.
   */
  async #sideBySide(rounds: readonly (() => Promise<unknown>)[]): Promise<boolean> {
    const before = this.sandbox.undone();
    try {
      await this.#system.write(async () => {
        let next = 0;
        const lane = async () => {
          for (let round = rounds[next++]; round !== undefined; round = rounds[next++]) await round();
        };
        const lanes = await Promise.allSettled(Array.from({ length: LANES }, lane));
        for (const one of lanes) if (one.status === 'rejected') throw one.reason;
        // A savepoint of one round encloses what the others wrote meanwhile.
        if (this.sandbox.undone() !== before) throw new Error('part of it was undone');
      });
      return true;
    } catch {
      return false;
    }
  }

  /** Each of these runs is of a person of its own. */
  async #apart(runs: readonly string[]): Promise<boolean> {
    return apart(await this.sandbox.system.read((tx) => tx.query<DueRun>(RUNS_OF, [runs])));
  }

  async #due(): Promise<Due> {
    const kinds = this.#kinds.map((kind) => kind.kind);
    const [row] = await this.sandbox.system.read((tx) => tx.query<Due>(DUE, [this.#companyId, kinds]));
    return row ?? { runs: null, events: null, effects: null };
  }

  /** A round of each kind of which something is due, in a worker's order. What one kind leaves behind may be for another to do. */
  async #captureDue(): Promise<void> {
    let ripe: ReadonlySet<string> | null = null;
    for (const [i, kind] of this.#kinds.entries()) {
      ripe ??= await this.#ripe(this.#kinds.slice(i));
      if (!ripe.has(kind.kind)) continue;
      while (await this.#capture(kind));
      ripe = null;
    }
  }

  async #ripe(kinds: readonly EffectKind[]): Promise<ReadonlySet<string>> {
    const names = kinds.map((kind) => kind.kind);
    const rows = await this.sandbox.system.read((tx) => tx.query<{ kind: string }>(RIPE_KINDS, [this.#companyId, names, this.clock.now()]));
    return new Set(rows.map((row) => row.kind));
  }

  /** One round of the ledger; true when another may find more. */
  async #capture(kind: EffectKind): Promise<boolean> {
    const looked = await this.sandbox.system.write((tx) => captureDue(tx, kind, this.#companyId, this.#owner, this.runtime));
    return looked === AT_ONCE;
  }
}

function soonest({ runs, events, effects }: Due): Date | null {
  const moments = [runs, events, effects].flatMap((at) => (at === null ? [] : [at.getTime()]));
  return moments.length === 0 ? null : new Date(Math.min(...moments));
}

/** What a round did to the queue stands and falls with its transaction. */
function withQueue(system: SystemDatabase, queue: MemoryQueue): SystemDatabase {
  // A transaction inside another one is part of it.
  let depth = 0;
  const both = async <T>(begin: () => Promise<T>): Promise<T> => {
    depth += 1;
    try {
      const result = await begin();
      if (depth === 1) queue.commit();
      return result;
    } catch (error) {
      if (depth === 1) queue.rollback();
      throw error;
    } finally {
      depth -= 1;
    }
  };
  return {
    ...system,
    write: (work) => both(() => system.write(work)),
    round: (kind, work) => both(() => system.round(kind, work)),
  };
}
