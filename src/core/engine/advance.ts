import { crashPoint } from '#core/effects/crash-points.ts';
import type { Statement, Transaction } from '#core/database/database.ts';
import { newId } from '#core/ids.ts';
import { recordBatch } from '#core/telemetry/steps.ts';
import { endings, endRuns } from './family.ts';
import { fork } from './fork.ts';
import { cursorAfter, Moving, type WorkflowState } from './moving.ts';
import type { Parts } from './parts.ts';
import type { Ticket } from './queue.ts';
import { closeJournal, lockByTicket, saveRuns, writeJournal, type RunRow } from './rows.ts';
import { runBatchStep } from './run-batch.ts';
import { parallelStep } from './steps/parallel.ts';
import { loadFacts } from './subjects.ts';
import type { StepResult, StepType } from './types.ts';

/** Steps that one run may take in one transaction: the rest goes on in the next. */
const MOST_HOPS = 32;

const WORKFLOWS: Statement = {
  name: 'engine.workflows_of_runs',
  text: `select id, name, settings, templates, paused_at is not null as paused from workflows where id = any ($1::uuid[])`,
};
const PAUSES: Statement = {
  name: 'engine.pauses_of_companies',
  text: `select company_id from engine_pauses where company_id = any ($1::uuid[])`,
};

export interface Advanced {
  readonly taken: number;
  readonly steps: number;
  /** Runs that wait for a worker of activities now. */
  readonly handedOver: number;
  /** The company of each run. */
  readonly companies: readonly string[];
}

/**
 * Takes up to `limit` due runs and moves each as far as it goes without the network: journal, cursor and next job commit together.
 * A worker that dies in here leaves nothing behind; the jobs are free again.
 */
export async function advance(parts: Parts, limit: number, beside: readonly string[] = []): Promise<Advanced> {
  const advanced = await parts.system.round('relaxed', async (tx) => {
    const [, tickets] = await Promise.all([parts.fence.check(tx), parts.queue.take(tx, 'runs', limit, beside)]);
    if (tickets.length === 0) return { taken: 0, steps: 0, handedOver: 0, companies: [] };
    const rows = await lockByTicket(tx, tickets);
    const batch = new Batch(parts, tx);
    const moving = await batch.open(rows);
    await batch.run(moving);
    const handedOver = await batch.close(moving, tickets);
    crashPoint('engine.advance.before-commit');
    return { taken: tickets.length, steps: batch.steps, handedOver, companies: tickets.map((ticket) => ticket.companyId) };
  });
  if (advanced.taken > 0) crashPoint('engine.advance.after-commit');
  return advanced;
}

/** One batch of runs inside one transaction. */
export class Batch {
  readonly now: Date;
  steps = 0;
  readonly #parts: Parts;
  readonly #tx: Transaction;
  readonly #leftOver: string[] = [];

  constructor(parts: Parts, tx: Transaction) {
    this.#parts = parts;
    this.#tx = tx;
    this.now = parts.clock.now();
  }

  /** Puts definitions and settings to the rows; runs of a paused workflow or company are parked, those whose definition is broken fail. */
  async open(rows: readonly RunRow[]): Promise<Moving[]> {
    if (rows.length === 0) return [];
    const refs = rows.map((row) => ({ workflowId: row.workflow_id, version: row.version }));
    const [states, pauses, compiled] = await Promise.all([
      this.#tx.query<WorkflowState>(WORKFLOWS, [[...new Set(rows.map((row) => row.workflow_id))]]),
      this.#tx.query<{ company_id: string }>(PAUSES, [[...new Set(rows.map((row) => row.company_id))]]),
      this.#parts.catalogue.load(this.#tx, refs),
    ]);
    const stateById = new Map(states.map((state) => [state.id, state]));
    const pausedCompanies = new Set(pauses.map((pause) => pause.company_id));
    return rows.flatMap((row) => {
      const state = stateById.get(row.workflow_id);
      if (state === undefined) return []; // the workflow is being deleted, and the run with it
      const moving = new Moving(row, state, compiled({ workflowId: row.workflow_id, version: row.version }), this.now);
      if (pausedCompanies.has(row.company_id)) moving.park('company');
      else if (state.paused) moving.park('workflow');
      return [moving];
    });
  }

