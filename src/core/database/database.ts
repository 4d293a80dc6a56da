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
  /** Waits for what runs, then closes every pool. */
  close(): Promise<void>;
}

/** Across companies, role `steward_system`: engine batches, outbox, sign-in, public tokens. Never bypasses constraints. */
export interface SystemDatabase {
  write<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  read<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  /** One text outside any transaction; several statements may stand in it when there are no values. For the job queue. */
  execute(text: string, values?: readonly unknown[]): Promise<{ rows: Record<string, unknown>[] }>;
  /** LISTEN on a connection of its own that reconnects by itself; `''` after a reconnect, since something may have been missed. Answers its stop. */
  listen(channel: string, onMessage: (payload: string) => void): Promise<() => Promise<void>>;
}
