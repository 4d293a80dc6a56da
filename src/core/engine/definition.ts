import { createHash } from 'node:crypto';
import { z } from 'zod';
import { InvalidInput, type FieldFault } from '#core/errors.ts';
import type { Runtime } from '#core/runtime.ts';
import { ConditionSchema } from './conditions.ts';
import { scheduleFault } from './schedule-times.ts';
import { CaseSchema, MOST_CASES, OTHERWISE, readSwitch, SwitchInput, switchFaults } from './steps/switch.ts';
import { eachStep } from './tree.ts';
import type { StepNode, StepType, SubjectType, WorkflowDefinition } from './types.ts';

const name = z
  .string()
  .regex(/^[a-z][a-z0-9]*([._-][a-z0-9]+)*$/, { error: 'Lower case, digits, dots and dashes, e.g. lead-nurturing' })
  .max(100);
const eventName = z.string().regex(/^[a-z_]+\.[a-z_]+$/, { error: 'An event is a name such as lead.created' });
const facts = z.record(z.string(), z.json());

const Schedule = z.strictObject({
  cron: z.string().optional(),
  everyS: z.int().min(60).max(31_536_000).optional(),
  timeZone: z.string(),
  missed: z.discriminatedUnion('policy', [
    z.strictObject({ policy: z.literal('skip') }),
    z.strictObject({ policy: z.literal('once') }),
    z.strictObject({ policy: z.literal('all'), withinS: z.int().min(1).max(31_536_000) }),
  ]),
});

export const TriggerSchema = z.discriminatedUnion('on', [
  z.strictObject({ on: z.literal('event'), event: eventName, where: ConditionSchema.optional() }),
  z.strictObject({ on: z.literal('schedule'), schedule: Schedule }),
  z.strictObject({ on: z.literal('webhook'), key: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,60}$/) }),
  z.strictObject({ on: z.literal('manual') }),
]);

export const StopRuleSchema = z.union([eventName, z.strictObject({ event: eventName, where: ConditionSchema })]);

const Node: z.ZodType<StepNode> = z.lazy(() =>
  z.strictObject({
    id: z.string().regex(/^[a-z0-9_-]{1,80}$/, { error: 'Lower case, digits, _ and -' }),
    title: z.string().min(1).max(200),
    type: z.string().min(1),
    input: facts,
    then: z.array(Node).max(200).optional(),
    otherwise: z.array(Node).max(200).optional(),
    cases: z
      .array(CaseSchema.extend({ steps: z.array(Node).max(200) }))
      .max(MOST_CASES)
      .optional(),
    body: z.array(Node).max(200).optional(),
    branches: z
      .array(z.strictObject({ title: z.string().min(1).max(200), steps: z.array(Node).max(200) }))
      .max(20)
      .optional(),
  }),
) as z.ZodType<StepNode>; // exact optional properties: zod says `| undefined`, JSON has no undefined

/** A definition as it comes from outside. Whether its steps make sense is checked by `checkDefinition`. */
export const DefinitionSchema = z.strictObject({
  name,
  title: z.string().min(1).max(200),
  subject: z.string().min(1).max(50),
  triggers: z.array(TriggerSchema).max(20),
  stopOn: z.array(StopRuleSchema).max(50).default([]),
  reentry: z.enum(['once', 'after_end', 'always']).optional(),
  settings: facts.default({}),
  steps: z.array(Node).min(1).max(500),
});

/** One step with where the cursor goes from it; `null` is the end of the run, or of its branch of a parallel step. */
export interface CompiledStep {
  readonly node: StepNode;
  readonly type: StepType;
  /** The input with defaults, parsed once. */
  readonly input: unknown;
  readonly next: string | null;
  /** Of a branch or a switch: where each way begins, by what the step says of it in `taken`. */
  readonly arms: ReadonlyMap<string, string | null> | null;
  /** Of a loop: its body; of a parallel step: its branches. */
  readonly parts: readonly StepPart[];
  /** Ids of the loops around it within its branch, outermost first. */
  readonly loops: readonly string[];
  /** The innermost branch of a parallel step that it lies in: `<step id>/<branch>`; empty for the run's own line. */
  readonly branch: string;
}

/** Steps that a loop or a parallel step holds: where they begin, and the ids of all of them. */
export interface StepPart {
  readonly first: string | null;
  readonly ids: readonly string[];
}

