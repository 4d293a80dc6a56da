import { AsyncLocalStorage } from 'node:async_hooks';
import type { Log } from '../log.ts';
import { isUuid } from './company-id.ts';
import type { Database, Sandbox, SandboxPlan, SystemDatabase, Transaction } from './database.ts';
import { openPool } from './pool.ts';
import { shadow } from './shadow.ts';
import type { DatabaseTarget } from './target.ts';
import { write } from './transaction.ts';

/**
 * Read only from its first moment: were the connection ever replaced, the new one could write nothing, either. Planned by index, as the engine's rounds are, so
 * small samples will do for statistics.
 */
const SETTINGS =
  '-c default_transaction_read_only=on -c default_statistics_target=10 -c temp_buffers=384MB -c plan_cache_mode=force_generic_plan -c enable_seqscan=off';

/** Opens the session and fills its copies. Costs a fraction of a second, and some milliseconds for each thousand rows. */
export async function openSandbox(target: DatabaseTarget, companyId: string, plan: SandboxPlan, log?: Log): Promise<Sandbox> {
  if (!isUuid(companyId)) throw new TypeError('companyId is not a UUID');
  const pool = openPool(
    target,
    'app',
    { purpose: 'steward rehearsal', max: 1, statementTimeoutMs: 120_000, settings: SETTINGS, idleMs: 0 },
    log,
  );
  const scope = `set local steward.company = '${companyId}'`;
  const open = new AsyncLocalStorage<Transaction>();
  let undone = 0;
  const counting = (tx: Transaction): Transaction => ({
    db: tx.db,
    query(statement, values) {
      if (statement.text.startsWith('rollback to')) undone += 1;
      return tx.query(statement, values);
    },
  });
  const within = <T>(work: (tx: Transaction) => Promise<T>): Promise<T> => {
    const outer = open.getStore();
    if (outer !== undefined) return work(outer);
    // Each statement leaves at once: while one batch is computed here, PostgreSQL works for another.
    return write(
      pool,
      `begin read only; ${scope}`,
      (lent) => {
        const tx = counting(lent);
        return open.run(tx, () => work(tx));
      },
      true,
    );
  };
  const ours = (asked: string): void => {
    if (asked !== companyId) throw new Error('a sandbox holds one company');
  };
  try {
    const tables = await write(pool, `begin isolation level repeatable read read write; ${scope}`, (tx) => shadow(tx, plan));
    const database: Database = {
      async write(asked, work) {
        ours(asked);
        return within(work);
      },
      async read(asked, work) {
        ours(asked);
        return within(work);
      },
      sandbox: () => Promise.reject(new Error('a sandbox has no sandbox')),
      close: () => Promise.resolve(),
    };
    const system: SystemDatabase = {
      write: within,
      round: (_kind, work) => within(work),
      read: within,
      execute: () => Promise.reject(new Error('a sandbox runs no statement outside a transaction')),
      listen: () => Promise.reject(new Error('a sandbox listens to nobody')),
    };
    return {
      database,
      system,
      undone: () => undone,
      async analyze() {
        await within((tx) => tx.query({ name: '', text: `analyze ${tables.map((table) => `pg_temp."${table}"`).join(', ')}` }, []));
      },
      publish: (work) => write(pool, `begin read write; ${scope}`, work),
      close: () => pool.end(),
    };
  } catch (error) {
    await pool.end();
    throw error;
  }
}
