import type { Transaction } from '#core/database/database.ts';
import type { SourceRecord } from '#core/ports/source.ts';
import type { Runtime } from '#core/runtime.ts';
import { blockedHashes } from '#modules/people/public.ts';
import { erasedAmong } from '../links.ts';

const ADDRESS = /[^\s"'<>(),;:\\[\]]+@[^\s"'<>(),;:\\[\]]+/g;

/** Whatever looks like an address in a text, lower case. */
export const addressesIn = (text: string): string[] => (text.match(ADDRESS) ?? []).map((address) => address.toLowerCase());

/** Records that were of somebody who was erased, or that name her address, are left out. */
export async function withoutErased(
  tx: Transaction,
  runtime: Runtime,
  companyId: string,
  sourceId: string,
  records: readonly SourceRecord[],
): Promise<readonly SourceRecord[]> {
  const ids = records.map(({ externalId }) => externalId);
  const erased = await erasedAmong(tx, companyId, sourceId, ids);
  const named = records.map(({ values }) =>
    Object.values(values).flatMap((value) => (typeof value === 'string' ? addressesIn(value) : [])),
  );
  const blocked = await blockedHashes(tx, runtime.secrets, companyId, [...new Set(named.flat())]);
  const gone = (addresses: readonly string[]) => addresses.some((address) => blocked.get(address)?.reason === 'erased');
  return records.filter(({ externalId }, at) => !erased.has(externalId) && !gone(named[at] ?? []));
}
