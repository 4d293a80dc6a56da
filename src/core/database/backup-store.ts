import { readdir, readFile, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { StoredBackup } from '../backups.ts';
import type { Clock } from '../clock.ts';
import { Misconfigured, NotFound } from '../errors.ts';
import { readManifest, verifyBackup } from './backup-manifest.ts';

const Noted = z.object({ verifiedAt: z.string().optional(), drilledAt: z.string().optional(), error: z.string().nullable().optional() });
type Noted = z.output<typeof Noted>;

/** Beside the manifest: what was found when it was looked at later. */
const NOTES = 'checked.json';
const NAME = /^[\w-]+$/;

/** The directory of a backup of this name. @throws NotFound */
export async function storedAt(directory: string, name: string): Promise<string> {
  const path = join(directory, name);
  const there = NAME.test(name) && (await stat(join(path, 'manifest.json')).catch(() => undefined));
  if (there === false || there === undefined)
    throw new NotFound(`There is no backup ${name} in ${directory}; list them with: steward backups list`);
  return path;
}

/** Newest first; directories without a manifest are no backups. */
export async function listBackups(directory: string): Promise<StoredBackup[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  const names = entries.filter((entry) => entry.isDirectory() && NAME.test(entry.name)).map((entry) => entry.name);
  const found = await Promise.all(names.map((name) => describe(directory, name).catch(() => null)));
  return found.filter((one) => one !== null).toSorted((a, b) => b.takenAt.getTime() - a.takenAt.getTime());
}

async function describe(directory: string, name: string): Promise<StoredBackup> {
  const path = join(directory, name);
  const [manifest, notes, files] = await Promise.all([readManifest(path), readNotes(path), readdir(path)]);
  const sizes = await Promise.all(files.map((file) => stat(join(path, file)).then(({ size }) => size)));
  const takenAt = new Date(manifest.createdAt);
  return {
    name,
    takenAt,
    reason: manifest.reason,
    from: manifest.from ?? null,
    serverVersion: manifest.serverVersion,
    tables: manifest.tables.length,
    rows: manifest.tables.reduce((sum, table) => sum + table.rows, 0),
    bytes: sizes.reduce((sum, size) => sum + size, 0),
    verifiedAt: notes.verifiedAt === undefined ? takenAt : new Date(notes.verifiedAt),
    drilledAt: notes.drilledAt === undefined ? null : new Date(notes.drilledAt),
    error: notes.error ?? null,
  };
}

async function readNotes(path: string): Promise<Noted> {
  const text = await readFile(join(path, NOTES), 'utf8').catch(() => '{}');
  return Noted.catch({}).parse(JSON.parse(text));
}

export async function note(path: string, noted: Noted): Promise<void> {
  await writeFile(join(path, NOTES), JSON.stringify({ ...(await readNotes(path)), ...noted }), { mode: 0o600 });
}

/** Reads every file back, and writes down what came of it. @throws NotFound; Misconfigured naming what is damaged */
export async function verifyStored(directory: string, name: string, clock: Clock): Promise<StoredBackup> {
  const path = await storedAt(directory, name);
  try {
    await verifyBackup(path);
  } catch (error) {
    if (error instanceof Misconfigured) await note(path, { error: error.message });
    throw error;
  }
  await note(path, { verifiedAt: clock.now().toISOString(), error: null });
  return describe(directory, name);
}

export async function removeStored(directory: string, name: string): Promise<void> {
  await rm(await storedAt(directory, name), { recursive: true });
}

export async function freeBytes(directory: string): Promise<number> {
  const { bavail, bsize } = await statfs(directory);
  return bavail * bsize;
}
