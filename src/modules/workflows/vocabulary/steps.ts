/** What a person reads of a step type, and what later steps may ask of it. The type itself says what it takes. */
export interface StepWords {
  readonly description: string;
  readonly category: 'messages' | 'flow' | 'people' | 'data' | 'writing' | 'other';
  /** Name of a Lucide icon. */
  readonly icon: string;
  /** What stands under `steps.<id>.…` once it is done. */
  readonly outputs?: readonly OutputHint[];
  /** Which control a field of its input gets, by dotted path; the rest follows from the schema. */
  readonly widgets?: Readonly<Record<string, Widget>>;
  /** Fields of which one set is filled in: the form asks which. */
  readonly choice?: { readonly label: string; readonly options: readonly { readonly label: string; readonly fields: readonly string[] }[] };
}

export interface OutputHint {
  readonly path: string;
  readonly label: string;
  readonly type: 'text' | 'number' | 'boolean' | 'choice' | 'moment' | 'list' | 'object';
  readonly options?: readonly string[];
}

/** Controls of the builder's forms. */
export type Widget =
  | 'condition'
  | 'duration'
  | 'event'
  | 'field'
  | 'value'
  | 'json'
  | 'template'
  | 'step'
  | 'user'
  | 'users'
  | 'workflow'
  | 'liquid'
  | 'code'
  | 'updates'
  | 'custom'
  | 'connection';

const SENT = ['sent', 'captured', 'blocked', 'refused'];

/** The step types that come with Steward. One that is not here still works: its form follows from its schema alone. */
export const STEP_WORDS: Readonly<Record<string, StepWords>> = {
  message: {
    description: 'Writes to the person. The gate decides whether it may leave, and says why not.',
    category: 'messages',
    icon: 'mail',
    outputs: [
      { path: 'state', label: 'what became of it', type: 'choice', options: SENT },
      { path: 'message_id', label: 'id of the message', type: 'text' },
      { path: 'reasons', label: 'why it was held back', type: 'list' },
    ],
    widgets: { template: 'template', from: 'step', subject: 'liquid', text: 'liquid' },
    choice: {
      label: 'Where its text comes from',
      options: [
        { label: 'A template', fields: ['template'] },
        { label: 'Written here', fields: ['subject', 'text'] },
        { label: 'A step that writes', fields: ['from'] },
      ],
    },
  },
  generate: {
    description: 'A letter to this person, by the language model or by template when there is none.',
    category: 'writing',
    icon: 'sparkles',
    outputs: [
      { path: 'subject', label: 'subject of the letter', type: 'text' },
      { path: 'text', label: 'text of the letter', type: 'text' },
    ],
  },
  read_reply: { description: 'Asks the language model what a reply means.', category: 'writing', icon: 'message-circle-question' },
  wait: {
    description: 'Until a time has passed, a date has come, or something happens.',
    category: 'flow',
    icon: 'clock',
    outputs: [
      { path: 'event', label: 'what happened; empty when time ran out', type: 'text' },
      { path: 'payload', label: 'what the event told', type: 'object' },
    ],
    widgets: { untilField: 'field' },
  },
  branch: {
    description: 'Goes one way when a condition holds, else the other.',
    category: 'flow',
    icon: 'git-branch',
    outputs: [{ path: 'taken', label: 'the way taken', type: 'choice', options: ['then', 'otherwise'] }],
  },
  switch: {
    description: 'Goes the first of several ways that fits, else the last one.',
    category: 'flow',
    icon: 'signpost',
    outputs: [{ path: 'taken', label: 'the way taken', type: 'text' }],
    widgets: { field: 'value' },
  },
  loop: { description: 'Does the same steps for each entry of a list.', category: 'flow', icon: 'repeat' },
  parallel: { description: 'Several ways at once; goes on when all have come to their end.', category: 'flow', icon: 'split' },
  end: { description: 'The run is over. Say how, for the figures.', category: 'flow', icon: 'flag' },
  start_workflow: {
    description: 'Starts another workflow for the same person or lead.',
    category: 'flow',
    icon: 'workflow',
    outputs: [{ path: 'run_id', label: 'id of the run', type: 'text' }],
    widgets: { workflow: 'workflow' },
  },
  task: {
    description: 'Gives a colleague something to do; can wait until it is done.',
    category: 'people',
    icon: 'list-todo',
    outputs: [
      { path: 'state', label: 'done or dropped; empty when time ran out', type: 'choice', options: ['done', 'dropped'] },
      { path: 'task_id', label: 'id of the task', type: 'text' },
    ],
    widgets: { assigneeId: 'user' },
  },
  approve: { description: 'A person says yes or no before it goes on.', category: 'people', icon: 'stamp' },
  update: {
    description: 'Sets status, owner, tags and fields of whom it is about.',
    category: 'data',
    icon: 'pencil',
    widgets: { set: 'updates' },
  },
  expression: { description: 'Works a value out, for later steps.', category: 'data', icon: 'function-square' },
  http: { description: 'Asks or tells another system over HTTP.', category: 'data', icon: 'globe' },
  connector: { description: 'Has a service that you are connected to do something.', category: 'data', icon: 'plug' },
};
