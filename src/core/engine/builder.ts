import type { z } from 'zod';
import type { Duration } from '#core/clock.ts';
import { InvalidInput } from '#core/errors.ts';
import { endStep, updateStep, waitStep } from './steps/core.ts';
import { loopStep } from './steps/loop.ts';
import { parallelStep } from './steps/parallel.ts';
import { startStep } from './steps/start.ts';
import { switchStep } from './steps/switch.ts';
import type { Condition, Facts, Json, StepNode, StepType, SwitchCase, StopRule, Trigger, WorkflowDefinition } from './types.ts';

export interface WorkflowOptions {
  readonly title: string;
  readonly subject: string;
  readonly triggers: readonly Trigger[];
  readonly stopOn?: readonly StopRule[];
  readonly reentry?: 'once' | 'after_end' | 'always';
  readonly settings?: Facts;
}

/** Step ids come from titles; give one where the title may change later, because live runs stand on ids. */
export interface StepOptions {
  readonly id?: string;
}

type LoopOptions = Omit<z.input<(typeof loopStep)['input']>, 'list'>;
type ParallelOptions = z.input<(typeof parallelStep)['input']>;
type InputOf<Step extends StepType> = z.input<Step['input']>;

export interface WorkflowBuilder {
  /** For a length of time, counted from when the step is reached. */
  wait(title: string, duration: Duration, options?: StepOptions): StepNode;
  /** Until a moment: a fixed one, or one in the facts; `plus` later. A moment that has passed, or none, does not wait. */
  waitUntil(
    title: string,
    moment: { readonly at: string } | { readonly field: string; readonly plus?: Duration },
    options?: StepOptions,
  ): StepNode;
  /** For an event of this person or subject, but no longer than `within`. Output: `{event, payload}`, both null when time ran out. */
  waitFor(title: string, events: string | readonly string[], deadline: { readonly within: Duration }, options?: StepOptions): StepNode;
  branch(title: string, condition: Condition, then: readonly StepNode[], otherwise?: readonly StepNode[], options?: StepOptions): StepNode;
  /** The first case that holds, else `otherwise`: by a value (`is`) or by conditions (`when`). Output: `{taken}`, the title of the way. */
  switch(
    title: string,
    field: string | null,
    cases: Readonly<Record<string, Omit<SwitchCase, 'title'>>>,
    otherwise?: readonly StepNode[],
    options?: StepOptions,
  ): StepNode;
  /** Takes the body for each item of a list, one after the other: `{{ loop.item }}`; afterwards `steps.<id>.items`. */
  loop(title: string, list: string | readonly Json[], body: readonly StepNode[], options?: StepOptions & LoopOptions): StepNode;
  /** Takes branches at the same time and goes on when enough of them are done. */
  parallel(title: string, branches: Readonly<Record<string, readonly StepNode[]>>, options?: StepOptions & ParallelOptions): StepNode;
  /** Sets fields of the subject, through its SubjectType. */
  update(title: string, set: Facts, options?: StepOptions): StepNode;
  /** Starts another workflow for the same subject; does not wait for it. */
  start(title: string, workflow: string, options?: StepOptions): StepNode;
  end(title?: string, outcome?: string, options?: StepOptions): StepNode;
  /** Any step type that a module brings; the input is typed by its schema. */
  step<Step extends StepType>(title: string, type: Step, input: InputOf<Step>, options?: StepOptions): StepNode;
  /** A step type that needs no input. */
  act<Step extends StepType>(
    title: string,
    type: Record<never, never> extends InputOf<Step> ? Step : never,
    options?: StepOptions,
  ): StepNode;
}

/**
 * Writes a definition: data, the same JSON that the page draws and the engine runs.
 * @throws InvalidInput an input does not fit its step type; the path says where.
 */
export function workflow(name: string, options: WorkflowOptions, build: (w: WorkflowBuilder) => readonly StepNode[]): WorkflowDefinition {
  return {
    name,
    title: options.title,
    subject: options.subject,
    triggers: options.triggers,
    stopOn: options.stopOn ?? [],
    ...(options.reentry === undefined ? {} : { reentry: options.reentry }),
    settings: options.settings ?? {},
    steps: build(builder),
  };
}

/** `Refund window` → `refund_window`. */
export function stepIdOf(title: string): string {
  return (
    title
      .normalize('NFKD')
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '_')
      .replace(/^_+|_+$/g, '') || 'step'
  );
}

function node(title: string, type: StepType, input: unknown, options: StepOptions | undefined): StepNode {
  const checked = type.input.safeParse(input);
  if (!checked.success) {
    throw new InvalidInput(`The step “${title}” (${type.type}) has an input that does not fit`, {
      fields: checked.error.issues.map((issue: z.core.$ZodIssue) => ({ path: ['input', ...issue.path].join('.'), message: issue.message })),
    });
  }
  // What is stored is what was written, defaults stay out: a later default reaches old definitions too.
  const plain: Json = JSON.parse(JSON.stringify(input));
  return { id: options?.id ?? stepIdOf(title), title, type: type.type, input: isFacts(plain) ? plain : {} };
}

function isFacts(value: Json): value is Facts {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const builder: WorkflowBuilder = {
  wait: (title, duration, options) => node(title, waitStep, { for: duration }, options),
  waitUntil: (title, moment, options) =>
    node(
      title,
      waitStep,
      'at' in moment ? { until: moment.at } : { untilField: moment.field, ...(moment.plus ? { plus: moment.plus } : {}) },
      options,
    ),
  waitFor: (title, events, deadline, options) =>
    node(title, waitStep, { events: typeof events === 'string' ? [events] : events, within: deadline.within }, options),
  branch: (title, condition, then, otherwise = [], options) => ({
    id: options?.id ?? stepIdOf(title),
    title,
    type: 'branch',
    input: { condition: JSON.parse(JSON.stringify(condition)) },
    then,
    otherwise,
  }),
  switch: (title, field, cases, otherwise = [], options) => ({
    ...node(title, switchStep, field === null ? {} : { field }, options),
    cases: Object.entries(cases).map(([name, one]) => ({ title: name, ...one })),
    otherwise,
  }),
  loop: (title, list, body, { id, ...input } = {}) => ({
    ...node(title, loopStep, { list, ...input }, id === undefined ? undefined : { id }),
    body,
  }),
  parallel: (title, branches, { id, ...input } = {}) => ({
    ...node(title, parallelStep, input, id === undefined ? undefined : { id }),
    branches: Object.entries(branches).map(([name, steps]) => ({ title: name, steps })),
  }),
  update: (title, set, options) => node(title, updateStep, { set }, options),
  start: (title, name, options) => node(title, startStep, { workflow: name }, options),
  end: (title = 'End', outcome = 'done', options) => node(title, endStep, { outcome }, options),
  step: (title, type, input, options) => node(title, type, input, options),
  act: (title, type, options) => node(title, type, {}, options),
};
