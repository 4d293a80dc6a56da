import type { Statement } from '#core/database/database.ts';
import type { Json } from '#core/engine/types.ts';
import type { Ctx } from '#core/operation/context.ts';
import { atLeast } from '#core/operation/principal.ts';
import type { ApprovalRow } from './row.ts';
import { APPROVAL_DECIDED, APPROVAL_REQUESTED } from './step.ts';

/** One person's word on one approval. */
export interface Said {
  readonly row: ApprovalRow;
  readonly decision: 'approve' | 'reject';
  readonly note: string | null;
  /** What is approved instead of the proposal; undefined: as it is. */
  readonly proposed: Json | undefined;
}

/** Whoever's turn it is; where nobody is named, any manager; where nobody is left of those who were, any admin. Never a key or a program. */
export function mayDecide({ principal }: Ctx, row: ApprovalRow): boolean {
  const [first] = row.waitingFor;
  if (principal.kind === 'operator') return first === undefined;
  if (principal.kind !== 'user') return false;
  if (row.approvers.length === 0) return atLeast(principal.role, 'manager');
  return first === undefined ? atLeast(principal.role, 'admin') : first === principal.userId;
}

/** Why not, in words. */
export function refusal({ principal }: Ctx, row: ApprovalRow): string {
  if (principal.kind !== 'user') return 'Only a person who is signed in can decide; a key or a program can’t';
  if (row.approvers.length === 0) return 'A manager decides this';
  if (row.waitingFor.length === 0) return 'Nobody who was asked is here any more: an admin decides this';
  return row.approvers.includes(principal.userId)
    ? 'Somebody else decides before you, or you have decided already'
    : 'Others were asked to decide this';
}

const DECIDE: Statement = {
  name: 'approvals.decide',
  text: `update approvals a set state = x.state, turn = x.turn, approved = x.approved, proposed = coalesce(x.proposed, a.proposed), decisions = a.decisions || x.said, decided_by = x.decided_by,
                decided_at = x.decided_at, note = x.note, version = a.version + 1, updated_at = $3::timestamptz
           from json_to_recordset($2::json) as x (id uuid, state text, turn int, approved jsonb, proposed jsonb, said jsonb, decided_by uuid, decided_at timestamptz, note text)
          where a.company_id = $1 and a.id = x.id`,
};

/** Writes down what was said of each, and lets their runs go on or asks whoever is next. Their rows are locked and may be decided by the caller. */
export async function decide(ctx: Ctx, said: readonly Said[]): Promise<void> {
  const now = ctx.clock.now();
  const by = ctx.principal.kind === 'user' ? ctx.principal.userId : null;
  const outcomes = said.map(({ row, decision, note, proposed }) => {
    const [, second] = row.waitingFor;
    const last = decision === 'reject' || second === undefined;
    const changed = decision === 'approve' && proposed !== undefined;
    return {
      last,
      row,
      entry: {
        id: row.id,
        state: last ? (decision === 'approve' ? 'approved' : 'rejected') : 'waiting',
        turn: last ? row.turn : row.approvers.indexOf(second, row.turn + 1),
        approved: last && decision === 'approve' ? (changed ? proposed : row.proposed) : null,
        // The first proposal stays to compare with; only between approvers the changed one takes its place.
        proposed: !last && changed ? proposed : null,
        said: [{ by: by ?? 'operator', at: now.toISOString(), decision: changed ? 'change and approve' : decision, note }],
        decided_by: last ? by : null,
        decided_at: last ? now : null,
        note,
      },
    };
  });
  await ctx.query(DECIDE, [ctx.companyId, JSON.stringify(outcomes.map(({ entry }) => entry)), now]);
  for (const { last, row } of outcomes) {
    if (!last)
      ctx.emit({
        name: APPROVAL_REQUESTED,
        subject: { type: 'approval', id: row.id },
        payload: { approval_id: row.id, run_id: row.runId },
      });
    else if (row.runId !== null)
      ctx.emit({ name: APPROVAL_DECIDED, subject: { type: 'run', id: row.runId }, payload: { approval_id: row.id } });
  }
  ctx.afterCommit(() => ctx.runtime.engine.nudge());
}
