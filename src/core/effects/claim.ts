import type { Statement, Transaction } from '#core/database/database.ts';
import type { Runtime } from '#core/runtime.ts';
import { EFFECT_COLUMNS, effectOf, type EffectRow } from './ledger.ts';
import type { Effect, EffectKind, HandVerdict, Outcome } from './types.ts';

// One step of the index for each company with something due, whatever its backlog.
const COMPANIES: Statement = {
  name: 'effects.companies_due',
  text: `with recursive c as (
           (select company_id from effects where kind = $1 and state = 'reserved' and not held order by company_id limit 1)
           union all
           select (select e.company_id from effects e where e.kind = $1 and e.state = 'reserved' and not e.held and e.company_id > c.company_id order by e.company_id limit 1)
             from c where c.company_id is not null)
         select c.company_id from c where c.company_id is not null and exists (
           select 1 from effects e where e.kind = $1 and e.company_id = c.company_id and e.state = 'reserved' and not e.held and e.due_at <= $2::timestamptz)
         limit 1000`,
};
// A few of each company: one with a million waiting can't starve another's ten.
const CLAIM: Statement = {
  name: 'effects.claim',
  text: `select ${EFFECT_COLUMNS} from unnest($2::uuid[]) as c (id) cross join lateral (
           select * from effects x where x.kind = $1 and x.company_id = c.id and x.state = 'reserved' and not x.held and x.due_at <= $3::timestamptz
            order by x.due_at limit $4 for update skip locked) e
          limit $5`,
};
const HOLDS: Statement = {
  name: 'effects.holds_of',
  text: `select connection_id, reason from effect_holds where connection_id = any ($1::uuid[])`,
};
const HAND: Statement = {
  name: 'effects.hand',
  text: `update effects set state = 'handed', owner = $2, attempts = attempts + 1, handed_at = $3::timestamptz, reason = null where id = any ($1::uuid[])`,
};
const POSTPONE: Statement = {
  name: 'effects.postpone',
  text: `update effects e set state = x.state, due_at = coalesce(x.due_at, e.due_at), reason = x.reason, held = x.held,
                settled_at = case when x.state = 'refused' then $2::timestamptz end
           from json_to_recordset($1::json) as x (id uuid, state text, due_at timestamptz, reason text, held boolean) where e.id = x.id`,
};

export function companiesDue(tx: Transaction, kind: string, now: Date): Promise<string[]> {
  return tx.query<{ company_id: string }>(COMPANIES, [kind, now]).then((rows) => rows.map((row) => row.company_id));
}

export interface Claimed {
  /** Marked handed: their calls open as soon as this transaction has committed. */
  readonly handed: readonly Effect[];
  /** How many were looked at; the rest was refused or put off. */
  readonly looked: number;
}

/** Claims at most `room` due effects, asks the last check, and marks those that may go as handed by `owner`. */
export async function claim(
  tx: Transaction,
  kind: EffectKind,
  companies: readonly string[],
  room: number,
  owner: string,
  now: Date,
  runtime: Runtime,
): Promise<Claimed> {
  if (companies.length === 0 || room <= 0) return { handed: [], looked: 0 };
  const each = Math.max(1, Math.ceil(room / companies.length));
  const rows = await tx.query<EffectRow>(CLAIM, [kind.kind, companies, now, each, room]);
  if (rows.length === 0) return { handed: [], looked: 0 };
  const effects = rows.map(effectOf);
  const holds = await holdsOf(tx, effects);
  const asked = effects.filter((effect) => !holds.has(effect.connectionId ?? ''));
  const verdicts = await kind.check(tx, asked, runtime);
  const handed: Effect[] = [];
  const put: { id: string; state: 'reserved' | 'refused'; due_at: Date | null; reason: string; held: boolean }[] = [];
  const refused: { effect: Effect; outcome: Outcome }[] = [];
  for (const effect of effects.filter((one) => holds.has(one.connectionId ?? ''))) {
    put.push({
      id: effect.id,
      state: 'reserved',
      due_at: null,
      reason: holds.get(effect.connectionId ?? '') ?? 'its connection is held',
      held: true,
    });
  }
  for (const [i, effect] of asked.entries()) {
    const verdict: HandVerdict = verdicts[i] ?? { go: false, refuse: 'The last check gave no verdict' };
    if (verdict.go) handed.push({ ...effect, state: 'handed', attempts: effect.attempts + 1 });
    else if ('refuse' in verdict) {
      put.push({ id: effect.id, state: 'refused', due_at: null, reason: verdict.refuse, held: false });
      refused.push({ effect, outcome: { state: 'refused', reason: verdict.refuse } });
    } else put.push({ id: effect.id, state: 'reserved', due_at: verdict.until, reason: verdict.reason, held: false });
  }
  if (handed.length > 0) await tx.query(HAND, [handed.map((effect) => effect.id), owner, now]);
  if (put.length > 0) await tx.query(POSTPONE, [JSON.stringify(put), now]);
  if (refused.length > 0) await kind.settled(tx, refused, runtime);
  return { handed, looked: rows.length };
}

async function holdsOf(tx: Transaction, effects: readonly Effect[]): Promise<ReadonlyMap<string, string>> {
  const connections = new Set(effects.flatMap((effect) => (effect.connectionId === null ? [] : [effect.connectionId])));
  if (connections.size === 0) return new Map();
  const rows = await tx.query<{ connection_id: string; reason: string }>(HOLDS, [[...connections]]);
  return new Map(rows.map((row) => [row.connection_id, row.reason]));
}
