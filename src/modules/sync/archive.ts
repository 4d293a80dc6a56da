import { appendFile, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { constants, gunzip, gzip } from 'node:zlib';
import type { SourceRecord } from '#core/ports/source.ts';
import type { Runtime } from '#core/runtime.ts';

const packed = promisify(gzip);
/** A page is some ten thousand bytes: small windows, so that thousands of pages leave nothing behind in memory. */
const pack = (text: string) => packed(text, { windowBits: 13, memLevel: 6 });
const unpack = promisify(gunzip);

/** A run that goes on in another process writes another file: a torn end of the first one spoils nothing after it. */
interface ArchiveOf {
  readonly companyId: string;
  readonly sourceId: string;
  readonly runId: string;
  readonly holder: string;
}

const folder = (home: string, { companyId, sourceId }: { readonly companyId: string; readonly sourceId: string }) =>
  join(home, 'archive', companyId, sourceId);

/** Adds the records of a page as they came, one a line, as a gzip member of its own. Where no data directory is at hand, nothing. */
export async function archivePage(runtime: Runtime, of: ArchiveOf, records: readonly SourceRecord[], at: Date): Promise<void> {
  if (runtime.backups === null || records.length === 0) return;
  const directory = folder(runtime.config.home, of);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const lines = records.map(({ externalId, changedAt, values }) =>
    JSON.stringify({ external_id: externalId, changed_at: changedAt, values }),
  );
  const name = `${at.toISOString().slice(0, 10)}-${of.runId}-${of.holder.slice(-8)}.jsonl.gz`;
  await appendFile(join(directory, name), await pack(`${lines.join('\n')}\n`), { mode: 0o600 });
}

/** Files that are older than the source keeps them. Answers how many went. */
export async function sweepArchive(
  home: string,
  of: { readonly companyId: string; readonly sourceId: string },
  before: Date,
): Promise<number> {
  const directory = folder(home, of);
  const names = await readdir(directory).catch(() => []);
  let gone = 0;
  for (const name of names) {
    const path = join(directory, name);
    if ((await stat(path)).mtime >= before) continue;
    await rm(path, { force: true });
    gone += 1;
  }
  return gone;
}

/** Takes these records out of every file: they were of somebody who was erased. */
export async function scrubArchive(
  home: string,
  of: { readonly companyId: string; readonly sourceId: string },
  externalIds: ReadonlySet<string>,
): Promise<void> {
  const directory = folder(home, of);
  for (const name of await readdir(directory).catch(() => [])) {
    const path = join(directory, name);
    const text = (await unpack(await readFile(path), { finishFlush: constants.Z_SYNC_FLUSH })).toString('utf8');
    const kept = text.split('\n').filter((line) => line === '' || !externalIds.has(idOf(line)));
    if (kept.length === text.split('\n').length) continue;
    await writeFile(`${path}.new`, await pack(kept.join('\n')), { mode: 0o600 });
    await rename(`${path}.new`, path);
  }
}

/** Empty for the torn end of a process that was killed. */
function idOf(line: string): string {
  if (!line.endsWith('}')) return '';
  const found: unknown = JSON.parse(line);
  return typeof found === 'object' && found !== null && 'external_id' in found ? String(found.external_id) : '';
}
