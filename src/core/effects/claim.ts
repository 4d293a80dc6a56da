import type { Statement, Transaction } from '#core/database/database.ts';
import type { Runtime } from '#core/runtime.ts';
import { EFFECT_COLUMNS, effectOf, type EffectRow } from './ledger.ts';
import type { Effect, EffectKind, HandVerdict, Outcome } from './types.ts';
import { waits } from './waiting.ts';

// One step of the index for each company, to the first of those that wait, whatever its backlog. Ordered as the index is: for an `exists` the planner took
// another one at ten thousand, and read all that waited for each mail that joined them.
export const COMPANIES: Statement = {
  name: 'effects.companies_due',
  text: `with recursive c as (
           (select e.company_id, e.due_at from effects e where e.kind = $1 and ${waits('e')} order by e.company_id, e.due_at limit 1)
           union all
           select n.company_id, n.due_at from c cross join lateral (
             select e.company_id, e.due_at from effects e where e.kind = $1 and ${waits('e')} and e.company_id > c.company_id
              order by e.company_id, e.due_at limit 1) n)
         select company_id from c where due_at <= $2::timestamptz limit 1000`,
};
// A few of each company, as a range of the index: one with a million waiting can't starve another's ten. Of those due at one moment the first in the order of their keys,
// which is that of the runs: who is enrolled first goes first where a limit leaves room for some, in a rehearsal as in earnest. What the kind wants to know of each is read beside it.
const statements = new WeakMap<EffectKind, Statement>();
export function claimOf(kind: EffectKind): Statement {
  const known = statements.get(kind) ?? {
    name: `effects.claim.${kind.kind}`,
    text: `select ${EFFECT_COLUMNS}, h.reason as hold${kind.claimed === undefined ? '' : `, ${kind.claimed.columns}`}
             from unnest($2::uuid[]) as c (id) cross join lateral (
               select * from effects x where ${waits('x')}
                  and (x.kind, x.company_id) >= ($1, c.id) and (x.kind, x.company_id, x.due_at) <= ($1, c.id, $3::timestamptz)
                order by x.kind, x.company_id, x.due_at, x.key collate "C" limit $4 for update skip locked) e
             left join effect_holds h on h.connection_id = e.connection_id ${kind.claimed?.join ?? ''}
            limit $5`,
  };
  statements.set(kind, known);
  return known;
}
const HAND: Statement = {
  name: 'effects.hand',
  text: `update effects set state = 'handed', owner = $2, attempts = attempts + 1, handed_at = $3::timestamptz, reason = null where id = any ($1::uuid[])`,
};
const REROUTE: Statement = {
  name: 'effects.reroute',
  text: `update effects e set connection_id = x.connection_id from json_to_recordset($1::json) as x (id uuid, connection_id uuid) where e.id = x.id`,
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

type ClaimedRow = EffectRow & Readonly<Record<string, unknown>> & { readonly hold: string | null };

export interface Claimed {
  /** Marked handed: their calls open as soon as this transaction has committed. */
  readonly handed: readonly Effect[];
  /** The mark, sent ahead: it is written when the transaction commits, and fails with it. */
  readonly marked: Promise<unknown> | null;
}

export const NOTHING: Claimed = { handed: [], marked: null };

/** Locks at most `room` due effects of these companies, each with what its kind reads beside it. */
export async function look(
  tx: Transaction,
  kind: EffectKind,
  companies: readonly string[],
  room: number,
  now: Date,
): Promise<readonly ClaimedRow[]> {
  if (companies.length === 0 || room <= 0) return [];
  return tx.query<ClaimedRow>(claimOf(kind), [kind.kind, companies, now, Math.max(1, Math.ceil(room / companies.length)), room]);
}

interface Put {
  readonly id: string;
  readonly state: 'reserved' | 'refused';
  readonly due_at: Date | null;
  readonly reason: string;
  readonly held: boolean;
}

/** Asks the last check about those that were locked, and marks those that may go as handed by `owner`. */
export async function claim(
  tx: Transaction,
  kind: EffectKind,
  rows: readonly ClaimedRow[],
  owner: string,
  now: Date,
  runtime: Runtime,
): Promise<Claimed> {
  if (rows.length === 0) return NOTHING;
  const asked = rows.filter((row) => row.hold === null).map((row) => ({ ...effectOf(row), beside: row }));
  const put: Put[] = rows.flatMap((row) =>
    row.hold === null ? [] : [{ id: row.id, state: 'reserved', due_at: null, reason: row.hold, held: true }],
  );
  const verdicts = asked.length === 0 ? [] : await kind.check(tx, asked, runtime);
  const handed: Effect[] = [];
  const rerouted: { id: string; connection_id: string | null }[] = [];
  const refused: { effect: Effect; outcome: Outcome }[] = [];
  for (const [i, effect] of asked.entries()) {
    const verdict: HandVerdict = verdicts[i] ?? { go: false, refuse: 'The last check gave no verdict' };
    if (verdict.go) {
      const connectionId = verdict.connectionId === undefined ? effect.connectionId : verdict.connectionId;
      if (connectionId !== effect.connectionId) rerouted.push({ id: effect.id, connection_id: connectionId });
      handed.push({ ...effect, state: 'handed', attempts: effect.attempts + 1, connectionId });
    } else if ('refuse' in verdict) {
      put.push({ id: effect.id, state: 'refused', due_at: null, reason: verdict.refuse, held: false });
      refused.push({ effect, outcome: { state: 'refused', reason: verdict.refuse } });
    } else put.push({ id: effect.id, state: 'reserved', due_at: verdict.until, reason: verdict.reason, held: false });
  }
  if (rerouted.length > 0) await tx.query(REROUTE, [JSON.stringify(rerouted)]);
  if (put.length > 0) await tx.query(POSTPONE, [JSON.stringify(put), now]);
  if (refused.length > 0) await kind.settled(tx, refused, runtime);
  if (handed.length === 0) return { handed, marked: null };
  const marked = tx.query(HAND, [handed.map((effect) => effect.id), owner, now]);
  marked.catch(() => undefined); // the commit fails with it, and says so
  return { handed, marked };
}
