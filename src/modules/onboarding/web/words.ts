import type { Item } from '#web/kit/api.ts';

export type PlanTask = Item<'onboarding_plans.list'>['tasks'][number];

export const KIND_WORDS: Record<PlanTask['kind'], string> = {
  task: 'To do',
  form: 'Form to fill in',
  sign: 'Document to sign',
  upload: 'File to upload',
};
export const OWNER_WORDS: Record<PlanTask['owner'], string> = { us: 'Us', client: 'The client' };
export const ACCEPT_WORDS = { any: 'Any file', pdf: 'A PDF', picture: 'A picture', document: 'A PDF or an office document' } as const;
export const FIELD_WORDS = {
  text: 'One line',
  area: 'Several lines',
  email: 'Email address',
  tel: 'Telephone',
  date: 'Day',
  number: 'Number',
  choice: 'Choice',
  tick: 'Box to tick',
} as const;

/** `3 business days after “Sign the agreement”`; null: never due. */
export function dueWords(task: PlanTask, tasks: readonly PlanTask[]): string | null {
  if (task.due_days === null) return null;
  const days = `${task.due_days} ${task.due_of === 'business' ? 'business ' : ''}${task.due_days === 1 ? 'day' : 'days'}`;
  const after = tasks.find(({ key }) => key === task.due_after);
  return `${days} after ${after === undefined ? 'the beginning' : `“${after.title}”`}`;
}

/** A name for a new task or field that none of these has. */
export function freshKey(label: string, taken: readonly string[]): string {
  const base =
    label
      .toLowerCase()
      .normalize('NFKD')
      .replace(/[^a-z0-9]+/g, '_')
      .replace(/^[^a-z]+|_+$/g, '')
      .slice(0, 30) || 'task';
  for (let n = 1; ; n++) {
    const key = n === 1 ? base : `${base}_${n}`;
    if (!taken.includes(key)) return key;
  }
}
