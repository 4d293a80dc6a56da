import { readFileSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';
import { execute } from '#core/operation/execute.ts';
import { requestInfo } from '#core/operation/rest.ts';
import type { Runtime } from '#core/runtime.ts';
import { getImportOperation } from '../operations/imports.ts';
import { listErrors, type Import, type ImportError } from './store.ts';

const SAMPLE = readFileSync(new URL('../sample-leads.csv', import.meta.url));
const MOST_ERRORS = 10_000;

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
    const rows = await runtime.database.read(found.companyId, (tx) => listErrors(tx, found.companyId, found.id, 0, MOST_ERRORS));
    return reply
      .type('text/csv; charset=utf-8')
      .header('content-disposition', `attachment; filename="refused-rows-${found.id}.csv"`)
      .send(errorsCsv(rows));
  });
}

/** RFC 4180 with a byte order mark, which Excel needs to read UTF-8. */
function errorsCsv(rows: readonly ImportError[]): string {
  const body = rows.map((row) => [row.rowNumber, row.line, row.field, row.reason, row.value].map(csvCell).join(','));
  return `\ufeff${['row,line,field,reason,value', ...body].join('\r\n')}\r\n`;
}

/** Quoted; a value that a spreadsheet would run as a formula gets an apostrophe in front. @see https://owasp.org/www-community/attacks/CSV_Injection */
function csvCell(value: string | number | null): string {
  const text = value === null ? '' : String(value);
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return `"${harmless.replaceAll('"', '""')}"`;
}
