import { execFile } from 'node:child_process';
import { createHmac, randomBytes } from 'node:crypto';
import { chmod, link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { Misconfigured } from '../../errors.ts';
import { ROLE_KINDS, type DatabaseTarget } from '../target.ts';
import { socketDirectory, type Layout } from './layout.ts';

/** The one door of the embedded server: a socket in a closed directory, or on Windows, where the driver knows none, a port with passwords. */
export interface Door {
  readonly host: string;
  readonly port: number;
  readonly passwords: DatabaseTarget['passwords'];
  /** The superuser's; undefined behind a socket. */
  readonly superuser: string | undefined;
}

/** PostgreSQL's own name for the socket's port. */
const SOCKET_PORT = 5432;
const LOOPBACK = '127.0.0.1';
const NO_PASSWORDS = { owner: undefined, app: undefined, system: undefined };
/** Who may come in through the port: with a password, from this machine. */
export const PORT_RULES = `host all all ${LOOPBACK}/32 scram-sha-256\n`;

const Note = z.object({ port: z.int().min(1).max(65_535), secret: z.string().min(40) });
type Note = z.output<typeof Note>;

/** Settles where the server listens, or reads what another process of the home has settled. */
export async function openDoor(layout: Layout): Promise<Door> {
  if (layout.reach === 'socket')
    return { host: await socketDirectory(layout), port: SOCKET_PORT, passwords: NO_PASSWORDS, superuser: undefined };
  return doorOf(
    (await readNote(layout)) ?? (await settleNote(layout, { port: await freePort(), secret: randomBytes(32).toString('base64url') })),
  );
}

/** The port was taken by another program while the server was down: a new one. */
export async function moveDoor(layout: Layout): Promise<Door> {
  const note = await readNote(layout);
  if (note === undefined) return openDoor(layout);
  const moved = { ...note, port: await freePort() };
  await rename(await draftOf(layout, moved), noteFile(layout));
  return doorOf(moved);
}

function doorOf({ port, secret }: Note): Door {
  const password = (login: string) => createHmac('sha256', secret).update(login).digest('base64url');
  const [owner, app, system] = ROLE_KINDS.map(password);
  return { host: LOOPBACK, port, passwords: { owner, app, system }, superuser: password('superuser') };
}

const noteFile = ({ home }: Layout) => join(home, 'postgres.json');

async function readNote(layout: Layout): Promise<Note | undefined> {
  const file = noteFile(layout);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new Misconfigured(`${file} cannot be read; start Steward as the user who made it, or give the file to this user`, {
      cause: error,
    });
  }
  const parsed = Note.safeParse(JSON.parse(text));
  if (!parsed.success) throw new Misconfigured(`${file} is damaged; put it back from a backup of the data directory`);
  return parsed.data;
}

/** Two processes may start at once: the first one's note stands. */
async function settleNote(layout: Layout, note: Note): Promise<Note> {
  const draft = await draftOf(layout, note);
  try {
    await link(draft, noteFile(layout));
    return note;
  } catch (error) {
    const other = await readNote(layout);
    if (other === undefined) throw error;
    return other;
  } finally {
    await rm(draft, { force: true });
  }
}

async function draftOf(layout: Layout, note: Note): Promise<string> {
  const draft = `${noteFile(layout)}.${randomBytes(6).toString('hex')}`;
  await writeFile(draft, '', { mode: 0o600 });
  await keepPrivate(draft);
  await writeFile(draft, `${JSON.stringify(note)}\n`);
  return draft;
}

/** Nobody but its owner reads it. Windows knows no modes: there the file stops inheriting and names its owner alone. */
async function keepPrivate(file: string): Promise<void> {
  if (process.platform !== 'win32') return chmod(file, 0o600);
  const run = promisify(execFile);
  const { stdout } = await run('whoami', ['/user', '/fo', 'csv', '/nh'], { encoding: 'utf8', windowsHide: true });
  const sid = /S-1-[\d-]+/.exec(stdout)?.[0];
  if (sid === undefined)
    throw new Misconfigured("Windows does not say who this user is (whoami /user): the database password can't be kept private");
  await run('icacls', [file, '/inheritance:r', '/grant:r', `*${sid}:F`], { windowsHide: true });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, LOOPBACK, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
