import type { Statement, Transaction } from '#core/database/database.ts';
import type { Secrets } from '#core/secrets.ts';
import { blockedHashes, liftOptOuts } from './blocked.ts';
import { MARKETING, recordConsent, renewConsent, type ConsentEntry, type OptChange } from './consent.ts';

const ADDRESSES: Statement = {
  name: 'people.returned.addresses',
  text: 'select email from person_emails where company_id = $1 and person_id = $2',
};

/**
 * Consent that somebody gave with a box of their own ticking, under an address that they typed. Anybody can type anybody's address, so it
 * lifts no opt-out. One case apart: who was erased and nothing else comes back as a new person, and this consent, later and explicit, is
 * the first word of hers that there is; it opens that one address. Who had said no before the erasure is asked by a colleague, who
 * writes down the proof (consent.set). An import opens nothing.
 */
export async function recordOwnConsent(
  tx: Transaction,
  secrets: Secrets,
  { companyId, personId, email }: { readonly companyId: string; readonly personId: string; readonly email: string },
  entries: readonly ConsentEntry[],
): Promise<OptChange[]> {
  if (!entries.some((entry) => entry.topic === MARKETING && entry.state === 'granted')) return recordConsent(tx, entries);
  const owned = await tx.query<{ email: string }>(ADDRESSES, [companyId, personId]);
  const blocked = await blockedHashes(tx, secrets, companyId, [...new Set([email, ...owned.map((row) => row.email)])]);
  const returns = blocked.get(email)?.reason === 'erased' && [...blocked.values()].every((known) => !known.beyondErasure);
  if (!returns) return recordConsent(tx, entries);
  const changes = await renewConsent(tx, entries);
  await liftOptOuts(tx, secrets, companyId, [email]);
  return changes;
}
