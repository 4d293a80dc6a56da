import type { Json, StepNode, WorkflowDefinition } from '#core/engine/types.ts';
import { armsOf, stepsById, type PlacedStep } from './steps.ts';

/** One difference between two versions. */
export interface Change {
  readonly kind: 'added' | 'removed' | 'moved' | 'changed';
  /** null: of the workflow itself. */
  readonly stepId: string | null;
  readonly title: string;
  /** Where in the newer definition; in the older one for what was removed. */
  readonly path: string;
  readonly before: Json;
  readonly after: Json;
  /** In words. */
  readonly says: string;
}

/** What is compared: a version, or a draft that may lack parts. */
export type Comparable = Pick<WorkflowDefinition, 'title' | 'subject' | 'triggers' | 'stopOn' | 'settings' | 'steps'> &
  Partial<Pick<WorkflowDefinition, 'reentry'>>;

/** What changed from one definition to the other: the workflow first, then step by step as the newer one draws them. */
export function diff(from: Comparable, to: Comparable): Change[] {
  const old = stepsById(from.steps);
  const now = stepsById(to.steps);
  const changes = ofWorkflow(from, to);
  const shifted = shiftedSteps(old, now);
  for (const placed of now.values()) {
    const before = old.get(placed.node.id);
    if (before === undefined) changes.push(added(placed, now));
    else {
      if (shifted.has(placed.node.id)) changes.push(moved(before, placed, old, now));
      changes.push(...changed(before, placed));
    }
  }
  for (const placed of old.values()) if (!now.has(placed.node.id)) changes.push(removed(placed, old));
  return changes;
}

const WORKFLOW_FIELDS = ['title', 'subject', 'triggers', 'stopOn', 'reentry', 'settings'] as const;
const WORKFLOW_WORDS: Record<(typeof WORKFLOW_FIELDS)[number], string> = {
  title: 'Its title',
  subject: 'What a run is about',
  triggers: 'What starts it',
  stopOn: 'What ends it at once',
  reentry: 'How often one may enter',
  settings: 'Its settings',
};

function ofWorkflow(from: Comparable, to: Comparable): Change[] {
  return WORKFLOW_FIELDS.flatMap((field) => {
    const [before, after] = [plain(from[field]), plain(to[field])];
    return leaves(before, after, field).map((leaf) => ({
      kind: 'changed' as const,
      stepId: null,
      title: to.title,
      ...leaf,
      says: sentence(WORKFLOW_WORDS[field], leaf.path.slice(field.length + 1), leaf.before, leaf.after),
    }));
  });
}

function added(placed: PlacedStep, all: ReadonlyMap<string, PlacedStep>): Change {
  const { node, path } = placed;
  return {
    kind: 'added',
    stepId: node.id,
    title: node.title,
    path,
    before: null,
    after: own(node),
    says: `New: “${node.title}”, ${whereOf(placed, all)}`,
  };
}

function removed(placed: PlacedStep, all: ReadonlyMap<string, PlacedStep>): Change {
  const { node, path } = placed;
  return {
    kind: 'removed',
    stepId: node.id,
    title: node.title,
    path,
    before: own(node),
    after: null,
    says: `“${node.title}” is gone; it stood ${whereOf(placed, all)}`,
  };
}

function moved(before: PlacedStep, after: PlacedStep, old: ReadonlyMap<string, PlacedStep>, now: ReadonlyMap<string, PlacedStep>): Change {
  const says = `“${after.node.title}” stands ${whereOf(after, now)} instead of ${whereOf(before, old)}`;
  return { kind: 'moved', stepId: after.node.id, title: after.node.title, path: after.path, before: before.path, after: after.path, says };
}

/** Title, type and each field of the input. */
function changed({ node: before }: PlacedStep, { node: after, path }: PlacedStep): Change[] {
  const fields = [
    ...leaves(before.title, after.title, 'title'),
    ...leaves(before.type, after.type, 'type'),
    ...leaves(plain(before.input), plain(after.input), 'input'),
    ...leaves(branchTitles(before), branchTitles(after), 'branches'),
    ...leaves(casesOf(before), casesOf(after), 'cases'),
  ];
  return fields.map((leaf) => ({
    kind: 'changed',
    stepId: after.id,
    title: after.title,
    path: `${path}.${leaf.path}`,
    before: leaf.before,
    after: leaf.after,
    says: sentence(`“${after.title}”`, leaf.path.replace(/^input\.?/, ''), leaf.before, leaf.after),
  }));
}

/** The title of each parallel branch; null for other steps. */
function branchTitles(node: StepNode): Json {
  const branches: unknown = Reflect.get(node, 'branches');
  return Array.isArray(branches) ? branches.map((branch) => String(Reflect.get(Object(branch), 'title') ?? '')) : null;
}

/** What each case of a switch asks, without its steps; null for other steps. */
function casesOf(node: StepNode): Json {
  const cases: unknown = Reflect.get(node, 'cases');
  if (!Array.isArray(cases)) return null;
  return cases.map((one) => Object.fromEntries(Object.entries(plainObject(one)).filter(([name]) => name !== 'steps')));
}

function plainObject(value: unknown): { [key: string]: Json } {
  const json = plain(value ?? null);
  return isObject(json) ? json : {};
}

/**
 * Steps that changed their place among those that both versions have: in another arm, or out of the longest common order of their list.
 * A step is not moved because another was put before it.
 */
