import type { FastifyInstance } from 'fastify';
import type { Statement } from '#core/database/database.ts';
import { execute } from '#core/operation/execute.ts';
import { requestInfo } from '#core/operation/rest.ts';
import type { Runtime } from '#core/runtime.ts';
import { csvOf } from './csv.ts';
import { makeReport } from './make.ts';
import { getSavedReportOperation } from './operations.ts';
import { getSavedReport } from './saved.ts';
import { showReport } from './show.ts';
import { namesOf } from './subject.ts';

const COMPANY: Statement = { name: 'saved_reports.company', text: 'select name from companies where id = $1' };

/** The files of a saved report as of now; rights and the 404 of another company are those of the operation. */
export function reportFiles(http: FastifyInstance, runtime: Runtime): void {
  for (const format of ['pdf', 'csv'] as const)
    http.get(`/api/saved-reports/:savedReportId/${format}`, async (request, reply) => {
      const principal = await runtime.authenticate(request);
      const { savedReportId } = Object(request.params);
      await execute(runtime, {
        operation: getSavedReportOperation,
        principal,
        request: requestInfo(request),
        input: { savedReportId },
        names: 'code',
      });
      // An authorised caller of a read has a company.
      const companyId = principal.companyId ?? '';
      const { title, company, report } = await runtime.database.read(companyId, async (tx) => {
        const saved = await getSavedReport(tx, companyId, String(savedReportId));
        const [row] = await tx.query<{ name: string }>(COMPANY, [companyId]);
        const made = await makeReport(tx, companyId, saved.definition, runtime.clock.now());
        return { title: saved.title, company: row?.name ?? '', report: await showReport(tx, companyId, made) };
      });
      const { filename, contentType } = namesOf(title, report.madeAt.toISOString())[format];
      const bytes =
        format === 'csv' ? Buffer.from(csvOf(report)) : await (await import('./draw.ts')).drawReport(report, { title, company });
      return reply
        .headers({
          'content-type': contentType,
          'content-length': bytes.length,
          'content-disposition': `attachment; filename="${filename}"`,
          'x-content-type-options': 'nosniff',
          'cache-control': 'private, no-store',
        })
        .send(bytes);
    });
}
