import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { Conflict, InvalidInput } from '#core/errors.ts';
import { newId } from '#core/ids.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { CustomField, CustomFieldNotFound, FIELD_COLUMNS } from '../custom/field.ts';
import { keyOf, reserved } from '../custom/key.ts';
import { cut, tidy } from '../names.ts';
import { CUSTOM_TYPES } from '../tables.ts';

/** Another field has this key. */
export class CustomFieldTaken extends Conflict {
  override readonly code = 'custom_field_taken';
}

const MOST_FIELDS = 200;

const LIST: Statement = {
  name: 'custom_fields.list',
  text: `select ${FIELD_COLUMNS} from custom_fields f where f.company_id = $1 and ($2 or f.archived_at is null)
          order by f.archived_at is not null, f.position, f.id`,
};

export const listCustomFields = operation({
  name: 'custom_fields.list',
  summary: "The company's own fields of a person, in order",
  http: 'GET /api/custom-fields',
  cli: 'custom-fields list',
  access: 'read',
  scope: 'people:read',
  input: z.object({ archived: z.boolean().default(false).describe('Archived ones, too') }),
  output: z.object({ items: z.array(CustomField), nextCursor: z.null() }),
  run: async (ctx, { archived }) => ({ items: await ctx.query<CustomField>(LIST, [ctx.companyId, archived]), nextCursor: null }),
});

const label = () => z.string().trim().min(1).max(80).transform(tidy);
const options = () =>
  z
    .array(
      z
        .string()
        .max(200)
        .transform((text) => cut(tidy(text), 100))
        .refine((text) => text !== '', { error: 'is empty' }),
    )
    .max(200)
    .refine((all) => new Set(all.map((one) => one.toLowerCase())).size === all.length, { error: 'holds the same choice twice' })
    .describe('Of a choice: what may be chosen, in order');

const INSERT: Statement = {
  name: 'custom_fields.insert',
  text: `insert into custom_fields as f (id, company_id, key, label, type, options, position, created_at, updated_at)
         select $2, $1, $3, $4, $5, $6::jsonb, coalesce((select max(position) + 1 from custom_fields where company_id = $1), 0), $7, $7
          where (select count(*) from custom_fields where company_id = $1) < ${MOST_FIELDS}
         on conflict (company_id, key) do nothing returning ${FIELD_COLUMNS}`,
};
const BY_KEY: Statement = {
  name: 'custom_fields.by_key',
  text: `select ${FIELD_COLUMNS} from custom_fields f where f.company_id = $1 and f.key = $2`,
};

export const createCustomField = operation({
  name: 'custom_fields.create',
  summary: 'Invent a field that every person may have a value for',
  http: 'POST /api/custom-fields',
  cli: 'custom-fields create',
  access: 'write',
  role: 'manager',
  scope: 'people:write',
  input: z.object({
    label: label(),
    key: z
      .string()
      .regex(/^[a-z][a-z0-9_]{0,39}$/, { error: 'is lower case letters, digits and _, at most 40, such as contract_end' })
      .optional()
      .describe('Its name in templates: person.custom.<key>; default: made from the label, and never changed after'),
    type: z.enum(CUSTOM_TYPES),
    options: options().default([]),
  }),
  output: CustomField,
  errors: [CustomFieldTaken],
  async run(ctx, input) {
    const key = input.key ?? keyOf(input.label);
    if (reserved(key)) {
      throw new InvalidInput(`${key} can’t be the key of a field; choose another`, { fields: [{ path: 'key', message: 'is reserved' }] });
    }
    checkOptions(input.type, input.options);
    const values = [ctx.companyId, newId(), key, input.label, input.type, JSON.stringify(input.type === 'choice' ? input.options : [])];
    const [made] = await ctx.query<CustomField>(INSERT, [...values, ctx.clock.now()]);
    if (made !== undefined) return made;
    const [other] = await ctx.query<CustomField>(BY_KEY, [ctx.companyId, key]);
    if (other === undefined) {
      throw new InvalidInput(`There are ${MOST_FIELDS} fields already, the most there can be`, {
        fields: [{ path: 'label', message: 'one too many' }],
      });
    }
    const where =
      other.archivedAt === null ? 'use that one, or choose another key' : 'it is archived: bring it back, or choose another key';
    throw new CustomFieldTaken(`The key ${key} belongs to the field “${other.label}”; ${where}`, {
      fields: [{ path: 'key', message: 'is taken' }],
    });
  },
});

