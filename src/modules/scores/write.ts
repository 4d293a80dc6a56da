import type { Statement, Transaction } from '#core/database/database.ts';
import type { DomainEvent } from '#core/engine/types.ts';
import type { Runtime } from '#core/runtime.ts';
import { crossed, scoreOf, withToday } from './compute.ts';
import { gather, type Candidate } from './gather.ts';
import { modelOf, type Model } from './model.ts';

/** One at a time a company: two who worked out the same lead at once would tell of its crossing twice. */
const LOCK: Statement = { name: 'scores.lock', text: `select pg_advisory_xact_lock(hashtextextended('scores ' || $1, 0))` };
const UPSERT: Statement = {
  name: 'scores.upsert',
  text: `insert into lead_scores as s (lead_id, company_id, score, grade, reached, reasons, history, version, next_at, computed_at)
         select lead_id, $1, score, grade, reached, reasons, history, $3, next_at, $4
           from jsonb_to_recordset($2::jsonb) as e(lead_id uuid, score smallint, grade text, reached smallint, reasons jsonb, history jsonb, next_at timestamptz)
          order by lead_id
         on conflict (lead_id) do update set score = excluded.score, grade = excluded.grade, reached = excluded.reached, reasons = excluded.reasons,
           history = excluded.history, version = excluded.version, next_at = excluded.next_at, computed_at = excluded.computed_at
          where s.company_id = $1`,
};
/** Leads that are closed by now, or gone: time no longer changes their score. */
const REST: Statement = {
  name: 'scores.rest',
  text: `update lead_scores set next_at = null where company_id = $1 and lead_id = any($2::uuid[]) and next_at is not null`,
};

/**
 * Works these leads out anew, set-based, in the caller's transaction and under either role. `announce`: a lead that comes up to a
 * grade is told of by `lead.score_reached`; without it (a change of rules, an import) the crossing is only noted. Answers how many
 * were worked out.
 */
export async function scoreLeads(
  tx: Transaction,
  runtime: Runtime,
  companyId: string,
  leadIds: readonly string[],
  { announce }: { readonly announce: boolean },
): Promise<number> {
  if (leadIds.length === 0) return 0;
  await tx.query(LOCK, [companyId]);
  const now = runtime.clock.now();
  const model = await modelOf(tx, companyId);
  const ids = [...new Set(leadIds)];
  const candidates = await gather(tx, companyId, ids, now);
  const done = candidates.map((candidate) => ({ candidate, ...worked(model, candidate, now) }));
  if (done.length > 0) await tx.query(UPSERT, [companyId, JSON.stringify(done.map(({ row }) => row)), model.version, now]);
  if (done.length < ids.length) {
    const open = new Set(candidates.map(({ leadId }) => leadId));
    await tx.query(REST, [companyId, ids.filter((id) => !open.has(id))]);
  }
  const events = announce ? done.flatMap(({ candidate, row, up }) => up.map((step) => reached(companyId, candidate, row, step))) : [];
  if (events.length > 0) await runtime.engine.emit(tx, events);
  return done.length;
}

type Worked = ReturnType<typeof worked>;

function worked(model: Model, candidate: Candidate, now: Date) {
  const { score, grade, reasons, nextAt } = scoreOf(model, candidate.facts, candidate.touches, now);
  const { reached: level, up } = crossed(model.grades, score, candidate.before?.reached ?? 0);
  const row = {
    lead_id: candidate.leadId,
    score,
    grade,
    reached: level,
    reasons,
    history: withToday(candidate.before?.history ?? [], score, now),
    next_at: nextAt,
  };
  return { row, up };
}

function reached(companyId: string, { leadId, personId }: Candidate, row: Worked['row'], step: Worked['up'][number]): DomainEvent {
  return {
    name: 'lead.score_reached',
    companyId,
    subject: { type: 'lead', id: leadId },
    personId,
    payload: {
      threshold: step.threshold,
      grade: step.grade,
      score: row.score,
      // the highest that it came up to with the same change: who tells people tells of this one only
      top: row.grade === step.grade,
      reasons: row.reasons.slice(0, 3).map((reason) => reason.title),
    },
  };
}
