import type { Transaction } from '#core/database/database.ts';
import type { Facts, SubjectField, WorkflowDefinition } from '#core/engine/types.ts';
import type { Runtime } from '#core/runtime.ts';
import type { PlacedStep } from '../steps.ts';

/** What is wrong, or may be. `path` is in the definition: `steps.2.then.0.input.template`. */
export interface Finding {
  readonly severity: 'fault' | 'warning';
  /** Stable, for programs: `unreachable`, `no_end`. */
  readonly code: string;
  readonly path: string;
  readonly stepId: string | null;
  readonly message: string;
}

/** A definition of a good shape while it is looked at. */
export interface Asked {
  readonly tx: Transaction;
  readonly runtime: Runtime;
  readonly companyId: string;
  readonly definition: WorkflowDefinition;
  readonly placed: readonly PlacedStep[];
  /** Settings that the company keeps for this workflow, beside those of the definition. */
  readonly settings: Facts;
  /** Of what a run is about; null: its type declares none, so names are not checked. */
  readonly fields: readonly SubjectField[] | null;
}
