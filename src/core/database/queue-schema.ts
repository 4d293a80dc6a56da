import type { Client } from 'pg';
import { getConstructionPlans, getMigrationPlans } from 'pg-boss';

/** Where pg-boss keeps its tables. */
export const QUEUE_SCHEMA = 'pgboss';

/** The schema version that the installed pg-boss wants: the last statement of its own plan says so. */
function wantedVersion(plans: string): number {
  const version = /INSERT INTO pgboss\.version\(version\) VALUES \('(\d+)'\)/.exec(plans)?.[1];
  if (version === undefined) throw new Error('pg-boss no longer states its schema version in its plans; read queue-schema.ts');
  return Number(version);
}

/**
 * Installs or upgrades the queue's schema, owned by steward_system. Runs as steward_owner, who may act as steward_system;
 * pg-boss's plans carry their own transaction and lock.
 * @returns whether anything changed
 */
export async function migrateQueue(client: Client): Promise<boolean> {
  const plans = getConstructionPlans(QUEUE_SCHEMA);
  const wanted = wantedVersion(plans);
  const found = await client.query<{ present: boolean }>(`select to_regclass('pgboss.version') is not null as present`);
  if (found.rows[0]?.present !== true) {
    await client.query('create schema if not exists pgboss authorization steward_system');
    await asSystem(client, plans.replace('CREATE SCHEMA IF NOT EXISTS pgboss;', ''));
    return true;
  }
  const { rows } = await client.query<{ version: number }>('select version from pgboss.version');
  const version = rows[0]?.version ?? 0;
  if (version >= wanted) return false;
  await asSystem(client, getMigrationPlans(QUEUE_SCHEMA, version));
  return true;
}

async function asSystem(client: Client, plans: string): Promise<void> {
  await client.query('set role steward_system');
  try {
    await client.query(plans);
  } finally {
    await client.query('reset role');
  }
}
