import { addressHashes } from '#modules/people/public.ts';
import type { Channel } from './tables.ts';
import type { Statement, Transaction } from '#core/database/database.ts';
import { newId } from '#core/ids.ts';
import type { Runtime } from '#core/runtime.ts';

/** An address that must get no more mail. */
export interface NewSuppression {
  readonly companyId: string;
  /** Normalised: an address, or a number in E.164. */
  readonly address: string;
  /** Default: email. */
  readonly channel?: Channel;
  readonly reason: 'opt_out' | 'bounce' | 'complaint' | 'manual';
  /** Where it came from: `one_click`, `preference_page`, `reply`, `smtp`, `dsn`, `user` … */
  readonly source: string;
  readonly note?: string | null;
  readonly personId?: string | null;
  readonly createdBy?: string | null;
}

/**
 * The database lists addresses by their text alone (0080_consent.sql): the keyed hash is put in place, the true source with it.
 * A row that the hash has already makes the other one needless. Rows are locked in one order, so that two who do this at once wait for
 * each other instead of blocking each other.
 */
const LOCK: Statement = {
  name: 'messages.suppress.lock',
  text: `select from suppressions s where (s.company_id, s.channel, s.address_hash) in (
           select x.company_id, 'email', unnest(array[x.hash, 'plain:' || x.address]) from json_to_recordset($1::json) as x (company_id uuid, address text, hash text))
          order by s.company_id, s.address_hash for update`,
};
/** The erasure leaves no plain row behind: one that meets its hash is a no that came after it. */
const KEEP_PLAIN: Statement = {
  name: 'messages.suppress.keep_plain',
  text: `update suppressions h set opted_out_at = coalesce(h.opted_out_at, s.opted_out_at), source = case when h.source = 'erased' then 'erased_after_no' else h.source end
           from json_to_recordset($1::json) as x (company_id uuid, address text, hash text), suppressions s
          where s.company_id = x.company_id and s.channel = 'email' and s.address_hash = 'plain:' || x.address
            and h.company_id = x.company_id and h.channel = 'email' and h.address_hash = x.hash and s.opted_out_at is not null
            and (h.opted_out_at is null or h.source = 'erased')`,
};
const DROP_PLAIN: Statement = {
  name: 'messages.suppress.drop_plain',
  text: `delete from suppressions s using json_to_recordset($1::json) as x (company_id uuid, address text, hash text), suppressions h
          where s.company_id = x.company_id and s.channel = 'email' and s.address_hash = 'plain:' || x.address
            and h.company_id = x.company_id and h.channel = 'email' and h.address_hash = x.hash`,
};
const HASH_PLAIN: Statement = {
  name: 'messages.suppress.hash_plain',
  text: `update suppressions s set address_hash = x.hash, source = x.source
           from (select distinct on (company_id, address) * from json_to_recordset($1::json) as e (company_id uuid, address text, hash text, source text)) x
          where s.company_id = x.company_id and s.channel = 'email' and s.address_hash = 'plain:' || x.address`,
};
const PLAIN: Statement = {
  name: 'messages.suppress.plain',
  text: `select company_id as "companyId", address from suppressions where address_hash like 'plain:%' and address is not null
          order by company_id, address_hash limit 1000 for update skip locked`,
};

/**
 * Puts keyed hashes in place of what the database listed by text; at most a thousand, so that it never holds anybody up. What somebody else
 * (an import) holds is left to the next time. Any role.
 */
export async function hashPlain(tx: Transaction, runtime: Runtime): Promise<number> {
  const rows = await tx.query<{ companyId: string; address: string }>(PLAIN, []);
  if (rows.length === 0) return 0;
  await putHashes(
    tx,
    rows.map((row) => ({ ...keyOf(runtime, row.companyId, row.address), source: 'consent' })),
  );
  return rows.length;
}

async function putHashes(tx: Transaction, rows: readonly object[]): Promise<void> {
  await tx.query(LOCK, [JSON.stringify(rows)]);
  await tx.query(KEEP_PLAIN, [JSON.stringify(rows)]);
  await tx.query(DROP_PLAIN, [JSON.stringify(rows)]);
  await tx.query(HASH_PLAIN, [JSON.stringify(rows)]);
}

function keyOf(runtime: Runtime, companyId: string, address: string) {
  return { company_id: companyId, address, hash: addressHashes(runtime.secrets, address)[0] };
}

const STRICTER = `array_position(array['complaint', 'bounce', 'manual', 'opt_out'], excluded.reason) < array_position(array['complaint', 'bounce', 'manual', 'opt_out'], s.reason)`;
/** A no that comes after the erasure counts for itself: that address is not opened by a form (people/returned.ts). */
const NO_AFTER_ERASURE = `(s.source = 'erased' and excluded.reason = 'opt_out' and excluded.source not in ('erased', 'erased_after_no'))`;
/** A stricter reason replaces a milder one; the first moment and source stay otherwise. */
const ADD: Statement = {
  name: 'messages.suppress',
  text: `insert into suppressions as s (id, company_id, channel, address, address_hash, reason, source, note, person_id, created_by, created_at, opted_out_at)
         select distinct on (company_id, channel, hash) id, company_id, channel, address, hash, reason, source, note, person_id, created_by, $2, max(case when reason = 'opt_out' then $2::timestamptz end) over (partition by company_id, channel, hash)
           from json_to_recordset($1::json) as x (id uuid, company_id uuid, channel text, address text, hash text, reason text, source text, note text, person_id uuid, created_by uuid)
          order by company_id, channel, hash, array_position(array['complaint', 'bounce', 'manual', 'opt_out'], reason)
         on conflict (company_id, channel, address_hash) do update set address = coalesce(s.address, excluded.address), opted_out_at = coalesce(s.opted_out_at, excluded.opted_out_at),
           (reason, source, note) = (select excluded.reason, excluded.source, coalesce(excluded.note, s.note) where ${STRICTER} union all
             select s.reason, case when ${NO_AFTER_ERASURE} then 'erased_after_no' else s.source end, s.note where not ${STRICTER})
          where ${STRICTER} or ${NO_AFTER_ERASURE} or (s.opted_out_at is null and excluded.opted_out_at is not null)
         returning id`,
};

/** Idempotent, set-based, under either role. Answers how many were new or became stricter. */
export async function suppress(tx: Transaction, runtime: Runtime, entries: readonly NewSuppression[]): Promise<number> {
  if (entries.length === 0) return 0;
  const rows = entries.map((entry) => ({
    id: newId(),
    ...keyOf(runtime, entry.companyId, entry.address),
    channel: entry.channel ?? 'email',
    reason: entry.reason,
    source: entry.source,
    note: entry.note ?? null,
    person_id: entry.personId ?? null,
    created_by: entry.createdBy ?? null,
  }));
  await putHashes(
    tx,
    rows.filter((row) => row.channel === 'email'),
  );
  return (await tx.query(ADD, [JSON.stringify(rows), runtime.clock.now()])).length;
}
