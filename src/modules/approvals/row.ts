import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { Conflict, Forbidden, NotFound } from '#core/errors.ts';
import type { Ctx } from '#core/operation/context.ts';
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

export const STATES = ['waiting', 'approved', 'rejected', 'expired', 'withdrawn'] as const;

/** A decision that a person owes, as faces show it. */
export const Approval = z.object({
  id: z.uuid(),
  runId: z.uuid().nullable(),
  workflowId: z.uuid().nullable(),
  workflow: z.string().nullable().describe('Title of the workflow that asks'),
  stepId: z.string(),
  kind: z.string(),
  risk: z.enum(RISKS).describe('low: many may be approved at once. medium: those of one question. high: each for itself'),
  title: z.string(),
  body: z.string(),
  proposed: z.json().describe('What is to be decided on; it may be changed while it is approved'),
  approved: z.json().describe('As it was approved'),
  personId: z.uuid().nullable(),
  approvers: z.array(z.uuid()).describe('Users who decide, one after the other; empty: any manager'),
  waitingFor: z
    .array(z.uuid())
    .describe('Those of them who are still to decide and can: the first is asked now. Nobody left of them: any admin'),
  asked: z.array(z.object({ id: z.uuid(), name: z.string(), active: z.boolean() })).describe('The approvers by name'),
  turn: z.int().describe('Whose turn it is, from 0; accounts that are closed are passed over, and where none is left any admin decides'),
  mine: z.boolean().describe('You may decide it now'),
  dueAt: z.date().nullable(),
  fallback: z.enum(FALLBACKS).describe('What happens when nobody decides in time'),
  state: z.enum(STATES).describe('withdrawn: the run that asked has ended'),
  decisions: z.array(z.object({ by: z.string(), at: z.string(), decision: z.string(), note: z.string().nullable() })),
  decidedBy: z.uuid().nullable(),
  decidedByName: z.string().nullable(),
  decidedAt: z.date().nullable(),
  note: z.string().nullable(),
  createdAt: z.date(),
  updatedAt: z.date(),
});
export type ApprovalRow = Omit<z.output<typeof Approval>, 'mine'>;

export const STATE = `case when a.state = 'waiting' and (r.id is null or r.state not in ('running', 'waiting', 'paused')) then 'withdrawn' else a.state end`;
export const SELECT = `select a.id, a.run_id as "runId", w.id as "workflowId", w.title as workflow, a.step_id as "stepId", a.kind, a.risk, a.title, a.body, a.proposed, a.approved, a.person_id as "personId",
    a.approvers, coalesce(l.users, '{}') as "waitingFor",
    coalesce((select json_agg(json_build_object('id', x.id, 'name', coalesce(nullif(u.full_name, ''), u.username, 'Somebody who has left'), 'active', coalesce(u.is_active and u.deleted_at is null, false)) order by x.n)
       from unnest(a.approvers) with ordinality as x (id, n) left join users u on u.id = x.id and u.company_id = a.company_id), '[]') as asked,
    coalesce(l.first, a.turn) as turn, a.due_at as "dueAt", a.fallback, ${STATE} as state, a.decisions, a.decided_by as "decidedBy",
    (select coalesce(nullif(u.full_name, ''), u.username) from users u where u.id = a.decided_by and u.company_id = a.company_id) as "decidedByName",
    a.decided_at as "decidedAt", a.note, a.created_at as "createdAt", a.updated_at as "updatedAt"
  from approvals a left join runs r on r.id = a.run_id and r.company_id = a.company_id left join workflows w on w.id = r.workflow_id and w.company_id = a.company_id
    left join lateral (select min(x.place)::int - 1 as first, array_agg(x.user_id order by x.place) as users from unnest(a.approvers) with ordinality as x (user_id, place)
      join users u on u.id = x.user_id and u.company_id = a.company_id and u.is_active and u.deleted_at is null where a.state = 'waiting' and x.place > a.turn) l on true`;

const GET: Statement = { name: 'approvals.get', text: `${SELECT} where a.company_id = $1 and a.id = any ($2::uuid[]) order by a.id` };
const LOCK: Statement = {
  name: 'approvals.lock',
  text: `select id from approvals where company_id = $1 and id = any ($2::uuid[]) order by id for update`,
};

export function approvalRows(ctx: Ctx, ids: readonly string[]): Promise<ApprovalRow[]> {
  return ctx.query<ApprovalRow>(GET, [ctx.companyId, ids]);
}

/** Nobody else decides them until this transaction ends. */
export async function lockApprovals(ctx: Ctx, ids: readonly string[]): Promise<ApprovalRow[]> {
  await ctx.query(LOCK, [ctx.companyId, ids]);
  return approvalRows(ctx, ids);
}

/** @throws ApprovalNotFound */
export function oneOf(rows: readonly ApprovalRow[]): ApprovalRow {
  const [row] = rows;
  if (row === undefined) throw new ApprovalNotFound('There is no such approval; see GET /api/approvals');
  return row;
}
