import type { StepNode } from '#core/engine/types.ts';

/** A list of steps inside another: an arm of a branch, a case of a switch, the body of a loop, one of several parallel branches. */
export interface Arm {
  /** Below the step that holds it: `then`, `branches.0.steps`. */
  readonly path: string;
  readonly steps: readonly StepNode[];
}

/** A step with its place in the definition. */
export interface PlacedStep {
  readonly node: StepNode;
  /** `steps.2.then.0` */
  readonly path: string;
  /** The step that holds it, and in which arm; null at the top. */
  readonly inside: { readonly stepId: string; readonly arm: string } | null;
  readonly index: number;
  /** Ids of the steps whose outputs it may see: those that have ended, or may have. */
  readonly earlier: ReadonlySet<string>;
  readonly inLoop: boolean;
}

/** What is no step is left out: a draft may hold anything. */
function list(value: unknown): readonly StepNode[] {
  return Array.isArray(value) ? value.filter(isStep) : [];
}

function isStep(value: unknown): value is StepNode {
  return typeof value === 'object' && value !== null && typeof Reflect.get(value, 'id') === 'string';
}

export function armsOf(node: StepNode): readonly Arm[] {
  const arms: Arm[] = [];
  const own = (path: 'then' | 'otherwise' | 'body') => {
    if (path in node) arms.push({ path, steps: list(Reflect.get(node, path)) });
  };
  const each = (path: 'cases' | 'branches') => {
    const ways: unknown = Reflect.get(node, path);
    if (!Array.isArray(ways)) return;
    for (const [i, way] of ways.entries()) arms.push({ path: `${path}.${i}.steps`, steps: list(Reflect.get(Object(way), 'steps')) });
  };
  own('then');
  each('cases');
  own('otherwise');
  own('body');
  each('branches');
  return arms;
}

/** Every step of a definition, in the order in which they are drawn. */
export function placedSteps(steps: readonly StepNode[]): PlacedStep[] {
  const placed: PlacedStep[] = [];
  const walk = (nodes: readonly StepNode[], path: string, at: Pick<PlacedStep, 'inside' | 'earlier' | 'inLoop'>): ReadonlySet<string> => {
    const earlier = new Set(at.earlier);
    for (const [index, node] of nodes.entries()) {
      const here = `${path}.${index}`;
      placed.push({ node, path: here, inside: at.inside, index, earlier: new Set(earlier), inLoop: at.inLoop });
      const before = new Set(earlier);
      const loops = node.type === 'loop';
      for (const arm of armsOf(node)) {
        const inside = { stepId: node.id, arm: arm.path };
        const within = walk(arm.steps, `${here}.${arm.path}`, { inside, earlier: before, inLoop: at.inLoop || loops });
        // What a turn of a loop gave is put away under the loop.
        if (!loops) for (const id of within) earlier.add(id);
      }
      earlier.add(node.id);
    }
    return earlier;
  };
  walk(steps, 'steps', { inside: null, earlier: new Set(), inLoop: false });
  return placed;
}

/** Steps by id. */
export function stepsById(steps: readonly StepNode[]): ReadonlyMap<string, PlacedStep> {
  return new Map(placedSteps(steps).map((placed) => [placed.node.id, placed]));
}
