import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, link, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Misconfigured } from '../errors.ts';
import { ensureHome } from '../home.ts';

/** A data directory, told apart from every copy of it (docs/adr/0027-held-boot.md). */
export interface Home {
  /** Made with the directory; a copy has the same. */
  readonly id: string;
  /** A copy has another. */
  readonly mark: string;
  /** For people: `host:/var/lib/steward`. */
  readonly says: string;
}

const FILE = 'home.id';
const UUID = /^[0-9a-f-]{36}$/;

/**
 * Who this home is. With a name (STEWARD_INSTANCE) the name is all of it: for homes that do not outlive a restart.
 * @throws Misconfigured the file is damaged or can't be read
 */
export async function openHome(home: string, name: string | undefined): Promise<Home> {
  const says = `${hostname()}:${resolve(home)}`;
  if (name !== undefined) return { id: `name:${name}`, mark: '', says: `${name} (${says})` };
  const file = join(home, FILE);
  const id = (await idIn(file)) ?? (await make(home, file));
  const { ino, birthtimeNs, ctimeNs } = await stat(file, { bigint: true });
  // Where a file system knows no birth, the time of the last change is given in its place, which a chown moves: then the inode has to do.
  const born = birthtimeNs === ctimeNs ? '' : String(birthtimeNs);
  return { id, mark: digest(`${ino}/${born}/${await machine()}`), says };
}

/** Which seat a home takes at a database found at this place. */
export function seatId(home: Home, place: string): string {
  return digest(`${home.id}\n${home.mark}\n${place}`);
}

const digest = (text: string) => createHash('sha256').update(text).digest('base64url');

async function idIn(file: string): Promise<string | undefined> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new Misconfigured(`${file} cannot be read; start Steward as the user who made it, or give the file to this user`, {
      cause: error,
    });
  });
  const id = text?.trim();
  if (id !== undefined && !UUID.test(id))
    throw new Misconfigured(`${file} is damaged. Remove it: Steward then starts held, and an admin releases it`);
  return id;
}

/** Several processes may start at once: the first one's stands. Never written again, so that inode and birth stay. */
async function make(home: string, file: string): Promise<string> {
  await ensureHome(home);
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, `${randomUUID()}\n`, { mode: 0o600 });
  await sleep(20); // the clock of file systems has steps of some milliseconds: birth and last change must differ
  try {
    await link(draft, file);
    await chmod(file, 0o600);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    await rm(draft, { force: true });
  }
  const id = await idIn(file);
  if (id === undefined) throw new Misconfigured(`${file} vanished while it was made; is another program clearing ${home}?`);
  return id;
}

/** Tells a disk that was cloned with its machine. Containers have none of their own that lasts. */
async function machine(): Promise<string> {
  const contained = existsSync('/.dockerenv') || existsSync('/run/.containerenv') || existsSync('/var/run/secrets/kubernetes.io');
  return contained ? '' : (await readFile('/etc/machine-id', 'utf8').catch(() => '')).trim();
}
