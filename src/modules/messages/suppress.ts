import type { Statement, Transaction } from '#core/database/database.ts';
import { newId } from '#core/ids.ts';
import type { Runtime } from '#core/runtime.ts';
import { addressHashes } from './tokens.ts';

/** An address that must get no more mail. */
export interface NewSuppression {
  readonly companyId: string;
  /** Normalised. */
  readonly address: string;
  readonly reason: 'opt_out' | 'bounce' | 'complaint' | 'manual';
  /** Where it came from: `one_click`, `preference_page`, `reply`, `smtp`, `dsn`, `user` … */
  readonly source: string;
  readonly note?: string | null;
  readonly personId?: string | null;
  readonly createdBy?: string | null;
}

/** A stricter reason replaces a milder one; the first moment and source stay otherwise. */
const ADD: Statement = {
  name: 'messages.suppress',
  text: `insert into suppressions as s (id, company_id, channel, address, address_hash, reason, source, note, person_id, created_by, created_at)
         select distinct on (company_id, hash) id, company_id, 'email', address, hash, reason, source, note, person_id, created_by, $2
           from json_to_recordset($1::json) as x (id uuid, company_id uuid, address text, hash text, reason text, source text, note text, person_id uuid, created_by uuid)
          order by company_id, hash, array_position(array['complaint', 'bounce', 'manual', 'opt_out'], reason)
         on conflict (company_id, channel, address_hash) do update set reason = excluded.reason, source = excluded.source, note = coalesce(excluded.note, s.note), address = coalesce(s.address, excluded.address)
          where array_position(array['complaint', 'bounce', 'manual', 'opt_out'], excluded.reason) < array_position(array['complaint', 'bounce', 'manual', 'opt_out'], s.reason)
         returning id`,
};

/** Idempotent, set-based, under either role. Answers how many were new or became stricter. */
export async function suppress(tx: Transaction, runtime: Runtime, entries: readonly NewSuppression[]): Promise<number> {
  if (entries.length === 0) return 0;
  const rows = entries.map((entry) => ({
    id: newId(),
    company_id: entry.companyId,
    address: entry.address,
    hash: addressHashes(runtime.secrets, entry.address)[0],
    reason: entry.reason,
    source: entry.source,
    note: entry.note ?? null,
    person_id: entry.personId ?? null,
    created_by: entry.createdBy ?? null,
  }));
  return (await tx.query(ADD, [JSON.stringify(rows), runtime.clock.now()])).length;
}
