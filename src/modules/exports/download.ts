import { once } from 'node:events';
import { PassThrough, type Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Transaction } from '#core/database/database.ts';
import { Forbidden, Unavailable } from '#core/errors.ts';
import { execute } from '#core/operation/execute.ts';
import { operation } from '#core/operation/operation.ts';
import { requestInfo } from '#core/operation/rest.ts';
import type { Runtime } from '#core/runtime.ts';
import { archive } from './archive.ts';
import { Export, ExportNotFound, getExport, noteDownload } from './export.ts';
import { csvFile, jsonLinesFile, xlsxFile, type Sheet } from './format/files.ts';
import { parquetFile } from './format/parquet.ts';
import { zip } from '#core/zip.ts';
import { batchesOf, planExport } from './rows.ts';

/** Each holds a connection and a snapshot while it runs. */
const MOST_AT_ONCE = 4;
/** A reader may be slow, or pause. */
const PATIENCE = { name: '', text: `set local statement_timeout = '10min'; set local idle_in_transaction_session_timeout = '10min'` };

/** Not on any face: the file's route calls it, so that rights are checked and every download stands in the audit log. */
const fetchExport = operation({
  name: 'exports.download',
  summary: 'Download the file of an export',
  http: 'POST /api/exports/{export_id}/file',
  access: 'write',
  role: 'manager',
  input: z.object({ exportId: z.uuid() }),
  output: Export,
  errors: [ExportNotFound],
  async run(ctx, { exportId }) {
    const found = await getExport(ctx, ctx.companyId, exportId);
    if (found.expiresAt < ctx.clock.now()) throw new ExportNotFound('This export is more than a day old; make a new one');
    if (found.what === 'archive' && ctx.principal.kind === 'user' && ctx.principal.role !== 'admin')
      throw new Forbidden('Only an admin may take everything out; ask one');
    return found;
  },
});

const TYPES = {
  csv: 'text/csv; charset=utf-8',
  jsonl: 'application/x-ndjson',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  parquet: 'application/vnd.apache.parquet',
  zip: 'application/zip',
} as const;

export function exportRoutes(http: FastifyInstance, runtime: Runtime): void {
  let running = 0;
  http.get('/api/exports/:exportId/file', async (request, reply) => {
    const principal = await runtime.authenticate(request);
    const { exportId } = Object(request.params);
    const { result } = await execute(runtime, {
      operation: fetchExport,
      principal,
      request: requestInfo(request),
      input: { exportId },
      names: 'code',
    });
    const found = result as Export; // what that operation's output schema says
    if (running >= MOST_AT_ONCE) throw new Unavailable('Other exports are running; try again in a minute');
    running += 1;
    const day = found.createdAt.toISOString().slice(0, 10);
    const stream = fileOf(runtime, found, () => {
      running -= 1;
    });
    return reply
      .type(TYPES[found.format])
      .header('content-disposition', `attachment; filename="${found.what}-${day}.${found.format}"`)
      .header('cache-control', 'no-store')
      .send(stream);
  });
}

/** The file while it is made: rows are read as fast as they are taken. A fault half-way breaks the connection off, so that no half file looks whole. */
function fileOf(runtime: Runtime, wanted: Export, ended: () => void): Readable {
  const out = new PassThrough({ highWaterMark: 256 * 1024 });
  const { companyId } = wanted;
  let rows = 0;
  const work = async (tx: Transaction) => {
    for await (const chunk of chunksOf(tx, runtime, wanted, (more) => (rows += more))) {
      if (out.destroyed) throw new Error('the reader went away');
      if (!out.write(chunk)) await Promise.race([once(out, 'drain'), once(out, 'close')]);
    }
  };
  runtime.database
    .read(companyId, work)
    .then(() => runtime.database.write(companyId, (tx) => noteDownload(tx, companyId, wanted.id, rows, runtime.clock.now())))
    .then(() => out.end())
    .catch((error: unknown) => {
      if (!out.destroyed) runtime.log.error({ err: error, export: wanted.id }, 'an export broke off');
      out.destroy(error instanceof Error ? error : new Error(String(error)));
    })
    .finally(ended);
  return out;
}

async function* chunksOf(tx: Transaction, runtime: Runtime, wanted: Export, count: (rows: number) => void): AsyncGenerator<Buffer> {
  const { companyId, what } = wanted;
  await tx.query(PATIENCE, []);
  if (what === 'archive') {
    const about = { companyId, at: runtime.clock.now(), version: runtime.version };
    yield* zip(
      archive(tx, about, (files) => count(files.reduce((sum, file) => sum + file.rows, 0))),
      { big: true },
    );
    return;
  }
  const plan = await planExport(tx, runtime, companyId, { what, columns: wanted.columns, filter: wanted.filter });
  const batches = (async function* () {
    for await (const batch of batchesOf(tx, plan)) {
      count(batch.length);
      yield batch;
    }
  })();
  const sheet: Sheet = { title: plan.kind.title, columns: plan.columns, batches };
  if (wanted.format === 'xlsx') yield* xlsxFile(sheet);
  else if (wanted.format === 'jsonl') yield* jsonLinesFile(sheet);
  else if (wanted.format === 'parquet') yield* parquetFile(sheet);
  else yield* csvFile(sheet);
}
