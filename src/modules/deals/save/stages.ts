import type { Statement, Transaction } from '#core/database/database.ts';
import type { StageView } from '../history/replay.ts';
import type { StageRow } from './types.ts';

const STAGES: Statement = {
  name: 'deals.stages.all',
  text: `select id, pipeline_id as "pipelineId", name, kind, probability, position from deal_stages where company_id = $1 order by pipeline_id, position, id`,
};
const PROBABILITIES: Statement = {
  name: 'deals.stages.probabilities',
  text: `select stage_id as "stageId", since, probability from deal_stage_probabilities where company_id = $1 order by stage_id, since`,
};

export interface Stages {
  readonly rows: ReadonlyMap<string, StageRow>;
  /** As a replay wants them. */
  readonly views: ReadonlyMap<string, StageView>;
}

export async function loadStages(tx: Transaction, companyId: string): Promise<Stages> {
  const rows = await tx.query<StageRow>(STAGES, [companyId]);
  const dated = Map.groupBy(
    await tx.query<{ stageId: string; since: Date; probability: number }>(PROBABILITIES, [companyId]),
    (row) => row.stageId,
  );
  return {
    rows: new Map(rows.map((row) => [row.id, row])),
    views: new Map(
      rows.map((row) => [
        row.id,
        {
          id: row.id,
          kind: row.kind,
          position: row.position,
          probability: row.probability,
          probabilities: (dated.get(row.id) ?? []).map(({ since, probability }) => ({ since: since.getTime(), probability })),
        },
      ]),
    ),
  };
}
