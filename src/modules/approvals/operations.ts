import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { Conflict, Forbidden, InvalidInput, NotFound } from '#core/errors.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { decodeCursor, pageInput, pageOf, toPage } from '#core/operation/page.ts';
import { atLeast } from '#core/operation/principal.ts';
import { APPROVAL_DECIDED, APPROVAL_REQUESTED } from './step.ts';
import { FALLBACKS, RISKS } from './tables.ts';

/** No such approval in this company. */
export class ApprovalNotFound extends NotFound {
  override readonly code = 'approval_not_found';
}
/** It was decided already, or its run no longer waits for it. */
export class AlreadyDecided extends Conflict {
  override readonly code = 'already_decided';
}
/** Somebody else is asked, or is asked first. */
export class NotYours extends Forbidden {
  override readonly code = 'not_your_decision';
}

const STATES = ['waiting', 'approved', 'rejected', 'expired', 'withdrawn'] as const;

const Approval = z.object({
  id: z.uuid(),
  runId: z.uuid().nullable(),
  workflow: z.string().nullable().describe('Title of the workflow that asks'),
  stepId: z.string(),
  kind: z.string(),
  risk: z.enum(RISKS),
  title: z.string(),
  body: z.string(),
  proposed: z.json().describe('What is to be decided on; it may be changed while it is approved'),
  approved: z.json().describe('As it was approved'),
  personId: z.uuid().nullable(),
  approvers: z.array(z.uuid()).describe('Users who decide, one after the other; empty: any manager'),
  turn: z.int().describe('Whose turn it is, from 0; accounts that are closed are passed over, and where none is left any admin decides'),
  mine: z.boolean().describe('You may decide it now'),
  dueAt: z.date().nullable(),
  fallback: z.enum(FALLBACKS).describe('What happens when nobody decides in time'),
  state: z.enum(STATES).describe('withdrawn: the run that asked has ended'),
  decisions: z.array(z.object({ by: z.string(), at: z.string(), decision: z.string(), note: z.string().nullable() })),
  decidedBy: z.uuid().nullable(),
  decidedAt: z.date().nullable(),
  note: z.string().nullable(),
  createdAt: z.date(),
  updatedAt: z.date(),
});

/** `left`: places in `approvers`, from `turn` on, of those who still have an account. */
type Row = Omit<z.output<typeof Approval>, 'mine'> & { readonly left: readonly number[] };

const STATE = `case when a.state = 'waiting' and (r.id is null or r.state not in ('running', 'waiting', 'paused')) then 'withdrawn' else a.state end`;
const SELECT = `select a.id, a.run_id as "runId", w.title as workflow, a.step_id as "stepId", a.kind, a.risk, a.title, a.body, a.proposed, a.approved, a.person_id as "personId",
    a.approvers, coalesce(l.places[1], a.turn) as turn, coalesce(l.places, '{}') as left, a.due_at as "dueAt", a.fallback, ${STATE} as state, a.decisions, a.decided_by as "decidedBy", a.decided_at as "decidedAt", a.note,
    a.created_at as "createdAt", a.updated_at as "updatedAt"
  from approvals a left join runs r on r.id = a.run_id and r.company_id = a.company_id left join workflows w on w.id = r.workflow_id and w.company_id = a.company_id
    left join lateral (select array_agg(x.place::int - 1 order by x.place) as places from unnest(a.approvers) with ordinality as x (user_id, place)
      join users u on u.id = x.user_id and u.company_id = a.company_id and u.is_active where a.state = 'waiting' and x.place > a.turn) l on true`;

// Each part that is null does not narrow.
const LIST: Statement = {
  name: 'approvals.list',
  text: `${SELECT} where a.company_id = $1 and ($2::text is null or ${STATE} = $2) and ($3::uuid is null or a.id < $3) and ($4::uuid is null or a.run_id = $4)
            and ($5::text is null or a.kind = $5) and ($6::text is null or a.risk = $6)
          order by a.id desc limit $7`,
};
const GET: Statement = { name: 'approvals.get', text: `${SELECT} where a.company_id = $1 and a.id = $2` };
const LOCK: Statement = { name: 'approvals.lock', text: `select id from approvals where company_id = $1 and id = $2 for update` };

function present(ctx: Ctx, { left, ...row }: Row): z.output<typeof Approval> {
  return { ...row, mine: row.state === 'waiting' && mayDecide(ctx, { ...row, left }) };
}

