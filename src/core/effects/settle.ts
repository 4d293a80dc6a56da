import type { Statement, Transaction } from '#core/database/database.ts';
import { recordset } from '#core/database/recordset.ts';
import type { Runtime } from '#core/runtime.ts';
import type { Effect, EffectKind, Outcome, Settling } from './types.ts';

/** What became of a handed effect: an outcome, or back to the reserved ones because nothing left the house. */
export type Result =
  | Outcome
  | { readonly state: 'reserved'; readonly dueAt: Date; readonly reason: string; readonly hold: boolean; readonly counts: boolean };

export interface Finished {
  readonly effect: Effect;
  readonly result: Result;
}

// Only the one who handed it over may say what became of it, and once: `in_doubt` gives way to what its owner knows, or to the receipt of
// one that was paused for so long that another took the effect over and could not know. A CASE, as no index serves one: by state the planner reads all that
// were handed since the last vacuum, thousands in a campaign, to find ten by their ids.
const WRITTEN = `with written as (
         update effects e set state = x.state, external_id = x.external_id, receipt = x.receipt, reason = x.reason, due_at = coalesce(x.due_at, e.due_at),
                held = x.held, attempts = e.attempts - x.uncount, settled_at = case when x.state <> 'reserved' then $2::timestamptz end
           from json_to_recordset($3::json) as x (id uuid, attempts integer, state text, external_id text, receipt jsonb, reason text, due_at timestamptz, held boolean, uncount integer)
          where e.id = x.id and e.attempts = x.attempts
            and case when e.state = 'in_doubt' and x.state = 'confirmed' then true else e.owner = $4 and e.state in ('handed', 'in_doubt') end
         returning e.id)`;
const ALONE: Statement = { name: 'effects.settle', text: `${WRITTEN} select id from written where $1::json is null` };
const statements = new WeakMap<Settling, Statement>();

function statementOf(kind: EffectKind, settling: Settling): Statement {
  const known = statements.get(settling) ?? { name: `effects.settle.${kind.kind}`, text: `${WRITTEN}${settling.sql}` };
  statements.set(settling, known);
  return known;
}
const HOLD: Statement = {
  name: 'effects.hold',
  text: `insert into effect_holds (connection_id, company_id, reason, held_at) select connection_id, company_id, reason, $2::timestamptz
           from json_to_recordset($1::json) as x (connection_id uuid, company_id uuid, reason text) on conflict (connection_id) do nothing`,
};

/** Writes down what became of them, and the module's own rows with it. Repeating it after an unclear commit changes nothing. */
export async function settle(
  tx: Transaction,
  kind: EffectKind,
  owner: string,
  finished: readonly Finished[],
  now: Date,
  runtime: Runtime,
): Promise<void> {
  if (finished.length === 0) return;
  const rows = finished.map(({ effect, result }) => ({
    id: effect.id,
    attempts: effect.attempts,
    state: result.state,
    external_id: result.state === 'confirmed' ? result.receipt.externalId : null,
    receipt: result.state === 'confirmed' ? result.receipt.detail : null,
    reason: 'reason' in result ? result.reason : null,
    due_at: result.state === 'reserved' ? result.dueAt : null,
    held: result.state === 'reserved' && result.hold,
    uncount: result.state === 'reserved' && !result.counts ? 1 : 0,
  }));
  const outcomes = finished.flatMap(({ effect, result }) => (result.state === 'reserved' ? [] : [{ effect, outcome: result }]));
  const { settling } = kind;
  const ledger = [now, recordset(rows), owner];
  if (settling === undefined) {
    const written = new Set((await tx.query<{ id: string }>(ALONE, [null, ...ledger])).map((row) => row.id));
    const settled = outcomes.filter(({ effect }) => written.has(effect.id));
    if (settled.length > 0) await kind.settled(tx, settled, runtime);
  } else {
    const own = recordset(settling.rows(outcomes, runtime));
    const more = await tx.query<Record<string, unknown>>(statementOf(kind, settling), [own, ...ledger]);
    if (more.length > 0) await settling.rest?.(tx, more, runtime);
  }
  const holds = finished.flatMap(({ effect, result }) =>
    result.state === 'reserved' && result.hold && effect.connectionId !== null
      ? [{ connection_id: effect.connectionId, company_id: effect.companyId, reason: result.reason }]
      : [],
  );
  if (holds.length > 0) await tx.query(HOLD, [JSON.stringify(holds), now]);
}
