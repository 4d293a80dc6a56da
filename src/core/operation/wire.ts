import { z } from 'zod';
import { InvalidInput, type FieldFault } from '#core/errors.ts';

/**
 * Names on the wire. Code is camelCase, JSON is snake_case; the zod schema says which keys are ours to rename. Keys of
 * records (a person's custom fields, a workflow's settings) are data and stay. Compiled once per operation.
 */
export interface Wire {
  /** JSON as it came → what the zod schema expects. `text`: all scalars are strings (a query, a form, a CLI flag). @throws InvalidInput */
  in(value: unknown, text?: boolean): unknown;
  /** An output → JSON value with wire names; only declared keys pass. */
  out(value: unknown): unknown;
}

const snakes = new Map<string, string>();

export function snake(name: string): string {
  let found = snakes.get(name);
  if (found === undefined) {
    found = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    if (snakes.size < 5_000) snakes.set(name, found);
  }
  return found;
}

interface Faults {
  readonly list: FieldFault[];
}

interface Codec {
  in(value: unknown, text: boolean, path: string, faults: Faults): unknown;
  out(value: unknown): unknown;
  /** `out` is the identity: a parent may skip it. */
  readonly plain: boolean;
}

const identity: Codec = { in: checkText, out: (value) => value, plain: true };

/** PostgreSQL cannot store U+0000 in text or jsonb, nor half of a surrogate pair in jsonb, so no input may hold them, at any depth. */
function checkText(value: unknown, _text: boolean, path: string, faults: Faults): unknown {
  if (typeof value === 'string') {
    if (value.includes('\u0000')) faults.list.push({ path, message: 'contains a NUL character' });
    else if (!value.isWellFormed()) faults.list.push({ path, message: 'contains half a character (a lone surrogate)' });
  } else if (Array.isArray(value)) {
    value.forEach((item, index) => checkText(item, false, `${path}.${index}`, faults));
  } else if (isRecord(value)) {
    for (const [key, item] of Object.entries(value)) {
      checkText(key, false, path, faults);
      checkText(item, false, path === '' ? key : `${path}.${key}`, faults);
    }
  }
  return value;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function compileWire(schema: z.ZodType): Wire {
  const codec = compile(schema);
  return {
    in(value, text = false) {
      const faults: Faults = { list: [] };
      const result = codec.in(value, text, '', faults);
      if (faults.list.length > 0) throw new InvalidInput(describeFaults(faults.list), { fields: faults.list });
      return result;
    },
    out: (value) => codec.out(value),
  };
}

function compile(schema: z.core.$ZodType): Codec {
  // zod's documented introspection (zod.dev/packages/core): every schema is one of $ZodTypes, told apart by def.type.
  const known = schema as z.core.$ZodTypes;
  const def = known._zod.def;
  switch (def.type) {
    case 'object':
      return objectCodec(def.shape, def.catchall);
    case 'array':
      return arrayCodec(compile(def.element));
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
    case 'catch':
    case 'readonly':
    case 'nonoptional':
      return compile(def.innerType);
    case 'pipe':
      return { ...compile(def.in), out: compile(def.out).out, plain: compile(def.out).plain };
    case 'lazy':
      return lazyCodec(def.getter);
    case 'union':
      return unionCodec(def.options);
    case 'record':
      return recordCodec(compile(def.valueType));
    case 'number':
      return scalar((text) => (text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text));
    case 'boolean':
      return scalar((text) => (text === 'true' ? true : text === 'false' ? false : text));
    case 'date':
      return dateCodec;
    default:
      return identity;
  }
}

function scalar(fromText: (text: string) => unknown): Codec {
  return { ...identity, in: (value, text) => (text && typeof value === 'string' ? fromText(value) : value) };
}

const dateCodec: Codec = {
  ...identity,
  in(value) {
    if (typeof value !== 'string') return value;
    const date = new Date(value);
    return Number.isNaN(date.getTime()) ? value : date;
  },
};

function objectCodec(shape: Readonly<Record<string, z.core.$ZodType>>, catchall: z.core.$ZodType | undefined): Codec {
  const fields = Object.entries(shape).map(([name, schema]) => ({ name, wire: snake(name), codec: compile(schema) }));
  const byWire = new Map(fields.map((field) => [field.wire, field]));
  const open = catchall !== undefined && catchall._zod.def.type !== 'never';
  return {
    plain: false,
    in(value, text, path, faults) {
      if (!isRecord(value)) return value;
      const result: Record<string, unknown> = {};
      for (const [key, item] of Object.entries(value)) {
        const field = byWire.get(key);
        const at = path === '' ? key : `${path}.${key}`;
        if (field !== undefined) result[field.name] = field.codec.in(item, text, at, faults);
        else if (open) result[key] = checkText(item, text, at, faults);
        else
          faults.list.push({
            path: at,
            message: byWire.has(snake(key)) ? `is called ${snake(key)} here` : 'is not a field of this operation',
          });
      }
      return result;
    },
    out(value) {
      if (!isRecord(value)) return value;
      const result: Record<string, unknown> = {};
      for (const { name, wire, codec } of fields) {
        const item = value[name];
        if (item !== undefined) result[wire] = codec.plain ? item : codec.out(item);
      }
      if (open) for (const [key, item] of Object.entries(value)) if (!(key in shape)) result[key] = item;
      return result;
    },
  };
}

function arrayCodec(element: Codec): Codec {
  return {
    plain: element.plain,
    in(value, text, path, faults) {
      const list = text && typeof value === 'string' ? value.split(',') : value;
      return Array.isArray(list) ? list.map((item, index) => element.in(item, text, `${path}.${index}`, faults)) : list;
    },
    out: (value) => (element.plain || !Array.isArray(value) ? value : value.map((item) => element.out(item))),
  };
}

function recordCodec(element: Codec): Codec {
  return {
    plain: element.plain,
    in(value, text, path, faults) {
      if (!isRecord(value)) return value;
      const result: Record<string, unknown> = {};
      for (const [key, item] of Object.entries(value)) {
        checkText(key, false, path, faults);
        result[key] = element.in(item, text, `${path}.${key}`, faults);
      }
      return result;
    },
    out(value) {
      if (element.plain || !isRecord(value)) return value;
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, element.out(item)]));
    },
  };
}

