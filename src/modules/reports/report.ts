import { z } from 'zod';
import type { Statement, Transaction } from '#core/database/database.ts';
import { NotFound } from '#core/errors.ts';
import { drawnPdf, publishedPdf } from '#modules/documents/public.ts';
import { powerDocument } from './power/document.ts';
import { PowerFigures } from './power/figures.ts';
import { REPORT_KINDS } from './tables.ts';

export const ReportRow = z.object({
  id: z.uuid(),
  clientId: z.uuid(),
  clientName: z.string(),
  kind: z.enum(REPORT_KINDS),
  title: z.string(),
  documentId: z.uuid().nullable().describe('Its page, PDF, slides and links; null: it was made before reports were documents'),
  createdAt: z.date(),
});
export type ReportRow = z.output<typeof ReportRow>;
export const Report = ReportRow.extend({ figures: PowerFigures });
export type Report = z.output<typeof Report>;

/** No such report in this company. */
export class ReportNotFound extends NotFound {
  override readonly code = 'report_not_found';
}

export const REPORT_COLUMNS = `r.id, r.client_id as "clientId", coalesce(nullif(p.full_name, ''), p.email, 'Client') as "clientName", r.kind, r.title, r.document_id as "documentId", r.created_at as "createdAt"`;
export const FROM_REPORTS = 'from reports r join clients c on c.id = r.client_id join people p on p.id = c.person_id';

const BY_ID: Statement = {
  name: 'reports.get',
  text: `select ${REPORT_COLUMNS}, r.figures ${FROM_REPORTS} where r.company_id = $1 and r.id = $2`,
};

/** @throws ReportNotFound */
export async function getReport(tx: Pick<Transaction, 'query'>, companyId: string, reportId: string): Promise<Report> {
  const [row] = await tx.query<Report>(BY_ID, [companyId, reportId]);
  if (row === undefined) throw new ReportNotFound('There is no such report; list them with: steward business report list');
  return row;
}

/** The newest version of its document; of a report without one, as it would be. @throws ReportNotFound */
export async function reportPdf(tx: Transaction, companyId: string, reportId: string): Promise<Buffer> {
  const report = await getReport(tx, companyId, reportId);
  return report.documentId === null
    ? drawnPdf(tx, companyId, powerDocument(report), report.createdAt)
    : publishedPdf(tx, companyId, report.documentId);
}

/** `Power-report-2026-07-01.pdf` */
export const fileNameOf = ({ title, createdAt }: Pick<ReportRow, 'title' | 'createdAt'>): string =>
  `${title.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^-+|-+$/g, '') || 'report'}-${createdAt.toISOString().slice(0, 10)}.pdf`;
