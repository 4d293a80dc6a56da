import { createReadStream } from 'node:fs';
import { mkdir, open, readFile, rename, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { TableShape } from '../database/catalogue.ts';
import { Misconfigured } from '../errors.ts';
import { exists, halfOf, makeWhole, mayBegin, NOTHING_YET, originOf, parseManifest, refuseMissing, refuseOtherSource } from './half.ts';
import { jsonOf, lineOfJson } from './json-line.ts';
import { linesOf } from './lines.ts';
import { Checkpoint, nameOf, type Batch, type Source, type Target } from './store.ts';

const MANIFEST = 'manifest.json';
const PROGRESS = 'progress.json';
/** How many bytes of its file count, besides. */
const Progress = z.object({ origin: z.string(), tables: z.record(z.string(), Checkpoint.extend({ bytes: z.number().int() })) });
type Progress = z.output<typeof Progress>;

const fileOf = (directory: string, table: TableShape) => join(directory, `${nameOf(table)}.ndjson`);

/** The position is how many bytes of the file were read. */
async function* readTable(directory: string, table: TableShape, after: string | null): AsyncGenerator<Batch> {
  const path = fileOf(directory, table);
  if (!(await exists(path))) throw new Misconfigured(`${path} is missing, though the manifest speaks of it`);
  const start = Number(after ?? 0);
  try {
    // A stream of a file gives Buffers where no encoding is set; its type says any.
    for await (const { lines, bytes } of linesOf(createReadStream(path, { start }) as AsyncIterable<Buffer>))
      yield { lines: lines.map((line) => lineOfJson(table, line)), position: String(start + bytes) };
  } catch (cause) {
    throw new Misconfigured(`${path} is damaged: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

/** A directory that `openJsonTarget` wrote. */
export async function openJsonSource(directory: string): Promise<Source> {
  await refuseMissing(directory);
  const text = await readFile(join(directory, MANIFEST), 'utf8').catch(() => null);
  if (text === null)
    throw new Misconfigured(
      `${directory} is no store that Steward wrote: it holds no ${MANIFEST}. Rows of other programs come in as files: steward data import --what leads --from-file leads.json`,
    );
  const manifest = parseManifest(text, directory);
  return {
    shape: () => Promise.resolve(manifest),
    recorded: (table) => manifest.tables.find((one) => nameOf(one) === nameOf(table)) ?? null,
    read: (table, after) => readTable(directory, table, after),
    close: () => Promise.resolve(),
  };
}

/** A directory with a file of JSON Lines a table, and a manifest with counts and hashes that is written last. */
export function openJsonTarget(directory: string): Promise<Target> {
  const half = halfOf(directory);
  const files = new Map<string, { handle: FileHandle; bytes: number }>();
  let progress: Progress = { origin: '', tables: {} };

  const fileFor = async (table: TableShape) => {
    const known = files.get(nameOf(table));
    if (known !== undefined) return known;
    // One at a time is written: the others' files would be as many open handles as there are tables.
    for (const [name, { handle }] of files) {
      await handle.close();
      files.delete(name);
    }
    const handle = await open(fileOf(half, table), 'a', 0o600);
    const bytes = progress.tables[nameOf(table)]?.bytes ?? 0;
    await handle.truncate(bytes); // what a killed process had written after its last checkpoint
    const made = { handle, bytes };
    files.set(nameOf(table), made);
    return made;
  };
  const save = () => writeWhole(join(half, PROGRESS), JSON.stringify(progress));

  return Promise.resolve({
    async begin(shape, resume) {
      const state = await mayBegin(directory, resume);
      const text = state === 'begun' ? await readFile(join(half, PROGRESS), 'utf8').catch(() => null) : null;
      if (text !== null) {
        progress = Progress.parse(JSON.parse(text));
        refuseOtherSource(progress.origin, shape, half);
        return new Map(Object.entries(progress.tables));
      }
      await mkdir(half, { recursive: true, mode: 0o700 });
      progress = { origin: originOf(shape), tables: {} };
      await save();
      return NOTHING_YET;
    },
    read: (table, after) => readTable(half, table, after),
    async write(table, lines, checkpoint) {
      const file = await fileFor(table);
      if (lines.length > 0) {
        const bytes = Buffer.from(`${lines.map((line) => jsonOf(table, line)).join('\n')}\n`);
        await file.handle.appendFile(bytes);
        await file.handle.sync();
        file.bytes += bytes.length;
      }
      progress.tables[nameOf(table)] = { ...checkpoint, bytes: file.bytes };
      await save();
    },
    async clear(table) {
      const file = await fileFor(table);
      delete progress.tables[nameOf(table)];
      await save();
      await file.handle.truncate(0);
      file.bytes = 0;
    },
    async finish(manifest) {
      await closeAll();
      await writeWhole(join(half, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
      await rm(join(half, PROGRESS));
      await syncDirectory(half);
      await makeWhole(directory);
    },
    close: closeAll,
  });

  async function closeAll(): Promise<void> {
    for (const { handle } of files.values()) await handle.close();
    files.clear();
  }
}

/** The old text or the new one, never half of it. */
async function writeWhole(path: string, text: string): Promise<void> {
  const draft = await open(`${path}.new`, 'w', 0o600);
  await draft.writeFile(text);
  await draft.sync();
  await draft.close();
  await rename(`${path}.new`, path);
}

async function syncDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(path, 'r');
  await handle.sync(); // the names, too, are on the disk
  await handle.close();
}
