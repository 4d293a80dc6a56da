import type { Statement, Transaction } from '#core/database/database.ts';
import { compile, type CompiledWorkflow, type Vocabulary } from './definition.ts';
import type { WorkflowDefinition } from './types.ts';

const VERSIONS: Statement = {
  name: 'engine.versions',
  text: `select v.workflow_id, v.version, v.definition
           from unnest($1::uuid[], $2::integer[]) as wanted (workflow_id, version)
           join workflow_versions v using (workflow_id, version)`,
};

const MOST = 5_000;

export interface VersionRef {
  readonly workflowId: string;
  readonly version: number;
}

/** Compiled definitions by version. A version never changes, so what was compiled once stays good; a definition that no longer compiles is an Error in its place. */
export class Catalogue {
  readonly #vocabulary: Vocabulary;
  readonly #compiled = new Map<string, CompiledWorkflow | Error>();

  constructor(vocabulary: Vocabulary) {
    this.#vocabulary = vocabulary;
  }

  /** All of these versions, with one query for the unknown ones. The tenancy of the ids is the caller's. */
  async load(tx: Transaction, refs: readonly VersionRef[]): Promise<(ref: VersionRef) => CompiledWorkflow | Error> {
    const unknown = new Map(refs.filter((ref) => !this.#compiled.has(keyOf(ref))).map((ref) => [keyOf(ref), ref]));
    if (unknown.size > 0) {
      if (this.#compiled.size > MOST) this.#compiled.clear();
      const wanted = [...unknown.values()];
      const rows = await tx.query<{ workflow_id: string; version: number; definition: WorkflowDefinition }>(VERSIONS, [
        wanted.map((ref) => ref.workflowId),
        wanted.map((ref) => ref.version),
      ]);
      for (const row of rows)
        this.#compiled.set(keyOf({ workflowId: row.workflow_id, version: row.version }), this.#compile(row.definition));
    }
    // Kept apart from the cache, which another call may clear.
    const found = new Map(refs.map((ref) => [keyOf(ref), this.#compiled.get(keyOf(ref))]));
    return (ref) => found.get(keyOf(ref)) ?? new Error('Its definition is gone');
  }

  #compile(definition: WorkflowDefinition): CompiledWorkflow | Error {
    try {
      return compile(definition, this.#vocabulary);
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }
}

function keyOf(ref: VersionRef): string {
  return `${ref.workflowId}/${ref.version}`;
}