  /** Moves each run until it waits, ends, fails, or needs the network, or stands at a step that is not among `these`. */
  async run(moving: readonly Moving[], these?: (type: StepType, one: Moving) => boolean): Promise<void> {
    let active = moving.filter((one) => one.moves);
    const resting = new Set<Moving>();
    for (let hop = 0; active.length > 0 && hop < MOST_HOPS; hop++) {
      const turning = active.filter((one) => one.turns);
      for (const one of turning) one.turn();
      this.steps += turning.length;
      const standing = turning.length === 0 ? active : active.filter((one) => !turning.includes(one));
      if (these !== undefined) for (const one of standing) if (one.step !== undefined && !these(one.step.type, one)) resting.add(one);
      const groups = Map.groupBy(resting.size === 0 ? standing : standing.filter((one) => !resting.has(one)), (one) => one.step?.type);
      for (const [type, group] of groups) {
        if (type === undefined) for (const one of group) one.lost();
        else if (type.mode === 'activity') for (const one of group) one.handOver();
        else {
          await this.#know(type, group);
          if (group.length === 0) continue;
          const results =
            type === parallelStep ? await this.#fork(group) : await runBatchStep(this.#tx, type, group, this.#parts.runtime());
          for (const [i, one] of group.entries())
            one.apply(results[i] ?? { kind: 'fail', error: 'The step gave no result', retry: 'later' }, cursorAfter);
          if (type.changesFacts !== false) for (const one of group) one.forgetFacts();
          this.steps += group.length;
        }
      }
      active = active.filter((one) => one.moves && !resting.has(one));
    }
  }

  /** Gives those their facts whose step looks at them; a run whose subject is gone leaves the group. */
  async #know({ facts }: StepType, group: Moving[]): Promise<void> {
    if (facts === false) return;
    if (typeof facts !== 'function') return loadFacts(this.#parts.vocabulary, this.#tx, group);
    const asking = group.filter((one) => facts(one.step?.input, one.row.journal_open));
    await loadFacts(this.#parts.vocabulary, this.#tx, asking);
    for (let i = group.length - 1; i >= 0; i--) if (group[i]?.moves === false) group.splice(i, 1);
  }

  /** Jobs for those that can go on: written to their rows, and to be put on the queues. */
  tickets(moving: readonly Moving[]): { runs: Ticket[]; activities: Ticket[] } {
    const runs: Ticket[] = [];
    const activities: Ticket[] = [];
    for (const one of moving) {
      one.row.ticket = one.state === 'running' ? newId() : null;
      one.row.held_by = null;
      if (one.row.ticket === null) continue;
      (one.needsNetwork ? activities : runs).push({ id: one.row.ticket, runId: one.row.id, companyId: one.row.company_id });
    }
    return { runs, activities };
  }

  async #fork(group: readonly Moving[]): Promise<readonly StepResult[]> {
    const { results, leftOver } = await fork(this.#parts, this.#tx, group, this.now);
    this.#leftOver.push(...leftOver);
    return results;
  }

  /** Writes what changed, and the next jobs. Answers how many runs went to the workers of activities. */
  async close(moving: readonly Moving[], tickets: readonly Ticket[], from: 'runs' | 'activities' = 'runs'): Promise<number> {
    const { runs, activities } = this.tickets(moving);
    const ended = endings(moving.map((one) => one.row));
    const lost = moving.filter((one) => one.givesUpOpenRow).map((one) => one.row);
    await Promise.all([
      this.#parts.queue.done(this.#tx, from, tickets),
      closeJournal(this.#tx, lost, 'cancelled', null, this.now),
      writeJournal(
        this.#tx,
        moving.flatMap((one) => one.journal),
      ),
      saveRuns(
        this.#tx,
        moving.map((one) => one.row),
        this.now,
      ),
      this.#parts.queue.add(this.#tx, 'runs', runs),
      this.#parts.queue.add(this.#tx, 'activities', activities),
      ended.length === 0 ? undefined : this.#parts.runtime().engine.emit(this.#tx, ended),
    ]);
    if (this.#parts.traced()) await recordBatch(this.#tx, moving, this.now.getTime(), this.#parts.clock.now().getTime());
    await endRuns(this.#tx, this.#leftOver, 'its branch is not needed any more', this.now);
    return activities.length;
  }
}
