import type { Statement, Transaction } from '#core/database/database.ts';
import { recordset } from '#core/database/recordset.ts';
import { newId } from '#core/ids.ts';
import type { Facts } from '#core/engine/types.ts';
import type { Effect, EffectState, Reservation } from './types.ts';
import { waits } from './waiting.ts';

/** A row of the ledger. */
export interface EffectRow {
  readonly id: string;
  readonly company_id: string;
  readonly kind: string;
  readonly key: string;
  readonly subject_type: string;
  readonly subject_id: string;
  readonly connection_id: string | null;
  readonly state: EffectState;
  readonly attempts: number;
  readonly payload: Facts;
}

export const EFFECT_COLUMNS =
  'e.id, e.company_id, e.kind, e.key, e.subject_type, e.subject_id, e.connection_id, e.state, e.attempts, e.payload';

export function effectOf(row: EffectRow): Effect {
  return {
    id: row.id,
    companyId: row.company_id,
    kind: row.kind,
    key: row.key,
    subject: { type: row.subject_type, id: row.subject_id },
    connectionId: row.connection_id,
    state: row.state,
    attempts: row.attempts,
    payload: row.payload,
  };
}

const INSERT: Statement = {
  name: 'effects.reserve',
  text: `insert into effects (id, company_id, kind, key, subject_type, subject_id, connection_id, payload, due_at, created_at)
         select id, company_id, kind, key, subject_type, subject_id, connection_id, payload, due_at, $2::timestamptz
           from json_to_recordset($1::json) as x (id uuid, company_id uuid, kind text, key text, subject_type text, subject_id uuid, connection_id uuid,
             payload jsonb, due_at timestamptz)
         on conflict (company_id, key) do nothing
         returning id, key`,
};
const EXISTING: Statement = {
  name: 'effects.by_key',
  text: `select e.id, e.key from unnest($1::uuid[], $2::text[]) as k (company_id, key) join effects e on e.company_id = k.company_id and e.key = k.key`,
};

/** In the transaction that decided the act. A key that stands in the ledger already keeps its first reservation. */
export async function reserve(tx: Transaction, reservations: readonly Reservation[], now: Date): Promise<ReadonlyMap<string, string>> {
  if (reservations.length === 0) return new Map();
  const rows = reservations.map((one) => ({
    id: newId(),
    company_id: one.companyId,
    kind: one.kind,
    key: one.key,
    subject_type: one.subject.type,
    subject_id: one.subject.id,
    connection_id: one.connectionId ?? null,
    payload: one.payload ?? {},
    due_at: one.dueAt ?? now,
  }));
  const ids = new Map((await tx.query<{ id: string; key: string }>(INSERT, [recordset(rows), now])).map((row) => [row.key, row.id]));
  const known = rows.filter((row) => !ids.has(row.key));
  if (known.length > 0) {
    const found = await tx.query<{ id: string; key: string }>(EXISTING, [known.map((row) => row.company_id), known.map((row) => row.key)]);
    for (const row of found) ids.set(row.key, row.id);
  }
  return ids;
}

const RELEASE: Statement = {
  name: 'effects.release',
  text: `with hold as (delete from effect_holds where connection_id = $1)
         update effects set held = false, due_at = least(due_at, $2::timestamptz), reason = null where connection_id = $1 and state = 'reserved' and held returning id`,
};
const HASTEN: Statement = {
  name: 'effects.hasten',
  text: `update effects set due_at = $4::timestamptz, reason = null
          where company_id = $1 and kind = $2 and ${waits('effects')} and due_at > $4::timestamptz and ($3::uuid is null or connection_id = $3)
            and ($5::uuid[] is null or id = any ($5)) returning id`,
};
const WITHDRAW: Statement = {
  name: 'effects.withdraw',
  text: `update effects set state = 'refused', reason = $3, settled_at = $4::timestamptz where company_id = $1 and key = any ($2::text[]) and state = 'reserved' returning key`,
};

/** New credentials are there: what was held for them may go. */
export async function release(tx: Transaction, connectionId: string, now: Date): Promise<number> {
  return (await tx.query(RELEASE, [connectionId, now])).length;
}
export async function hasten(
  tx: Transaction,
  which: { companyId: string; kind: string; connectionId?: string; effectIds?: readonly string[] },
  now: Date,
): Promise<number> {
  return (await tx.query(HASTEN, [which.companyId, which.kind, which.connectionId ?? null, now, which.effectIds ?? null])).length;
}
export async function withdraw(
  tx: Transaction,
  companyId: string,
  keys: readonly string[],
  reason: string,
  now: Date,
): Promise<readonly string[]> {
  return (await tx.query<{ key: string }>(WITHDRAW, [companyId, keys, reason, now])).map((row) => row.key);
}
