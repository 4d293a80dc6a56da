import type { StepNode } from './types.ts';

/** The lists of steps that a step holds, in the order in which they are drawn. */
export function innerLists(node: StepNode): (readonly StepNode[])[] {
  return [
    node.then,
    ...(node.cases ?? []).map((one) => one.steps),
    node.otherwise,
    node.body,
    ...(node.branches ?? []).map((branch) => branch.steps),
  ].filter((list) => list !== undefined);
}

/** Every step of a definition, whatever holds it, a step before those inside it. */
export function* eachStep(steps: readonly StepNode[]): Generator<StepNode> {
  for (const step of steps) {
    yield step;
    for (const inner of innerLists(step)) yield* eachStep(inner);
  }
}
