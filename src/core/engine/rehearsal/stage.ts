import { VirtualClock } from '#core/clock.ts';
import type { Sandbox, Statement, SystemDatabase } from '#core/database/database.ts';
import type { EffectKind } from '#core/effects/types.ts';
import { newId } from '#core/ids.ts';
import type { Runtime } from '#core/runtime.ts';
import { advance } from '../advance.ts';
import { eventsOf } from '../install.ts';
import { isolatedAdvance, isolatedDispatch } from '../isolate.ts';
import { openEngine } from '../open.ts';
import type { Parts } from '../parts.ts';
import type { WorkflowDefinition } from '../types.ts';
import { wake } from '../waker.ts';
import { AT_ONCE, capturedEffect, captureDue, rehearsedStep } from './captured.ts';
import { MemoryQueue } from './memory-queue.ts';
import { sealedConnectors } from './sealed.ts';

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
                   select x.due_at from effects x where x.kind = k.kind and x.company_id = $1 and x.state = 'reserved' and not x.held order by x.due_at limit 1) e) as effects`,
};

/** A null person counts as one: runs about the company are not taken apart. */
const APART: Statement = {
  name: 'rehearsal.apart',
  text: `select count(*) = count(distinct person_id) as apart from runs where state = 'running'`,
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
      if (ripe(due.events)) while ((await this.#dispatch.round()).events === EVENTS);
      if (ripe(due.runs)) while ((await wake(this.#parts, WAKES)).due >= WAKES);
      while (!this.#queue.empty) await this.#advanceAll();
      for (const kind of this.#kinds) while (await this.#capture(kind));
    }
  }

  /**
   * Runs of different people have nothing to do with one another: rounds of them go side by side in one transaction, so that PostgreSQL works for one while the
   * other is computed here. Whatever goes wrong is undone, and done again one after the other, where a fault is found and set aside.
   */
  async #advanceAll(): Promise<void> {
    if (this.#queue.length < SIDE_BY_SIDE || !(await this.#apart())) return void (await this.#advance.round());
    const due = this.#queue.length;
    const part = Math.min(RUNS_OF_LANE, Math.ceil(due / LANES));
    const before = this.sandbox.undone();
    try {
      await this.#system.write(async () => {
        // What these runs put back on the queue is for the next time: it may not be apart any more.
        let left = Math.ceil(due / part);
        const lane = async () => {
          while (left-- > 0) await advance(this.#parts, part);
        };
        const rounds = await Promise.allSettled(Array.from({ length: LANES }, lane));
        for (const round of rounds) if (round.status === 'rejected') throw round.reason;
        // A savepoint of one round encloses what the others wrote meanwhile.
        if (this.sandbox.undone() !== before) throw new Error('part of it was undone');
      });
    } catch {
      await this.#advance.round();
    }
  }

  /** Each run that may move is of a person of its own. */
  async #apart(): Promise<boolean> {
    const [row] = await this.sandbox.system.read((tx) => tx.query<{ apart: boolean }>(APART, []));
    return row?.apart === true;
  }

  async #due(): Promise<Due> {
    const kinds = this.#kinds.map((kind) => kind.kind);
    const [row] = await this.sandbox.system.read((tx) => tx.query<Due>(DUE, [this.#companyId, kinds]));
    return row ?? { runs: null, events: null, effects: null };
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
