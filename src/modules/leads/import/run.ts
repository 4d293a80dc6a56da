import type { Statement } from '#core/database/database.ts';
import type { Runtime } from '#core/runtime.ts';
import { NotImportable } from './read/not-importable.ts';
import { Overtaken } from './write.ts';
import { chunksOf, jobOf } from './job.ts';
import { kindOf } from './deals/fields.ts';
import { importTable } from './deals/run.ts';
import { Lanes, TakenOver } from './lanes.ts';

/** Rows a transaction: large enough to be quick, small enough that progress shows and nobody waits for a lock. */
const CHUNK = 4_000;

const FINISH: Statement = {
  name: 'imports.finish',
  text: `update imports set state = $3, error = $4, total_rows = coalesce($5, total_rows), finished_at = $6, updated_at = $6
          where id = $1 and company_id = $2 and state = 'running'`,
};

/**
 * Does an import whose state is `running`, from where it stands: each chunk commits its rows, its refusals, its journal and its
 * progress together, in the order of the file, so that a killed process loses nothing and repeats nothing. A dry run decides the
 * same and writes only counts. Never throws: how it ended stands in the import. `rows` a transaction: tests make it small.
 */
export async function runImport(runtime: Runtime, companyId: string, importId: string, rows: number = CHUNK): Promise<void> {
  const { database, clock, log } = runtime;
  const finish = (state: string, error: string | null, end: number | null) =>
    database.write(companyId, (tx) => tx.query(FINISH, [importId, companyId, state, error, end, clock.now()]));
  try {
    for (let attempt = 0; ; attempt += 1) {
      try {
        await finish('done', null, await importAll(runtime, companyId, importId, rows));
        break;
      } catch (error) {
        // Planned anew from the last commit, now that the other's row can be seen.
        if (!(error instanceof Overtaken) || attempt === 20) throw error;
      }
    }
    runtime.engine.nudge();
  } catch (error) {
    if (error instanceof TakenOver) return;
    if (error instanceof NotImportable) {
      await finish('failed', error.message, null);
      return;
    }
    log.error({ err: error, importId }, 'import failed');
    const reason =
      'The import stopped because of an error of ours; what was imported so far stays. Run it again: it goes on without doubling anything';
    await finish('failed', reason, null);
  }
}

async function importAll(runtime: Runtime, companyId: string, importId: string, size: number): Promise<number> {
  const job = await jobOf(runtime, companyId, importId);
  if (kindOf(job.record.mapping) !== 'people') return importTable(runtime, companyId, importId, size);
  const lanes = new Lanes(runtime, job);
  let end = job.record.processedRows;
  try {
    for await (const chunk of chunksOf(runtime, job, size)) {
      end = chunk.end;
      await lanes.add(chunk);
    }
  } finally {
    await lanes.settle();
  }
  await lanes.end();
  return end;
}
