export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** OpenAPI 3.0's `nullable` in the words of JSON Schema, so that one validator reads both. */
export function modernised(value: Json): Json {
  if (Array.isArray(value)) return value.map(modernised);
  if (!isObject(value)) return value;
  const { nullable, ...rest } = Object.fromEntries<Json>(Object.entries(value).map(([key, part]) => [key, modernised(part)]));
  return nullable === true ? { anyOf: [rest, { type: 'null' }] } : rest;
}

/** A form as an object; a name that comes twice is a list, `a[b]` a part of `a`, `a[0]` an entry of the list `a`. */
export function formFields(body: string): Record<string, unknown> {
  const form = new URLSearchParams(body);
  const fields: Record<string, unknown> = {};
  for (const name of new Set(form.keys())) {
    const parts = /^[^[\]]+(\[[^[\]]+\])+$/.test(name) ? name.split(/[[\]]+/).filter((part) => part !== '') : [name];
    put(fields, parts, formValue(form.getAll(name)) ?? '');
  }
  return fields;
}

function put(into: Record<string, unknown> | unknown[], [name = '', ...deeper]: readonly string[], value: unknown): void {
  const [next] = deeper;
  const inner = next === undefined ? value : (Reflect.get(into, name) ?? (/^\d+$/.test(next) ? [] : {}));
  Reflect.set(into, name, inner);
  if (next !== undefined && typeof inner === 'object' && inner !== null) put(inner as unknown[], deeper, value); // a list or an object, made above
}

export function formValue(values: readonly string[]): string | string[] | undefined {
  return values.length > 1 ? [...values] : values[0];
}

/** As deep as schemas are followed: some hold themselves. */
const DEEPEST = 12;

/** Names in `value` that the schema does not name, wherever it names any and does not say that others may come. */
export function unknownIn(document: JsonObject, schema: Json | undefined, value: unknown, where: string, depth = 0): string[] {
  if (depth > DEEPEST) return [];
  if (Array.isArray(value)) {
    const items = partsOf(document, schema).flatMap((part) => (part['items'] === undefined ? [] : [part['items']]));
    return items.length === 0 ? [] : value.flatMap((one, i) => unknownIn(document, { anyOf: items }, one, `${where}/${i}`, depth + 1));
  }
  if (!isObject(value)) return [];
  const parts = partsOf(document, schema);
  const named = parts.filter((part) => isObject(part['properties']));
  if (named.length === 0 || parts.some((part) => part['additionalProperties'] === true || isObject(part['additionalProperties'])))
    return [];
  return Object.entries(value).flatMap(([name, one]) => {
    const schemas = named.flatMap(({ properties }) => (isObject(properties) && properties[name] !== undefined ? [properties[name]] : []));
    if (schemas.length === 0) return [`${where}/${name} is not in the contract`];
    return unknownIn(document, { anyOf: schemas }, one, `${where}/${name}`, depth + 1);
  });
}

/** The schema itself with all that it is put together of. */
function partsOf(document: JsonObject, schema: Json | undefined, depth = 0): JsonObject[] {
  if (!isObject(schema) || depth > DEEPEST) return [];
  if (typeof schema['$ref'] === 'string') {
    const target = schema['$ref']
      .replace('#/', '')
      .split('/')
      .reduce<Json | undefined>((at, part) => (isObject(at) ? at[part] : undefined), document);
    return partsOf(document, target, depth + 1);
  }
  const lists = ['allOf', 'anyOf', 'oneOf'].flatMap((list) => (Array.isArray(schema[list]) ? schema[list] : []));
  return [schema, ...lists.flatMap((part) => partsOf(document, part, depth + 1))];
}
