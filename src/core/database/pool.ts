import pg from 'pg';
import type { Log } from '../log.ts';
import { types } from './moment.ts';
import { clientConfig, type DatabaseTarget, type RoleKind } from './target.ts';

export interface PoolOptions {
  readonly purpose: string;
  /** Most connections at a time. */
  readonly max: number;
  /** A statement is cancelled after this long. */
  readonly statementTimeoutMs: number;
  /** Further settings of each session: `-c name=value`. */
  readonly settings?: string;
  /** An idle connection is closed after this long (milliseconds); 0: never. Default: a minute. */
  readonly idleMs?: number;
}

/** A pool whose connections pipeline: statements are sent without waiting for the answers before them. */
export function openPool(target: DatabaseTarget, role: RoleKind, options: PoolOptions, log: Log | undefined): pg.Pool {
  const pool = new pg.Pool({
    ...clientConfig(target, role, options.purpose),
    pipeline: true,
    max: options.max,
    min: 1,
    idleTimeoutMillis: options.idleMs ?? 60_000,
    connectionTimeoutMillis: 10_000,
    statement_timeout: options.statementTimeoutMs,
    idle_in_transaction_session_timeout: 60_000,
    // Moments come in UTC, so that they are read quickly (moment.ts).
    options: ['-c jit=off -c timezone=UTC', options.settings, target.options].filter((one) => one !== undefined).join(' '),
    types,
  });
  pool.on('error', (error) => {
    if (!pool.ending) log?.warn({ role, reason: error.message }, 'a database connection was lost');
  });
  // While lent out, a connection has no listener of the pool; the statement that waits on it is rejected, that is enough.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}
