import { createHash } from 'node:crypto';
import type { SystemDatabase } from '#core/database/database.ts';
import type { DatabaseTarget } from '#core/database/target.ts';

/**
 * Which database this is, as far as it can be told: PostgreSQL's own number of the cluster, the database's number in it, and the address it was found
 * at. A dump that was loaded elsewhere differs in the first two, a copy of the disk in the last.
 * @param target null: the embedded one, whose address is its home's
 */
export async function placeOf(system: SystemDatabase, target: DatabaseTarget | null): Promise<string> {
  const { rows } = await system.execute(
    `select (select system_identifier::text from pg_control_system()) as cluster, (select oid::text from pg_database where datname = current_database()) as oid`,
  );
  const address = target === null ? 'embedded' : `${target.host.toLowerCase()}:${target.port}/${target.database}`;
  const text = `${String(rows[0]?.['cluster'])}/${String(rows[0]?.['oid'])}/${address}`;
  return createHash('sha256').update(text).digest('base64url');
}
