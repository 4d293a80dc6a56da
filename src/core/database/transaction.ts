import { Duplex } from 'node:stream';
import { NodePgSession, NodePgTransaction } from 'drizzle-orm/node-postgres';
import type { NodePgClient } from 'drizzle-orm/node-postgres';
import { PgDialect } from 'drizzle-orm/pg-core';
import type { Pool, PoolClient, QueryResult } from 'pg';
import { asAppError } from './faults.ts';
import type { Statement, Transaction } from './database.ts';

/** Column names are cached in the dialect, so one serves the process. */
const dialect = new PgDialect({ casing: 'snake_case' });

type QueryArguments = [config: { text: string; name?: string }, values?: unknown[]];

/**
 * A connection lent to one transaction. Once that has ended it refuses every further statement: work that goes on in the
 * background after a failure must never run in somebody else's transaction, who may be another company.
 */
class Lease {
  readonly #client: PoolClient;
  readonly #promptly: boolean;
  #open = true;
  constructor(client: PoolClient, promptly: boolean) {
    this.#client = client;
    this.#promptly = promptly;
  }
  query(...[config, values]: QueryArguments): Promise<QueryResult> {
    if (!this.#open) return Promise.reject(new Error('This transaction has ended; await everything that its work starts'));
    if (!this.#promptly) together(this.#client);
    return this.#client.query(config, values);
  }
  end(): void {
    this.#open = false;
  }
}

const corked = new WeakSet<PoolClient>();

/** What is sent to PostgreSQL in one turn of the event loop goes out in one write: a system call and a wake-up of the server a turn, not a statement. */
function together(client: PoolClient): void {
  // pg keeps its socket to itself; without it statements are merely sent one by one.
  const connection: unknown = Reflect.get(client, 'connection');
  const stream: unknown = typeof connection === 'object' && connection !== null ? Reflect.get(connection, 'stream') : null;
  if (!(stream instanceof Duplex) || corked.has(client)) return;
  corked.add(client);
  stream.cork();
  process.nextTick(() => {
    corked.delete(client);
    stream.uncork();
  });
}

function transactionOn(lease: Lease): Transaction {
  // Drizzle calls nothing but query() on its client; a nested db.transaction() becomes a savepoint.
  const session = new NodePgSession<Record<string, never>, Record<string, never>>(lease as unknown as NodePgClient, dialect, undefined);
  return {
    db: new NodePgTransaction<Record<string, never>, Record<string, never>>(dialect, session, undefined),
    async query<Row extends object>(statement: Statement, values: readonly unknown[]): Promise<Row[]> {
      const result = await lease.query({ name: statement.name, text: statement.text }, [...values]);
      return result.rows as Row[]; // the caller states the shape of its own statement
    },
  };
}

let commits = 0;
/** How many transactions this process has committed: while the number stays, nothing that it read was changed by itself. */
export const commitsSoFar = (): number => commits;

/**
 * One read-write transaction. `begin` is sent ahead without waiting for its answer (pipelined).
 * @param promptly each statement leaves at once, not with what else this turn of the event loop sends: PostgreSQL works on it while the turn goes on
 * @throws what `work` throws after rolling back; Unavailable when the database went away
 */
export async function write<T>(pool: Pool, begin: string, work: (tx: Transaction) => Promise<T>, promptly = false): Promise<T> {
  const client = await connect(pool);
  const lease = new Lease(client, promptly);
  const begun = start(client, begin);
  try {
    const result = await work(transactionOn(lease));
    lease.end();
    together(client);
    const [, committed] = await Promise.all([begun, client.query('commit')]);
    // PostgreSQL answers COMMIT of a failed transaction with ROLLBACK: `work` caught an error and went on as if nothing were.
    if (committed.command !== 'COMMIT')
      throw new Error('The transaction was rolled back: a statement failed and the failure was swallowed');
    commits += 1; // before whoever asked for it hears of it
    client.release();
    return result;
  } catch (error) {
    lease.end();
    await rollBack(client);
    throw asAppError(error);
  }
}

/** The same, read only. The answer to `commit` is not awaited: there is nothing that it could still take back. */
export async function read<T>(pool: Pool, begin: string, work: (tx: Transaction) => Promise<T>): Promise<T> {
  const client = await connect(pool);
  const lease = new Lease(client, false);
  const begun = start(client, begin);
  try {
    const result = await work(transactionOn(lease));
    lease.end();
    await begun; // has long been answered if work asked anything
    client.query('commit').catch(() => undefined); // a dead connection leaves the pool by its own error
    client.release();
    return result;
  } catch (error) {
    lease.end();
    await rollBack(client);
    throw asAppError(error);
  }
}

async function connect(pool: Pool): Promise<PoolClient> {
  try {
    return await pool.connect();
  } catch (error) {
    throw asAppError(error);
  }
}

/** Sends `begin`; its failure surfaces where the result is awaited, never as an unhandled rejection. */
function start(client: PoolClient, begin: string): Promise<unknown> {
  together(client);
  const begun = client.query(begin);
  begun.catch(() => undefined);
  return begun;
}

/** Rolls back before the caller hears of the failure; a connection that cannot even do that is thrown away. */
async function rollBack(client: PoolClient): Promise<void> {
  try {
    await client.query('rollback');
    client.release();
  } catch (error) {
    client.release(error instanceof Error ? error : true);
  }
}
