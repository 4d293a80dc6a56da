import { scopeOf, statusOf } from './execute.ts';
import type { AnyOperation } from './operation.ts';
import { wireJsonSchema } from './wire.ts';

type Json = Record<string, unknown>;

const PROBLEM: Json = {
  type: 'object',
  description: 'RFC 9457 problem details',
  required: ['type', 'title', 'status', 'code', 'detail'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string', description: 'Stable; see docs/errors.md' },
    detail: { type: 'string', description: 'One sentence for a person, with the next step' },
    fields: {
      type: 'array',
      items: { type: 'object', required: ['path', 'message'], properties: { path: { type: 'string' }, message: { type: 'string' } } },
    },
    request_id: { type: 'string' },
  },
};

/** OpenAPI 3.1 of every operation. @see https://spec.openapis.org/oas/v3.1.1 */
export function openApi(operations: readonly AnyOperation[], server: string, version: string): Json {
  const paths: Record<string, Json> = {};
  const shared: Json = { Problem: PROBLEM };
  for (const operation of operations) {
    [operation.http, ...(operation.aliases ?? [])].forEach((route, index) => {
      const [method = 'GET', path = '/'] = route.split(' ');
      paths[path] = { ...paths[path], [method.toLowerCase()]: entry(operation, method, path, index, shared) };
    });
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'Steward',
      version,
      description: 'Business automation that can prove what it did. JSON is snake_case; errors are RFC 9457 problem JSON.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: server }],
    security: [{ bearer: [] }, { apiKey: [] }, { session: [] }],
    paths,
    components: {
      schemas: shared,
      responses: {
        Problem: {
          description: 'What is wrong, and what to do next',
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
        },
      },
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'From POST /token' },
        apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key', description: 'From Settings → API keys' },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: 'steward_session',
          description: 'The web app; unsafe methods also send x-csrf-token',
        },
      },
    },
  };
}

function entry(operation: AnyOperation, method: string, path: string, index: number, shared: Json): Json {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');
  const input = hoist(wireJsonSchema(operation.input, 'input'), `${operation.name}.input`, shared);
  const output = hoist(wireJsonSchema(operation.output, 'output'), `${operation.name}.output`, shared);
  const properties = isObject(input['properties']) ? input['properties'] : {};
  const required = new Set(Array.isArray(input['required']) ? input['required'] : []);
  const inUrl = method === 'GET' || method === 'DELETE';
  const rest = Object.keys(properties).filter((name) => !inPath.includes(name));
  const body = { ...input, properties: pick(properties, rest), required: rest.filter((name) => required.has(name)) };
  const status = statusOf(operation);
  return {
    operationId: index === 0 ? operation.name : `${operation.name}.${index + 1}`,
    summary: operation.summary,
    tags: [operation.name.split('.')[0]],
    ...(operation.access === 'public'
      ? { security: [] }
      : { description: `Role: ${operation.role ?? 'user'}. Key scope: \`${scopeOf(operation)}\`.` }),
    parameters: [
      ...inPath.map((name) => ({ name, in: 'path', required: true, schema: properties[name] ?? { type: 'string' } })),
      ...(inUrl ? rest.map((name) => ({ name, in: 'query', required: required.has(name), schema: properties[name] })) : []),
      ...(method === 'POST'
        ? [
            {
              name: 'Idempotency-Key',
              in: 'header',
              required: false,
              schema: { type: 'string', maxLength: 255 },
              description: 'Repeat the call with the same key: one object, the same answer',
            },
          ]
        : []),
      ...(method === 'PUT'
        ? [
            {
              name: 'If-Match',
              in: 'header',
              required: false,
              schema: { type: 'string' },
              description: 'The ETag you read; 412 when it has changed since',
            },
          ]
        : []),
    ],
    ...(inUrl || rest.length === 0 ? {} : { requestBody: { required: body.required.length > 0, content: bodyTypes(operation, body) } }),
    responses: {
      [status]: status === 204 ? { description: 'Done' } : { description: 'Done', content: { 'application/json': { schema: output } } },
      default: { $ref: '#/components/responses/Problem' },
    },
  };
}

/** A recursive schema names its parts under its own `$defs`; in a document those live under `components`. */
function hoist(schema: Json, prefix: string, shared: Json): Json {
  const { $defs, ...rest } = schema;
  if (!isObject($defs)) return schema;
  const moved: Json = JSON.parse(JSON.stringify({ ...$defs, rest }).replaceAll('"#/$defs/', `"#/components/schemas/${prefix}.`));
  for (const name of Object.keys($defs)) shared[`${prefix}.${name}`] = moved[name];
  return isObject(moved['rest']) ? moved['rest'] : rest;
}

function bodyTypes(operation: AnyOperation, schema: Json): Json {
  const json = { 'application/json': { schema } };
  return operation.access === 'public' ? { ...json, 'application/x-www-form-urlencoded': { schema } } : json;
}

function pick(source: Json, names: readonly string[]): Json {
  return Object.fromEntries(names.map((name) => [name, source[name]]));
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