/** The first option that accepts the renamed value decides; if none does, the first option's view goes on to zod's message. */
function unionCodec(options: readonly z.core.$ZodType[]): Codec {
  const all = options.map((schema) => ({ schema, codec: compile(schema) }));
  if (all.every(({ codec }) => codec === identity)) return identity;
  return {
    plain: all.every(({ codec }) => codec.plain),
    in(value, text, path, faults) {
      for (const { schema, codec } of all) {
        const tried: Faults = { list: [] };
        const renamed = codec.in(value, text, path, tried);
        if (tried.list.length === 0 && z.safeParse(schema, renamed).success) return renamed;
      }
      return all[0]?.codec.in(value, text, path, faults);
    },
    out(value) {
      const fit = all.find(({ schema }) => z.safeParse(schema, value).success);
      return (fit ?? all[0])?.codec.out(value);
    },
  };
}

/** Recursive schemas (a condition holds conditions): compiled when first met. */
function lazyCodec(getter: () => z.core.$ZodType): Codec {
  let compiled: Codec | undefined;
  const inner = () => (compiled ??= compile(getter()));
  return { plain: false, in: (...args) => inner().in(...args), out: (value) => inner().out(value) };
}

/** One sentence for a person, the details are in `fields`. */
export function describeFaults(faults: readonly FieldFault[]): string {
  const [first] = faults;
  if (first === undefined) return 'The input is not valid';
  const more = faults.length > 1 ? ` (and ${faults.length - 1} more)` : '';
  return first.path === '' ? `${capital(first.message)}${more}` : `${first.path}: ${first.message}${more}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Parses with wire names in the faults. @throws InvalidInput */
export function parseInput<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const fields = result.error.issues.map((issue) => ({
    path: issue.path.map((part) => snake(String(part))).join('.'),
    message: lower(issue.message),
  }));
  throw new InvalidInput(describeFaults(fields), { fields });
}

function lower(text: string): string {
  return /^[A-Z][a-z]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}

/** JSON Schema (2020-12) of a zod schema, with wire names, as OpenAPI, CLI and MCP show it. */
export function wireJsonSchema(schema: z.ZodType, io: 'input' | 'output'): Record<string, unknown> {
  const json = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema._zod.def.type === 'date') Object.assign(jsonSchema, { type: 'string', format: 'date-time' });
      if (zodSchema._zod.def.type !== 'object' || jsonSchema.properties === undefined) return;
      jsonSchema.properties = Object.fromEntries(Object.entries(jsonSchema.properties).map(([key, value]) => [snake(key), value]));
      if (jsonSchema.required !== undefined) jsonSchema.required = jsonSchema.required.map(snake);
    },
  });
  const { $schema: _dialect, ...rest } = json;
  return rest;
}
