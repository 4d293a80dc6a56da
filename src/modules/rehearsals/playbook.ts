import type { Statement, Transaction } from '#core/database/database.ts';
import type { WorkflowDefinition } from '#core/engine/types.ts';
import { InvalidInput, NotFound } from '#core/errors.ts';
import type { Runtime } from '#core/runtime.ts';
import { readDefinition, workflowRow } from '#modules/workflows/public.ts';
import type { Request } from './request.ts';

const VERSION: Statement = {
  name: 'rehearsals.version',
  text: 'select definition from workflow_versions where company_id = $1 and workflow_id = $2 and version = $3',
};

/** What is rehearsed. */
export interface Playbook {
  /** Null: a draft. */
  readonly version: number | null;
  readonly definition: WorkflowDefinition;
  /** The current one, which a draft would follow. */
  readonly current: number;
}

/** A draft, a version, or the current one. @throws NotFound no such workflow or version; InvalidInput a draft that can't run */
export async function scriptOf(
  tx: Transaction,
  runtime: Runtime,
  companyId: string,
  workflowId: string,
  request: Request,
): Promise<Playbook> {
  const workflow = await workflowRow(tx, companyId, workflowId);
  const current = workflow.version;
  if (request.definition !== undefined) {
    if (request.version !== undefined)
      throw new InvalidInput('Give a version or a definition, not both', { fields: [{ path: 'version', message: 'or definition' }] });
    return { version: null, definition: readDefinition(runtime, { ...request.definition, name: workflow.name }), current };
  }
  if (request.version === undefined || request.version === current) return { version: current, definition: workflow.definition, current };
  const [row] = await tx.query<{ definition: WorkflowDefinition }>(VERSION, [companyId, workflow.id, request.version]);
  if (row === undefined) throw new NotFound(`${workflow.title} has no version ${request.version}`);
  return { version: request.version, definition: row.definition, current };
}

/** Under which version it runs on the stage: a draft under the next. */
export function running({ version, definition, current }: Playbook): { readonly version: number; readonly definition: WorkflowDefinition } {
  return { version: version ?? current + 1, definition };
}
