import { z } from 'zod';
import type { Statement, Transaction } from '#core/database/database.ts';
import { RehearsalNotFound } from './errors.ts';
import { Summary } from './summary.ts';
import { REHEARSAL_STATES } from './tables.ts';

/** A rehearsal as lists show it. */
export const RehearsalRow = z.object({
  id: z.uuid(),
  companyId: z.uuid(),
  workflowId: z.uuid(),
  workflowName: z.string(),
  workflowTitle: z.string(),
  version: z.int().nullable().describe('Null: a draft'),
  segmentId: z.uuid().nullable(),
  segmentName: z.string().nullable(),
  days: z.int(),
  replies: z.string(),
  state: z.enum(REHEARSAL_STATES),
  progress: z.int().describe('0 to 100'),
  people: z.int().describe('Who entered'),
  sent: z.int().nullable().describe('Messages that would leave; null until it is done'),
  blocked: z.int().nullable(),
  error: z.string().nullable(),
  hash: z.string().nullable().describe('Of all that it was made from; rehearsals.check compares it with now'),
  beganAt: z.date(),
  tookMs: z.int().nullable(),
  createdBy: z.uuid().nullable(),
  createdAt: z.date(),
  updatedAt: z.date(),
});
export const Rehearsal = RehearsalRow.extend({ summary: Summary.nullable() });
export type Rehearsal = z.output<typeof Rehearsal>;

export const COLUMNS = `t.id, t.company_id as "companyId", t.workflow_id as "workflowId", w.name as "workflowName", w.title as "workflowTitle", t.version,
  (t.request ->> 'segmentId')::uuid as "segmentId", g.name as "segmentName", coalesce((t.request ->> 'days')::int, 30) as days, coalesce(t.request ->> 'replies', 'none') as replies, t.state,
  t.progress::int as progress, t.people, (t.summary -> 'messages' ->> 'sent')::int as sent, (t.summary -> 'messages' ->> 'blocked')::int as blocked, t.error, t.hash,
  t.began_at as "beganAt", t.took_ms as "tookMs", t.created_by as "createdBy", t.created_at as "createdAt", t.updated_at as "updatedAt"`;
export const FROM = `rehearsals t join workflows w on w.id = t.workflow_id
  left join segments g on g.id = (t.request ->> 'segmentId')::uuid and g.company_id = t.company_id`;

const GET: Statement = { name: 'rehearsals.get', text: `select ${COLUMNS}, t.summary from ${FROM} where t.company_id = $1 and t.id = $2` };

/** @throws RehearsalNotFound */
export async function getRehearsal(tx: Transaction, companyId: string, id: string): Promise<Rehearsal> {
  const [row] = await tx.query<Rehearsal>(GET, [companyId, id]);
  if (row === undefined) throw new RehearsalNotFound('There is no such rehearsal; they are kept for 30 days');
  return row;
}
