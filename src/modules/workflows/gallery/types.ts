import type { WorkflowDefinition } from '#core/engine/types.ts';

/** A workflow that works as it is: a beginning for one of a company's own. */
export interface GalleryWorkflow {
  readonly key: string;
  /** One sentence for people. */
  readonly description: string;
  /** Name of a Lucide icon. */
  readonly icon: string;
  readonly definition: WorkflowDefinition;
}
