import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { Misconfigured } from '#core/errors.ts';
import type { Transport } from '#core/operation/cli.ts';
import type { BigQuery } from '../warehouse-bigquery.ts';
import { exportFile } from './export.ts';

const Kinds = z.object({
  items: z.array(
    z.object({ what: z.string(), columns: z.array(z.object({ key: z.string() })), changed: z.string().nullable(), day: z.string() }),
  ),
});
/** Rows whose transaction was long are written down late. */
const OVERLAP_MS = 600_000;

export interface Loaded {
  readonly what: string;
  readonly table: string;
  readonly rows: number;
  /** Null: all rows. Else those that changed since. */
  readonly since: string | null;
}

/**
 * Brings a table in BigQuery up to date. The table itself tells how far it is: what changed since its latest row, with some overlap, is loaded beside it and
 * merged by id, so that it may be cut off and said again. A new table, new columns, and kinds that do not tell what changed are loaded whole.
 */
export async function exportToBigQuery(
  transport: Transport,
  warehouse: BigQuery,
  { kinds, full, progress }: { readonly kinds: readonly string[]; readonly full: boolean; readonly progress: (loaded: Loaded) => void },
): Promise<Loaded[]> {
  const answer = await transport.request({ method: 'GET', path: '/api/exports/kinds' });
  if (answer.status >= 400) throw new Misconfigured('Steward does not say what can be exported; is the key one of a manager?');
  const known = Kinds.parse(answer.body).items;
  await warehouse.ensureDataset();
  const done: Loaded[] = [];
  for (const what of kinds) {
    const kind = known.find((one) => one.what === what);
    if (kind === undefined) throw new Misconfigured(`There is nothing called ${what} to export`);
    const columns = kind.columns.map(({ key }) => key.replaceAll(/\W/g, '_'));
    const since = full || kind.changed === null ? null : await latest(warehouse, what, columns, kind.changed);
    const loaded = await withFile(what, async (file) => {
      const filter = since === null ? {} : { changed_since: since };
      await exportFile(transport, { what, output: file, body: { format: 'parquet', filter } });
      const jobId = `steward_${what}_${randomUUID()}`;
      if (since === null) return warehouse.load(what, file, { partition: kind.day, jobId });
      const rows = await warehouse.load(`${what}_changed`, file, { partition: null, jobId });
      if (rows > 0) await warehouse.query(mergeSql(what, columns, kind.day));
      return rows;
    });
    const one = { what, table: what, rows: loaded, since };
    progress(one);
    done.push(one);
  }
  return done;
}

/** Up to when the table is complete; null: it is not there, holds nothing, or has not all columns. */
async function latest(warehouse: BigQuery, table: string, columns: readonly string[], changed: string): Promise<string | null> {
  const there = await warehouse.columnsOf(table);
  if (there === null || columns.some((column) => !there.includes(column))) return null;
  // Microseconds since 1970, as text: BigQuery would print a float.
  const [[micros] = []] = await warehouse.query(`select cast(unix_micros(max(\`${changed}\`)) as string) from \`${table}\``);
  return micros === undefined || micros === null ? null : new Date(Number(micros) / 1_000 - OVERLAP_MS).toISOString();
}

/** By id; the day of a row does not change, so that only its partition is read. */
function mergeSql(table: string, columns: readonly string[], day: string): string {
  const quoted = columns.map((column) => `\`${column}\``);
  const set = quoted.filter((column) => column !== '`id`' && column !== `\`${day}\``).map((column) => `${column} = c.${column}`);
  return `merge \`${table}\` t using \`${table}_changed\` c on t.id = c.id and t.\`${day}\` = c.\`${day}\`
    when matched then update set ${set.join(', ')}
    when not matched then insert (${quoted.join(', ')}) values (${quoted.map((column) => `c.${column}`).join(', ')})`;
}

async function withFile<T>(name: string, work: (file: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'steward-bigquery-'));
  try {
    return await work(join(folder, `${name}.parquet`));
  } finally {
    await rm(folder, { recursive: true });
  }
}
