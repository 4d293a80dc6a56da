import type { Statement, Transaction } from '#core/database/database.ts';
import { digestOf } from '#core/engine/definition.ts';
import { syncTriggers } from '#core/engine/install.ts';
import type { CohortChoice } from '#core/engine/relocate.ts';
import type { WorkflowDefinition } from '#core/engine/types.ts';
import { InvalidInput } from '#core/errors.ts';
import type { Runtime } from '#core/runtime.ts';
import { addVersion, readDefinition, type WorkflowRow } from '../definitions.ts';
import { check } from './check/check.ts';
import { tryCompile } from './compiled.ts';
import { dropDraft } from './drafts.ts';
import { beginMove } from './moves.ts';
import { placedSteps } from './steps.ts';

const NOTE: Statement = {
  name: 'workflows.version_note',
  text: `update workflow_versions set note = coalesce($4, note), restores = coalesce($5, restores) where company_id = $1 and workflow_id = $2 and version = $3`,
};
const TOUCH: Statement = {
  name: 'workflows.touch',
  text: `update workflows set updated_at = date_trunc('milliseconds', $3::timestamptz) where company_id = $1 and id = $2`,
};

export interface Publication {
  readonly definition: unknown;
  readonly cohorts: readonly CohortChoice[];
  readonly others: CohortChoice['choice'];
  readonly note: string | null;
  /** The version whose definition it is again. */
  readonly restores: number | null;
  readonly userId: string | null;
}

/**
 * The definition becomes the version that new runs get; live runs stay, move or finish as chosen. The same definition again is no new version,
 * but its choices count. The draft is gone. @throws InvalidInput with every fault; MoveUnderWay
 */
export async function publish(
  tx: Transaction,
  runtime: Runtime,
  row: WorkflowRow,
  publication: Publication,
): Promise<{ version: number; move: { id: string; more: boolean } | null }> {
  const { cohorts, others, note, restores, userId } = publication;
  const findings = await check({ tx, runtime, companyId: row.company_id, workflow: row }, publication.definition);
  const faults = findings.filter((finding) => finding.severity === 'fault');
  if (faults.length > 0)
    throw new InvalidInput(
      `It can't be published yet: ${faults[0]?.message}${faults.length === 1 ? '' : `, and ${faults.length - 1} more`}`,
      {
        fields: faults.map(({ path, message }) => ({ path: `definition.${path}`, message })),
      },
    );
  const definition = readDefinition(runtime, publication.definition);
  requireSteps(definition, cohorts);
  const now = runtime.clock.now();
  const changed = digestOf(definition) !== digestOf(row.definition);
  await addVersion(tx, row, definition, userId);
  const version = changed ? row.version + 1 : row.version;
  if (note !== null || restores !== null) await tx.query(NOTE, [row.company_id, row.id, version, note, restores]);
  await tx.query(TOUCH, [row.company_id, row.id, now]);
  await syncTriggers(tx, [row.id], definition, now);
  await dropDraft(tx, row.company_id, row.id);
  const compiled = tryCompile(definition, runtime);
  if (compiled instanceof Error) throw compiled;
  const move = await beginMove(tx, runtime, { companyId: row.company_id, workflowId: row.id, toVersion: version, cohorts, others, userId });
  return { version, move };
}

/** @throws InvalidInput a cohort is to go on at a step that the new version lacks */
function requireSteps(definition: WorkflowDefinition, cohorts: readonly CohortChoice[]): void {
  const ids = new Set(placedSteps(definition.steps).map(({ node }) => node.id));
  const fields = cohorts.flatMap((cohort, i) => {
    const to = cohort.to_step_id ?? cohort.step_id;
    if (cohort.choice !== 'move' || ids.has(to)) return [];
    return [{ path: `cohorts.${i}.to_step_id`, message: `the new version has no step ${to}; there are ${[...ids].join(', ')}` }];
  });
  if (fields.length > 0)
    throw new InvalidInput(`Who stands at ${fields.length === 1 ? 'a step' : 'some steps'} has nowhere to go on`, { fields });
}
