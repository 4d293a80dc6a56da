import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { TableShape } from '../database/catalogue.ts';
import { Misconfigured } from '../errors.ts';
import { halfOf, makeWhole, mayBegin, NOTHING_YET, originOf, parseManifest, refuseMissing, refuseOtherSource } from './half.ts';
import { cellOfIso, isoOf, kindOf, type Kind } from './kinds.ts';
import { cellsOf, lineOf, type Cell } from './lines.ts';
import { BATCH_BYTES, BATCH_ROWS, nameOf, type Batch, type Checkpoint, type Source, type StoreManifest, type Target } from './store.ts';

/** Text columns have no type of their own where SQLite would take a text that looks like a number for one. */
const DECLARED: Readonly<Record<Kind, string>> = {
  boolean: 'INTEGER',
  integer: 'INTEGER',
  float: '',
  time: 'TEXT',
  json: 'TEXT',
  bytes: 'BLOB',
  list: 'TEXT',
  text: 'TEXT',
};
const META = `create table steward_store (key text primary key, value text not null);
  create table steward_progress (name text primary key, rows integer not null, hash text not null, position text, done integer not null)`;

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
const tableOf = (table: TableShape) => quoted(nameOf(table));

async function open(path: string, readOnly: boolean): Promise<DatabaseSync> {
  const { DatabaseSync: Database } = await import('node:sqlite');
  const database = new Database(path, { readOnly });
  database.exec(readOnly ? 'pragma query_only = on' : 'pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = off');
  return database;
}

function valueOf(kind: Kind, cell: Cell): SQLInputValue {
  if (cell === null) return null;
  if (kind === 'boolean') return cell === 't' ? 1 : 0;
  if (kind === 'integer') return BigInt(cell);
  if (kind === 'float') return String(Number(cell)) === cell ? Number(cell) : cell;
  if (kind === 'time') return isoOf(cell) ?? cell;
  if (kind === 'bytes') return Buffer.from(cell.slice(2), 'hex');
  return cell;
}

