import type { Transaction } from '#core/database/database.ts';
import { InvalidInput } from '#core/errors.ts';
import type { Runtime } from '#core/runtime.ts';
import { memberOf, personsWhere } from '#modules/segments/public.ts';
import type { ExportFilter } from './export.ts';
import type { Cell } from './format/cell.ts';
import type { ExportColumn, Kind } from './columns.ts';
import { kindOf } from './kinds.ts';
import type { KindName } from './names.ts';

/** Rows a step of the cursor: about a megabyte. */
const AT_ONCE = 1_000;

export interface Plan {
  readonly kind: Kind;
  readonly columns: readonly ExportColumn[];
  readonly text: string;
  readonly values: readonly unknown[];
}

/** The query of an export. @throws InvalidInput an unknown column, or a filter that the rows don't have */
export async function planExport(
  tx: Transaction,
  runtime: Runtime,
  companyId: string,
  request: { readonly what: KindName; readonly columns: readonly string[]; readonly filter: ExportFilter },
): Promise<Plan> {
  const kind = await kindOf(tx, companyId, request.what);
  const columns = request.columns.length === 0 ? kind.columns : request.columns.map((key) => columnOf(kind, key));
  let values: unknown[] = [companyId];
  const bind = (value: unknown) => `$${values.push(value)}`;
  const where = [`${kind.alias}.company_id = $1`];
  const { segmentId, condition, personIds, q, status, source, changedSince } = request.filter;
  const persons = segmentId ?? condition ?? personIds ?? q;
  if (persons !== undefined && !kind.hasPerson) throw misfit(`${kind.title} belong to nobody: leave the filter out`);
  if ((status ?? source) !== undefined && kind.alias !== 'l') throw misfit('status and source are filters of leads');
  if (changedSince !== undefined) {
    if (kind.changed === null) throw misfit(`${kind.title} do not tell what changed: leave changed_since out`);
    where.push(`${kind.alias}.${kind.changed} >= ${bind(changedSince)}::timestamptz`);
  }
  if (segmentId !== undefined) where.push(memberOf('p.id', bind(segmentId)));
  if (personIds !== undefined) where.push(`p.id = any (${bind(personIds)}::uuid[])`);
  if (q !== undefined && q !== '') where.push(`p.id in (select steward_people_like(${bind(q)}))`);
  if (status !== undefined) where.push(`l.status = ${bind(status)}`);
  if (source !== undefined) where.push(`l.source = ${bind(source)}`);
  if (condition !== undefined) {
    const compiled = await personsWhere(tx, runtime, companyId, condition, values);
    values = [...compiled.values];
    where.push(compiled.sql);
  }
  const cells = columns.map((column, i) => `${column.sql(bind)} as c${i}`);
  const text = `select ${cells.join(', ')} from ${kind.from} where ${where.join(' and ')} order by ${kind.alias}.created_at, ${kind.alias}.id`;
  return { kind, columns, text, values };
}

/** Reads a cursor to its end, batch by batch: one snapshot, whatever is written meanwhile, and constant memory. */
export async function* batchesOf(
  tx: Transaction,
  { text, values, columns }: Pick<Plan, 'text' | 'values' | 'columns'>,
): AsyncGenerator<Cell[][]> {
  await tx.query({ name: '', text: `declare export_rows no scroll cursor for ${text}` }, values);
  for (;;) {
    const rows = await tx.query<Record<string, unknown>>({ name: '', text: `fetch ${AT_ONCE} from export_rows` }, []);
    if (rows.length > 0) yield rows.map((row) => columns.map((_, i) => cellOf(row[`c${i}`])));
    if (rows.length < AT_ONCE) break;
  }
  await tx.query({ name: '', text: 'close export_rows' }, []);
}

function cellOf(value: unknown): Cell {
  if (value === null || value === undefined) return null;
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : JSON.stringify(value);
}

function columnOf(kind: Kind, key: string): ExportColumn {
  const column = kind.columns.find((one) => one.key === key);
  if (column === undefined) throw misfit(`${kind.title} have no column ${key}; see GET /api/exports/kinds`, 'columns');
  return column;
}

const misfit = (message: string, path = 'filter') => new InvalidInput(message, { fields: [{ path, message }] });
