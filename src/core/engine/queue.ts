import { PgBoss, type Db as BossDatabase } from 'pg-boss';
import type { Statement, SystemDatabase, Transaction } from '#core/database/database.ts';
import type { Log } from '#core/log.ts';
import { Fairness } from './fairness.ts';

/** Runs whose next step is database work: fetched and finished inside one transaction, so a killed worker's are free at once. */
const RUNS = 'runs';
/** Runs whose next step talks to the network: held by a worker with a heartbeat. */
const ACTIVITIES = 'activities';
export type QueueName = typeof RUNS | typeof ACTIVITIES;

/** Steps that talk to the network, at once, for one company over all processes. */
const ACTIVITIES_A_COMPANY = 4;
/** Beside a backlog, others may bring work for this many of their turns before the backlog has moved on. */
const TURNS_AHEAD = 5;
/** A worker that has not touched its activity for this long has lost it. */
export const HEARTBEAT_S = 30;
/** pg-boss drops jobs that nobody took for this long; ours must never vanish: ten years. */
const RETENTION_S = 315_360_000;

export interface Ticket {
  /** The job's id; `runs.ticket` says the same, or the job is stale. */
  readonly id: string;
  readonly runId: string;
  readonly companyId: string;
}

/** The queue of runs that may move now, as the interpreter uses it. */
export interface RunQueue {
  add(tx: Transaction, queue: QueueName, tickets: readonly Ticket[]): Promise<void>;
  /** At most `limit` runs to move, of companies beside these. Gone with `done` in the same transaction, else free again when it rolls back. */
  take(tx: Transaction, queue: QueueName, limit: number, beside?: readonly string[]): Promise<Ticket[]>;
  done(tx: Transaction, queue: QueueName, tickets: readonly Ticket[]): Promise<void>;
  /** Says that this worker is still at these activities. */
  touch(ticketIds: readonly string[]): Promise<void>;
  /** Back in the queue without waiting for the heartbeat to run out: for a stop in an orderly way. */
  giveBack(tx: Transaction, tickets: readonly Ticket[]): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * The queue of runs that may move now. Nothing in it is deferred: a wait is `runs.wake_at`, compared with our clock (docs/adr/0006-engine-on-pg-boss.md).
 * All calls but `touch` join the caller's transaction.
 */
export class Queue implements RunQueue {
  readonly #boss: PgBoss;
  readonly #fairness = new Fairness();
  #ready: Promise<void> | null = null;

  constructor(system: SystemDatabase, log: Log) {
    this.#boss = new PgBoss({
      db: { executeSql: (text, values) => system.execute(text, values) },
      schema: 'pgboss',
      migrate: false,
      createSchema: false,
      schedule: false,
      supervise: true,
      superviseIntervalSeconds: 10,
      monitorIntervalSeconds: 10,
      maintenanceIntervalSeconds: 3_600,
      reindex: true,
      // A standing backlog is no fault here.
      warningQueueSize: 10_000_000,
    });
    this.#boss.on('error', (error) => log.warn({ err: error }, 'the job queue reported an error'));
    this.#boss.on('warning', (warning) => log.info({ warning }, 'the job queue reported a warning'));
  }

  /** Makes the two queues, once a process. */
  open(): Promise<void> {
    this.#ready ??= this.#create().catch((error: unknown) => {
      this.#ready = null;
      throw error;
    });
    return this.#ready;
  }

  async #create(): Promise<void> {
    const options = { retryLimit: 100_000, retryDelay: 0, retentionSeconds: RETENTION_S, deleteAfterSeconds: 60 };
    await this.#boss.createQueue(RUNS, { ...options, expireInSeconds: 86_399 });
    await this.#boss.createQueue(ACTIVITIES, { ...options, expireInSeconds: 3_600, heartbeatSeconds: HEARTBEAT_S });
  }

  /** Frees activities of workers that are gone, and tidies up, until `stop`. */
  async start(): Promise<void> {
    await this.open();
    await this.#boss.start();
  }
  async stop(): Promise<void> {
    await this.#boss.stop({ graceful: false, close: false });
  }

  async add(tx: Transaction, queue: QueueName, tickets: readonly Ticket[]): Promise<void> {
    if (tickets.length === 0) return;
    await this.open();
    const jobs = tickets.map((ticket) => {
      const tag = this.#fairness.tag(queue, ticket.companyId);
      return {
        id: ticket.id,
        data: { run: ticket.runId, company: ticket.companyId, tag },
        priority: -tag,
        group: { id: ticket.companyId },
      };
    });
    await this.#boss.insert(queue, jobs, { db: inside(tx) });
  }

  async take(tx: Transaction, queue: QueueName, limit: number, beside: readonly string[] = []): Promise<Ticket[]> {
    await this.open();
    const concurrency = queue === ACTIVITIES ? { groupConcurrency: ACTIVITIES_A_COMPANY } : {};
    // What newcomers brought has the tag in service, an earlier one, or one soon to come: beyond it there is only the backlog, which nobody walks through.
    const lane = beside.length === 0 ? {} : { ignoreGroups: [...beside], minPriority: -this.#fairness.inService(queue) - TURNS_AHEAD };
    const jobs = await this.#boss.fetch<{ run: string; company: string; tag: number }>(queue, {
      batchSize: limit,
      db: inside(tx),
      ...concurrency,
      ...lane,
    });
    for (const job of jobs) this.#fairness.served(queue, job.data.tag);
    return jobs.map((job) => ({ id: job.id, runId: job.data.run, companyId: job.data.company }));
  }

  async done(tx: Transaction, queue: QueueName, tickets: readonly Ticket[]): Promise<void> {
    if (tickets.length === 0) return;
    await this.#boss.deleteJob(
      queue,
      tickets.map((ticket) => ticket.id),
      { db: inside(tx) },
    );
  }

  async touch(ticketIds: readonly string[]): Promise<void> {
    if (ticketIds.length > 0) await this.#boss.touch(ACTIVITIES, [...ticketIds]);
  }

  async giveBack(tx: Transaction, tickets: readonly Ticket[]): Promise<void> {
    if (tickets.length > 0)
      await this.#boss.fail(
        ACTIVITIES,
        tickets.map((ticket) => ticket.id),
        undefined,
        { db: inside(tx) },
      );
  }
}

const statements = new Map<string, Statement>();

/** pg-boss in our transaction; its texts are few, so they are prepared. */
function inside(tx: Transaction): BossDatabase {
  return {
    async executeSql(text, values = []) {
      let statement = statements.get(text);
      if (statement === undefined) {
        statement = { name: `queue.${statements.size}`, text };
        statements.set(text, statement);
      }
      return { rows: await tx.query<Record<string, unknown>>(statement, values) };
    },
  };
}
