import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testApp, type TestApp } from '#testing/app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});
afterAll(() => app.close());

/** Paths that users already rely on, as far as this Steward has them. */
const PROMISED = [
  'POST /token',
  'POST /api/users',
  'GET /api/users',
  'GET /api/users/{user_id}',
  'PUT /api/users/{user_id}',
  'DELETE /api/users/{user_id}',
  'GET /api/users/me',
  'GET /users/me',
  'POST /api/register',
  'POST /api/lead-nurturing/leads',
  'GET /api/lead-nurturing/leads',
  'GET /api/lead-nurturing/leads/{lead_id}',
  'PUT /api/lead-nurturing/leads/{lead_id}',
  'DELETE /api/lead-nurturing/leads/{lead_id}',
  'POST /api/lead-nurturing/interactions',
  'GET /api/lead-nurturing/interactions',
  'GET /api/lead-nurturing/analytics',
  'GET /api/analytics/lead-nurturing',
  'GET /api/dashboard',
  'GET /api/system/health',
  'GET /api/system/stats',
  'POST /api/system/backup',
  'GET /api/effects',
  'POST /emails/generate',
];

async function document() {
  const reply = await app.http.inject('/openapi.json');
  expect(reply.statusCode).toBe(200);
  return reply.json();
}

test('the OpenAPI document is valid', async () => {
  const { valid, errors } = await new Validator().validate(await document());
  expect(errors ?? []).toEqual([]);
  expect(valid).toBe(true);
});

test('every promised path is in the document', async () => {
  const { paths } = await document();
  const served = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(Object(methods)).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(PROMISED.filter((route) => !served.includes(route))).toEqual([]);
});

test('every operation is in the document, once per path', async () => {
  const { paths } = await document();
  const ids = Object.values(paths).flatMap((methods) => Object.values(Object(methods)).map((entry) => Object(entry).operationId));
  expect(new Set(ids).size).toBe(ids.length);
  const names = app.steward.modules.flatMap((module) => module.operations.map((operation) => operation.name));
  expect(names.filter((name) => !ids.includes(name))).toEqual([]);
});

test('the reference opens without anything from elsewhere', async () => {
  const page = await app.http.inject('/docs');
  expect(page.body).not.toMatch(/https?:\/\//);
  const script = await app.http.inject('/docs/ui/swagger-ui-bundle.js');
  expect(script.statusCode).toBe(200);
  expect((await app.http.inject('/docs/ui/package.json')).statusCode).toBe(404);
});
