import type { Output } from '#web/kit/api.ts';
import type { Field } from '#web/kit/conditions/model.ts';
import { words } from '#web/kit/format.ts';
import { findStep, stepsBefore, type Definition, type Step } from './definition.ts';

export type Vocabulary = Output<'workflows.vocabulary'>;
export type StepType = Vocabulary['steps'][number];

/** A value that a text or condition may name, with what to expect of it. */
export interface Variable {
  readonly path: string;
  readonly label: string;
  readonly group: string;
  readonly type: Field['type'];
  readonly options: readonly { value: string; label: string }[];
}

const asType = (type: string): Field['type'] =>
  type === 'number' || type === 'boolean' || type === 'moment' || type === 'list' || type === 'choice' ? type : 'text';
const optionsOf = (values: readonly string[]) => values.map((value) => ({ value, label: words(value) }));

/** What a step leaves for later ones: as its type says, or the action that it has a service do. */
export function outputsOf(vocabulary: Vocabulary, step: Step): StepType['outputs'] {
  if (step.type === 'connector') return vocabulary.actions.find((one) => one.name === step.input['action'])?.outputs ?? [];
  return vocabulary.steps.find((type) => type.type === step.type)?.outputs ?? [];
}

/** Facts of the subject, what started the run, and the outputs of the steps that stand before this one. */
export function variablesAt(vocabulary: Vocabulary, definition: Definition, id: string | null): Variable[] {
  const subject = vocabulary.subjects.find((one) => one.type === definition.subject);
  const facts = (subject?.fields ?? []).map((field): Variable => ({
    path: field.name,
    label: field.label,
    group: field.group,
    type: field.type,
    options: field.options,
  }));
  const steps = id === null ? [] : stepsBefore(definition, id);
  const outputs = steps.flatMap((step) =>
    outputsOf(vocabulary, step).map((output): Variable => ({
      path: `steps.${step.id}.${output.path}`,
      label: `${step.title}: ${output.label}`,
      group: 'Steps before',
      type: asType(output.type),
      options: optionsOf(output.options),
    })),
  );
  const settings = Object.keys(definition.settings).map((key): Variable => ({
    path: `settings.${key}`,
    label: words(key),
    group: 'Settings of the workflow',
    type: 'text',
    options: [],
  }));
  return [...facts, ...triggerVariables(vocabulary, definition), ...outputs, ...loopVariables(definition, id), ...settings];
}

function triggerVariables(vocabulary: Vocabulary, definition: Definition): Variable[] {
  const found = new Map<string, Variable>();
  for (const trigger of definition.triggers) {
    if (trigger['on'] === 'webhook')
      found.set('trigger.body', { path: 'trigger.body', label: 'What was sent', group: 'What started it', type: 'text', options: [] });
    for (const hint of vocabulary.events.find((event) => event.name === trigger['event'])?.payload ?? [])
      found.set(hint.path, {
        path: `trigger.${hint.path}`,
        label: words(hint.label),
        group: 'What started it',
        type: asType(hint.type),
        options: optionsOf(hint.options),
      });
  }
  return [...found.values()];
}

function loopVariables(definition: Definition, id: string | null): Variable[] {
  for (
    let at = id === null ? null : findStep(definition, id);
    at !== null && at.lane.parent !== null;
    at = findStep(definition, at.lane.parent)
  )
    if (at.lane.arm === 'body')
      return [
        { path: 'loop.item', label: 'The entry', group: 'In the loop', type: 'text', options: [] },
        { path: 'loop.index', label: 'Number of the entry', group: 'In the loop', type: 'number', options: [] },
        { path: 'loop.count', label: 'How many entries', group: 'In the loop', type: 'number', options: [] },
      ];
  return [];
}

/** What conditions of triggers and stop rules may ask: the event's own words, and the subject's facts. */
export function variablesOfEvent(vocabulary: Vocabulary, definition: Definition, event: string): Variable[] {
  const payload = (vocabulary.events.find((one) => one.name === event)?.payload ?? []).map((hint): Variable => ({
    path: `payload.${hint.path}`,
    label: words(hint.label),
    group: 'What happened',
    type: asType(hint.type),
    options: optionsOf(hint.options),
  }));
  return [
    ...payload,
    ...variablesAt(vocabulary, definition, null).filter((one) => !one.path.startsWith('trigger.') && !one.path.startsWith('settings.')),
  ];
}

export function conditionFields(variables: readonly Variable[]): Field[] {
  return variables.map((one) => ({
    name: one.path,
    label: one.label,
    group: one.group,
    type: one.type,
    operators: [],
    options: [...one.options],
    params: [],
  }));
}

/** What a fresh step of a type holds: enough to be drawn; its form asks for the rest. */
export function freshStep(type: StepType): Omit<Step, 'id'> {
  const input = FIRST_INPUT[type.type] ?? {};
  const inside =
    type.holds === 'arms'
      ? { then: [], otherwise: [] }
      : type.holds === 'cases'
        ? {
            cases: [
              { title: 'First case', is: [], steps: [] },
              { title: 'Second case', is: [], steps: [] },
            ],
            otherwise: [],
          }
        : type.holds === 'body'
          ? { body: [] }
          : type.holds === 'branches'
            ? {
                branches: [
                  { title: 'First way', steps: [] },
                  { title: 'Second way', steps: [] },
                ],
              }
            : {};
  return { title: FIRST_TITLE[type.type] ?? type.title, type: type.type, input, ...inside };
}

const FIRST_TITLE: Readonly<Record<string, string>> = {
  branch: 'Which way?',
  switch: 'Which of them?',
  wait: 'Wait',
  message: 'Send a message',
  end: 'End',
  approve: 'Approve',
  http: 'Ask another system',
};
const FIRST_INPUT: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  wait: { for: { days: 1 } },
  message: { class: 'commercial' },
  end: { outcome: 'done' },
  approve: { title: 'May it go on?' },
};
