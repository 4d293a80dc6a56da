import { arrayOf } from '#core/database/array-literal.ts';
import type { Statement, Transaction } from '#core/database/database.ts';
import type { Secrets } from '#core/secrets.ts';
import { addressHashes } from './address-hash.ts';

/** Why an address gets no mail. `erased`: its person asked to be forgotten, and only a keyed hash is left. */
export type BlockReason = 'erased' | 'opt_out' | 'complaint' | 'bounce' | 'manual';

export interface Blocked {
  readonly reason: BlockReason;
  readonly since: Date;
  /** More stands against mail than the erasure alone: she opted out or complained before it or after it, or it bounces. */
  readonly beyondErasure: boolean;
}

/** Source on the list of an address whose person was erased; the second where she had said no before. */
export const ERASED = 'erased';
export const ERASED_AFTER_NO = 'erased_after_no';

/** Looks into the suppression list from below: who writes people must know who may not come back. */
const LISTED: Statement = {
  name: 'people.blocked',
  text: `select address, address_hash as hash, case when source in ('${ERASED}', '${ERASED_AFTER_NO}') then 'erased' else reason end as reason, created_at as since,
                not (source = '${ERASED}' and reason = 'opt_out') as beyond from suppressions
          where company_id = $1 and channel = 'email' and (address = any($2::text[]) or address_hash = any($3::text[]))`,
};

const OUT: Statement = {
  name: 'people.blocked.persons',
  text: `select e.email, p.opted_out_at as since from person_emails e join people p on p.id = e.person_id
          where e.company_id = $1 and e.email = any($2::text[]) and p.opted_out_at is not null`,
};

const STRICTNESS: readonly BlockReason[] = ['erased', 'complaint', 'opt_out', 'bounce', 'manual'];

/**
 * The one question before anybody is written down or written to: which of these normalised addresses belong to somebody who was
 * erased, opted out or is on the suppression list. Two queries for any number; asked by import, forms, merge and consent.
 */
export async function blockedHashes(
  tx: Transaction,
  secrets: Secrets,
  companyId: string,
  emails: readonly string[],
): Promise<ReadonlyMap<string, Blocked>> {
  const blocked = new Map<string, Blocked>();
  if (emails.length === 0) return blocked;
  const hashes = emails.map((email) => addressHashes(secrets, email));
  const texts = arrayOf(emails);
  const listed = await tx.query<{ address: string | null; hash: string; reason: BlockReason; since: Date; beyond: boolean }>(LISTED, [
    companyId,
    texts,
    arrayOf(hashes.flat()),
  ]);
  const out = await tx.query<{ email: string; since: Date }>(OUT, [companyId, texts]);
  if (listed.length + out.length === 0) return blocked;
  const asked = new Set(emails);
  // two ways of writing one address have one hash
  const byHash = new Map<string, string[]>();
  for (const { hash } of listed) byHash.set(hash, []);
  hashes.forEach((ring, index) => ring.forEach((hash) => byHash.get(hash)?.push(emails[index] ?? '')));
  const add = (email: string | null, { reason, since, beyond }: { reason: BlockReason; since: Date; beyond: boolean }) => {
    if (email === null || !asked.has(email)) return;
    const known = blocked.get(email);
    const stricter = known === undefined || STRICTNESS.indexOf(reason) < STRICTNESS.indexOf(known.reason);
    blocked.set(email, { ...(stricter ? { reason, since } : known), beyondErasure: beyond || known?.beyondErasure === true });
  };
  for (const row of listed) {
    add(row.address, row);
    for (const email of byHash.get(row.hash) ?? []) add(email, row);
  }
  for (const row of out) add(row.email, { reason: 'opt_out', since: row.since, beyond: true });
  return blocked;
}

const LIFT: Statement = {
  name: 'people.blocked.lift',
  text: 'select steward_lift_opt_out($1, $2, $3)',
};

/**
 * Takes opt-outs of these addresses off the list, those of erased people, too. Only after a renewing entry of the log: the caller has
 * just written it. Bounces, complaints and what an admin listed stay.
 */
export async function liftOptOuts(tx: Transaction, secrets: Secrets, companyId: string, emails: readonly string[]): Promise<void> {
  if (emails.length === 0) return;
  await tx.query(LIFT, [companyId, emails, emails.flatMap((email) => addressHashes(secrets, email))]);
}
