import type { Statement, Transaction } from '#core/database/database.ts';
import { Misconfigured } from '#core/errors.ts';
import type { Runtime } from '#core/runtime.ts';
import { needsResealing, openCredentials, sealCredentials } from './credentials.ts';

const ALL: Statement = {
  name: 'connections.reseal.all',
  text: 'select id, company_id as "companyId", sealed_credentials as sealed from connections for update',
};
const SEAL: Statement = {
  name: 'connections.reseal.seal',
  text: 'update connections set sealed_credentials = $3 where id = $1 and company_id = $2',
};

/**
 * After STEWARD_SECRET got a new first key: every credential is encrypted anew with it, so that the old key may go. One that
 * no key opens stays as it is and is logged: a person enters it again.
 */
export async function resealConnections(tx: Transaction, runtime: Runtime): Promise<number> {
  const rows = await tx.query<{ id: string; companyId: string; sealed: string }>(ALL, []);
  let resealed = 0;
  for (const row of rows.filter((candidate) => needsResealing(runtime.secrets, candidate.sealed))) {
    try {
      const raw = openCredentials(runtime.secrets, row.id, row.sealed);
      await tx.query(SEAL, [row.id, row.companyId, sealCredentials(runtime.secrets, row.id, raw)]);
      resealed++;
    } catch (error) {
      if (!(error instanceof Misconfigured)) throw error;
      runtime.log.error({ connection: row.id }, error.message);
    }
  }
  return resealed;
}
