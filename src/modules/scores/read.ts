import { z } from 'zod';
import type { Statement, Transaction } from '#core/database/database.ts';
import { scoreOf, type Reason } from './compute.ts';
import { gather } from './gather.ts';
import { modelOf } from './model.ts';
import { GRADES, type Grade } from './rules.ts';

/** A lead's score with its reasons. */
export const LeadScore = z.object({
  leadId: z.uuid(),
  personId: z.uuid(),
  score: z.int().describe('0 to 100'),
  grade: z.enum(GRADES),
  reasons: z.array(
    z.object({
      ruleId: z.string(),
      title: z.string(),
      points: z.number().describe('With decay, to a tenth'),
      count: z.int().describe('Touches that count; 1 for a rule of fit'),
      at: z.iso.datetime().nullable().describe('The latest touch that counts'),
    }),
  ),
  history: z.array(z.object({ day: z.iso.date(), score: z.int() })).describe('One entry a day on which it changed, oldest first'),
  computedAt: z.date(),
});
export type LeadScore = z.output<typeof LeadScore>;

const STORED: Statement = {
  name: 'scores.get',
  text: `select score, grade, reasons, history, computed_at as "computedAt" from lead_scores where company_id = $1 and lead_id = $2`,
};
const CURRENT: Statement = {
  name: 'scores.current_lead',
  text: `select id from leads where company_id = $1 and person_id = $2 order by status not in ('converted', 'lost') desc, created_at desc limit 1`,
};

interface Stored {
  readonly score: number;
  readonly grade: Grade;
  readonly reasons: readonly Reason[];
  readonly history: readonly [number, number][];
  readonly computedAt: Date;
}

/** As stored; of a lead that is too new to have one, worked out now. Undefined: this company has no such lead. */
export async function scoreOfLead(tx: Transaction, companyId: string, leadId: string, now: Date): Promise<LeadScore | undefined> {
  const [candidate] = await gather(tx, companyId, [leadId], now, { closed: true });
  if (candidate === undefined) return undefined;
  const [stored] = await tx.query<Stored>(STORED, [companyId, leadId]);
  const { score, grade, reasons, history, computedAt } = stored ?? {
    ...scoreOf(await modelOf(tx, companyId), candidate.facts, candidate.touches, now),
    history: [],
    computedAt: now,
  };
  return {
    leadId,
    personId: candidate.personId,
    score,
    grade,
    reasons: [...reasons],
    history: history.map(([day, value]) => ({ day: new Date(day * 86_400_000).toISOString().slice(0, 10), score: value })),
    computedAt,
  };
}

/** Of the lead that the person currently is, or was last. Undefined: is no lead. */
export async function scoreOfPerson(tx: Transaction, companyId: string, personId: string, now: Date): Promise<LeadScore | undefined> {
  const [lead] = await tx.query<{ id: string }>(CURRENT, [companyId, personId]);
  return lead === undefined ? undefined : scoreOfLead(tx, companyId, lead.id, now);
}
