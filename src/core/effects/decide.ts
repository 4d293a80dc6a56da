import type { Statement, Transaction } from '#core/database/database.ts';
import { Conflict, NotFound } from '#core/errors.ts';
import type { Runtime } from '#core/runtime.ts';
import { EFFECT_COLUMNS, effectOf, type EffectRow } from './ledger.ts';
import type { Decision, EffectKind, Outcome } from './types.ts';

const LOCK: Statement = { name: 'effects.lock', text: `select ${EFFECT_COLUMNS} from effects e where e.id = $1 for update` };
const SETTLE: Statement = {
  name: 'effects.decide',
  text: `update effects set state = $3::text, reason = $4, receipt = $5::jsonb, settled_at = case when $3::text = 'reserved' then null else $6::timestamptz end, due_at = $6::timestamptz, held = false
          where id = $1 and company_id = $2`,
};

/**
 * A person settles what nobody can know by machine.
 * @throws NotFound, or Conflict when the effect is not in doubt
 */
export async function decide(
  tx: Transaction,
  kinds: ReadonlyMap<string, EffectKind>,
  runtime: Runtime,
  effectId: string,
  decision: Decision,
): Promise<void> {
  const [row] = await tx.query<EffectRow>(LOCK, [effectId]);
  if (row === undefined) throw new NotFound('There is no such effect');
  if (row.state !== 'in_doubt') throw new Conflict(`This effect is ${row.state}, not in doubt: there is nothing to decide`);
  const now = runtime.clock.now();
  if (decision === 'send_again')
    return void (await tx.query(SETTLE, [
      row.id,
      row.company_id,
      'reserved',
      'sent again: a person decided that it had not happened',
      null,
      now,
    ]));
  const outcome: Outcome =
    decision === 'happened'
      ? { state: 'confirmed', receipt: { externalId: null, detail: { decided: 'happened' } } }
      : { state: 'refused', reason: 'dropped: a person decided that it had not happened' };
  const receipt = outcome.state === 'confirmed' ? JSON.stringify(outcome.receipt.detail) : null;
  await tx.query(SETTLE, [
    row.id,
    row.company_id,
    outcome.state,
    outcome.state === 'refused' ? outcome.reason : 'a person saw that it had happened',
    receipt,
    now,
  ]);
  await kinds.get(row.kind)?.settled(tx, [{ effect: effectOf(row), outcome }], runtime);
}
