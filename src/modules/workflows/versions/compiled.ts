import type { Statement, Transaction } from '#core/database/database.ts';
import { compile, type CompiledWorkflow } from '#core/engine/definition.ts';
import type { WorkflowDefinition } from '#core/engine/types.ts';
import type { Runtime } from '#core/runtime.ts';

const VERSIONS: Statement = {
  name: 'workflows.some_versions',
  text: `select version, definition from workflow_versions where company_id = $1 and workflow_id = $2 and version = any ($3::integer[])`,
};

export async function definitionsOf(
  tx: Transaction,
  companyId: string,
  workflowId: string,
  versions: readonly number[],
): Promise<ReadonlyMap<number, WorkflowDefinition>> {
  const rows = await tx.query<{ version: number; definition: WorkflowDefinition }>(VERSIONS, [companyId, workflowId, versions]);
  return new Map(rows.map((row) => [row.version, row.definition]));
}

/** Versions of one workflow ready to run; one that no longer compiles is an Error in its place. */
export async function compiledVersions(
  tx: Transaction,
  runtime: Runtime,
  companyId: string,
  workflowId: string,
  versions: readonly number[],
): Promise<ReadonlyMap<number, CompiledWorkflow | Error>> {
  const found = await definitionsOf(tx, companyId, workflowId, versions);
  return new Map([...found].map(([version, definition]) => [version, tryCompile(definition, runtime)]));
}

export function tryCompile(definition: WorkflowDefinition, runtime: Runtime): CompiledWorkflow | Error {
  try {
    return compile(definition, runtime.engine.vocabulary);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
