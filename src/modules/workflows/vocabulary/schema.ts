import { z } from 'zod';
import { ConditionSchema } from '#core/engine/conditions.ts';
import { DurationSchema } from '#core/engine/steps/duration.ts';
import type { Facts } from '#core/engine/types.ts';
import type { OutputHint, Widget } from './steps.ts';

const EVENT = /^\^\[a-z_\]\+\\\.\[a-z_\]\+\$$/;

/**
 * JSON Schema of what a step takes, in the names that definitions use. `x-widget` says which control a field gets where its type alone would not:
 * a condition is one control, not a tree of objects.
 */
export function inputSchema(schema: z.ZodType, widgets: Readonly<Record<string, Widget>> = {}): Facts {
  const json = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    reused: 'inline',
    override({ zodSchema, jsonSchema }) {
      if (Object.is(zodSchema, ConditionSchema)) become(jsonSchema, { 'x-widget': 'condition' });
      else if (Object.is(zodSchema, DurationSchema)) become(jsonSchema, { type: 'object', 'x-widget': 'duration' });
      else if (typeof jsonSchema.pattern === 'string' && EVENT.test(jsonSchema.pattern)) Object.assign(jsonSchema, { 'x-widget': 'event' });
    },
  });
  // zod writes JSON; this says so to the compiler.
  const plain: Facts = JSON.parse(JSON.stringify(json));
  delete plain['$schema'];
  for (const [path, widget] of Object.entries(widgets)) mark(plain, path, widget);
  const inline = refsInline(plain);
  formats(inline);
  return inline;
}

const TYPES: Readonly<Record<string, OutputHint['type']>> = {
  number: 'number',
  integer: 'number',
  boolean: 'boolean',
  array: 'list',
  object: 'object',
};

/** What later steps find under a step that says what it leaves. */
export function outputHints(output: z.ZodType | undefined): OutputHint[] {
  if (output === undefined) return [];
  const json: Facts = JSON.parse(JSON.stringify(z.toJSONSchema(output, { io: 'output', unrepresentable: 'any' })));
  return Object.entries(recordOf(json['properties']) ?? {}).map(([path, value]) => {
    const property = recordOf(value) ?? {};
    const options = Array.isArray(property['enum']) ? property['enum'].filter((one) => typeof one === 'string') : [];
    const says = property['description'];
    return {
      path,
      label: typeof says === 'string' ? says : path.replaceAll('_', ' '),
      type: options.length > 0 ? 'choice' : (TYPES[String(property['type'])] ?? 'text'),
      ...(options.length > 0 ? { options } : {}),
    };
  });
}

/** What a step type says of a field by its format. */
const FORMATS: Readonly<Record<string, Widget>> = {
  liquid: 'liquid',
  json: 'json',
  code: 'code',
  duration: 'duration',
  event: 'event',
  user: 'user',
  users: 'users',
  custom: 'custom',
  path: 'field',
};

function formats(value: unknown): void {
  if (Array.isArray(value)) return value.forEach(formats);
  const schema = recordOf(value);
  if (schema === null) return;
  const { format } = schema;
  const widget = typeof format === 'string' ? (FORMATS[format] ?? (format.startsWith('connection') ? 'connection' : undefined)) : undefined;
  if (widget !== undefined) schema['x-widget'] ??= widget;
  Object.values(schema).forEach(formats);
}

function become(schema: object, next: object): void {
  for (const key of Object.keys(schema)) Reflect.deleteProperty(schema, key);
  Object.assign(schema, next);
}

/** Wherever the field stands: in the object itself, or in one of the shapes it may have. */
function mark(schema: Facts, path: string, widget: Widget): void {
  const [first = '', ...rest] = path.split('.');
  for (const shape of [schema, ...(['anyOf', 'oneOf', 'allOf'] as const).flatMap((key) => listOf(schema[key]))]) {
    const properties = recordOf(shape['properties']);
    const property = recordOf(properties?.[first]);
    if (property === null) continue;
    if (rest.length === 0) property['x-widget'] = widget;
    else mark(property, rest.join('.'), widget);
  }
}

/** What refers to itself is kept apart by zod: a condition gets its control in place, anything else is written as JSON. */
function refsInline(schema: Facts): Facts {
  const definitions = recordOf(schema['$defs']);
  if (definitions === null) return schema;
  const { $defs: _apart, ...rest } = schema;
  const whole = JSON.stringify(rest).replaceAll(/"\$ref":"#\/\$defs\/([^"]+)"/g, (_ref, name: string) =>
    recordOf(definitions[name])?.['x-widget'] === 'condition' ? '"x-widget":"condition"' : '"x-widget":"json"',
  );
  return JSON.parse(whole);
}

function recordOf(value: unknown): Facts | null {
  // A JSON value that is neither a list nor null is an object of JSON values.
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Facts) : null;
}

function listOf(value: unknown): Facts[] {
  return Array.isArray(value) ? value.map(recordOf).filter((one) => one !== null) : [];
}
