import { innerLists } from '#core/engine/tree.ts';
import type { StepNode } from '#core/engine/types.ts';

export interface ListedStep {
  readonly node: StepNode;
  /** 0 for the main line, one more inside each branch or loop. */
  readonly depth: number;
}

/** Steps of a definition in the order in which they are read. */
export function listSteps(nodes: readonly StepNode[], depth = 0): ListedStep[] {
  return nodes.flatMap((node) => [{ node, depth }, ...innerLists(node).flatMap((inner) => listSteps(inner, depth + 1))]);
}
