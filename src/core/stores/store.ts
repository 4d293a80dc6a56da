import { z } from 'zod';
import { Identity, TableShape } from '../database/catalogue.ts';

/**
 * A *store* is a place for everything that Steward keeps: a PostgreSQL, a SQLite file, a directory of JSON files, Firestore. A row travels between them as
 * the line that COPY writes for it, so that nothing of its types is lost and its hash is that of backups (docs/adr/0086-stores.md).
 */

/** What stands in a store beside its rows. */
export const StoreShape = Identity.extend({
  /** When its rows were read from the database. */
  createdAt: z.string(),
  /** Host and data directory that they were read at. */
  from: z.string().optional(),
  tables: z.array(TableShape),
});
export type StoreShape = z.output<typeof StoreShape>;

/** A table with what was counted in it: `hash` is that of its rows as a set (RowSum). */
export const StoredTable = TableShape.extend({ rows: z.number().int().min(0), hash: z.string() });
export type StoredTable = z.output<typeof StoredTable>;

/** Written last: a store without one is not whole. */
export const StoreManifest = StoreShape.extend({ format: z.literal(1), tables: z.array(StoredTable) });
export type StoreManifest = z.output<typeof StoreManifest>;

/** How far a table has come. */
export const Checkpoint = z.object({
  rows: z.number().int(),
  hash: z.string(),
  /** Where the source goes on; null: at its beginning. */
  position: z.string().nullable(),
  done: z.boolean(),
});
export type Checkpoint = z.output<typeof Checkpoint>;

/** Rows as COPY writes them, without line ends. */
export interface Batch {
  readonly lines: readonly string[];
  /** After the last of them; means something to its source only. */
  readonly position: string;
}

export interface Reader {
  /** All rows in an order that lasts, in batches of a few megabytes; `after` is a position of an earlier batch. */
  read(table: TableShape, after: string | null): AsyncIterable<Batch>;
  close(): Promise<void>;
}

export interface Source extends Reader {
  /** @throws Misconfigured when it is no store of Steward's, or not whole */
  shape(): Promise<StoreShape>;
  /** What was counted when the store was written; null: it is alive, and its rows are counted now. */
  recorded(table: TableShape): Pick<StoredTable, 'rows' | 'hash'> | null;
}

export interface Target extends Reader {
  /**
   * Makes ready for these tables, or goes on where a killed migration stood. Answers how far each came, by `nameOf`.
   * @throws Conflict when it holds something else
   */
  begin(shape: StoreShape, resume: boolean): Promise<ReadonlyMap<string, Checkpoint>>;
  /** Rows and checkpoint stand there together, or neither. */
  write(table: TableShape, lines: readonly string[], checkpoint: Checkpoint): Promise<void>;
  /** All rows of a table out again, its checkpoint too. */
  clear(table: TableShape): Promise<void>;
  /** Everything was compared: from now on it is whole. */
  finish(manifest: StoreManifest): Promise<void>;
}

/** `people`, `pgboss.job`: what a table is called outside PostgreSQL. */
export const nameOf = ({ schema, name }: Pick<TableShape, 'schema' | 'name'>) => (schema === 'public' ? name : `${schema}.${name}`);

/** Rows and bytes of a batch, whichever comes first. */
export const BATCH_ROWS = 5_000;
export const BATCH_BYTES = 4_000_000;
