import { crashPoint } from '#core/effects/crash-points.ts';
import type { Lease } from '#core/effects/lease.ts';
import type { Statement, Transaction } from '#core/database/database.ts';
import { AppError } from '#core/errors.ts';
import { loggedAs } from '#core/log.ts';
import { inStepSpan } from '#core/telemetry/carry.ts';
import { counters } from '#core/telemetry/metrics.ts';
import { Batch } from './advance.ts';
import { cursorAfter, type Moving } from './moving.ts';
import type { Parts } from './parts.ts';
import type { Ticket } from './queue.ts';
import { moveAtEnd, moveLost } from './relocate-in-hand.ts';
import { closeJournal, lockByTicket, saveRuns, writeJournal } from './rows.ts';
import { failureOf } from './run-batch.ts';
import { loadFacts } from './subjects.ts';
import type { ActivityStepType, StepItem, StepResult } from './types.ts';

const TIMEOUT_S = 120;

// Their tickets stay theirs: should such a worker live after all, its commit counts until another one has begun the step anew.
const LEFT: Statement = {
  name: 'engine.runs_left_in_hand',
  text: `update runs set held_by = null where id = any (array(select id from runs where held_by = any ($1::uuid[]) order by id for update))
         returning id, company_id, ticket`,
};

/** One activity that this process holds. */
interface Held {
  readonly ticket: Ticket;
  readonly fence: number;
  readonly type: ActivityStepType;
  readonly item: StepItem<unknown>;
  readonly abort: AbortController;
}

/** Steps that talk to the network: outside any transaction, one run each, held by a heartbeat, fenced at the commit. */
export class Activities {
  readonly #parts: Parts;
  readonly #lease: Lease;
  readonly #most: number;
  readonly #held = new Map<string, Held>();
  readonly #open = new Set<Promise<void>>();
  steps = 0;

  constructor(parts: Parts, lease: Lease, most: number) {
    this.#parts = parts;
    this.#lease = lease;
    this.#most = most;
  }

  /** Steps under way. */
  get open(): number {
    return this.#open.size;
  }
  get room(): number {
    return this.#most - this.#held.size;
  }

