import type { Facts, Json, StepNode, WorkflowDefinition } from '#core/engine/types.ts';
import { placedSteps, stepsById, type PlacedStep } from '../versions/steps.ts';

/** An output that the steps to come ask for. */
export interface Needed {
  readonly stepId: string;
  readonly title: string;
  readonly usedBy: readonly string[];
}

/** What a run would find when it goes on at a step of a version. */
export interface Forward {
  /** Outputs of earlier steps that are recorded. */
  readonly kept: readonly { readonly stepId: string; readonly title: string }[];
  /** Asked for, but not recorded: texts and conditions that use them find nothing. */
  readonly missing: readonly Needed[];
  /** Steps that are done already and would be done again. */
  readonly again: readonly { readonly stepId: string; readonly title: string }[];
}

/** Where a run may go on, and with which of its recorded outputs. */
export function forward(definition: WorkflowDefinition, from: string, outputs: Facts): Forward {
  const all = stepsById(definition.steps);
  const start = all.get(from);
  const ahead = stepsFrom(definition, start);
  const aheadIds = new Set(ahead.map(({ node }) => node.id));
  const titleOf = (id: string) => all.get(id)?.node.title ?? id;
  const kept = Object.keys(outputs).filter((id) => id !== 'trigger' && !aheadIds.has(id));
  const used = new Map<string, string[]>();
  for (const { node, earlier } of ahead)
    for (const id of referencesOf(node, all)) {
      // Steps that run on the way give it themselves.
      if (id in outputs || (aheadIds.has(id) && earlier.has(id))) continue;
      used.set(id, [...(used.get(id) ?? []), node.title]);
    }
  return {
    kept: kept.map((id) => ({ stepId: id, title: titleOf(id) })),
    missing: [...used].map(([id, usedBy]) => ({ stepId: id, title: titleOf(id), usedBy: [...new Set(usedBy)] })),
    again: ahead.filter(({ node }) => node.id in outputs && node.id !== from).map(({ node }) => ({ stepId: node.id, title: node.title })),
  };
}

/** The step, what it holds, and all that is drawn after it in its line and in those around it. */
function stepsFrom(definition: WorkflowDefinition, start: PlacedStep | undefined): readonly PlacedStep[] {
  const placed = placedSteps(definition.steps);
  if (start === undefined) return placed;
  const at = placed.findIndex((one) => one.path === start.path);
  return placed.filter((one, i) => i >= at && !besides(one, start));
}

/** In another arm of a step that holds both: the run does not come there. */
function besides(one: PlacedStep, start: PlacedStep): boolean {
  const [a, b] = [one.path.split('.'), start.path.split('.')];
  let i = 0;
  while (i < a.length && i < b.length && a[i] === b[i]) i++;
  const [mine, its] = [b[i], a[i]];
  if (its === 'otherwise') return mine === 'then' || mine === 'cases';
  return a[i - 1] === 'cases' && b[i - 1] === 'cases' && mine !== undefined;
}

/** Steps whose outputs a step's input speaks of: `steps.<id>` in texts and conditions, or a bare id where a field names a step. */
function referencesOf(node: StepNode, all: ReadonlyMap<string, PlacedStep>): ReadonlySet<string> {
  const found = new Set<string>();
  const walk = (value: Json, key: string): void => {
    if (typeof value === 'string') {
      for (const [, id = ''] of value.matchAll(/\bsteps\.([a-z0-9_-]+)/g)) found.add(id);
      if (key === 'from' && all.has(value)) found.add(value);
    } else if (Array.isArray(value)) for (const one of value) walk(one, key);
    else if (typeof value === 'object' && value !== null) for (const [name, one] of Object.entries(value)) walk(one, name);
  };
  walk(node.input, '');
  for (const { when } of node.cases ?? []) if (when !== undefined) walk(JSON.parse(JSON.stringify(when)), '');
  return found;
}