function shiftedSteps(old: ReadonlyMap<string, PlacedStep>, now: ReadonlyMap<string, PlacedStep>): ReadonlySet<string> {
  const shifted = new Set<string>();
  const listOf = (placed: PlacedStep) => (placed.inside === null ? '' : `${placed.inside.stepId}/${placed.inside.arm}`);
  const stayed = [...now.values()].filter((placed) => {
    const before = old.get(placed.node.id);
    if (before === undefined) return false;
    if (listOf(before) === listOf(placed)) return true;
    shifted.add(placed.node.id);
    return false;
  });
  for (const group of Map.groupBy(stayed, listOf).values()) {
    const order = group.map((placed) => old.get(placed.node.id)?.index ?? 0);
    const kept = longestRise(order);
    for (const [i, placed] of group.entries()) if (!kept.has(i)) shifted.add(placed.node.id);
  }
  return shifted;
}

/** Places of the longest rising part of a list. Lists of steps are short: quadratic will do. */
function longestRise(values: readonly number[]): ReadonlySet<number> {
  const best: { readonly length: number; readonly before: number }[] = [];
  for (const [i, value] of values.entries()) {
    let found = { length: 1, before: -1 };
    for (let j = 0; j < i; j++) {
      const length = (best[j]?.length ?? 0) + 1;
      if ((values[j] ?? 0) < value && length > found.length) found = { length, before: j };
    }
    best.push(found);
  }
  let at = best.reduce((top, one, i) => (one.length > (best[top]?.length ?? 0) ? i : top), 0);
  const kept = new Set<number>();
  while (at >= 0 && at < values.length) {
    kept.add(at);
    at = best[at]?.before ?? -1;
  }
  return kept;
}

function whereOf(placed: PlacedStep, all: ReadonlyMap<string, PlacedStep>): string {
  const holder = placed.inside === null ? null : (all.get(placed.inside.stepId)?.node ?? null);
  const siblings = [...all.values()].filter(
    (one) => one.inside?.stepId === placed.inside?.stepId && one.inside?.arm === placed.inside?.arm,
  );
  const before = siblings.find((one) => one.index === placed.index - 1);
  if (before !== undefined) return `after “${before.node.title}”`;
  return holder === null ? 'at the beginning' : `first in “${holder.title}”${armWords(holder, placed.inside?.arm ?? '')}`;
}

function armWords(holder: StepNode, arm: string): string {
  if (arm === 'then') return ' when it holds';
  const at = /^cases\.(\d+)\./.exec(arm)?.[1];
  if (at !== undefined) return `, case “${holder.cases?.[Number(at)]?.title ?? ''}”`;
  return arm === 'otherwise' ? ' otherwise' : '';
}

/** The step without those inside it. */
function own(node: StepNode): Json {
  const copy = JSON.parse(JSON.stringify(node));
  for (const arm of armsOf(node)) delete copy[arm.path.split('.')[0] ?? ''];
  return copy;
}

interface Leaf {
  readonly path: string;
  readonly before: Json;
  readonly after: Json;
}

/** Differing values by path; a value that is only on one side is null on the other. */
function leaves(before: Json, after: Json, path: string): Leaf[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length)
    return before.flatMap((one, i) => leaves(one, after[i] ?? null, `${path}.${i}`));
  if (isObject(before) && isObject(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return keys.flatMap((key) => leaves(before[key] ?? null, after[key] ?? null, `${path}.${key}`));
  }
  return [{ path, before, after }];
}

function isObject(value: Json): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function sentence(whose: string, field: string, before: Json, after: Json): string {
  const what = field === '' ? '' : `: ${field}`;
  if (before === null) return `${whose}${what} is now ${shown(after)}`;
  if (after === null) return `${whose}${what} was ${shown(before)} and is gone`;
  return `${whose}${what} is ${shown(after)}, was ${shown(before)}`;
}

const LONGEST_SHOWN = 80;

function shown(value: Json): string {
  const text = typeof value === 'string' ? `“${value}”` : JSON.stringify(value);
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN - 1)}…` : text;
}

function plain(value: unknown): Json {
  return value === undefined ? null : JSON.parse(JSON.stringify(value));
}

/** A definition of any shape as something to compare: parts that are missing or of a wrong shape are empty. */
export function comparable(definition: { readonly [key: string]: unknown }): Comparable {
  const array = <One>(value: unknown): readonly One[] => (Array.isArray(value) ? value : []);
  const settings = definition['settings'];
  const reentry = definition['reentry'];
  return {
    title: String(definition['title'] ?? ''),
    subject: String(definition['subject'] ?? ''),
    triggers: array(definition['triggers']),
    stopOn: array(definition['stopOn']),
    settings: typeof settings === 'object' && settings !== null && !Array.isArray(settings) ? JSON.parse(JSON.stringify(settings)) : {},
    ...(reentry === 'once' || reentry === 'after_end' || reentry === 'always' ? { reentry } : {}),
    steps: tidy(definition['steps']),
  };
}

/** Steps of a draft: whatever is no step is left out. */
function tidy(value: unknown): StepNode[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((one: unknown): StepNode[] => {
    if (typeof one !== 'object' || one === null || typeof Reflect.get(one, 'id') !== 'string') return [];
    const copy = JSON.parse(JSON.stringify(one));
    return [{ ...copy, title: String(copy.title ?? copy.id), type: String(copy.type ?? ''), input: copy.input ?? {} }];
  });
}
