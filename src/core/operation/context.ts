import type { Clock } from '#core/clock.ts';
import type { Db, Statement } from '#core/database/database.ts';
import type { DomainEvent } from '#core/engine/types.ts';
import type { Runtime } from '#core/runtime.ts';
import type { Principal } from './principal.ts';

/** Where a call came from, for the audit log and for limits. */
export interface RequestInfo {
  readonly id: string;
  readonly face: 'rest' | 'cli' | 'mcp' | 'web' | 'engine' | 'test';
  readonly ip: string | null;
  readonly userAgent: string | null;
}

/**
 * What an operation's `run` gets: one transaction for one company, and the means to leave traces in it.
 * Nothing here touches the network (decision 4): acts outside are effects.
 */
export interface Ctx {
  readonly runtime: Runtime;
  readonly clock: Clock;
  readonly principal: Principal;
  readonly request: RequestInfo;
  /** The company all of this is about. Throws in a public operation outside of `inCompany`. */
  readonly companyId: string;
  /** Drizzle on this call's transaction. Row-level security is on. */
  readonly db: Db;
  /** A prepared statement on the same transaction, for hot paths. */
  query<Row extends object>(statement: Statement, values: readonly unknown[]): Promise<Row[]>;
  /** A fact for the outbox: committed with this transaction, or not at all. */
  emit(event: Omit<DomainEvent, 'companyId'>): void;
  /** What the audit row names as its object. Default: the `id` of the output. */
  subject(type: string, id: string): void;
  /** Honours `If-Match`: throws VersionChanged when the caller saw an older row. Each update operation must call it. */
  expectVersion(row: { readonly updatedAt: Date }): void;
  /** Runs after a successful commit; failures are logged, never thrown. For nudges and caches, not for effects. */
  afterCommit(work: () => void | Promise<void>): void;
  /**
   * For `public` and `outside` operations only: a read-write transaction in this company, with its audit row. A public
   * operation finds the company first (a token, a form id) and returns from `work` what it will answer.
   */
  inCompany<T>(companyId: string, work: (ctx: Ctx) => Promise<T>): Promise<T>;
  /** Sets a cookie or header on the REST answer; no-op elsewhere. */
  readonly reply: ReplyHints;
}

export interface ReplyHints {
  status(code: number): void;
  header(name: string, value: string): void;
}
