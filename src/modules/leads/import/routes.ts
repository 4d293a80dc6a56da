import { readFileSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';
import { execute } from '#core/operation/execute.ts';
import { requestInfo } from '#core/operation/rest.ts';
import type { Runtime } from '#core/runtime.ts';
import { getImportOperation } from '../operations/imports.ts';
import { refusedFile } from './refused-file.ts';
import type { Import } from './store.ts';

const SAMPLE = readFileSync(new URL('../sample-leads.csv', import.meta.url));

/** Files to download: a messy sample to try an import with, and the refused rows of one. */
export function importRoutes(http: FastifyInstance, runtime: Runtime): void {
  http.get('/sample-leads.csv', (_request, reply) =>
    reply.type('text/csv; charset=utf-8').header('content-disposition', 'attachment; filename="sample-leads.csv"').send(SAMPLE),
  );

  http.get('/api/imports/:importId/errors.csv', async (request, reply) => {
    const principal = await runtime.authenticate(request);
    const { importId } = Object(request.params);
    // Rights, scope and the 404 of another company are those of imports.get.
    const { result } = await execute(runtime, {
      operation: getImportOperation,
      principal,
      request: requestInfo(request),
      input: { importId },
      names: 'code',
    });
    const found = result as Import; // what that operation's output schema says
    const name = found.filename.replace(/\.[^.]*$/, '').replace(/[^\p{L}\p{N} _.-]/gu, '') || 'import';
    return reply
      .type('text/csv; charset=utf-8')
      .header(
        'content-disposition',
        `attachment; filename="refused-rows.csv"; filename*=UTF-8''${encodeURIComponent(`${name}, refused rows.csv`)}`,
      )
      .send(await refusedFile(runtime, found));
  });
}
