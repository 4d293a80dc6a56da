import type { TableShape } from '../database/catalogue.ts';
import { refuseUnknown } from '../database/migrate.ts';
import { RowSum } from '../database/row-sum.ts';
import { Misconfigured } from '../errors.ts';
import { nameOf, type Checkpoint, type Reader, type Source, type StoredTable, type StoreShape, type Target } from './store.ts';

export interface Moving {
  readonly resume: boolean;
  /** Told after each batch, and of each table when it was compared. */
  progress?(at: { readonly table: string; readonly rows: number; readonly step: 'copied' | 'compared' }): void;
}

export interface Moved {
  readonly shape: StoreShape;
  readonly tables: readonly StoredTable[];
  /** Rows that an earlier run, cut off, had brought over. */
  readonly resumed: number;
}

/**
 * Everything from one store into another. Batch by batch, each with its checkpoint, so that a killed one goes on where it stood; then every row of every
 * table is read back from the target and compared with the source as it is now. A table that differs, because its source went on meanwhile, is
 * brought anew. Only then is the target whole.
 * @throws Conflict the target holds something; Misconfigured what the source holds is damaged, or of a version that this Steward does not know
 */
export async function moveStore(source: Source, target: Target, { resume, progress = () => undefined }: Moving): Promise<Moved> {
  const shape = await source.shape();
  await refuseUnknown(shape.migrations);
  const begun = await target.begin(shape, resume);
  const tables: StoredTable[] = [];
  let resumed = 0;
  for (const table of shape.tables) {
    const checkpoint = begun.get(nameOf(table)) ?? null;
    resumed += checkpoint?.rows ?? 0;
    const sum = await compared(source, target, table, checkpoint, (rows, step) => progress({ table: nameOf(table), rows, step }));
    tables.push({ ...table, rows: sum.rows, hash: sum.hash });
  }
  await target.finish({ ...shape, format: 1, tables });
  return { shape, tables, resumed };
}

type Tell = (rows: number, step: 'copied' | 'compared') => void;

async function compared(source: Source, target: Target, table: TableShape, begun: Checkpoint | null, tell: Tell): Promise<RowSum> {
  const copied = await copy(source, target, table, begun, tell);
  // What was brought by an earlier run says nothing of the source as it is now.
  const expected = begun === null ? copied : await sumOf(source, table);
  const recorded = source.recorded(table);
  if (recorded !== null && !same(expected, recorded))
    throw new Misconfigured(
      `${nameOf(table)} is damaged: its rows are not those that were written. Take the store from where it was made anew`,
    );
  if (same(await sumOf(target, table), expected)) {
    tell(expected.rows, 'compared');
    return expected;
  }
  await target.clear(table);
  const again = await copy(source, target, table, null, tell);
  if (!same(await sumOf(target, table), again))
    throw new Misconfigured(`The rows of ${nameOf(table)} did not arrive as they were sent. The target is not whole; please report this`);
  tell(again.rows, 'compared');
  return again;
}

async function copy(source: Source, target: Target, table: TableShape, begun: Checkpoint | null, tell: Tell): Promise<RowSum> {
  const sum = new RowSum(begun?.rows, begun?.hash);
  if (begun?.done === true) return sum;
  let position = begun?.position ?? null;
  for await (const batch of source.read(table, position)) {
    for (const line of batch.lines) sum.add(line);
    ({ position } = batch);
    await target.write(table, batch.lines, { rows: sum.rows, hash: sum.hash, position, done: false });
    tell(sum.rows, 'copied');
  }
  await target.write(table, [], { rows: sum.rows, hash: sum.hash, position, done: true });
  return sum;
}

async function sumOf(reader: Reader, table: TableShape): Promise<RowSum> {
  const sum = new RowSum();
  for await (const { lines } of reader.read(table, null)) for (const line of lines) sum.add(line);
  return sum;
}

const same = (a: { readonly rows: number; readonly hash: string }, b: { readonly rows: number; readonly hash: string }) =>
  a.rows === b.rows && a.hash === b.hash;
