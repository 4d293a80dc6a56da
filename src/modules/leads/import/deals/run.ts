import { setImmediate as breathe } from 'node:timers/promises';
import type { Statement, Transaction } from '#core/database/database.ts';
import type { Runtime } from '#core/runtime.ts';
import { companyCurrency } from '#modules/accounts/public.ts';
import { ensureProductPrices, knownDeals, saveDeals } from '#modules/deals/public.ts';
import { TakenOver } from '../lanes.ts';
import { addCounts, type Counts } from '../plan.ts';
import { rowsOf } from '../read/table.ts';
import type { Refusal } from '../row.ts';
import { writeErrors, writeProgress } from '../progress.ts';
import { loadImport, storedFile } from '../store.ts';
import { draftOf } from './draft.ts';
import { kindOf } from './fields.ts';
import { tableOptions, type TableOptions } from './options.ts';
import { readProductRow, type ProductRow } from './product-row.ts';
import { resolve } from './resolve.ts';
import { readDealRow, type DealRow } from './row.ts';

/** Rows a transaction. */
const CHUNK = 2_000;
const BREATHE_EVERY = 500;

type Record_ = Awaited<ReturnType<typeof loadImport>>;

/**
 * Imports deals or products from where the import stands: each chunk commits its rows, refusals and progress together. Starts no workflow: what a file
 * tells is the past. Answers the number of its last row. @throws TakenOver, NotImportable
 */
export async function importTable(runtime: Runtime, companyId: string, importId: string, size: number = CHUNK): Promise<number> {
  const { record, options, currency } = await runtime.database.read(companyId, async (tx) => ({
    record: await loadImport(tx, companyId, importId),
    options: await tableOptions(tx, companyId, importId),
    currency: await companyCurrency(tx, companyId),
  }));
  const deals = kindOf(record.mapping) === 'deals';
  const settings = {
    mapping: record.mapping,
    formats: record.formats,
    values: options.values,
    year: runtime.clock.now().getUTCFullYear(),
    currency,
  };
  let counts: Counts = record.counts;
  let processed = record.processedRows;
  let rows: (DealRow | ProductRow)[] = [];
  let refusals: Refusal[] = [];
  const flush = async (end: number) => {
    const [taken, refused] = [rows, refusals];
    [rows, refusals] = [[], []];
    counts = await runtime.database.write(companyId, (tx) =>
      chunk(runtime, tx, { record, options, counts, processed, end }, taken, refused),
    );
    processed = end;
  };
  let number = 0;
  for await (const batch of rowsOf(storedFile(runtime, companyId, importId), record)) {
    for (const found of batch) {
      number += 1;
      if (number <= record.processedRows) continue;
      const row = deals ? readDealRow(found, number, settings) : readProductRow(found, number, settings);
      if ('reason' in row) refusals.push(row);
      else rows.push(row);
      if (number % BREATHE_EVERY === 0) await breathe();
      if (number % size === 0) await flush(number);
    }
  }
  if (rows.length + refusals.length > 0) await flush(number);
  return number;
}

interface State {
  readonly record: Record_;
  readonly options: TableOptions;
  readonly counts: Counts;
  readonly processed: number;
  readonly end: number;
}

const isDeal = (row: DealRow | ProductRow): row is DealRow => 'stage' in row;

async function chunk(
  runtime: Runtime,
  tx: Transaction,
  state: State,
  rows: readonly (DealRow | ProductRow)[],
  refusals: readonly Refusal[],
): Promise<Counts> {
  const { record, options, end } = state;
  const { companyId, id: importId } = record;
  const at = runtime.clock.now();
  const deals = rows.filter(isDeal);
  const products = rows.filter((row): row is ProductRow => !isDeal(row));
  let [created, merged, changed] = [0, 0, 0];
  if (record.dryRun) {
    const keys = deals.flatMap((row) => row.externalId ?? []);
    merged = await knownDeals(tx, companyId, 'file', keys);
    created = rows.length - merged;
  } else if (deals.length > 0) {
    const found = await resolve(tx, { companyId, importId, options, source: record.source, at }, deals);
    const saved = await saveDeals(tx, { companyId, at, by: { kind: 'import', id: importId }, importId }, deals.map((row) => draftOf(row, found))); // prettier-ignore
    created = saved.deals.filter((deal) => deal.outcome === 'created').length;
    changed = saved.deals.filter((deal) => deal.outcome === 'changed').length;
    merged = saved.deals.length - created;
  }
  if (!record.dryRun && products.length > 0) {
    const outcome = await ensureProductPrices(tx, companyId, products, at);
    created += outcome.created;
    changed += outcome.changed;
    merged += products.length - outcome.created;
  }
  await writeErrors(tx, companyId, importId, refusals, state.counts.refused);
  const counts = addCounts(state.counts, { created, merged, changed, optOutsKept: 0, refused: refusals.length });
  if (!(await writeProgress(tx, companyId, importId, { counts, end, before: state.processed, at })))
    throw new TakenOver('this import is not running any more');
  return counts;
}

const OF_IMPORT: Statement = {
  name: 'imports.deals.of_import',
  text: 'select id, updated_at = created_at as untouched from deals where company_id = $1 and import_id = $2 and id > $3 order by id limit 1000',
};

/** A thousand deals of an import, in the order of ids, and whether somebody changed them since. */
export function dealsOfImport(
  tx: Transaction,
  companyId: string,
  importId: string,
  after: string,
): Promise<{ id: string; untouched: boolean }[]> {
  return tx.query(OF_IMPORT, [companyId, importId, after]);
}
