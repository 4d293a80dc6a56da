import { z } from 'zod';
import type { Statement, Transaction } from '#core/database/database.ts';
import { NotFound } from '#core/errors.ts';
import { ReportDefinition } from './definition.ts';
import { CADENCES, REPORT_FORMATS, type Schedule } from './schedule.ts';

/** No such saved report in this company. */
export class SavedReportNotFound extends NotFound {
  override readonly code = 'saved_report_not_found';
}

export const SavedReport = z.object({
  id: z.uuid(),
  title: z.string(),
  definition: ReportDefinition,
  schedule: z
    .object({
      every: z.enum(CADENCES),
      weekday: z.int(),
      monthDay: z.int(),
      hour: z.int(),
      recipients: z.array(z.uuid()),
      formats: z.array(z.enum(REPORT_FORMATS)),
    })
    .nullable()
    .describe('Null: mailed to nobody'),
  nextAt: z.date().nullable(),
  failed: z.string().nullable().describe('Why the last one could not be made'),
  lastAt: z.date().nullable().describe('When it was mailed last'),
  lastMails: z.int().nullable(),
  createdAt: z.date(),
  updatedAt: z.date(),
});
export type SavedReport = z.output<typeof SavedReport>;

export interface SavedRow {
  readonly id: string;
  readonly title: string;
  readonly definition: ReportDefinition;
  readonly every: Schedule['every'] | null;
  readonly weekday: number | null;
  readonly monthDay: number | null;
  readonly hour: number | null;
  readonly recipients: readonly string[];
  readonly formats: readonly Schedule['formats'][number][];
  readonly nextAt: Date | null;
  readonly failed: string | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export const SAVED_COLUMNS = `r.id, r.title, r.definition, r.every, r.weekday, r.month_day as "monthDay", r.hour, r.recipients::text[] as recipients, r.formats, r.next_at as "nextAt", r.failed,
  r.created_at as "createdAt", r.updated_at as "updatedAt"`;

const LIST: Statement = {
  name: 'saved_reports.list',
  text: `select ${SAVED_COLUMNS}, i.created_at as "lastAt", i.mails as "lastMails" from saved_reports r
           left join lateral (select created_at, mails from report_issues x where x.report_id = r.id and x.company_id = $1 order by x.due_at desc limit 1) i on true
          where r.company_id = $1 and ($2::uuid is null or r.id = $2) order by r.created_at, r.id limit 200`,
};

export async function savedReports(tx: Transaction, companyId: string, id: string | null = null): Promise<SavedReport[]> {
  const rows = await tx.query<SavedRow & { lastAt: Date | null; lastMails: number | null }>(LIST, [companyId, id]);
  return rows.map(({ every, weekday, monthDay, hour, recipients, formats, ...row }) => ({
    ...row,
    schedule:
      every === null
        ? null
        : { every, weekday: weekday ?? 1, monthDay: monthDay ?? 1, hour: hour ?? 0, recipients: [...recipients], formats: [...formats] },
  }));
}

/** @throws SavedReportNotFound */
export async function getSavedReport(tx: Transaction, companyId: string, id: string): Promise<SavedReport> {
  const [report] = await savedReports(tx, companyId, id);
  if (report === undefined) throw new SavedReportNotFound('There is no such saved report; list them with GET /api/saved-reports');
  return report;
}