function cellOf(kind: Kind, value: unknown): Cell {
  if (value === null || value === undefined) return null;
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString('hex')}`;
  if (kind === 'boolean') return String(value) === '1' ? 't' : 'f';
  if (kind === 'time') return cellOfIso(String(value));
  return String(value);
}

/** In the order they were written in: a batch is kept open by nothing. */
function* readTable(database: DatabaseSync, table: TableShape, after: string | null): Generator<Batch> {
  const kinds = table.columns.map(({ type }) => kindOf(type));
  const columns = table.columns.map(({ name }) => quoted(name)).join(', ');
  const statement = database.prepare(`select rowid, ${columns} from ${tableOf(table)} where rowid > ? order by rowid`);
  statement.setReturnArrays(true);
  statement.setReadBigInts(true);
  let lines: string[] = [];
  let [position, size] = [after ?? '0', 0];
  for (const row of statement.iterate(BigInt(position))) {
    const [rowid, ...values]: readonly unknown[] = Object.values(row);
    const line = lineOf(kinds.map((kind, i) => cellOf(kind, values[i])));
    lines.push(line);
    size += line.length;
    position = String(rowid);
    if (lines.length < BATCH_ROWS && size < BATCH_BYTES) continue;
    yield { lines, position };
    lines = [];
    size = 0;
  }
  if (lines.length > 0) yield { lines, position };
}

async function* inTurn(batches: Iterable<Batch>): AsyncGenerator<Batch> {
  yield* batches;
}

const textOf = (database: DatabaseSync, key: string): string | null => {
  const found = database.prepare('select value from steward_store where key = ?').get(key)?.['value'];
  return typeof found === 'string' ? found : null;
};

/** A file that `openSqliteTarget` wrote. */
export async function openSqliteSource(path: string): Promise<Source> {
  await refuseMissing(path);
  const database = await open(path, true);
  const manifest = parseManifest(manifestText(database, path), path);
  return {
    shape: () => Promise.resolve(manifest),
    recorded: (table) => manifest.tables.find((one) => nameOf(one) === nameOf(table)) ?? null,
    read: (table, after) => inTurn(readTable(database, table, after)),
    close: () => Promise.resolve(database.close()),
  };
}

function manifestText(database: DatabaseSync, path: string): string {
  try {
    return textOf(database, 'manifest') ?? '';
  } catch (cause) {
    database.close();
    throw new Misconfigured(
      `${path} is no store that Steward wrote. Rows of other programs come in as files: steward data import --what leads --from-file leads.csv`,
      { cause },
    );
  }
}

/** One file with a table each, usable by any SQLite: integers and bytes as such, the rest as PostgreSQL's text, times as ISO 8601. */
export async function openSqliteTarget(path: string): Promise<Target> {
  let opened: DatabaseSync | null = null;
  const inserts = new Map<string, StatementSync>();
  const here = () => {
    if (opened === null) throw new TypeError('begin comes first');
    return opened;
  };
  return {
    async begin(shape, resume) {
      const state = await mayBegin(path, resume);
      const database = await open(halfOf(path), false);
      opened = database;
      if (state === 'begun' && isBegun(database)) {
        refuseOtherSource(textOf(database, 'origin'), shape, halfOf(path));
        return progressOf(database);
      }
      atOnce(database, () => {
        database.exec(META);
        database.prepare('insert into steward_store values (?, ?)').run('origin', originOf(shape));
        for (const table of shape.tables) database.exec(createTable(table));
      });
      return NOTHING_YET;
    },
    read: (table, after) => inTurn(readTable(here(), table, after)),
    async write(table, lines, checkpoint) {
      const database = here();
      const kinds = table.columns.map(({ type }) => kindOf(type));
      const insert = inserts.get(nameOf(table)) ?? database.prepare(insertInto(table));
      inserts.set(nameOf(table), insert);
      atOnce(database, () => {
        for (const line of lines) {
          const cells = cellsOf(line);
          insert.run(...kinds.map((kind, i) => valueOf(kind, cells[i] ?? null)));
        }
        note(database, nameOf(table), checkpoint);
      });
    },
    async clear(table) {
      atOnce(here(), () => {
        here().exec(`delete from ${tableOf(table)}`);
        here().prepare('delete from steward_progress where name = ?').run(nameOf(table));
      });
    },
    async finish(manifest: StoreManifest) {
      const database = here();
      atOnce(database, () => {
        database.exec('drop table steward_progress');
        database.prepare('insert into steward_store values (?, ?)').run('manifest', JSON.stringify(manifest));
      });
      database.exec('pragma journal_mode = delete'); // one file, nothing beside it
      database.close();
      opened = null;
      await makeWhole(path);
    },
    close: () => Promise.resolve(opened?.close()),
  };
}

/** Killed before its first commit, the file is there and empty. */
const isBegun = (database: DatabaseSync) =>
  database.prepare(`select 1 from sqlite_master where name = 'steward_store'`).get() !== undefined;

function createTable(table: TableShape): string {
  const columns = table.columns.map(({ name, type }) => `${quoted(name)} ${DECLARED[kindOf(type)]}`.trim());
  return `create table ${tableOf(table)} (${columns.join(', ')}, primary key (${table.key.map(quoted).join(', ')}))`;
}

const insertInto = (table: TableShape) => `insert into ${tableOf(table)} values (${table.columns.map(() => '?').join(', ')})`;

function note(database: DatabaseSync, name: string, { rows, hash, position, done }: Checkpoint): void {
  database.prepare('insert or replace into steward_progress values (?, ?, ?, ?, ?)').run(name, rows, hash, position, done ? 1 : 0);
}

function progressOf(database: DatabaseSync): Map<string, Checkpoint> {
  const rows = database.prepare('select name, rows, hash, position, done from steward_progress').all();
  return new Map(
    rows.map((row) => [
      String(row['name']),
      {
        rows: Number(row['rows']),
        hash: String(row['hash']),
        position: typeof row['position'] === 'string' ? row['position'] : null,
        done: row['done'] === 1,
      },
    ]),
  );
}

function atOnce(database: DatabaseSync, work: () => void): void {
  database.exec('begin immediate');
  try {
    work();
    database.exec('commit');
  } catch (error) {
    database.exec('rollback');
    throw error;
  }
}