/** A definition ready to run. */
export interface CompiledWorkflow {
  readonly definition: WorkflowDefinition;
  readonly first: string | null;
  readonly steps: ReadonlyMap<string, CompiledStep>;
  readonly reentry: 'once' | 'after_end' | 'always';
}

export interface Vocabulary {
  readonly steps: ReadonlyMap<string, StepType>;
  readonly subjects: ReadonlyMap<string, SubjectType>;
  /** Handed to subjects that are loaded. */
  readonly runtime?: () => Runtime;
}

/**
 * Resolves step types, parses inputs, settles where the cursor goes.
 * @throws InvalidInput with every fault at once: unknown step type or subject, bad input, duplicate id, unreachable step
 */
export function compile(definition: WorkflowDefinition, vocabulary: Vocabulary): CompiledWorkflow {
  const faults: FieldFault[] = [];
  const steps = new Map<string, CompiledStep>();
  if (!vocabulary.subjects.has(definition.subject)) {
    faults.push({ path: 'subject', message: `no such subject; there are ${[...vocabulary.subjects.keys()].join(', ')}` });
  }
  for (const [i, trigger] of definition.triggers.entries()) {
    if ((trigger.on === 'schedule' || trigger.on === 'webhook') && definition.subject !== 'company') {
      faults.push({ path: `triggers.${i}`, message: `a ${trigger.on} is about no ${definition.subject}: make the subject company` });
    }
    const fault = trigger.on === 'schedule' ? scheduleFault(trigger.schedule) : null;
    if (fault !== null) faults.push({ path: `triggers.${i}.schedule.${fault.path}`, message: fault.message });
  }
  const walk = (nodes: readonly StepNode[], path: string, after: string | null, around: Around): void => {
    for (const [i, node] of nodes.entries()) {
      const here = `${path}.${i}`;
      const next = nodes[i + 1]?.id ?? after;
      if (i > 0 && nodes.slice(0, i).some(endsHere))
        faults.push({
          path: here,
          message: `“${node.title}” is never reached: a step before it ends the ${around.branch ? 'branch' : 'run'}`,
        });
      if (steps.has(node.id)) faults.push({ path: `${here}.id`, message: `${node.id} is the id of another step` });
      const step = compileStep(node, here, next, around, { definition, vocabulary, faults });
      if (step !== null) steps.set(node.id, step);
      walk(node.then ?? [], `${here}.then`, next, around);
      for (const [at, one] of (node.cases ?? []).entries()) walk(one.steps, `${here}.cases.${at}.steps`, next, around);
      walk(node.otherwise ?? [], `${here}.otherwise`, next, around);
      walk(node.body ?? [], `${here}.body`, node.id, { ...around, loops: [...around.loops, node.id] });
      for (const [at, branch] of (node.branches ?? []).entries())
        walk(branch.steps, `${here}.branches.${at}.steps`, null, { loops: [], branch: `${node.id}/${at}`, depth: around.depth + 1 });
    }
  };
  walk(definition.steps, 'steps', null, { loops: [], branch: '', depth: 0 });
  if (faults.length > 0) {
    const [first] = faults;
    throw new InvalidInput(`The workflow ${definition.name} can't run as it is: ${first?.path}: ${first?.message}`, { fields: faults });
  }
  const reentry = definition.reentry ?? (definition.subject === 'company' ? 'always' : 'after_end');
  return { definition, first: definition.steps[0]?.id ?? null, steps, reentry };
}

interface Checking {
  readonly definition: WorkflowDefinition;
  readonly vocabulary: Vocabulary;
  readonly faults: FieldFault[];
}

/** What lies around a step. */
interface Around {
  readonly loops: readonly string[];
  readonly branch: string;
  /** How many parallel steps. */
  readonly depth: number;
}

/** Loops within loops, parallel steps within parallel steps. */
const MOST_NESTED = 3;

function compileStep(
  node: StepNode,
  here: string,
  next: string | null,
  around: Around,
  { definition, vocabulary, faults }: Checking,
): CompiledStep | null {
  const type = vocabulary.steps.get(node.type);
  if (type === undefined) {
    faults.push({ path: `${here}.type`, message: `no such step type: ${node.type}; there are ${[...vocabulary.steps.keys()].join(', ')}` });
    return null;
  }
  const parsed = type.input.safeParse(node.input);
  if (!parsed.success) {
    for (const issue of parsed.error.issues) faults.push({ path: [here, 'input', ...issue.path].join('.'), message: issue.message });
  }
  checkParts(node, here, around, faults);
  if (node.type === 'update') checkUpdate(node, here, vocabulary.subjects.get(definition.subject), faults);
  const parts = partsOf(node).map((nodes) => ({ first: nodes[0]?.id ?? null, ids: [...eachStep(nodes)].map((one) => one.id) }));
  const input = node.type === 'switch' ? readSwitch(SwitchInput.catch({}).parse(node.input), node) : parsed.data;
  return { node, type, input, next, arms: armsOf(node, next), parts, loops: around.loops, branch: around.branch };
}

