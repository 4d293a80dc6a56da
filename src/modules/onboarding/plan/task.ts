import { z } from 'zod';
import { InvalidInput, type FieldFault } from '#core/errors.ts';
import { KINDS, OWNERS } from '../tables.ts';

const line = (most: number) => z.string().trim().max(most);
const key = () => z.string().regex(/^[a-z][a-z0-9_]{0,39}$/, 'takes small letters, digits and _, and begins with a letter');

/** What a form asks. */
export const FormField = z.object({
  name: key(),
  label: line(200).min(1),
  type: z.enum(['text', 'area', 'email', 'tel', 'date', 'number', 'choice', 'tick']).default('text'),
  required: z.boolean().default(true),
  options: z.array(line(200).min(1)).max(50).default([]).describe('Of a choice'),
});

export const ACCEPTS = ['any', 'pdf', 'picture', 'document'] as const;

/** What belongs to the kind of a task. */
export const TaskSpec = z.object({
  fields: z.array(FormField).max(40).optional().describe('Of a form'),
  document: z.string().max(100_000).optional().describe('The text that is signed'),
  accept: z.enum(ACCEPTS).optional().describe('What may be uploaded; any when left out'),
  maxMb: z.int().min(1).max(25).optional().describe('Largest upload in MB; 25 when left out'),
});
export type TaskSpec = z.output<typeof TaskSpec>;

/** A task of a plan. Keys name tasks inside their plan. */
export const PlanTask = z.object({
  key: key(),
  title: line(200).min(1),
  body: line(5_000).default('').describe('What is to be done, for whoever does it'),
  owner: z.enum(OWNERS).describe('us, or the client on their page'),
  kind: z.enum(KINDS).default('task'),
  dueDays: z.int().min(0).max(365).nullable().default(null).describe('Days until it is due; null: never'),
  dueOf: z.enum(['business', 'calendar']).default('business').describe('Business days leave out weekends and the company’s holidays'),
  dueAfter: key().nullable().default(null).describe('Key of the task from whose end the days count; null: from the beginning'),
  needs: z.array(key()).max(50).default([]).describe('Keys of tasks that must be settled before'),
  assigneeId: z.uuid().nullable().default(null).describe('User who does it; of the client’s tasks: who looks after it'),
  spec: TaskSpec.default({}),
});
export type PlanTask = z.output<typeof PlanTask>;

/** What a client reads to begin with. */
export const Material = z.object({ title: line(200).min(1), url: z.url({ protocol: /^https?$/ }).max(2_000) });
export type Material = z.output<typeof Material>;

/** @throws InvalidInput with the place of each fault */
export function requireSound(tasks: readonly PlanTask[]): void {
  const fields = tasks.flatMap((task, i) =>
    faultsOf(tasks, task).map(([path, message]): FieldFault => ({ path: `tasks.${i}.${path}`, message })),
  );
  if (fields.length === 0 && tasks.length > 0 && circle(tasks) !== null)
    fields.push({
      path: `tasks.${tasks.findIndex((task) => task.key === circle(tasks))}.needs`,
      message: 'waits for itself, by way of others',
    });
  const [first] = fields;
  if (first === undefined) return;
  const task = tasks[Number(first.path.split('.')[1])];
  throw new InvalidInput(`“${task?.title ?? ''}”: ${first.path.split('.').slice(2).join('.')} ${first.message}`, { fields });
}

function faultsOf(tasks: readonly PlanTask[], task: PlanTask): (readonly [path: string, message: string])[] {
  const { key: own, owner, kind, spec, needs, dueAfter } = task;
  const known = new Set(tasks.map((one) => one.key));
  return [
    ...(tasks.filter((one) => one.key === own).length > 1 ? [['key', 'is there twice'] as const] : []),
    ...(owner === 'us' && kind !== 'task' ? [['kind', 'is for clients: they fill in, sign and upload on their page'] as const] : []),
    ...(kind === 'form' && (spec.fields ?? []).length === 0 ? [['spec.fields', 'is empty: say what the form asks'] as const] : []),
    ...(kind === 'sign' && (spec.document ?? '').trim() === ''
      ? [['spec.document', 'is empty: give the text that is signed'] as const]
      : []),
    ...needs
      .filter((one) => !known.has(one) || one === own)
      .map((one) => ['needs', `names ${one}, which is no other task of the plan`] as const),
    ...(dueAfter !== null && (!known.has(dueAfter) || dueAfter === own)
      ? [['due_after', `names ${dueAfter}, which is no other task of the plan`] as const]
      : []),
  ];
}

/** The key of a task that can never open; null: each can. */
function circle(tasks: readonly PlanTask[]): string | null {
  const open = new Set<string>();
  for (let before = -1; before !== open.size;) {
    before = open.size;
    for (const task of tasks) if (task.needs.every((one) => open.has(one))) open.add(task.key);
  }
  return tasks.find((task) => !open.has(task.key))?.key ?? null;
}
