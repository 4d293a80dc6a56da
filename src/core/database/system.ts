import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import type { Log } from '../log.ts';
import type { Round, SystemDatabase } from './database.ts';
import { asAppError } from './faults.ts';
import { openPool } from './pool.ts';
import { clientConfig, type DatabaseTarget } from './target.ts';
import { read, write } from './transaction.ts';

/** SystemDatabase that whoever opened it can close. */
export interface OpenSystemDatabase extends SystemDatabase {
  close(): Promise<void>;
}

const PLANNED_ONCE = 'begin; set local plan_cache_mode = force_generic_plan; set local enable_seqscan = off';
const ROUND: Record<Round, string> = { durable: PLANNED_ONCE, relaxed: `${PLANNED_ONCE}; set local synchronous_commit = off` };

/**
 * Across companies: logs in as steward_system, whose policies show every row. Only the files listed in
 * `system-callers.ts` may use it. Give `company_id` in every insert and every WHERE: nothing fills it in here.
 */
export function openSystemDatabase(target: DatabaseTarget, log?: Log): OpenSystemDatabase {
  const pool = openPool(target, 'system', { purpose: 'steward system', max: 12, statementTimeoutMs: 120_000 }, log);
  const listeners = new Set<() => Promise<void>>();
  return {
    write: (work) => write(pool, 'begin', work),
    round: (kind, work) => write(pool, ROUND[kind], work),
    read: (work) => read(pool, 'begin read only', work),
    async execute(text, values) {
      try {
        const { rows } = await pool.query<Record<string, unknown>>(text, values === undefined ? undefined : [...values]);
        return { rows: rows ?? [] }; // several statements answer with a list of results, which has no rows of its own
      } catch (error) {
        throw asAppError(error);
      }
    },
    async listen(channel, onMessage) {
      const stop = await listen(target, channel, onMessage);
      listeners.add(stop);
      return async () => {
        listeners.delete(stop);
        await stop();
      };
    },
    async close() {
      await Promise.all([...listeners].map((stop) => stop()));
      await pool.end();
    },
  };
}

async function listen(target: DatabaseTarget, channel: string, onMessage: (payload: string) => void): Promise<() => Promise<void>> {
  let stopped = false;
  let client: Client | undefined;
  const connect = async () => {
    const next = new Client(clientConfig(target, 'system', `steward listens to ${channel}`));
    next.on('error', () => undefined); // 'end' follows
    next.on('notification', (message) => onMessage(message.payload ?? ''));
    await next.connect();
    await next.query(`listen "${channel.replaceAll('"', '""')}"`);
    next.once('end', () => void reconnect());
    client = next;
    if (stopped) await next.end();
  };
  const reconnect = async () => {
    while (!stopped) {
      try {
        await connect();
        return onMessage('');
      } catch {
        await sleep(500);
      }
    }
  };
  await connect();
  return async () => {
    stopped = true;
    await client?.end().catch(() => undefined);
  };
}
