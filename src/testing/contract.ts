import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
type JsonObject = { [key: string]: Json };

/** A vendor's published contract (OpenAPI 3.0 or 3.1), as an oracle for requests and for the answers that a fake gives. */
export interface Contract {
  /** What is wrong with a request, in words; empty when it fits. Paths are the contract's own, without the server's prefix. */
  faults(request: {
    readonly method: string;
    readonly path: string;
    readonly headers: Readonly<Record<string, unknown>>;
    readonly body: unknown;
  }): string[];
  /** What is wrong with an answer of this status, 200 unless told. */
  answerFaults(method: string, path: string, body: unknown, status?: number): string[];
}

/**
 * The folder of contracts, from STEWARD_CONTRACTS. They belong to the vendors and are no part of this repository, so tests that need
 * them say loudly that they were skipped.
 */
export function contractsFolder(): string | undefined {
  return process.env['STEWARD_CONTRACTS'];
}

export function openContract(name: string): Contract {
  const folder = contractsFolder();
  if (folder === undefined) throw new Error('Set STEWARD_CONTRACTS to the folder that holds specs/<vendor>.json');
  const document: JsonObject = JSON.parse(readFileSync(join(folder, 'specs', `${name}.json`), 'utf8'));
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });
  const root = modernised(document);
  ajv.addSchema(isObject(root) ? { ...root, $id: 'contract' } : {}, 'contract');
  const compiled = new Map<string, ValidateFunction>();
  const check = (pointer: string, value: unknown): string[] => {
    let validate = compiled.get(pointer);
    if (validate === undefined) {
      validate = ajv.compile({ $ref: `contract#${pointer}` });
      compiled.set(pointer, validate);
    }
    if (validate(value)) return [];
    return (validate.errors ?? []).map((error) => `${error.instancePath || 'body'} ${error.message ?? 'does not fit'}`);
  };
  const pointerTo = (...parts: readonly string[]) => parts.map((part) => `/${part.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
  const at = (...parts: readonly string[]): Json | undefined =>
    parts.reduce<Json | undefined>((value, part) => (isObject(value) ? value[part] : undefined), document);
  /** Where a part really stands: behind its `$ref`, if it is one. */
  const follow = (parts: readonly string[]): readonly string[] => {
    const part = at(...parts);
    return isObject(part) && typeof part['$ref'] === 'string' ? part['$ref'].replace('#/', '').split('/') : parts;
  };

  return {
    faults({ method, path, headers, body }) {
      const verb = method.toLowerCase();
      const declared = at('paths', path, verb);
      if (!isObject(declared)) return [`${method} ${path} is not in the contract`];
      const faults: string[] = [];
      for (const parameter of Array.isArray(declared['parameters']) ? declared['parameters'] : []) {
        if (!isObject(parameter) || parameter['in'] !== 'header' || parameter['required'] !== true) continue;
        const { name: header, schema } = parameter;
        if (typeof header !== 'string') continue;
        const value = headers[header.toLowerCase()];
        const pattern = isObject(schema) && typeof schema['pattern'] === 'string' ? new RegExp(schema['pattern']) : /./;
        if (typeof value !== 'string' || !pattern.test(value)) faults.push(`header ${header} is missing or wrong`);
      }
      if (!keyFits(headers, at('components', 'securitySchemes'))) faults.push('no key as the contract wants it');
      if (declared['requestBody'] === undefined) return faults;
      if (!String(headers['content-type']).startsWith('application/json')) faults.push('content-type is not application/json');
      const schema = [...follow(['paths', path, verb, 'requestBody']), 'content', 'application/json', 'schema'];
      if (body === undefined) return [...faults, 'no body'];
      faults.push(...check(pointerTo(...schema), body));
      // Most contracts allow anything beside what they name; a misspelt parameter would pass silently.
      const known = propertiesOf(at(...schema), document);
      for (const name of isObject(body) ? Object.keys(body) : []) {
        if (!known.has(name)) faults.push(`${name} is not a parameter in the contract`);
      }
      return faults;
    },
    answerFaults(method, path, body, status = 200) {
      const answer = follow(['paths', path, method.toLowerCase(), 'responses', String(status)]);
      const schema = [...answer, 'content', 'application/json', 'schema'];
      if (!isObject(at(...answer))) return [`an answer of ${status} is not in the contract`];
      if (at(...schema) === undefined)
        return body === '' || body === undefined ? [] : [`an answer of ${status} has no body in the contract`];
      return check(pointerTo(...schema), body);
    },
  };
}

function keyFits(headers: Readonly<Record<string, unknown>>, schemes: Json | undefined): boolean {
  return Object.values(isObject(schemes) ? schemes : {}).some((scheme) => {
    if (!isObject(scheme)) return false;
    if (scheme['type'] === 'http') return /^Bearer \S+$/.test(String(headers['authorization']));
    const { name } = scheme;
    return typeof name === 'string' && typeof headers[name.toLowerCase()] === 'string';
  });
}

function propertiesOf(schema: Json | undefined, document: JsonObject, depth = 0): Set<string> {
  const names = new Set<string>();
  if (!isObject(schema) || depth > 8) return names;
  if (typeof schema['$ref'] === 'string') {
    const target = schema['$ref']
      .replace('#/', '')
      .split('/')
      .reduce<Json | undefined>((value, part) => (isObject(value) ? value[part] : undefined), document);
    return propertiesOf(target, document, depth + 1);
  }
  for (const name of Object.keys(isObject(schema['properties']) ? schema['properties'] : {})) names.add(name);
  for (const list of ['allOf', 'anyOf', 'oneOf']) {
    for (const part of Array.isArray(schema[list]) ? schema[list] : []) {
      for (const name of propertiesOf(part, document, depth + 1)) names.add(name);
    }
  }
  return names;
}

/** OpenAPI 3.0's `nullable` in the words of JSON Schema, so that one validator reads both. */
function modernised(value: Json): Json {
  if (Array.isArray(value)) return value.map(modernised);
  if (!isObject(value)) return value;
  const { nullable, ...rest } = Object.fromEntries<Json>(Object.entries(value).map(([key, part]) => [key, modernised(part)]));
  return nullable === true ? { anyOf: [rest, { type: 'null' }] } : rest;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
