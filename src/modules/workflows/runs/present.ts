import { loadSubjects } from '#core/engine/subjects.ts';
import type { Facts, WorkflowDefinition } from '#core/engine/types.ts';
import type { Ctx } from '#core/operation/context.ts';
import { nameIn } from '../definitions.ts';
import type { RUN_STATES } from '../shapes.ts';
import { stepsById } from '../versions/steps.ts';
import { causeOf } from './causes.ts';

export type RunState = (typeof RUN_STATES)[number];

export interface RunRow {
  readonly id: string;
  readonly company_id: string;
  readonly workflow_id: string;
  readonly workflow_name: string;
  readonly workflow_title: string;
  readonly newest_version: number;
  readonly definition: WorkflowDefinition;
  readonly version: number;
  readonly subject_type: string;
  readonly subject_id: string;
  readonly person_id: string | null;
  readonly state: RunState;
  readonly step_id: string | null;
  readonly attempt: number;
  readonly wake_at: Date | null;
  readonly reason: string | null;
  readonly outcome: string | null;
  readonly error: string | null;
  readonly trigger_type: string;
  readonly trigger_id: string;
  readonly outputs: Facts;
  readonly parent_id: string | null;
  readonly branch: number | null;
  readonly started_at: Date;
  readonly completed_at: Date | null;
  readonly updated_at: Date;
}

export const RUN_SELECT = `select t.*, w.name as workflow_name, w.title as workflow_title, w.version as newest_version, v.definition from runs t
  join workflows w on w.id = t.workflow_id join workflow_versions v on v.workflow_id = t.workflow_id and v.version = t.version`;

/** Rows as the API shows them; names of subjects come from their facts, one query a type. */
export async function presentRuns(ctx: Ctx, rows: readonly RunRow[]) {
  const subjects = rows.map((row) => ({ companyId: row.company_id, type: row.subject_type, id: row.subject_id }));
  const loaded = await loadSubjects(ctx.runtime.engine.vocabulary, ctx, subjects);
  return rows.map((row) => ({
    id: row.id,
    companyId: row.company_id,
    workflowId: row.workflow_id,
    workflowConfigId: row.workflow_id,
    workflowName: row.workflow_name,
    workflowTitle: row.workflow_title,
    version: row.version,
    subject: {
      type: row.subject_type,
      id: row.subject_id,
      name: nameIn(loaded.get(`${row.subject_type} ${row.subject_id}`)?.facts ?? {}, row.subject_type),
    },
    personId: row.person_id,
    state: row.state,
    status: row.state,
    stepId: row.step_id,
    stepTitle: row.step_id === null ? null : (stepsById(row.definition.steps).get(row.step_id)?.node.title ?? null),
    attempt: row.attempt,
    dueAt: row.wake_at,
    reason: row.reason,
    outcome: row.outcome,
    error: row.error,
    cause: row.error === null ? null : causeOf(row.error, { workflowId: row.workflow_id, personId: row.person_id }),
    parentId: row.parent_id,
    branch: row.branch,
    triggerType: row.trigger_type,
    triggerId: row.trigger_id,
    startedAt: row.started_at,
    completedAt: row.completed_at,
    updatedAt: row.updated_at,
  }));
}