/** An empty way goes on with what follows. */
function armsOf(node: StepNode, next: string | null): CompiledStep['arms'] {
  if (node.type !== 'branch' && node.type !== 'switch') return null;
  const first = (steps: readonly StepNode[] | undefined) => steps?.[0]?.id ?? next;
  const ways: [string, string | null][] =
    node.type === 'branch' ? [['then', first(node.then)]] : (node.cases ?? []).map((one) => [one.title, first(one.steps)]);
  return new Map([...ways, [OTHERWISE, first(node.otherwise)]]);
}

function partsOf(node: StepNode): (readonly StepNode[])[] {
  if (node.type === 'loop') return [node.body ?? []];
  return node.type === 'parallel' ? (node.branches ?? []).map((branch) => branch.steps) : [];
}

function checkParts(node: StepNode, here: string, around: Around, faults: FieldFault[]): void {
  if (node.type !== 'branch' && node.then !== undefined) faults.push({ path: here, message: 'only a branch has then' });
  if (node.type !== 'branch' && node.type !== 'switch' && node.otherwise !== undefined)
    faults.push({ path: here, message: 'only a branch or a switch has otherwise' });
  if (node.type !== 'switch' && node.cases !== undefined) faults.push({ path: here, message: 'only a switch has cases' });
  if (node.type === 'switch') faults.push(...switchFaults(node).map(({ path, message }) => ({ path: `${here}.${path}`, message })));
  if (node.type !== 'loop' && node.body !== undefined) faults.push({ path: here, message: 'only a loop has a body' });
  if (node.type !== 'parallel' && node.branches !== undefined) faults.push({ path: here, message: 'only a parallel step has branches' });
  if (node.type === 'loop') {
    if ((node.body ?? []).length === 0) faults.push({ path: `${here}.body`, message: 'say what is done for each item: add a step' });
    if (around.loops.length >= MOST_NESTED) faults.push({ path: here, message: `at most ${MOST_NESTED} loops inside each other` });
  }
  if (node.type === 'parallel') {
    const branches = node.branches ?? [];
    if (branches.length < 2)
      faults.push({ path: `${here}.branches`, message: 'at least two branches: with one there is nothing to do at the same time' });
    for (const [at, branch] of branches.entries())
      if (branch.steps.length === 0)
        faults.push({ path: `${here}.branches.${at}.steps`, message: `“${branch.title}” has no step yet: add one or remove the branch` });
    const join = node.input['join'];
    if (typeof join === 'number' && join > branches.length)
      faults.push({ path: `${here}.input.join`, message: `there are only ${branches.length} branches` });
    if (around.depth >= MOST_NESTED) faults.push({ path: here, message: `at most ${MOST_NESTED} parallel steps inside each other` });
  }
}

function checkUpdate(node: StepNode, here: string, subject: SubjectType | undefined, faults: FieldFault[]): void {
  if (subject === undefined) return;
  if (subject.update === undefined)
    return void faults.push({ path: here, message: `a ${subject.type} has no fields that a workflow may set` });
  const parsed = subject.updates?.safeParse(node.input['set'] ?? {});
  for (const issue of parsed?.error?.issues ?? [])
    faults.push({ path: [here, 'input.set', ...issue.path].join('.'), message: issue.message });
}

/** Nothing comes after it: an `end`, or a branch or switch all of whose ways end. */
function endsHere(node: StepNode): boolean {
  if (node.type === 'end') return true;
  if (node.type !== 'branch' && node.type !== 'switch') return false;
  const ways = [...(node.type === 'branch' ? [node.then ?? []] : (node.cases ?? []).map((one) => one.steps)), node.otherwise ?? []];
  return ways.every((way) => way.some(endsHere));
}

/** sha256 of the definition with sorted keys: jsonb forgets their order, so equal definitions must have equal digests. */
export function digestOf(definition: WorkflowDefinition): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted(definition)))
    .digest('hex');
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, one]) => [key, sorted(one)]),
  );
}
