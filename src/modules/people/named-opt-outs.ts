import type { Statement, Transaction } from '#core/database/database.ts';
import { MARKETING, recordConsent, type ConsentEntry } from './consent.ts';

/** Somebody says no of whom a no is known already: by the addresses that were named, or by the person alone. */
export interface NamedOptOut {
  /** null: only the addresses are known, none of them belongs to somebody here. */
  readonly personId: string | null;
  readonly emails: readonly string[];
  /** What proves it: the file, the row. */
  readonly evidence: ConsentEntry['evidence'];
}

/** By text, as the triggers of 0080_consent.sql do it; the app puts the keyed hash in place. What is listed is not written again. */
const LIST: Statement = {
  name: 'people.named.list',
  text: `with named as (
           select distinct on (e.email) e.email, e.person_id from jsonb_to_recordset($2::jsonb) as e(email text, person_id uuid) order by e.email
         ), marked as (
           update suppressions s set opted_out_at = $3 from named n
            where s.company_id = $1 and s.channel = 'email' and s.address = n.email and s.opted_out_at is null
         )
         insert into suppressions (id, company_id, channel, address, address_hash, reason, source, person_id, created_at, opted_out_at)
         select gen_random_uuid(), $1, 'email', n.email, 'plain:' || n.email, 'opt_out', $4, n.person_id, $3, $3 from named n
          where not exists (select from suppressions s where s.company_id = $1 and s.channel = 'email' and s.address = n.email)
         on conflict do nothing`,
};

/** Those whose opt-out may be somebody else's: two who were put together, and nothing was refused since. */
const UNSAID: Statement = {
  name: 'people.named.unsaid',
  text: `select m.survivor_id as id from person_merges m
          where m.company_id = $1 and m.survivor_id = any($2::uuid[]) and m.undone_at is null
          group by m.survivor_id
         having not exists (select from consent_log l where l.company_id = $1 and l.person_id = m.survivor_id and l.topic = '${MARKETING}'
                             and l.state <> 'granted' and l.created_at >= max(m.created_at))`,
};

/**
 * A no of somebody who is out already still counts: the person may be out only by a merge that is taken back one day. The addresses that
 * were named go on the suppression list. Where none was named, the person of two who were put together says it in the log, so that both
 * stay out when they are parted (merge/consent.ts). Told twice, it writes nothing.
 */
export async function keepNamedOptOuts(
  tx: Transaction,
  { companyId, source, at }: { readonly companyId: string; readonly source: string; readonly at: Date },
  named: readonly NamedOptOut[],
): Promise<void> {
  const addresses = named.flatMap(({ personId, emails }) => emails.map((email) => ({ email, person_id: personId })));
  if (addresses.length > 0) await tx.query(LIST, [companyId, JSON.stringify(addresses), at, source]);
  const nameless = new Map(named.flatMap((one) => (one.personId === null || one.emails.length > 0 ? [] : [[one.personId, one] as const])));
  if (nameless.size === 0) return;
  const unsaid = await tx.query<{ id: string }>(UNSAID, [companyId, [...nameless.keys()]]);
  await recordConsent(
    tx,
    unsaid.map(({ id }) => ({ companyId, personId: id, state: 'withdrawn', source, evidence: nameless.get(id)?.evidence ?? {}, at })),
  );
}
