import type { Statement, Transaction } from '#core/database/database.ts';
import type { Counts } from './plan.ts';
import type { Refusal } from './row.ts';

/** Refused rows kept with their cells and reasons; all are counted. */
const MOST_ERRORS = 100_000;

const PROGRESS: Statement = {
  name: 'imports.progress',
  text: `update imports set processed_rows = $3, created_count = $4, merged_count = $5, changed_count = $6, opt_outs_kept = $7, refused_count = $8, updated_at = $9
         where id = $1 and company_id = $2 and state = 'running' and processed_rows = $10 returning id`,
};
const ERRORS: Statement = {
  name: 'imports.errors.insert',
  text: `insert into import_errors (company_id, import_id, row_number, line, field, reason, value, cells)
         select $1, $2, e.row_number, e.line, e.field, e.reason, e.value, e.cells
           from jsonb_to_recordset($3::jsonb) as e(row_number integer, line integer, field text, reason text, value text, cells jsonb) on conflict do nothing`,
};

/** Keeps why rows were refused. `before`: how many were refused so far. */
export async function writeErrors(
  tx: Transaction,
  companyId: string,
  importId: string,
  refusals: readonly Refusal[],
  before: number,
): Promise<void> {
  const kept = refusals.slice(0, Math.max(0, MOST_ERRORS - before));
  if (kept.length > 0) await tx.query(ERRORS, [companyId, importId, JSON.stringify(kept.map(errorRow))]);
}

/** Moves the import on from row `before` to row `end`. False: somebody else did. */
export async function writeProgress(
  tx: Transaction,
  companyId: string,
  importId: string,
  { counts, end, before, at }: { readonly counts: Counts; readonly end: number; readonly before: number; readonly at: Date },
): Promise<boolean> {
  const { created, merged, changed, optOutsKept, refused } = counts;
  return (await tx.query(PROGRESS, [importId, companyId, end, created, merged, changed, optOutsKept, refused, at, before])).length > 0;
}

function errorRow({ rowNumber, line, field, reason, value, cells }: Refusal) {
  const whole = cells.slice(0, 200).map((cell) => cell.slice(0, 2_000).toWellFormed().replaceAll('\u0000', ''));
  return { row_number: rowNumber, line, field, reason, value: value?.replaceAll('\u0000', '') ?? null, cells: whole };
}
