import type { NodePgDatabase } from 'drizzle-orm/node-postgres';

/** A Drizzle handle on one transaction. Which rows it sees is settled by the role and company it was opened for. */
export type Db = NodePgDatabase;

/** A named, prepared statement: parsed and planned once a connection. Values are positional ($1…). */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

/** One open transaction. Drizzle for clarity, `query` where a statement is hot. */
export interface Transaction {
  readonly db: Db;
  query<Row extends object>(statement: Statement, values: readonly unknown[]): Promise<Row[]>;
}

/**
 * The database as requests see it: role `steward_app`, which owns nothing and cannot bypass row-level security.
 * Work that crosses companies goes through `system.ts`, whose callers stand in one listed file.
 */
export interface Database {
  /** A read-write transaction that sees and writes this company's rows only. Rolled back when `work` throws. */
  write<T>(companyId: string, work: (tx: Transaction) => Promise<T>): Promise<T>;
  /** The same, read only: one round trip for one statement (pipelined). */
  read<T>(companyId: string, work: (tx: Transaction) => Promise<T>): Promise<T>;
  /** A session of its own on copies of this company's tables, on which PostgreSQL refuses every write to a real one. */
  sandbox(companyId: string, plan: SandboxPlan): Promise<Sandbox>;
  /** Waits for what runs, then closes every pool. */
  close(): Promise<void>;
}

/**
 * The same few set-based statements, thousands of times, on tables that grow. They are planned once a connection and by index: the planner would
 * else plan each of them again and again (a third of what a round costs), or read a table whole that was small when it looked.
 *
 * - `durable` waits for the disk. - `relaxed` need not: safe where nothing but the database learns of its commit: a crash of the database
 * within the next fraction of a second takes it back whole, and the work is done again. What goes out (effects) commits with a
 * flush, which takes everything before it to disk too. (docs/adr/0008-engine-commits.md)
 */
export type Round = 'durable' | 'relaxed';

/** Across companies, role `steward_system`: engine batches, outbox, sign-in, public tokens. Never bypasses constraints. */
export interface SystemDatabase {
  write<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  /** A write of the engine's own rounds: see `Round`. */
  round<T>(kind: Round, work: (tx: Transaction) => Promise<T>): Promise<T>;
  read<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  /** One text outside any transaction; several statements may stand in it when there are no values. For the job queue. */
  execute(text: string, values?: readonly unknown[]): Promise<{ rows: Record<string, unknown>[] }>;
  /** LISTEN on a connection of its own that reconnects by itself; `''` after a reconnect, since something may have been missed. Answers its stop. */
  listen(channel: string, onMessage: (payload: string) => void): Promise<() => Promise<void>>;
}

/** Which rows a sandbox begins with. */
export interface SandboxPlan {
  /** The people whose rows are copied. */
  readonly personIds: readonly string[];
  /** Conditions on `t` by table, where the general rule does not fit (shadow.ts). */
  readonly slices: Readonly<Record<string, string>>;
  readonly now: Date;
}

/**
 * The company's tables as temporary copies under the same names, on one connection that is read only: PostgreSQL lets such a session write to
 * temporary tables and to nothing else. What is done in it is gone when it closes. One caller at a time; a transaction that is
 * opened inside another joins it.
 */
export interface Sandbox {
  /** How often part of a transaction was undone so far, by going back to a savepoint. */
  undone(): number;
  readonly database: Database;
  readonly system: SystemDatabase;
  /** The statistics of the copies anew, after they have been filled. */
  analyze(): Promise<void>;
  /** The one transaction that may write to real tables: for keeping what was found. */
  publish<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}