/**
 * Whoever's turn it is; where nobody is named, any manager; where all who are named are gone, any admin. Never a key or a program: a person
 * who is signed in, or the one at the machine.
 */
function mayDecide({ principal }: Ctx, row: Row): boolean {
  const [first] = row.left;
  if (principal.kind === 'operator') return first === undefined;
  if (principal.kind !== 'user') return false;
  if (first !== undefined) return row.approvers[first] === principal.userId;
  return atLeast(principal.role, row.approvers.length === 0 ? 'manager' : 'admin');
}

export const listApprovals = operation({
  name: 'approvals.list',
  summary: 'Decisions that people owe, newest first',
  http: 'GET /api/approvals',
  cli: 'approvals list',
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
    const rows = await ctx.query<Row>(LIST, [ctx.companyId, state ?? null, after, runId ?? null, kind ?? null, risk ?? null, limit + 1]);
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

async function approvalRow(ctx: Ctx, id: string): Promise<Row> {
  const [row] = await ctx.query<Row>(GET, [ctx.companyId, id]);
  if (row === undefined) throw new ApprovalNotFound('There is no such approval; see GET /api/approvals');
  return row;
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
  run: async (ctx, input) => present(ctx, await approvalRow(ctx, input.approvalId)),
});

const DECIDE: Statement = {
  name: 'approvals.decide',
  text: `update approvals set state = $3, turn = $4, approved = $5::jsonb, proposed = coalesce($6::jsonb, proposed), decisions = decisions || $7::jsonb, decided_by = $8, decided_at = $9::timestamptz, note = $10,
                version = version + 1, updated_at = $11::timestamptz where company_id = $1 and id = $2`,
};

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
    await ctx.query(LOCK, [ctx.companyId, id]);
    const row = await approvalRow(ctx, id);
    ctx.expectVersion(row);
    if (row.state === 'withdrawn') throw new AlreadyDecided('The run that asked has ended; there is nothing left to decide');
    if (row.state !== 'waiting') throw new AlreadyDecided(`This was ${row.state} already`);
    if (!mayDecide(ctx, row)) throw new NotYours(refusal(ctx, row));
    if (decision === 'reject' && !note)
      throw new InvalidInput('Say why it is rejected', { fields: [{ path: 'note', message: 'a rejection needs a reason' }] });
    const now = ctx.clock.now();
    const by = ctx.principal.kind === 'user' ? ctx.principal.userId : null;
    const [turn = row.turn, next] = row.left;
    const last = decision === 'reject' || next === undefined;
    const changed = decision === 'approve' && proposed !== undefined ? JSON.stringify(proposed) : null;
    const said = [
      { by: by ?? 'operator', at: now.toISOString(), decision: changed === null ? decision : 'change and approve', note: note ?? null },
    ];
    await ctx.query(DECIDE, [
      ctx.companyId,
      id,
      last ? (decision === 'approve' ? 'approved' : 'rejected') : 'waiting',
      next === undefined || last ? turn : next,
      last && decision === 'approve' ? (changed ?? JSON.stringify(row.proposed)) : null,
      // The first proposal stays to compare with; only between approvers the changed one takes its place.
      last ? null : changed,
      JSON.stringify(said),
      last ? by : null,
      last ? now : null,
      note ?? null,
      now,
    ]);
    if (last && row.runId !== null)
      ctx.emit({ name: APPROVAL_DECIDED, subject: { type: 'run', id: row.runId }, payload: { approval_id: id } });
    if (!last) ctx.emit({ name: APPROVAL_REQUESTED, subject: { type: 'approval', id }, payload: { approval_id: id, run_id: row.runId } });
    ctx.afterCommit(() => ctx.runtime.engine.nudge());
    return present(ctx, await approvalRow(ctx, id));
  },
});

function refusal({ principal }: Ctx, row: Row): string {
  if (principal.kind !== 'user') return 'Only a person who is signed in can decide; a key or a program can’t';
  if (row.approvers.length === 0) return 'A manager decides this';
  if (row.left.length === 0) return 'Those who were asked no longer have an account: an admin decides this';
  return row.approvers.includes(principal.userId)
    ? 'Somebody else decides before you, or you have decided already'
    : 'Others were asked to decide this';
}
