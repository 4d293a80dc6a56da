import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import type { StepType } from '#core/engine/types.ts';
import { OPERATORS, OPERATORS_OF } from '#core/fields/operators.ts';
import { operation } from '#core/operation/operation.ts';
import { activeUsers } from '#modules/accounts/public.ts';
import { listedTemplates } from '#modules/messages/public.ts';
import { ActionView, actionViews } from '../vocabulary/actions.ts';
import { EVENTS } from '../vocabulary/events.ts';
import { factFields } from '../vocabulary/fields.ts';
import { inputSchema, outputHints } from '../vocabulary/schema.ts';
import { STEP_WORDS } from '../vocabulary/steps.ts';

const json = () => z.record(z.string(), z.json());
const Option = z.object({ value: z.string(), label: z.string() });
const fieldType = z.enum(['text', 'choice', 'number', 'boolean', 'date', 'moment', 'list', 'count']);

const Field = z.object({
  name: z.string().describe('As conditions and templates say it'),
  label: z.string(),
  group: z.string(),
  type: fieldType,
  operators: z.array(z.enum(OPERATORS)),
  options: z.array(Option),
});

const StepTypeView = z.object({
  type: z.string(),
  title: z.string(),
  description: z.string(),
  category: z.enum(['messages', 'flow', 'people', 'data', 'writing', 'other']),
  icon: z.string().describe('Name of a Lucide icon'),
  schema: json().describe('JSON Schema of its input; x-widget names the control of a field'),
  holds: z
    .enum(['nothing', 'arms', 'cases', 'body', 'branches'])
    .describe('Steps inside it: then and otherwise, cases and otherwise, body, or branches'),
  outputs: z
    .array(z.object({ path: z.string(), label: z.string(), type: z.string(), options: z.array(z.string()) }))
    .describe('What later steps find under steps.<id>'),
  choice: z
    .object({ label: z.string(), options: z.array(z.object({ label: z.string(), fields: z.array(z.string()) })) })
    .nullable()
    .describe('Fields of which one set is filled in'),
});

const SubjectView = z.object({
  type: z.string(),
  title: z.string(),
  description: z.string(),
  fields: z.array(Field),
  updates: json().nullable().describe('JSON Schema of what the update step may set; null: nothing'),
});

const EventView = z.object({
  name: z.string(),
  title: z.string(),
  group: z.string(),
  starts: z.array(z.string()).describe('Subjects of workflows that it can start'),
  payload: z.array(z.object({ path: z.string(), label: z.string(), type: z.string(), options: z.array(z.string()) })),
});

const Vocabulary = z.object({
  steps: z.array(StepTypeView),
  subjects: z.array(SubjectView),
  events: z.array(EventView),
  operators: z.array(z.object({ type: fieldType, operators: z.array(z.enum(OPERATORS)) })),
  actions: z.array(ActionView).describe('What connector steps can have services do'),
  connections: z.array(z.object({ id: z.uuid(), connector: z.string(), title: z.string(), state: z.string() })),
  templates: z.array(z.object({ key: z.string(), title: z.string(), class: z.string(), subject: z.string() })),
  workflows: z.array(z.object({ name: z.string(), title: z.string(), subject: z.string() })),
  users: z.array(Option),
});

const CONNECTIONS: Statement = {
  name: 'vocabulary.connections',
  text: `select id, connector, title, state from connections where company_id = $1 order by created_at, id limit 200`,
};
const WORKFLOWS: Statement = {
  name: 'vocabulary.workflows',
  text: `select name, title, subject from workflows where company_id = $1 order by title, name limit 500`,
};

/** Order and words of what a workflow may be about. */
const SUBJECTS: Readonly<Record<string, { title: string; description: string }>> = {
  lead: { title: 'Lead', description: 'One run for each lead: follow-ups, hand-overs, tasks.' },
  person: { title: 'Person', description: 'One run for each person, lead or not: birthdays, reviews, check-ins.' },
  company: { title: 'Company', description: 'Runs about the business itself: schedules and webhooks.' },
};

export const workflowVocabulary = operation({
  name: 'workflows.vocabulary',
  summary:
    'What a workflow may be made of: step types with their forms, subjects with their fields, events, operators, templates, connections',
  http: 'GET /api/workflows/vocabulary',
  cli: 'workflows vocabulary',
  access: 'read',
  input: z.object({}),
  output: Vocabulary,
  async run(ctx) {
    const { steps, subjects } = ctx.runtime.engine.vocabulary;
    const views: z.input<typeof SubjectView>[] = [];
    for (const subject of subjects.values()) {
      const words = SUBJECTS[subject.type];
      views.push({
        type: subject.type,
        title: words?.title ?? titleOf(subject.type),
        description: words?.description ?? '',
        fields: (await factFields(ctx, ctx.runtime, ctx.companyId, subject.type)).map((one) => ({
          ...one,
          operators: [...one.operators],
          options: [...one.options],
        })),
        updates: subject.update === undefined || subject.updates === undefined ? null : inputSchema(subject.updates),
      });
    }
    const order = Object.keys(SUBJECTS);
    const rank = (type: string) => (order.includes(type) ? order.indexOf(type) : order.length);
    return {
      steps: [...steps.values()].map(stepView),
      subjects: views.toSorted((a, b) => rank(a.type) - rank(b.type)),
      events: EVENTS.map((event) => ({ ...event, starts: [...event.starts], payload: (event.payload ?? []).map(hint) })),
      operators: fieldType.options.map((type) => ({ type, operators: [...OPERATORS_OF[type]] })),
      actions: await actionViews(ctx.runtime.connectors),
      connections: await ctx.query<{ id: string; connector: string; title: string; state: string }>(CONNECTIONS, [ctx.companyId]),
      templates: (await listedTemplates(ctx, ctx.runtime, ctx.companyId)).map((one) => ({
        key: one.key,
        title: one.title,
        class: one.class,
        subject: one.subject,
      })),
      workflows: await ctx.query<{ name: string; title: string; subject: string }>(WORKFLOWS, [ctx.companyId]),
      users: (await activeUsers(ctx, ctx.companyId)).map((user) => ({ value: user.id, label: user.fullName || user.email })),
    };
  },
});

const HOLDS: Readonly<Record<string, 'arms' | 'cases' | 'body' | 'branches'>> = {
  branch: 'arms',
  switch: 'cases',
  loop: 'body',
  parallel: 'branches',
};

function stepView(step: StepType): z.input<typeof StepTypeView> {
  const words = STEP_WORDS[step.type];
  return {
    type: step.type,
    title: step.title,
    description: words?.description ?? step.description ?? '',
    category: words?.category ?? 'other',
    icon: words?.icon ?? 'zap',
    schema: inputSchema(step.input, words?.widgets),
    holds: HOLDS[step.type] ?? 'nothing',
    outputs: (words?.outputs ?? outputHints(step.output)).map(hint),
    choice:
      words?.choice === undefined
        ? null
        : { label: words.choice.label, options: words.choice.options.map((one) => ({ label: one.label, fields: [...one.fields] })) },
  };
}

function hint(one: { readonly path: string; readonly label: string; readonly type: string; readonly options?: readonly string[] }) {
  return { path: one.path, label: one.label, type: one.type, options: [...(one.options ?? [])] };
}

/** `invoice_line` → Invoice line. */
function titleOf(type: string): string {
  const text = type.replaceAll('_', ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}
