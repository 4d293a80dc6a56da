import { words } from '#web/kit/format.ts';
import type { Definition } from './definition.ts';
import type { Variable, Vocabulary } from './words.ts';

/** JSON Schema as zod writes it, with the control that the vocabulary names. */
export interface Schema {
  readonly type?: string | readonly string[];
  readonly title?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly 'x-widget'?: string;
}

/** What a form needs to know of the place that it is for. */
export interface FormContext {
  readonly vocabulary: Vocabulary;
  readonly definition: Definition;
  /** The step whose form it is. */
  readonly stepId: string;
  readonly variables: readonly Variable[];
  /** The server's word on a field, by its path in the input. */
  readonly fault: (path: string) => string | undefined;
  /** What it means to leave a choice open, where that is worth a word of its own. */
  readonly unset?: string;
}

export type Values = Readonly<Record<string, unknown>>;

const LABELS: Readonly<Record<string, string>> = {
  assigneeId: 'Who', dueInDays: 'Due in how many days', wait: 'Wait until it is done', waitDays: 'Wait at most how many days', for: 'How long',
  until: 'Until', untilField: 'Which date', plus: 'And then', events: 'Until', within: 'But no longer than', class: 'Kind', from: 'Step that writes',
  set: 'What to set', workflow: 'Workflow', url: 'Address', list: 'List', title: 'What is to be done', body: 'Details',
}; // prettier-ignore
export const labelOf = (key: string, schema: Schema): string => {
  const title = schema.title ?? LABELS[key];
  return title ?? words(key.replaceAll(/([a-z])([A-Z])/g, '$1 $2').toLowerCase());
};

/** What a field of a form is about, and where its value goes. */
export interface FieldProps {
  name: string;
  schema: Schema;
  value: unknown;
  path: string;
  required: boolean;
  context: FormContext;
  onChange: (value: unknown) => void;
}
