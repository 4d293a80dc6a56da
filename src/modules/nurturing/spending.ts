import type { Statement, Transaction } from '#core/database/database.ts';
import { newId } from '#core/ids.ts';
import type { Provenance } from './write-draft.ts';

const SPENT: Statement = {
  name: 'nurturing.spent',
  text: `select coalesce(sum(cost_micros), 0)::float8 as micros from generations where company_id = $1 and created_at >= $2`,
};

/** What models cost a company since the first of the month (UTC), micro-dollars. Models of unknown price count nothing. */
export async function spentThisMonth(tx: Transaction, companyId: string, now: Date): Promise<number> {
  const start = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1));
  const [row] = await tx.query<{ micros: number }>(SPENT, [companyId, start]);
  return row?.micros ?? 0;
}

const RECORD: Statement = {
  name: 'nurturing.generation.record',
  text: `insert into generations (id, company_id, purpose, run_id, step_id, lead_id, prompt_version, model, input_tokens, output_tokens, cost_micros, fallback_reason, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
};

export interface Generation {
  readonly companyId: string;
  readonly purpose: 'draft' | 'reply' | 'preview';
  readonly runId: string | null;
  readonly stepId: string | null;
  readonly leadId: string | null;
  readonly provenance: Omit<Provenance, 'factsUsed'>;
}

/** One row a text, so that cost can be summed and every fallback explained. */
export async function recordGeneration(
  tx: Transaction,
  { companyId, purpose, runId, stepId, leadId, provenance }: Generation,
  now: Date,
): Promise<void> {
  const { promptVersion, model, inputTokens, outputTokens, costMicros, fallbackReason } = provenance;
  await tx.query(RECORD, [
    newId(),
    companyId,
    purpose,
    runId,
    stepId,
    leadId,
    promptVersion,
    model,
    inputTokens,
    outputTokens,
    costMicros,
    fallbackReason,
    now,
  ]);
}
