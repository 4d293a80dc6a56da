import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import type { AnyOperation } from '#core/operation/operation.ts';
import { openApi } from '#core/operation/openapi.ts';

/** Swagger UI styles its parts inline; nothing else here does. */
const POLICY = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'";

const PAGE = `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>Steward API</title>
  <link rel="stylesheet" href="/docs/ui/swagger-ui.css">
</head>
<body>
  <div id="reference"></div>
  <script src="/docs/ui/swagger-ui-bundle.js"></script>
  <script src="/docs/start.js"></script>
</body>
</html>`;

const START = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#reference', deepLinking: true, docExpansion: 'none', persistAuthorization: false });`;

/** `/openapi.json` and, drawn from it, the reference at `/docs`. Offline: every file comes from this process. */
export async function serveDocs(
  http: FastifyInstance,
  operations: readonly AnyOperation[],
  server: string,
  version: string,
): Promise<void> {
  let document: string | undefined;
  http.get('/openapi.json', (_request, reply) =>
    reply.type('application/json').send((document ??= JSON.stringify(openApi(operations, server, version)))),
  );
  http.get('/docs', (_request, reply) => reply.type('text/html').header('content-security-policy', POLICY).send(PAGE));
  http.get('/docs/start.js', (_request, reply) => reply.type('text/javascript').send(START));
  // What every problem's `type` leads to.
  http.get('/docs/errors', (_request, reply) =>
    reply.type('text/plain; charset=utf-8').send(readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8')),
  );
  const root = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  await http.register(fastifyStatic, {
    root,
    prefix: '/docs/ui/',
    decorateReply: false,
    allowedPath: (path) => /^\/swagger-ui(-bundle\.js|\.css)$/.test(path),
  });
}
