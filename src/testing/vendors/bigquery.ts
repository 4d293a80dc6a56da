import { createServer, type IncomingMessage } from 'node:http';
import { parquetReadObjects } from 'hyparquet';
import { contractsFolder, openContract } from '../contract.ts';

type Row = Readonly<Record<string, unknown>>;

export interface FakeBigQuery {
  readonly url: string;
  /** Rows by table. */
  readonly tables: ReadonlyMap<string, readonly Row[]>;
  /** What was asked, by method and path, with the job of each upload. */
  readonly jobs: readonly { readonly table: string; readonly partition: string | null; readonly rows: number }[];
  readonly queries: readonly string[];
  /** What the published contract finds wrong with the requests so far; null: it is not at hand. */
  faults(): readonly string[] | null;
  /** The next uploads are told this status after the job was begun, as by a lost answer. */
  loseAnswers(count: number): void;
  close(): Promise<void>;
}

const PROJECT = '/projects/demo';

/**
 * What BigQuery does with the few calls that Steward makes: a dataset, tables, load jobs of Parquet by resumable upload, and the two statements of an incremental
 * export, which it knows by their form. @see https://cloud.google.com/bigquery/docs/reference/rest
 */
export async function fakeBigQuery(): Promise<FakeBigQuery> {
  const contract = contractsFolder() === undefined ? null : openContract('bigquery');
  const [faults, queries, jobs]: [string[], string[], { table: string; partition: string | null; rows: number }[]] = [[], [], []];
  const tables = new Map<string, Row[]>();
  const uploads = new Map<string, { job: JobBody }>();
  const ended = new Map<string, number>();
  let [dataset, lost] = [false, 0];

  const server = createServer((incoming, outgoing) => {
    void bytesOf(incoming).then(async (bytes) => {
      const { pathname, searchParams, search } = new URL(incoming.url ?? '/', 'http://bigquery');
      const method = incoming.method ?? 'GET';
      const say = (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}) =>
        outgoing.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
      const path = pathname.replace('/bigquery/v2', '');
      const json = incoming.headers['content-type']?.startsWith('application/json') === true ? JSON.parse(bytes.toString()) : undefined;
      if (contract !== null && !pathname.startsWith('/upload'))
        faults.push(
          ...contract.faults({ method, path, query: search.slice(1), headers: incoming.headers, body: json, rawBody: bytes.toString() }),
        );
      if (path === `${PROJECT}/datasets/crm`)
        return dataset ? say(200, { id: 'demo:crm' }) : say(404, error('Not found: Dataset demo:crm'));
      if (path === `${PROJECT}/datasets`) {
        dataset = true;
        return say(200, { id: 'demo:crm' });
      }
      const table = /datasets\/crm\/tables\/(\w+)$/.exec(path)?.[1];
      if (table !== undefined) {
        const rows = tables.get(table);
        return rows === undefined
          ? say(404, error(`Not found: Table ${table}`))
          : say(200, { schema: { fields: Object.keys(rows[0] ?? {}).map((name) => ({ name })) } });
      }
      if (pathname.startsWith('/upload') && method === 'POST') {
        const { jobId } = json.jobReference;
        if (ended.has(jobId)) return say(409, error('Already Exists: Job'));
        uploads.set(jobId, { job: json });
        return say(200, {}, { location: `http://${incoming.headers.host}${pathname}?upload=${jobId}` });
      }
      const upload = uploads.get(searchParams.get('upload') ?? '');
      if (upload !== undefined) {
        const { destinationTable, timePartitioning } = upload.job.configuration.load;
        const rows = await rowsOf(bytes);
        tables.set(destinationTable.tableId, rows);
        ended.set(upload.job.jobReference.jobId, rows.length);
        jobs.push({ table: destinationTable.tableId, partition: timePartitioning?.field ?? null, rows: rows.length });
        if (lost-- > 0) return say(503, error('Backend error'));
        return say(200, { jobReference: upload.job.jobReference, status: { state: 'RUNNING' } });
      }
      const jobId = /\/jobs\/(\w[\w-]*)$/.exec(path)?.[1];
      if (jobId !== undefined)
        return say(200, {
          jobReference: { jobId },
          status: { state: 'DONE' },
          statistics: { load: { outputRows: String(ended.get(jobId)) } },
        });
      queries.push(json.query);
      return say(200, {
        jobComplete: true,
        jobReference: { jobId: 'q' },
        rows: run(tables, json.query).map((values) => ({ f: values.map((v) => ({ v })) })),
      });
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    tables,
    jobs,
    queries,
    faults: () => (contract === null ? null : faults),
    loseAnswers: (count) => {
      lost = count;
    },
    close: () => new Promise((resolve) => void server.close(() => resolve())),
  };
}

interface JobBody {
  readonly jobReference: { readonly jobId: string };
  readonly configuration: {
    readonly load: { readonly destinationTable: { readonly tableId: string }; readonly timePartitioning?: { readonly field: string } };
  };
}

const error = (message: string) => ({ error: { code: 404, message, status: 'NOT_FOUND' } });

async function bytesOf(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

/** Names as columnNameCharacterMap V2 makes them. */
async function rowsOf(bytes: Buffer): Promise<Row[]> {
  const file = new Uint8Array(bytes).buffer;
  const rows: Record<string, unknown>[] = await parquetReadObjects({ file });
  return rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name.replaceAll(/\W/g, '_'), value])));
}

function run(tables: Map<string, Row[]>, sql: string): string[][] {
  const [, column, from] = /^select cast\(unix_micros\(max\(`(\w+)`\)\) as string\) from `(\w+)`$/.exec(sql) ?? [];
  if (column !== undefined && from !== undefined) {
    const times = (tables.get(from) ?? []).map((row) => new Date(String(row[column])).getTime());
    return times.length === 0 ? [] : [[String(Math.max(...times) * 1_000)]];
  }
  const [, target, changed] =
    /^merge `(\w+)` t using `(\w+)` c on t.id = c.id and t.`\w+` = c.`\w+`\s+when matched then update set .+\s+when not matched then insert/.exec(
      sql,
    ) ?? [];
  if (target === undefined || changed === undefined) throw new Error(`the fake knows no ${sql}`);
  const merged = new Map((tables.get(target) ?? []).map((row) => [String(row['id']), row]));
  for (const row of tables.get(changed) ?? []) merged.set(String(row['id']), row);
  tables.set(target, [...merged.values()]);
  return [];
}
