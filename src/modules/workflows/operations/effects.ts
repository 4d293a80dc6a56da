import { z } from 'zod';
import type { EffectState } from '#core/effects/types.ts';
import type { Facts } from '#core/engine/types.ts';
import { NotFound } from '#core/errors.ts';
import { operation } from '#core/operation/operation.ts';
import { pageInput, pageOf } from '#core/operation/page.ts';
import { listPage, type Listing } from '../list.ts';
import { EFFECT_STATES, EffectView } from '../shapes.ts';

interface EffectRow {
  readonly id: string;
  readonly company_id: string;
  readonly kind: string;
  readonly key: string;
  readonly state: EffectState;
  readonly attempts: number;
  readonly subject_type: string;
  readonly subject_id: string;
  readonly connection_id: string | null;
  readonly due_at: Date;
  readonly held: boolean;
  readonly reason: string | null;
  readonly external_id: string | null;
  readonly receipt: Facts | null;
  readonly handed_at: Date | null;
  readonly settled_at: Date | null;
  readonly created_at: Date;
}

const LISTING: Listing = {
  name: 'effects.list',
  select: 'select t.* from effects t',
  conditions: { effectId: 't.id = ?', state: 't.state = ?', kind: 't.kind = ?', subject: 't.subject_id = ?' },
};

function present(row: EffectRow) {
  return {
    id: row.id,
    companyId: row.company_id,
    kind: row.kind,
    key: row.key,
    state: row.state,
    attempts: row.attempts,
    subject: { type: row.subject_type, id: row.subject_id },
    connectionId: row.connection_id,
    dueAt: row.due_at,
    held: row.held,
    reason: row.reason,
    externalId: row.external_id,
    receipt: row.receipt,
    handedAt: row.handed_at,
    settledAt: row.settled_at,
    createdAt: row.created_at,
  };
}

export const listEffects = operation({
  name: 'effects.list',
  summary: 'The ledger: every act outside, newest first',
  http: 'GET /api/effects',
  cli: 'effects list',
  columns: ['kind', 'state', 'due_at', 'reason', 'attempts', 'id'],
  access: 'read',
  input: z.object({
    ...pageInput,
    state: z.enum(EFFECT_STATES).optional(),
    kind: z.string().max(50).optional().describe('email, sms …'),
    subject: z.uuid().optional().describe('Id of what it is about, e.g. a message'),
  }),
  output: pageOf(EffectView),
  async run(ctx, { limit, cursor, ...filters }) {
    const { items, nextCursor } = await listPage<EffectRow>(ctx, ctx.companyId, LISTING, filters, { limit, cursor });
    return { items: items.map(present), nextCursor };
  },
});

/** A person says what nobody can know by machine. */
export const decideEffect = operation({
  name: 'effects.decide',
  summary: 'Settle an effect in doubt: it happened, send it again, or drop it',
  http: 'POST /api/effects/{effect_id}/decide',
  cli: 'effects decide',
  access: 'write',
  role: 'manager',
  status: 200,
  destructive: true,
  input: z.object({ effectId: z.uuid(), decision: z.enum(['happened', 'send_again', 'drop']) }),
  output: EffectView,
  async run(ctx, { effectId, decision }) {
    await ctx.runtime.effects.decide(ctx, effectId, decision);
    const { items } = await listPage<EffectRow>(ctx, ctx.companyId, LISTING, { effectId }, { limit: 1 });
    const [row] = items;
    if (row === undefined) throw new NotFound('There is no such effect');
    ctx.afterCommit(() => ctx.runtime.engine.nudge());
    return present(row);
  },
});
