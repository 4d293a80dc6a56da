import type { FastifyInstance } from 'fastify';
import { execute } from '#core/operation/execute.ts';
import { requestInfo } from '#core/operation/rest.ts';
import type { Runtime } from '#core/runtime.ts';
import type { z } from 'zod';
import { readArchive } from '../operations/archive.ts';

/** A page of the archive as a file: lines of JSON, as they are stored. */
export function archiveRoutes(http: FastifyInstance, runtime: Runtime): void {
  http.get('/api/sources/:sourceId/archive/:archivedPageId/file', async (request, reply) => {
    const principal = await runtime.authenticate(request);
    const { sourceId, archivedPageId } = Object(request.params);
    // Rights, scope and the 404 of another company are those of sources.archived.
    const { result } = await execute(runtime, {
      operation: readArchive,
      principal,
      request: requestInfo(request),
      input: { sourceId, archivedPageId },
      names: 'code',
    });
    const { records, at } = result as z.output<typeof readArchive.output>; // what that operation's output schema says
    const lines = records.map(({ externalId, changedAt, gone, values }) =>
      JSON.stringify(gone ? { external_id: externalId, gone } : { external_id: externalId, changed_at: changedAt, values }),
    );
    const name = `came-in-${at.toISOString().slice(0, 19).replaceAll(':', '')}.ndjson`;
    return reply
      .type('application/x-ndjson')
      .header('content-disposition', `attachment; filename="${name}"`)
      .send(`${lines.join('\n')}\n`);
  });
}