  /** Takes as many as there is room for and begins them. Answers how many jobs were taken; `finished` is called after each. */
  async take(finished: () => void): Promise<number> {
    const { room } = this;
    if (room <= 0) return 0;
    const { taken, held } = await this.#parts.system.write((tx) => this.#begin(tx, room));
    if (taken > 0) crashPoint('engine.activity.after-begin');
    for (const one of held) {
      this.#held.set(one.ticket.id, one);
      const { run } = one.item;
      const work = loggedAs({ company: run.companyId, run: run.id, step: run.stepId }, () => this.#carryOut(one)).finally(() => {
        this.#held.delete(one.ticket.id);
        this.#open.delete(work);
        finished();
      });
      this.#open.add(work);
    }
    return taken;
  }

  async #begin(tx: Transaction, room: number): Promise<{ taken: number; held: Held[] }> {
    const { fence, queue } = this.#parts;
    const [, tickets] = await Promise.all([fence.check(tx), queue.take(tx, 'activities', room)]);
    if (tickets.length === 0) return { taken: 0, held: [] };
    const batch = new Batch(this.#parts, tx);
    const rows = await moveLost(tx, this.#parts.catalogue, await lockByTicket(tx, tickets), batch.now);
    const moving = await batch.open(rows);
    const ready = moving.filter((one) => one.step?.type.mode === 'activity' && one.moves);
    await loadFacts(this.#parts.vocabulary, tx, ready);
    const lost = ready.flatMap((one) => {
      const place = one.begin(this.#lease.id);
      return place === null ? [] : [{ id: one.row.id, journal: place }];
    });
    const begun = new Set(ready.filter((one) => one.moves));
    const byRun = new Map(tickets.map((ticket) => [ticket.runId, ticket]));
    // Parked, broken or moved on meanwhile: their jobs are over. The rest keep job and ticket while the network is asked.
    const others = moving.filter((one) => !begun.has(one));
    const over = tickets.filter((ticket) => ![...begun].some((one) => one.row.id === ticket.runId));
    await closeJournal(tx, lost, 'lost', 'its worker was lost', batch.now);
    await writeJournal(
      tx,
      [...begun].flatMap((one) => one.journal),
    );
    await saveRuns(
      tx,
      [...begun].map((one) => one.row),
      batch.now,
    );
    await batch.close(others, over, 'activities');
    const held = [...begun].flatMap((one) => this.#hold(one, byRun.get(one.row.id)));
    return { taken: tickets.length, held };
  }

  #hold(one: Moving, ticket: Ticket | undefined): Held[] {
    const step = one.step;
    if (step?.type.mode !== 'activity' || ticket === undefined) return [];
    return [{ ticket, fence: one.row.fence, type: step.type, item: { run: one.view(), input: step.input }, abort: new AbortController() }];
  }

  async #carryOut(held: Held): Promise<void> {
    const result = await this.#perform(held);
    if (held.abort.signal.aborted && held.abort.signal.reason === GIVEN_BACK) return;
    for (let tries = 0; ; tries++) {
      try {
        return await this.#commit(held, result);
      } catch (error) {
        this.#parts.log.warn({ err: error, run: held.item.run.id, step: held.item.run.stepId }, 'a finished step could not be committed');
        // The database is away: what was made is kept until it is back; the fence decides whether it still counts.
        if (!(error instanceof AppError && error.retry === 'later') || tries > 60) return;
        await new Promise((resolve) => setTimeout(resolve, Math.min(250 * 2 ** tries, 5_000)));
      }
    }
  }

  async #perform(held: Held): Promise<StepResult> {
    const seconds = held.type.timeoutS ?? TIMEOUT_S;
    const timer = setTimeout(() => held.abort.abort(new Error(`took longer than ${seconds} s`)), seconds * 1_000);
    try {
      const work = () => held.type.run(held.item, this.#parts.runtime(), held.abort.signal);
      return this.#parts.traced() ? await inStepSpan(this.#parts.system, held.item.run, held.type.type, work) : await work();
    } catch (error) {
      return failureOf(error);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Commits only what is still ours: a worker that was paused and revived finds another fence, and drops what it made. */
  async #commit(held: Held, result: StepResult): Promise<void> {
    const kept = await this.#parts.system.write(async (tx) => {
      const [locked] = await lockByTicket(tx, [held.ticket]);
      if (locked === undefined || locked.fence !== held.fence) return false;
      const batch = new Batch(this.#parts, tx);
      const leaving = locked.moving ? await moveAtEnd(tx, this.#parts.catalogue, locked, batch.now) : null;
      const row = leaving?.row ?? locked;
      const moving = await batch.open([row]);
      const [one] = moving;
      if (one === undefined) return false;
      // Paused while the network was asked: what came of it counts, the next step waits.
      const paused = one.state === 'paused' ? { by: row.paused_by, reason: row.reason } : null;
      if (paused !== null) Object.assign(row, { state: 'running', paused_by: null, wake_at: null });
      const changed = await held.type.commit?.(tx, held.item, result, this.#parts.runtime());
      one.apply(changed ?? result, cursorAfter);
      if (paused?.by === 'workflow' || paused?.by === 'company') one.park(paused.by);
      one.forgetFacts();
      await batch.close(moving, [held.ticket], 'activities');
      await leaving?.settle();
      crashPoint('engine.activity.before-commit');
      return true;
    });
    if (!kept)
      return this.#parts.log.info(
        { run: held.item.run.id, step: held.item.run.stepId },
        'another worker took this step over; what was made here is dropped',
      );
    this.steps += 1;
    counters.add('steward_steps_total', 1);
    crashPoint('engine.activity.after-commit');
  }

  /** Says that this process is still at them; several times in the span after which they count as lost. */
  async beat(): Promise<void> {
    await this.#parts.queue.touch([...this.#held.keys()]);
  }

  /** Steps that workers had in hand who are gone: free for others, without waiting for the heartbeat of the queue. Answers how many. */
  async inherit(dead: readonly string[]): Promise<number> {
    if (dead.length === 0) return 0;
    return this.#parts.system.write(async (tx) => {
      const left = await tx.query<{ id: string; company_id: string; ticket: string | null }>(LEFT, [dead]);
      const tickets = left.flatMap((row) => (row.ticket === null ? [] : [{ id: row.ticket, runId: row.id, companyId: row.company_id }]));
      await this.#parts.queue.giveBack(tx, tickets);
      return tickets.length;
    });
  }

  /** All that is open has ended. */
  async settle(): Promise<void> {
    while (this.#open.size > 0) await Promise.all(this.#open);
  }

  /** Waits a while for what is open, then gives the rest back to other workers. */
  async stop(graceMs: number): Promise<void> {
    await Promise.race([this.settle(), new Promise((resolve) => setTimeout(resolve, graceMs).unref())]);
    const left = [...this.#held.values()];
    if (left.length === 0) return;
    for (const one of left) one.abort.abort(GIVEN_BACK);
    await this.#parts.system.write((tx) =>
      this.#parts.queue.giveBack(
        tx,
        left.map((one) => one.ticket),
      ),
    );
  }
}

const GIVEN_BACK = new Error('Steward is stopping');
