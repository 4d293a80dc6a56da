import type { Statement, Transaction } from '#core/database/database.ts';
import { NotFound } from '#core/errors.ts';
import type { SourceKind } from '#core/ports/source.ts';
import type { MappingLine } from './mapping/line.ts';

/** No such source in this company. */
export class SourceNotFound extends NotFound {
  override readonly code = 'source_not_found';
}

export interface SourceRow {
  readonly id: string;
  readonly companyId: string;
  readonly connectionId: string;
  readonly title: string;
  readonly object: string;
  readonly kind: SourceKind;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly mapping: readonly MappingLine[];
  readonly direction: 'pull' | 'both';
  readonly createThere: boolean;
  readonly everyMinutes: number | null;
  readonly state: 'draft' | 'active' | 'paused';
  readonly cursor: string | null;
  readonly mark: string | null;
  readonly archiveDays: number;
  readonly nextRunAt: Date | null;
  readonly failures: number;
  readonly error: string | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** Alias the table `s`. */
export const SOURCE_COLUMNS = `s.id, s.company_id as "companyId", s.connection_id as "connectionId", s.title, s.object, s.kind, s.settings, s.mapping, s.direction,
  s.create_there as "createThere", s.every_minutes as "everyMinutes", s.state, s.cursor, s.mark, s.archive_days as "archiveDays", s.next_run_at as "nextRunAt", s.failures, s.error,
  s.created_at as "createdAt", s.updated_at as "updatedAt"`;

const BY_ID: Statement = {
  name: 'sync.source',
  text: `select ${SOURCE_COLUMNS} from sync_sources s where s.company_id = $1 and s.id = $2`,
};
const LOCKED: Statement = { name: 'sync.source.lock', text: `${BY_ID.text} for update` };

/** @throws SourceNotFound */
export async function getSource(tx: Transaction, companyId: string, sourceId: string, lock: 'read' | 'lock' = 'read'): Promise<SourceRow> {
  const [row] = await tx.query<SourceRow>(lock === 'lock' ? LOCKED : BY_ID, [companyId, sourceId]);
  if (row === undefined) throw new SourceNotFound('There is no such source; list them with GET /api/sources');
  return row;
}
