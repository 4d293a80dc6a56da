import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { z } from 'zod';
import { Misconfigured } from '../errors.ts';
import { RowSum } from './row-sum.ts';

export const BackupTable = z.object({
  schema: z.string(),
  name: z.string(),
  columns: z.array(z.string()).min(1),
  rows: z.number().int().min(0),
  /** Of the uncompressed text that COPY wrote, hex. */
  sha256: z.string(),
  /** Of the rows as a set, whatever their order: what a restore compares with. Older backups lack it. */
  rowsHash: z.string().optional(),
  file: z.string(),
});
export type BackupTable = z.output<typeof BackupTable>;

/** manifest.json of a backup: written last, so a directory without one is no backup. */
export const BackupManifest = z.object({
  format: z.literal(1),
  createdAt: z.string(),
  reason: z.string(),
  serverVersion: z.string(),
  /** steward_instance.id of where it was taken. */
  instance: z.string(),
  /** Host and data directory where it was taken. */
  from: z.string().optional(),
  /** Version of the job queue's tables. */
  queueVersion: z.number().int().optional(),
  migrations: z.array(z.object({ name: z.string(), checksum: z.string() })),
  tables: z.array(BackupTable),
});
export type BackupManifest = z.output<typeof BackupManifest>;

/** @throws Misconfigured when this is no finished backup */
export async function readManifest(directory: string): Promise<BackupManifest> {
  const text = await readFile(join(directory, 'manifest.json'), 'utf8').catch(() => undefined);
  if (text === undefined) throw new Misconfigured(`${directory} is no backup: it holds no manifest.json`);
  const parsed = BackupManifest.safeParse(JSON.parse(text));
  if (!parsed.success) throw new Misconfigured(`${directory}/manifest.json is damaged, or from a newer Steward`);
  return parsed.data;
}

/** Counts and hashes what flows through. COPY's text format has one line a row: newlines inside values are escaped. */
export class Tally extends Transform {
  readonly #hash = createHash('sha256');
  /** The beginning of a line whose end is still to come. */
  #begun: Buffer[] = [];
  readonly #sum = new RowSum();
  get rows(): number {
    return this.#sum.rows;
  }
  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: (error: null, chunk: Buffer) => void): void {
    this.#hash.update(chunk);
    let from = 0;
    for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, from)) {
      this.#row(chunk.subarray(from, at));
      from = at + 1;
    }
    if (from < chunk.length) this.#begun.push(chunk.subarray(from));
    done(null, chunk);
  }
  #row(end: Buffer): void {
    this.#sum.add(this.#begun.length === 0 ? end : Buffer.concat([...this.#begun, end]));
    this.#begun = [];
  }
  /** Of the rows as a set: the sum of their hashes, 96 bits. */
  rowsHash(): string {
    return this.#sum.hash;
  }
  sha256(): string {
    return this.#hash.digest('hex');
  }
}

/**
 * Reads every file back and compares it with the manifest.
 * @throws Misconfigured naming the first damaged file
 */
export async function verifyBackup(directory: string): Promise<BackupManifest> {
  const manifest = await readManifest(directory);
  for (const table of manifest.tables) {
    const tally = new Tally();
    const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
    await pipeline(createReadStream(join(directory, table.file)), createGunzip(), tally, nowhere).catch((cause: unknown) => {
      throw new Misconfigured(`The backup is damaged: ${table.file} cannot be read`, { cause });
    });
    if (tally.sha256() !== table.sha256 || tally.rows !== table.rows || tally.rowsHash() !== (table.rowsHash ?? tally.rowsHash()))
      throw new Misconfigured(`The backup is damaged: ${table.file} is not what was written`);
  }
  return manifest;
}
