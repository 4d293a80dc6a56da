import { z } from 'zod';
import type { Statement, Transaction } from '#core/database/database.ts';
import { ConditionSchema } from '#core/engine/conditions.ts';
import { NotFound } from '#core/errors.ts';
import { KINDS } from './names.ts';
import { FORMATS } from './tables.ts';

/** No such export in this company. */
export class ExportNotFound extends NotFound {
  override readonly code = 'export_not_found';
}

/** Which rows: those of people in a segment, of people who fit a condition, of these people; together they narrow. */
export const ExportFilter = z.object({
  segmentId: z.uuid().optional().describe('Members of this segment'),
  condition: ConditionSchema.optional().describe('People who fit this'),
  personIds: z.array(z.uuid()).max(10_000).optional().describe('These people'),
  q: z.string().trim().max(200).optional().describe('Words in name, email or phone'),
  status: z.string().max(40).optional().describe('Of leads: their status'),
  source: z.string().max(200).optional().describe('Of leads: their source'),
  changedSince: z.iso.datetime({ offset: true }).optional().describe('Rows that were made or changed since, of kinds that tell'),
});
export type ExportFilter = z.output<typeof ExportFilter>;

export const WHATS = [...KINDS, 'archive'] as const;

/** An export as the API shows it. */
export const Export = z.object({
  id: z.uuid(),
  companyId: z.uuid(),
  what: z.enum(WHATS),
  format: z.enum([...FORMATS, 'zip']),
  columns: z.array(z.string()),
  filter: ExportFilter,
  rowCount: z.int().nullable().describe('Rows of the last download'),
  downloads: z.int(),
  downloadedAt: z.date().nullable(),
  createdBy: z.uuid().nullable(),
  expiresAt: z.date().describe('Until then the file can be downloaded'),
  createdAt: z.date(),
  updatedAt: z.date(),
  file: z.string().describe('Where the file is: GET it with the same credentials'),
});
export type Export = z.output<typeof Export>;

/** Columns in the API's names; alias the table `x`. */
export const EXPORT_COLUMNS = `x.id, x.company_id as "companyId", x.what, x.format, x.columns, x.filter, x.row_count as "rowCount", x.downloads,
  x.downloaded_at as "downloadedAt", x.created_by as "createdBy", x.expires_at as "expiresAt", x.created_at as "createdAt", x.updated_at as "updatedAt",
  '/api/exports/' || x.id || '/file' as file`;

const BY_ID: Statement = { name: 'exports.get', text: `select ${EXPORT_COLUMNS} from exports x where x.id = $1 and x.company_id = $2` };

/** @throws ExportNotFound */
export async function getExport(tx: Transaction, companyId: string, exportId: string): Promise<Export> {
  const [found] = await tx.query<Export>(BY_ID, [exportId, companyId]);
  if (found === undefined) throw new ExportNotFound('There is no such export; make one with POST /api/exports');
  return found;
}

const DOWNLOADED: Statement = {
  name: 'exports.downloaded',
  text: `update exports set row_count = $3, downloads = downloads + 1, downloaded_at = $4, updated_at = $4 where id = $1 and company_id = $2`,
};

export async function noteDownload(tx: Transaction, companyId: string, exportId: string, rows: number, at: Date): Promise<void> {
  await tx.query(DOWNLOADED, [exportId, companyId, rows, at]);
}
