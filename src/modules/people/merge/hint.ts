import type { Statement, Transaction } from '#core/database/database.ts';
import { PersonMerged } from './errors.ts';

const WHERE: Statement = {
  name: 'people.merged_into',
  text: 'select survivor_id as "personId" from person_merges where company_id = $1 and absorbed_id = $2 and undone_at is null',
};

/** An id that was merged away says where to look now. @throws PersonMerged */
export async function refuseMerged(tx: Transaction, companyId: string, personId: string): Promise<void> {
  const [row] = await tx.query<{ personId: string }>(WHERE, [companyId, personId]);
  if (row === undefined) return;
  throw new PersonMerged(`This person was merged with another one; read /api/people/${row.personId} instead`, {
    fields: [{ path: 'person_id', message: row.personId }],
  });
}
