import type { FastifyInstance } from 'fastify';
import { execute } from '#core/operation/execute.ts';
import { requestInfo } from '#core/operation/rest.ts';
import type { Runtime } from '#core/runtime.ts';
import { statementCsv } from './csv.ts';
import { clientStatement } from './operations.ts';
import { paperName, paperPdf, statementPaper } from './paper.ts';

interface FileRequest {
  Params: { clientId: string; ending: string };
  Querystring: { from?: string; to?: string; currency?: string };
}

/** The statement as a file: `…/statement.pdf`, `…/statement.csv`. Rights, checks and the 404 of another company are those of the operation. */
export function statementRoutes(http: FastifyInstance, runtime: Runtime): void {
  for (const ending of ['pdf', 'csv'] as const)
    http.get<FileRequest>(`/api/clients/:clientId/statement.${ending}`, async (request, reply) => {
      const principal = await runtime.authenticate(request);
      const { clientId } = request.params;
      const { from, to, currency } = request.query;
      const input = { clientId, ...(from ? { from } : {}), ...(to ? { to } : {}), ...(currency ? { currency } : {}) };
      await execute(runtime, { operation: clientStatement, principal, request: requestInfo(request), input, names: 'code' });
      // An authorised caller of a read has a company.
      const companyId = principal.companyId ?? '';
      const at = runtime.clock.now();
      const { name, bytes } = await runtime.database.read(companyId, async (tx) => {
        const paper = await statementPaper(tx, companyId, clientId, input, at);
        const made = ending === 'csv' ? async () => Buffer.from(statementCsv(paper.statement)) : await paperPdf(tx, companyId, paper);
        return { name: paperName(paper, ending), bytes: made };
      });
      return reply
        .headers({
          'content-type': ending === 'csv' ? 'text/csv; charset=utf-8' : 'application/pdf',
          'content-disposition': `${ending === 'csv' ? 'attachment' : 'inline'}; filename="${name}"`,
          'x-content-type-options': 'nosniff',
          'cache-control': 'private, no-store',
        })
        .send(await bytes());
    });
} // prettier-ignore
