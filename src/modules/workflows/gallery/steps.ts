import { stepIdOf } from '#core/engine/builder.ts';
import type { Condition, Facts, StepNode } from '#core/engine/types.ts';

/** Short hand for definitions that speak of other modules' step types: a definition is data, so it needs none of their code. */
export const node = (title: string, type: string, input: Facts, id = stepIdOf(title)): StepNode => ({ id, title, type, input });

export const days = (n: number) => ({ days: n });

export const wait = (title: string, length: Facts, id?: string) => node(title, 'wait', { for: length }, id);
export const waitFor = (title: string, events: string[], within: Facts, id?: string) => node(title, 'wait', { events, within }, id);
export const task = (title: string, input: Facts & { title: string }, id?: string) => node(title, 'task', input, id);
export const template = (title: string, key: string, kind: 'commercial' | 'transactional' = 'commercial', id?: string) =>
  node(title, 'message', { class: kind, template: key }, id);
export const letter = (
  title: string,
  subject: string,
  text: readonly string[],
  id?: string,
  kind: 'commercial' | 'transactional' = 'commercial',
) => node(title, 'message', { class: kind, subject, text: text.join('\n\n') }, id);
export const end = (title: string, outcome: string, id?: string) => node(title, 'end', { outcome }, id);

export const branch = (
  title: string,
  condition: Condition,
  then: readonly StepNode[],
  otherwise: readonly StepNode[] = [],
  id = `${stepIdOf(title)}_or_not`,
): StepNode => ({
  ...node(title, 'branch', { condition: JSON.parse(JSON.stringify(condition)) }, id),
  then,
  otherwise,
});

export const parallel = (title: string, ways: Readonly<Record<string, readonly StepNode[]>>, id?: string): StepNode => ({
  ...node(title, 'parallel', {}, id),
  branches: Object.entries(ways).map(([name, steps]) => ({ title: name, steps })),
});

export const GREETING = 'Hi {{ person.first_name | default: "there" }},';
export const SIGNATURE = 'Best regards,\n{{ sender.name | default: company.name }}';
