import type { Statement, Transaction } from '#core/database/database.ts';
import { Misconfigured } from '#core/errors.ts';
import type { Runtime } from '#core/runtime.ts';
import { needsResealing } from './credentials.ts';
import { signInContext } from './sign-in/store.ts';

/** What is sealed, column by column, and what it is bound to. */
const COLUMNS = [
  { table: 'connections', column: 'sealed_credentials', context: (id: string) => `connection ${id}` },
  { table: 'connection_sign_ins', column: 'sealed_tokens', context: signInContext },
] as const;

/**
 * After STEWARD_SECRET got a new first key: every credential and every sign-in is encrypted anew with it, so that the old key may go. One that
 * no key opens stays as it is and is logged: a person enters it again, or signs in again.
 */
export async function resealConnections(tx: Transaction, runtime: Runtime): Promise<number> {
  let resealed = 0;
  for (const { table, column, context } of COLUMNS) {
    const all: Statement = {
      name: `connections.reseal.${column}.all`,
      text: `select id, company_id as "companyId", ${column} as sealed from ${table} where ${column} is not null for update`,
    };
    const seal: Statement = {
      name: `connections.reseal.${column}`,
      text: `update ${table} set ${column} = $3 where id = $1 and company_id = $2`,
    };
    const rows = await tx.query<{ id: string; companyId: string; sealed: string }>(all, []);
    for (const row of rows.filter((candidate) => needsResealing(runtime.secrets, candidate.sealed))) {
      try {
        const plain = runtime.secrets.open(row.sealed, context(row.id));
        await tx.query(seal, [row.id, row.companyId, runtime.secrets.seal(plain, context(row.id))]);
        resealed++;
      } catch (error) {
        if (!(error instanceof Misconfigured)) throw error;
        runtime.log.error({ table, id: row.id }, error.message);
      }
    }
  }
  return resealed;
}
