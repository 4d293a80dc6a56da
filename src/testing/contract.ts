import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { VendorRequest } from './fake-vendor.ts';
import { formValue, isObject, modernised, unknownIn, type Json, type JsonObject } from './contract-schema.ts';

/** A vendor's published contract (OpenAPI 3.0 or 3.1), as an oracle for requests and for the answers that a fake gives. */
export interface Contract {
  /** What is wrong with a request, in words; empty when it fits. Paths are the contract's own, without the server's prefix. */
  faults(request: VendorRequest): string[];
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

const FORM = 'application/x-www-form-urlencoded';

export function openContract(name: string): Contract {
  const folder = contractsFolder();
  if (folder === undefined) throw new Error('Set STEWARD_CONTRACTS to the folder that holds specs/<vendor>.json');
  const document: JsonObject = JSON.parse(readFileSync(join(folder, 'specs', `${name}.json`), 'utf8'));
  const root = modernised(document);
  const strict = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });
  /** Forms and queries carry texts: `7` is a number where a number is wanted. */
  const textual = new Ajv2020({ strict: false, allErrors: true, validateFormats: false, coerceTypes: 'array' });
  for (const ajv of [strict, textual]) ajv.addSchema(isObject(root) ? { ...root, $id: 'contract' } : {}, 'contract');
  const compiled = new Map<string, ValidateFunction>();
  const check = (ajv: Ajv2020, parts: readonly string[], value: unknown, what: string): string[] => {
    const pointer = parts.map((part) => `/${part.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
    const key = `${ajv === strict ? '' : 'text '}${pointer}`;
    const validate = compiled.get(key) ?? ajv.compile({ $ref: `contract#${pointer}` });
    compiled.set(key, validate);
    if (validate(value)) return [];
    return (validate.errors ?? []).map((error) => `${what}${error.instancePath} ${error.message ?? 'does not fit'}`);
  };
  const at = (...parts: readonly string[]): Json | undefined =>
    parts.reduce<Json | undefined>(
      (value, part) => (isObject(value) ? value[part] : Array.isArray(value) ? value[Number(part)] : undefined),
      document,
    );
  /** Where a part really stands: behind its `$ref`, if it is one. */
  const follow = (parts: readonly string[]): readonly string[] => {
    const part = at(...parts);
    return isObject(part) && typeof part['$ref'] === 'string' ? follow(part['$ref'].replace('#/', '').split('/')) : parts;
  };
  // `/{id}/search` before `/{id}/{other}`: whoever says more is meant.
  const said = (template: string) => template.replaceAll(/\{[^}]+\}/g, '').length;
  const templates = Object.keys(at('paths') ?? {})
    .map((template) => ({ template, pattern: patternOf(template) }))
    .toSorted((a, b) => said(b.template) - said(a.template));
  /** The contract's own path, a literal one before a template; undefined when there is none. */
  const templateOf = (path: string) =>
    templates.find(({ template }) => template === path)?.template ?? templates.find(({ pattern }) => pattern.test(path))?.template;

  function parametersOf(template: string, verb: string) {
    const places = [
      ['paths', template, 'parameters'],
      ['paths', template, verb, 'parameters'],
    ];
    return places.flatMap((place) => {
      const list = at(...place);
      return (Array.isArray(list) ? list : []).flatMap((_, i) => {
        const parts = follow([...place, String(i)]);
        const declared = at(...parts);
        return isObject(declared) && typeof declared['name'] === 'string' ? [{ parts, name: declared['name'], declared }] : [];
      });
    });
  }

  function bodyFaults(template: string, verb: string, { headers, body }: VendorRequest): string[] {
    const place = follow(['paths', template, verb, 'requestBody']);
    const declared = at(...place);
    const type = String(headers['content-type'] ?? '').split(';')[0] ?? '';
    if (!isObject(declared)) return body === undefined ? [] : ['takes no body'];
    if (body === undefined) return declared['required'] === false ? [] : ['no body'];
    const content = declared['content'];
    const kind = isObject(content) ? [type, '*/*'].find((one) => content[one] !== undefined) : undefined;
    if (kind === undefined || type === '')
      return [`content-type ${type} is not one of ${Object.keys(isObject(content) ? content : {}).join(', ')}`];
    const schema = [...place, 'content', kind, 'schema'];
    const form = type === FORM;
    // Most contracts allow anything beside what they name; a misspelt parameter would pass silently.
    return [...check(form ? textual : strict, schema, structuredClone(body), 'body'), ...unknownIn(document, at(...schema), body, 'body')];
  }

  return {
    faults(request) {
      const { method, path, query, headers } = request;
      const verb = method.toLowerCase();
      const template = templateOf(path);
      if (template === undefined || !isObject(at('paths', template, verb))) return [`${method} ${path} is not in the contract`];
      const faults: string[] = [];
      const given = new URLSearchParams(query);
      const segments = patternOf(template).exec(path)?.groups ?? {};
      const known = new Set<string>();
      for (const { parts, name, declared } of parametersOf(template, verb)) {
        const where = declared['in'];
        if (where === 'query') known.add(name);
        const value =
          where === 'header'
            ? headers[name.toLowerCase()]
            : where === 'query'
              ? formValue(given.getAll(name))
              : decodeURIComponent(segments[groupOf(name)] ?? '');
        if (value === undefined) {
          if (declared['required'] === true) faults.push(`${String(where)} ${name} is missing`);
        } else if (declared['schema'] !== undefined)
          faults.push(...check(textual, [...parts, 'schema'], { value }.value, `${String(where)} ${name}`));
      }
      for (const name of given.keys()) if (!known.has(name)) faults.push(`${name} is not a query parameter in the contract`);
      if (!keyFits(headers, at('components', 'securitySchemes'))) faults.push('no key as the contract wants it');
      return [...faults, ...bodyFaults(template, verb, request)];
    },
    answerFaults(method, path, body, status = 200) {
      const template = templateOf(path);
      if (template === undefined) return [`${method} ${path} is not in the contract`];
      const answer = follow(['paths', template, method.toLowerCase(), 'responses', String(status)]);
      const schema = [...answer, 'content', 'application/json', 'schema'];
      if (!isObject(at(...answer))) return [`an answer of ${status} is not in the contract`];
      if (at(...schema) === undefined)
        return body === '' || body === undefined ? [] : [`an answer of ${status} has no body in the contract`];
      return check(strict, schema, body, 'answer');
    },
  };
}

const groupOf = (name: string) => name.replace(/\W/g, '_');

function patternOf(template: string): RegExp {
  const literal = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const parts = template.split(/(\{[^}]+\})/);
  return new RegExp(
    `^${parts.map((part) => (part.startsWith('{') ? `(?<${groupOf(part.slice(1, -1))}>[^/]+?)` : literal(part))).join('')}$`,
  );
}

function keyFits(headers: Readonly<Record<string, unknown>>, schemes: Json | undefined): boolean {
  const authorization = String(headers['authorization']);
  return Object.values(isObject(schemes) ? schemes : {}).some((scheme) => {
    if (!isObject(scheme)) return false;
    if (scheme['type'] === 'http' && scheme['scheme'] === 'basic') return /^Basic [A-Za-z0-9+/]+=*$/.test(authorization);
    if (scheme['type'] === 'http' || scheme['type'] === 'oauth2') return /^Bearer \S+$/.test(authorization);
    const { name } = scheme;
    return typeof name === 'string' && typeof headers[name.toLowerCase()] === 'string';
  });
}