function checkOptions(type: CustomField['type'], given: readonly string[]): void {
  if (type === 'choice' && given.length === 0) {
    throw new InvalidInput('A choice needs at least one option', { fields: [{ path: 'options', message: 'is empty' }] });
  }
}

const LOCK: Statement = {
  name: 'custom_fields.lock',
  text: `select ${FIELD_COLUMNS} from custom_fields f where f.company_id = $1 and f.id = $2 for update`,
};
const UPDATE: Statement = {
  name: 'custom_fields.update',
  text: `update custom_fields f set label = $3, options = $4::jsonb, archived_at = $5, updated_at = $6 where company_id = $1 and id = $2
         returning ${FIELD_COLUMNS}`,
};

async function lockField(ctx: Ctx, id: string): Promise<CustomField> {
  const [field] = await ctx.query<CustomField>(LOCK, [ctx.companyId, id]);
  if (field === undefined) throw new CustomFieldNotFound('There is no such field; list them with GET /api/custom-fields');
  return field;
}

export const updateCustomField = operation({
  name: 'custom_fields.update',
  summary: 'Rename a field, change its choices, archive it or bring it back; values stay',
  http: 'PUT /api/custom-fields/{field_id}',
  cli: 'custom-fields update',
  access: 'write',
  role: 'manager',
  scope: 'people:write',
  input: z.object({
    fieldId: z.uuid(),
    label: label().optional(),
    options: options().optional(),
    archived: z.boolean().optional().describe('Archived: shown nowhere, values kept'),
  }),
  output: CustomField,
  errors: [CustomFieldNotFound],
  async run(ctx, input) {
    const field = await lockField(ctx, input.fieldId);
    ctx.expectVersion(field);
    const now = ctx.clock.now();
    const choices = field.type === 'choice' ? (input.options ?? field.options) : [];
    checkOptions(field.type, choices);
    const archivedAt = input.archived === undefined ? field.archivedAt : input.archived ? (field.archivedAt ?? now) : null;
    const values = [ctx.companyId, field.id, input.label ?? field.label, JSON.stringify(choices), archivedAt, now];
    const [updated] = await ctx.query<CustomField>(UPDATE, values);
    return updated ?? field;
  },
});

const ORDER: Statement = {
  name: 'custom_fields.order',
  text: `update custom_fields f set position = o.position - 1, updated_at = $3
           from unnest($2::uuid[]) with ordinality as o(id, position) where f.id = o.id and f.company_id = $1 returning f.id`,
};

export const orderCustomFields = operation({
  name: 'custom_fields.order',
  summary: 'Put the fields in this order',
  http: 'PUT /api/custom-fields/order',
  cli: 'custom-fields order',
  access: 'write',
  role: 'manager',
  scope: 'people:write',
  input: z.object({ fieldIds: z.array(z.uuid()).min(1).max(MOST_FIELDS) }),
  output: z.object({ items: z.array(CustomField), nextCursor: z.null() }),
  errors: [CustomFieldNotFound],
  async run(ctx, { fieldIds }) {
    const moved = await ctx.query(ORDER, [ctx.companyId, fieldIds, ctx.clock.now()]);
    if (moved.length !== new Set(fieldIds).size)
      throw new CustomFieldNotFound('One of these fields does not exist; list them with GET /api/custom-fields');
    return { items: await ctx.query<CustomField>(LIST, [ctx.companyId, false]), nextCursor: null };
  },
});
