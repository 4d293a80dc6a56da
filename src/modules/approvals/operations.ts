import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { InvalidInput } from '#core/errors.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { decodeCursor, pageInput, pageOf, toPage } from '#core/operation/page.ts';
import { decide, mayDecide, refusal } from './decide.ts';
import {
  AlreadyDecided,
  Approval,
  ApprovalNotFound,
  approvalRows,
  lockApprovals,
  NotYours,
  oneOf,
  SELECT,
  STATE,
  STATES,
  type ApprovalRow,
} from './row.ts';
import { RISKS } from './tables.ts';

// Each part that is null does not narrow.
const LIST: Statement = {
  name: 'approvals.list',
  text: `${SELECT} where a.company_id = $1 and ($2::text is null or ${STATE} = $2) and ($3::uuid is null or a.id < $3) and ($4::uuid is null or a.run_id = $4)
            and ($5::text is null or a.kind = $5) and ($6::text is null or a.risk = $6)
          order by a.id desc limit $7`,
};

function present(ctx: Ctx, row: ApprovalRow): z.output<typeof Approval> {
  return { ...row, mine: row.state === 'waiting' && mayDecide(ctx, row) };
}

export const listApprovals = operation({
  name: 'approvals.list',
  summary: 'Decisions that people owe, newest first',
  http: 'GET /api/approvals',
  cli: 'approvals list',
  columns: ['title', 'kind', 'risk', 'state', 'due_at', 'id'],
  access: 'read',
  input: z.object({
    ...pageInput,
    state: z.enum(STATES).optional(),
    runId: z.uuid().optional(),
    kind: z.string().max(40).optional(),
    risk: z.enum(RISKS).optional(),
  }),
  output: pageOf(Approval),
  async run(ctx, { limit, cursor, state, runId, kind, risk }) {
    const after = cursor === undefined ? null : idIn(cursor);
    const rows = await ctx.query<ApprovalRow>(LIST, [
      ctx.companyId,
      state ?? null,
      after,
      runId ?? null,
      kind ?? null,
      risk ?? null,
      limit + 1,
    ]);
    const { items, nextCursor } = toPage(rows, limit, (row) => [row.id]);
    return { items: items.map((row) => present(ctx, row)), nextCursor };
  },
});

function idIn(cursor: string): string {
  const id = z.uuid().safeParse(decodeCursor(cursor, 1)[0]);
  if (id.success) return id.data;
  throw new InvalidInput('This cursor is not one that this list gave; start again without it', {
    fields: [{ path: 'cursor', message: 'not a cursor of this list' }],
  });
}

const approvalId = () => z.uuid().describe('Id of the approval');

export const getApproval = operation({
  name: 'approvals.get',
  summary: 'One decision that a person owes, with what is proposed',
  http: 'GET /api/approvals/{approval_id}',
  cli: 'approvals get',
  access: 'read',
  input: z.object({ approvalId: approvalId() }),
  output: Approval,
  errors: [ApprovalNotFound],
  run: async (ctx, input) => present(ctx, oneOf(await approvalRows(ctx, [input.approvalId]))),
});

/**
 * One person's decision. A rejection is final; an approval passes it on to the next approver, or lets the run go on.
 * What an approver changed is what the next one sees, and what the run goes on with.
 */
export const decideApproval = operation({
  name: 'approvals.decide',
  summary: 'Approve (as it is, or changed) or reject what a run waits for. Only a person who is signed in can',
  http: 'POST /api/approvals/{approval_id}/decide',
  cli: 'approvals decide',
  access: 'write',
  status: 200,
  input: z.object({
    approvalId: approvalId(),
    decision: z.enum(['approve', 'reject']),
    note: z.string().trim().max(2_000).optional().describe('Why; a rejection needs it'),
    proposed: z.json().optional().describe('With approve: what is approved instead of the proposal'),
  }),
  output: Approval,
  errors: [ApprovalNotFound, AlreadyDecided, NotYours],
  async run(ctx, { approvalId: id, decision, note, proposed }) {
    const row = oneOf(await lockApprovals(ctx, [id]));
    ctx.expectVersion(row);
    if (row.state === 'withdrawn') throw new AlreadyDecided('The run that asked has ended; there is nothing left to decide');
    if (row.state !== 'waiting') throw new AlreadyDecided(`This was ${row.state} already`);
    if (!mayDecide(ctx, row)) throw new NotYours(refusal(ctx, row));
    if (decision === 'reject' && !note)
      throw new InvalidInput('Say why it is rejected', { fields: [{ path: 'note', message: 'a rejection needs a reason' }] });
    await decide(ctx, [{ row, decision, note: note ?? null, proposed }]);
    return present(ctx, oneOf(await approvalRows(ctx, [id])));
  },
});

const MOST_AT_ONCE = 500;

export const approveMany = operation({
  name: 'approvals.approve_many',
  summary: 'Approve many as they are: those of low risk, or those of medium risk that one step asked. High risk is decided one by one',
  http: 'POST /api/approvals/approve',
  cli: 'approvals approve-many',
  access: 'write',
  status: 200,
  input: z.object({
    approvalIds: z.array(z.uuid()).min(1).max(MOST_AT_ONCE).describe('As they were looked at'),
    note: z.string().trim().max(2_000).optional(),
  }),
  output: z.object({
    approved: z.int().describe('Their runs go on'),
    passedOn: z.int().describe('Approved by you; the next one is asked'),
    skipped: z.array(z.object({ id: z.uuid(), says: z.string() })).describe('Left as they are, and why, in the order asked'),
  }),
  errors: [ApprovalNotFound],
  async run(ctx, input) {
    const ids = [...new Set(input.approvalIds)];
    const rows = await lockApprovals(ctx, ids);
    if (rows.length < ids.length) throw new ApprovalNotFound('One of these approvals is not here; read the list again');
    refuseBatch(rows);
    const reasons = new Map<string, string>();
    const open = rows.filter((row) => {
      const says = row.state !== 'waiting' ? `It is ${row.state} already` : mayDecide(ctx, row) ? null : refusal(ctx, row);
      if (says !== null) reasons.set(row.id, says);
      return says === null;
    });
    await decide(
      ctx,
      open.map((row) => ({ row, decision: 'approve', note: input.note ?? null, proposed: undefined })),
    );
    const passedOn = open.filter((row) => row.waitingFor.length > 1).length;
    const skipped = ids.flatMap((id) => {
      const says = reasons.get(id);
      return says === undefined ? [] : [{ id, says }];
    });
    return { approved: open.length - passedOn, passedOn, skipped };
  },
});

/** @throws InvalidInput what may not be decided many at once */
function refuseBatch(rows: readonly ApprovalRow[]): void {
  const refuse = (message: string) => {
    throw new InvalidInput(message, { fields: [{ path: 'approval_ids', message: 'not these together' }] });
  };
  if (rows.some((row) => row.risk === 'high')) refuse('What is of high risk is decided one by one');
  const questions = new Set(rows.filter((row) => row.risk === 'medium').map((row) => `${row.workflowId} ${row.stepId}`));
  if (questions.size > 1 || (questions.size === 1 && rows.some((row) => row.risk === 'low')))
    refuse('What is of medium risk is approved together only where one step asked it');
}
