import type { Statement, Transaction } from '#core/database/database.ts';

const SINCE: Statement = {
  name: 'people.erasures.since',
  text: `select distinct h as hash from erasures e, unnest(e.address_hashes) h where e.company_id = $1 and ($2::timestamptz is null or e.created_at >= $2)`,
};

/** Keyed hashes (addressHashes) of addresses whose people were erased at that moment or later; null: ever. */
export async function erasedSince(tx: Transaction, companyId: string, since: Date | null): Promise<ReadonlySet<string>> {
  return new Set((await tx.query<{ hash: string }>(SINCE, [companyId, since])).map(({ hash }) => hash));
}
