import { setImmediate as breathe } from 'node:timers/promises';
import type { Statement, Transaction } from '#core/database/database.ts';
import type { Runtime } from '#core/runtime.ts';
import { companyCountry, phoneReader } from '#modules/people/public.ts';
import { loadKnown, writePlan, type ImportContext } from './batch.ts';
import type { CsvRecord } from './csv.ts';
import { openCsv } from './file.ts';
import { addCounts, NOTHING, planBatch, type Counts, type Known } from './plan.ts';
import { readRow, type ImportRow, type Refusal } from './row.ts';
import { loadImport, readBytes, type ImportRecord } from './store.ts';

/** Rows a transaction: large enough to be quick, small enough that progress shows and nobody waits for a lock. */
const BATCH = 1_000;
/** Refusals kept with their reasons; all are counted. */
const MOST_ERRORS = 10_000;

const PROGRESS: Statement = {
  name: 'imports.progress',
  text: `update imports set processed_rows = $3, created_count = $4, merged_count = $5, changed_count = $6, opt_outs_kept = $7, refused_count = $8, updated_at = $9
         where id = $1 and company_id = $2 and state = 'running'`,
};
const ERRORS: Statement = {
  name: 'imports.errors.insert',
  text: `insert into import_errors (company_id, import_id, row_number, line, field, reason, value)
         select $1, $2, e.row_number, e.line, e.field, e.reason, e.value
           from jsonb_to_recordset($3::jsonb) as e(row_number integer, line integer, field text, reason text, value text) on conflict do nothing`,
};
const FINISH: Statement = {
  name: 'imports.finish',
  text: `update imports set state = $3, error = $4, total_rows = coalesce($5, total_rows), finished_at = $6, updated_at = $6 where id = $1 and company_id = $2`,
};

/**
 * Plans anew for each batch: a plan cached while the tables were empty reads them from end to end, which makes 100,000 rows
 * on a fresh installation take twice as long (47 s against 25 s on two busy cores).
 */
const PLAN_EACH_BATCH: Statement = { name: 'imports.plan', text: `select set_config('plan_cache_mode', 'force_custom_plan', true)` };

interface Batch {
  readonly rows: readonly ImportRow[];
  readonly refusals: readonly Refusal[];
  /** Number of its last row. */
  readonly end: number;
}

/**
 * Does an import whose state is `running`, from where it stands: each batch commits its rows, its refusals and its progress
 * together, so that a killed process loses nothing and repeats nothing. A dry run decides the same and writes only counts.
 */
export async function runImport(runtime: Runtime, companyId: string, importId: string): Promise<void> {
  const { database, clock, log } = runtime;
  try {
    const { record, bytes, country } = await database.read(companyId, async (tx) => ({
      record: await loadImport(tx, companyId, importId),
      bytes: await readBytes(tx, companyId, importId),
      country: await companyCountry(tx, companyId),
    }));
    const end = await importAll(runtime, record, bytes, country);
    await database.write(companyId, (tx) => tx.query(FINISH, [importId, companyId, 'done', null, end, clock.now()]));
    runtime.engine.nudge();
  } catch (error) {
    log.error({ err: error, importId }, 'import failed');
    const reason =
      'The import stopped because of an error of ours; what was imported so far stays. Run it again: it goes on without doubling anything';
    await database.write(companyId, (tx) => tx.query(FINISH, [importId, companyId, 'failed', reason, null, clock.now()]));
  }
}

async function importAll(runtime: Runtime, record: ImportRecord, bytes: Buffer, country: string | null): Promise<number> {
  const { companyId, id: importId } = record;
  const readPhone = await phoneReader(country);
  const seen = record.dryRun ? new Map<string, Known>() : null;
  let counts: Counts = record.counts;
  let end = 0;
  for (const batch of batchesOf(openCsv(bytes).records(), record, readPhone)) {
    end = batch.end;
    if (end <= record.processedRows) continue; // committed before a restart: batches are cut the same way each time
    const before = counts;
    counts = await runtime.database.write(companyId, async (tx) => {
      await tx.query(PLAN_EACH_BATCH, []);
      const done = addCounts(before, await importBatch(tx, runtime, record, batch, seen));
      const kept = batch.refusals.slice(0, Math.max(0, MOST_ERRORS - before.refused));
      if (kept.length > 0) await tx.query(ERRORS, [companyId, importId, JSON.stringify(kept.map(errorRow))]);
      await tx.query(PROGRESS, [
        importId,
        companyId,
        end,
        done.created,
        done.merged,
        done.changed,
        done.optOutsKept,
        done.refused,
        runtime.clock.now(),
      ]);
      return done;
    });
    runtime.engine.nudge();
    await breathe();
  }
  return end;
}

async function importBatch(
  tx: Transaction,
  runtime: Runtime,
  record: ImportRecord,
  batch: Batch,
  seen: Map<string, Known> | null,
): Promise<Counts> {
  const known = await loadKnown(
    tx,
    record.companyId,
    batch.rows.map((row) => row.email),
  );
  for (const row of batch.rows) {
    const earlier = seen?.get(row.email);
    if (earlier !== undefined) known.set(row.email, earlier);
  }
  const plan = planBatch(batch.rows, known);
  const counts = { ...plan.counts, refused: batch.refusals.length };
  if (seen !== null) {
    for (const row of batch.rows) {
      const state = plan.known.get(row.email);
      if (state !== undefined) seen.set(row.email, state);
    }
    return counts;
  }
  const context: ImportContext = {
    companyId: record.companyId,
    importId: record.id,
    filename: record.filename,
    source: record.source,
    enrol: record.enrol,
    at: runtime.clock.now(),
  };
  const { created, events } = await writePlan(tx, context, plan);
  if (events.length > 0) await runtime.engine.emit(tx, events);
  // Who was created by somebody else between our look and our insert was merged, after all.
  return addCounts(NOTHING, { ...counts, created, merged: counts.merged + counts.created - created });
}

/** Cut by row number, so that a second run over the same file makes the same batches. */
function* batchesOf(records: Iterable<CsvRecord>, record: ImportRecord, readPhone: Parameters<typeof readRow>[2]): Generator<Batch> {
  let rows: ImportRow[] = [];
  let refusals: Refusal[] = [];
  let rowNumber = 0;
  for (const { cells, line } of records) {
    rowNumber += 1;
    const row = readRow(cells, record.mapping, readPhone);
    if ('email' in row) rows.push(row);
    else refusals.push({ rowNumber, line, ...row });
    if (rowNumber % BATCH === 0) {
      yield { rows, refusals, end: rowNumber };
      rows = [];
      refusals = [];
    }
  }
  if (rowNumber % BATCH !== 0) yield { rows, refusals, end: rowNumber };
}

function errorRow(refusal: Refusal) {
  return { row_number: refusal.rowNumber, line: refusal.line, field: refusal.field, reason: refusal.reason, value: refusal.value };
}
