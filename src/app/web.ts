import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { NotFound } from '#core/errors.ts';
import { FORM_SCRIPT_HASH } from '#modules/leads/public.ts';

const POLICY = [
  "default-src 'self'",
  `script-src 'self' ${FORM_SCRIPT_HASH}`, // the preview of a form, in a sandboxed frame
  "style-src 'self' 'unsafe-inline'", // Radix and the virtual list place elements by style attributes
  "img-src 'self' data:",
  "frame-src 'self' blob:", // mail previews: sandboxed, srcdoc
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'self'",
].join('; ');

const NOT_BUILT = `<!doctype html><meta charset="utf-8"><title>Steward</title><p>The web app is not built. Run <code>npm start</code>, or <code>npm run build</code>.`;

/** Paths that are never a page of the app: a miss there is a 404 in JSON. */
const MACHINE = /^\/(api|token|openapi\.json|docs|mcp|hooks|assets|users|emails|campaigns|analytics)(\/|$)/;

/** The single-page app from `dist/web`: hashed files for ever, the page never from a cache. */
export async function serveWeb(http: FastifyInstance, root: string): Promise<void> {
  const index = join(root, 'index.html');
  const page = existsSync(index) ? readFileSync(index, 'utf8') : null;
  if (page !== null) {
    await http.register(fastifyStatic, {
      root,
      wildcard: false,
      index: false,
      setHeaders: (response, path) => {
        response.header('cache-control', path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache');
      },
    });
  }
  http.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0] ?? '/';
    if ((request.method !== 'GET' && request.method !== 'HEAD') || MACHINE.test(path))
      throw new NotFound(`Nothing answers ${request.method} ${path}; see /docs`);
    return reply
      .code(page === null ? 503 : 200)
      .type('text/html')
      .headers({ 'content-security-policy': POLICY, 'cache-control': 'no-cache', 'x-frame-options': 'DENY' })
      .send(page ?? NOT_BUILT);
  });
}
