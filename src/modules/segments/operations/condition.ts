import { z } from 'zod';
import { ConditionSchema } from '#core/engine/conditions.ts';
import { OPERATORS, OPERATORS_OF } from '#core/fields/operators.ts';
import type { FieldOption, FieldParam, PersonField } from '#core/fields/types.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { countPersons, somePersons } from '../count.ts';
import { fieldsOf } from '../fields/registry.ts';

const Option = z.object({ value: z.string(), label: z.string() });
const Field = z.object({
  name: z.string().describe('As conditions say it; with params the beginning of it'),
  label: z.string(),
  group: z.string(),
  type: z.enum(['text', 'choice', 'number', 'boolean', 'date', 'moment', 'list', 'count']),
  operators: z.array(z.enum(OPERATORS)),
  options: z.array(Option),
  params: z
    .array(z.object({ name: z.string(), label: z.string(), kind: z.enum(['choice', 'days']), options: z.array(Option) }))
    .describe('Further parts of the path; days: ever, or a number of days such as 30d'),
});

export const segmentFields = operation({
  name: 'segments.fields',
  summary: 'What people may be chosen by: fields, operators, values to choose from',
  http: 'GET /api/segments/fields',
  cli: 'segments fields',
  access: 'read',
  input: z.object({}),
  output: z.object({ items: z.array(Field) }),
  async run(ctx) {
    const items = [];
    for (const field of await fieldsOf(ctx, ctx.runtime, ctx.companyId)) items.push(await shown(ctx, field));
    return { items };
  },
});

async function shown(ctx: Ctx, field: PersonField) {
  const params = [];
  for (const param of field.params ?? [])
    params.push({ name: param.name, label: param.label, kind: param.kind, options: await optionsOf(ctx, param) });
  return {
    name: field.name,
    label: field.label,
    group: field.group,
    type: field.type,
    operators: [...OPERATORS_OF[field.type]],
    options: await optionsOf(ctx, field),
    params,
  };
}

async function optionsOf(ctx: Ctx, { options }: Pick<PersonField | FieldParam, 'options'>): Promise<FieldOption[]> {
  if (options === undefined) return [];
  return [...(typeof options === 'function' ? await options(ctx, ctx.companyId) : options)];
}

export const countSegment = operation({
  name: 'segments.count',
  summary: 'How many people fit a condition: counted where that is quick, else judged from a sample',
  http: 'POST /api/segments/count',
  cli: 'segments count',
  access: 'read',
  status: 200,
  input: z.object({ condition: ConditionSchema }),
  output: z.object({
    count: z.int(),
    estimated: z.boolean().describe('Judged from a sample of people'),
    atMost: z.int().nullable().describe('When nobody of the sample fits: about so many at most'),
    total: z.int().describe('All people of the company'),
  }),
  run: (ctx, { condition }) => countPersons(ctx, ctx.runtime, ctx.companyId, condition),
});

export const previewSegment = operation({
  name: 'segments.preview',
  summary: 'A few of the people who fit a condition',
  http: 'POST /api/segments/preview',
  cli: 'segments preview',
  access: 'read',
  status: 200,
  input: z.object({ condition: ConditionSchema, limit: z.int().min(1).max(50).default(8) }),
  output: z.object({ items: z.array(z.object({ id: z.uuid(), name: z.string(), email: z.string().nullable() })) }),
  run: async (ctx, { condition, limit }) => ({ items: await somePersons(ctx, ctx.runtime, ctx.companyId, condition, limit) }),
});
