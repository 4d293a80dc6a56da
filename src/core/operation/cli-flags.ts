import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { AnyOperation } from './operation.ts';
import { wireJsonSchema } from './wire.ts';

/** How a flag's text becomes a JSON value. `json`: what has no flat form is given as JSON text. `file`: a path, sent as base64. */
export type FlagKind = 'text' | 'number' | 'boolean' | 'list' | 'json' | 'file';

/** One input field as a flag of the command line. */
export interface Flag {
  /** The field's name on the wire, `lead_id`. */
  readonly field: string;
  /** Without dashes, `lead-id`. */
  readonly name: string;
  /** A second, shorter name: `id` for the one id in the path. */
  readonly alias: string | null;
  readonly kind: FlagKind;
  readonly required: boolean;
  readonly nullable: boolean;
  readonly secret: boolean;
  readonly description: string;
  readonly choices: readonly string[];
}

/** What the person typed does not fit the command: exit code 2, with a pointer to `--help`. */
export class UsageError extends Error {}

export function flagsOf(operation: AnyOperation): Flag[] {
  const schema = wireJsonSchema(operation.input, 'input');
  const properties = isObject(schema['properties']) ? schema['properties'] : {};
  const required = new Set(Array.isArray(schema['required']) ? schema['required'] : []);
  const inPath = [...operation.http.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
  return Object.entries(properties).map(([field, found]) => {
    const property = isObject(found) ? found : {};
    const variants = variantsOf(property);
    const name = typeof property['x-cli'] === 'string' ? property['x-cli'] : field.replaceAll('_', '-');
    return {
      field,
      name,
      alias: inPath.length === 1 && inPath[0] === field && field.endsWith('_id') && !('id' in properties) ? 'id' : null,
      kind: kindOf(property, variants),
      required: required.has(field),
      nullable: variants.some((variant) => variant['type'] === 'null'),
      secret:
        property['x-secret'] === true ||
        (operation.secretFields ?? []).some((secret) => secret.toLowerCase() === field.replaceAll('_', '')) ||
        field.includes('password'),
      description: describe(property),
      choices: variants.flatMap((variant) =>
        Array.isArray(variant['enum']) ? variant['enum'].filter((choice) => choice !== null).map(String) : [],
      ),
    };
  });
}

type Schema = Readonly<Record<string, unknown>>;

/** A property's alternatives, `null` among them: `anyOf` and `type: [...]` alike. */
function variantsOf(property: Schema): Schema[] {
  const options = property['anyOf'] ?? property['oneOf'];
  if (Array.isArray(options)) return options.flatMap((option) => (isObject(option) ? variantsOf(option) : []));
  const { type } = property;
  return Array.isArray(type) ? type.map((one: unknown) => ({ ...property, type: one })) : [property];
}

function kindOf(property: Schema, variants: readonly Schema[]): FlagKind {
  if (property['x-file'] === true) return 'file';
  const types = new Set(variants.map((variant) => variant['type']).filter((type) => type !== 'null'));
  if (types.has('string')) return 'text';
  if (types.has('number') || types.has('integer')) return 'number';
  if (types.has('boolean')) return 'boolean';
  const list = variants.find((variant) => variant['type'] === 'array');
  const items = list !== undefined && isObject(list['items']) ? variantsOf(list['items']) : [];
  if (items.length > 0 && items.every((item) => item['type'] === 'string')) return 'list';
  return variants.some((variant) => Array.isArray(variant['enum']) || 'const' in variant) ? 'text' : 'json';
}

function describe(property: Schema): string {
  if (property['x-file'] === true) return 'Path of the file; - reads standard input';
  const text = typeof property['description'] === 'string' ? property['description'] : '';
  const preset = property['default'];
  if (preset === undefined || preset === null || preset === '' || (typeof preset === 'object' && Object.keys(preset).length === 0))
    return text;
  return `${text}${text === '' ? '' : ' '}(default: ${typeof preset === 'string' ? preset : JSON.stringify(preset)})`;
}

/** Turns what was typed into the operation's input. @throws UsageError */
export function inputFrom(flags: readonly Flag[], typed: ReadonlyMap<string, unknown>): Record<string, unknown> {
  const input: Record<string, unknown> = {};
  for (const flag of flags) {
    const value = typed.get(flag.name);
    if (value === undefined) continue;
    input[flag.field] = valueOf(flag, value);
    if (flag.kind === 'file' && flags.some(({ field }) => field === 'filename') && !typed.has('filename'))
      input['filename'] = basename(String(value));
  }
  return input;
}

function valueOf(flag: Flag, value: unknown): unknown {
  if (flag.nullable && value === 'null') return null;
  switch (flag.kind) {
    case 'number': {
      const number = Number(value);
      if (value === '' || !Number.isFinite(number)) throw new UsageError(`--${flag.name} takes a number, not "${String(value)}"`);
      return number;
    }
    case 'boolean':
      if (value !== true && value !== 'true' && value !== 'false') throw new UsageError(`--${flag.name} is true or false`);
      return value === true || value === 'true';
    case 'list':
      return (Array.isArray(value) ? value : [value])
        .flatMap((item) =>
          String(item)
            .split(',')
            .map((part) => part.trim()),
        )
        .filter((part) => part !== '');
    case 'json':
      return parseJson(flag, String(value));
    case 'file':
      return readFlagFile(flag, String(value)).toString('base64');
    case 'text':
      return String(value);
  }
}

function parseJson(flag: Flag, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new UsageError(`--${flag.name} takes JSON, such as '{"key": "value"}'`, { cause });
  }
}

/** `-` reads standard input. */
function readFlagFile(flag: Flag, path: string): Buffer {
  try {
    return readFileSync(path === '-' ? 0 : path);
  } catch (cause) {
    throw new UsageError(`--${flag.name}: cannot read ${path}; check the path`, { cause });
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
