import type { FastifyInstance } from 'fastify';
import { execute } from '#core/operation/execute.ts';
import { requestInfo } from '#core/operation/rest.ts';
import type { Runtime } from '#core/runtime.ts';
import { getReportOperation } from './operations/reports.ts';
import { fileNameOf, getReport, reportPdf } from './report.ts';

/** The PDF of a report; rights and the 404 of another company are those of the operation. */
export function reportRoutes(http: FastifyInstance, runtime: Runtime): void {
  http.get('/api/reports/:reportId/pdf', async (request, reply) => {
    const principal = await runtime.authenticate(request);
    const { reportId } = Object(request.params);
    await execute(runtime, { operation: getReportOperation, principal, request: requestInfo(request), input: { reportId }, names: 'code' });
    // An authorised caller of a read has a company.
    const companyId = principal.companyId ?? '';
    const { report, bytes } = await runtime.database.read(companyId, async (tx) => ({
      report: await getReport(tx, companyId, String(reportId)),
      bytes: await reportPdf(tx, companyId, String(reportId)),
    }));
    return reply
      .headers({
        'content-type': 'application/pdf',
        'content-length': bytes.length,
        'content-disposition': `${'download' in Object(request.query) ? 'attachment' : 'inline'}; filename="${fileNameOf(report)}"`,
        'x-content-type-options': 'nosniff',
        'cache-control': 'private, no-store',
      })
      .send(bytes);
  });
}
