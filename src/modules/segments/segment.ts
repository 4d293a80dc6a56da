import { z } from 'zod';
import type { Statement, Transaction } from '#core/database/database.ts';
import { ConditionSchema } from '#core/engine/conditions.ts';
import { SegmentNotFound } from './errors.ts';
import { SEGMENT_KINDS } from './tables.ts';

/** A segment as the API shows it. */
export const Segment = z.object({
  id: z.uuid(),
  companyId: z.uuid(),
  name: z.string(),
  kind: z.enum(SEGMENT_KINDS).describe('dynamic: whoever fits the condition; static: a list kept by hand'),
  condition: ConditionSchema.nullable(),
  memberCount: z.int(),
  evaluatedAt: z.date().nullable().describe('When its members were last brought up to date'),
  tookMs: z.int().nullable(),
  error: z.string().nullable(),
  createdBy: z.uuid().nullable(),
  createdAt: z.date(),
  updatedAt: z.date(),
});
export type Segment = z.output<typeof Segment>;

/** Columns in the API's names; alias the table `s`. */
export const SEGMENT_COLUMNS = `s.id, s.company_id as "companyId", s.name, s.kind, s.condition, s.member_count as "memberCount",
  s.evaluated_at as "evaluatedAt", s.took_ms as "tookMs", s.error, s.created_by as "createdBy", s.created_at as "createdAt", s.updated_at as "updatedAt"`;

const BY_ID: Statement = { name: 'segments.get', text: `select ${SEGMENT_COLUMNS} from segments s where s.id = $1 and s.company_id = $2` };
const LOCK: Statement = { name: 'segments.lock', text: `${BY_ID.text} for update` };

/** @throws SegmentNotFound */
export async function getSegment(tx: Transaction, companyId: string, segmentId: string): Promise<Segment> {
  return found(await tx.query<Segment>(BY_ID, [segmentId, companyId]));
}

/** The same, locked: its members change under this lock only. @throws SegmentNotFound */
export async function lockSegment(tx: Transaction, companyId: string, segmentId: string): Promise<Segment> {
  return found(await tx.query<Segment>(LOCK, [segmentId, companyId]));
}

function found([segment]: readonly Segment[]): Segment {
  if (segment === undefined) throw new SegmentNotFound('There is no such segment; list them with GET /api/segments');
  return segment;
}

/** SQL that holds for members of a segment, for lists: `memberOf('p.id', '$3')`. The company stands in `$1` there. */
export function memberOf(personId: string, segmentId: string, companyId = '$1'): string {
  return `exists (select 1 from segment_members sm where sm.segment_id = ${segmentId}::uuid and sm.company_id = ${companyId} and sm.person_id = ${personId})`;
}
