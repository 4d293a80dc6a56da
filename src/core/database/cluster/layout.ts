import { randomBytes } from 'node:crypto';
import { chmod, chown, link, lstat, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { Misconfigured } from '../../errors.ts';
import { ensureHome } from '../../home.ts';
import { isPrivateDirectory, othersCanEnter, spareUid } from './reach.ts';

/** What STEWARD_HOME/cluster.json remembers. */
const Recorded = z.object({
  /** Directory of the cluster: data, socket, perhaps binaries. Inside STEWARD_HOME unless root's home is closed to others. */
  directory: z.string(),
  /** The uid that PostgreSQL runs under; null when it is whoever runs Steward. */
  uid: z.number().int().positive().nullable(),
  /** How it is reached: by a Unix socket, or by a port of 127.0.0.1 with passwords. */
  reach: z.enum(['socket', 'port']).default('socket'),
});

export interface Layout {
  readonly home: string;
  readonly reach: 'socket' | 'port';
  readonly directory: string;
  readonly data: string;
  readonly log: string;
  /** The uid (and gid) to become; null to stay who we are. */
  readonly uid: number | null;
}

/** Where root keeps clusters whose home others cannot enter. */
const PRIVATE_ROOT = '/var/lib/steward';

/**
 * Finds or settles where the cluster of this home lives, and how it is reached from then on. Two processes that do so at once agree: the first record stands.
 * @throws Misconfigured when the cluster belongs to another user
 */
export async function settleLayout(home: string, reach: Layout['reach']): Promise<Layout> {
  const root = process.getuid?.() === 0;
  await ensureHome(home);
  const file = join(home, 'cluster.json');
  const recorded = (await readRecord(file)) ?? (await record(file, home, root, reach));
  const layout: Layout = {
    home,
    reach: recorded.reach,
    directory: recorded.directory,
    data: join(recorded.directory, 'data'),
    // behind a port PostgreSQL's own control program opens it, as PostgreSQL's user
    log: join(recorded.reach === 'socket' ? home : recorded.directory, 'postgres.log'),
    uid: root ? recorded.uid : null,
  };
  await makeDirectory(layout, root);
  return layout;
}

async function readRecord(file: string): Promise<z.output<typeof Recorded> | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new Misconfigured(`${file} cannot be read; start Steward as the user who made it, or give the directory to this user`, {
      cause: error,
    });
  }
  const parsed = Recorded.safeParse(JSON.parse(text));
  if (!parsed.success) throw new Misconfigured(`${file} is damaged; it should hold the cluster's "directory" and "uid"`);
  return parsed.data;
}

async function record(file: string, home: string, root: boolean, reach: Layout['reach']): Promise<z.output<typeof Recorded>> {
  const inHome = !root || (await letThrough(home));
  const made = {
    directory: inHome ? join(home, 'postgres') : join(PRIVATE_ROOT, randomBytes(6).toString('hex')),
    uid: root ? spareUid(randomBytes(2).readUInt16BE()) : null,
    reach,
  };
  const draft = `${file}.${randomBytes(6).toString('hex')}`; // its own, also of two that start in one process
  await writeFile(draft, `${JSON.stringify(made, null, 2)}\n`, { mode: 0o600 });
  try {
    await link(draft, file); // fails when another process was first: then its record stands
    return made;
  } catch (error) {
    const other = await readRecord(file);
    if (other === undefined) throw error;
    return other;
  } finally {
    await rm(draft, { force: true });
  }
}

/**
 * Whether PostgreSQL's own user can pass through root's data directory. Where only the directory itself is closed, it is opened for
 * passing, not for looking: its files are 0600. Where one above is closed, that is not ours to change.
 */
async function letThrough(home: string): Promise<boolean> {
  if (process.platform === 'win32' || !othersCanEnter(dirname(home))) return false;
  const { mode, uid } = await lstat(home);
  if ((mode & 0o001) === 0 && uid === 0) await chmod(home, (mode & 0o777) | 0o011);
  return othersCanEnter(home);
}

async function makeDirectory(layout: Layout, root: boolean): Promise<void> {
  if (root) await makePassable(dirname(layout.directory));
  try {
    await mkdir(layout.directory);
    await chmod(layout.directory, layout.uid === null ? 0o700 : 0o711); // whatever the umask; what lies in it is closed again
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    await refuseStrangers(layout, root);
  }
}

/** As `mkdir -p`, leaving directories that others may pass through, whatever the umask. */
async function makePassable(directory: string): Promise<void> {
  const first = await mkdir(directory, { recursive: true });
  if (first !== undefined) await chmod(directory, 0o711);
}

async function refuseStrangers(layout: Layout, root: boolean): Promise<void> {
  if (process.platform === 'win32') return;
  const owner = (await lstat(layout.directory)).uid;
  if (!root && owner !== process.getuid?.()) {
    throw new Misconfigured(
      `${layout.directory} belongs to uid ${owner}, who is not this user; start Steward as the user who started it first`,
    );
  }
}

/** A Unix socket's whole path: 107 bytes on Linux, 103 on macOS. PostgreSQL appends `/.s.PGSQL.5432`. */
const SOCKET_DIRECTORY_BYTES = (process.platform === 'linux' ? 107 : 103) - '/.s.PGSQL.5432'.length;

/**
 * A directory for the socket that only PostgreSQL's user may enter: `run` in the cluster's directory, or one under the system's
 * temporary directory when that path is too long. Every process of the home finds the same one through the `socket` file.
 */
export async function socketDirectory(layout: Layout): Promise<string> {
  const uid = layout.uid ?? process.getuid?.() ?? 0;
  const near = join(layout.directory, 'run');
  if (Buffer.byteLength(near) <= SOCKET_DIRECTORY_BYTES) {
    await mkdir(near, { recursive: true, mode: 0o700 });
    await chmod(near, 0o700);
    if (layout.uid !== null) await chown(near, layout.uid, layout.uid);
    return near;
  }
  const note = join(layout.directory, 'socket');
  const noted = await readFile(note, 'utf8').catch(() => '');
  if (noted !== '' && isPrivateDirectory(noted, uid)) return noted;
  const made = await mkdtemp(join(tmpdir(), 'steward-'));
  if (Buffer.byteLength(made) > SOCKET_DIRECTORY_BYTES)
    throw new Misconfigured(`${made} is too long for a socket; set TMPDIR to a shorter directory`);
  if (layout.uid !== null) await chown(made, layout.uid, layout.uid);
  await writeFile(note, made, { mode: 0o600 });
  return made;
}
