import type { Log } from '../log.ts';
import { isUuid } from './company-id.ts';
import type { Database } from './database.ts';
import { openPool } from './pool.ts';
import { openSandbox } from './sandbox.ts';
import type { DatabaseTarget } from './target.ts';
import { read, write } from './transaction.ts';

function scope(mode: '' | ' read only', companyId: string): string {
  if (!isUuid(companyId)) throw new TypeError('companyId is not a UUID');
  return `begin${mode}; set local steward.company = '${companyId}'`;
}

/** The database as requests see it: logs in as steward_app, so row-level security holds whatever the SQL says. */
export function openDatabase(target: DatabaseTarget, log?: Log): Database {
  const pool = openPool(target, 'app', { purpose: 'steward requests', max: 16, statementTimeoutMs: 30_000 }, log);
  return {
    write: async (companyId, work) => write(pool, scope('', companyId), work),
    read: async (companyId, work) => read(pool, scope(' read only', companyId), work),
    sandbox: (companyId, plan) => openSandbox(target, companyId, plan, log),
    close: () => pool.end(),
  };
}
