import { wireJsonSchema } from '#core/operation/wire.ts';
import type { AnyOperation } from '#core/operation/operation.ts';

type Schema = { readonly [key: string]: unknown };

const isSchema = (value: unknown): value is Schema => typeof value === 'object' && value !== null && !Array.isArray(value);

/** A field of an input that names a row: `lead_id`, `lead_ids`; or any other word in the path (a template's key). */
export interface IdField {
  readonly name: string;
  readonly kind: 'id' | 'ids' | 'word';
  readonly inPath: boolean;
}

export function propertiesOf(operation: AnyOperation): Readonly<Record<string, Schema>> {
  const { properties } = wireJsonSchema(operation.input, 'input');
  return isSchema(properties)
    ? Object.fromEntries(Object.entries(properties).filter((entry): entry is [string, Schema] => isSchema(entry[1])))
    : {};
}

export function idFields(operation: AnyOperation): IdField[] {
  return Object.keys(propertiesOf(operation)).flatMap((name): IdField[] => {
    const inPath = operation.http.includes(`{${name}}`);
    if (/(^|_)ids?$/.test(name)) return [{ name, kind: name.endsWith('ids') ? 'ids' : 'id', inPath }];
    return inPath ? [{ name, kind: 'word', inPath }] : [];
  });
}

let counter = 0;

/** What the schema requires, and nothing else; ids are the caller's business. Wire names. */
export function requiredSample(operation: AnyOperation): Record<string, unknown> {
  const { required } = wireJsonSchema(operation.input, 'input');
  const properties = propertiesOf(operation);
  const names = Array.isArray(required) ? required.filter((name): name is string => typeof name === 'string') : [];
  return Object.fromEntries(names.filter((name) => !/(^|_)ids?$/.test(name)).map((name) => [name, valueFor(properties[name] ?? {})]));
}

function valueFor(schema: Schema): unknown {
  if ('default' in schema) return schema['default'];
  if ('const' in schema) return schema['const'];
  if (Array.isArray(schema['enum'])) return schema['enum'][0];
  const options = schema['anyOf'] ?? schema['oneOf'];
  if (Array.isArray(options)) return valueFor(options.find(isSchema) ?? {});
  switch (schema['type']) {
    case 'string':
      return textFor(schema);
    case 'integer':
    case 'number':
      return typeof schema['minimum'] === 'number' ? schema['minimum'] : 1;
    case 'boolean':
      return false;
    case 'array':
      return typeof schema['minItems'] === 'number' && schema['minItems'] > 0 && isSchema(schema['items'])
        ? [valueFor(schema['items'])]
        : [];
    case 'object': {
      const properties = isSchema(schema['properties']) ? schema['properties'] : {};
      const required = Array.isArray(schema['required']) ? schema['required'].map(String) : [];
      return Object.fromEntries(required.map((name) => [name, valueFor(isSchema(properties[name]) ? properties[name] : {})]));
    }
    default:
      return {};
  }
}

function textFor(schema: Schema): string {
  counter += 1;
  switch (schema['format']) {
    case 'email':
      return `walker${counter}@walk.test`;
    case 'date-time':
      return '2026-06-01T00:00:00.000Z';
    case 'uri':
      return 'https://walk.test/';
    default:
      return `walking text ${counter}`.padEnd(typeof schema['minLength'] === 'number' ? schema['minLength'] : 0, '.');
  }
}
