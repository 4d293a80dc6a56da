import { randomBytes } from 'node:crypto';
import { chmod, link, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Misconfigured } from './errors.ts';
import { ensureHome } from './home.ts';
import type { Secret } from './secrets.ts';

export type Keys = readonly [string, ...string[]];

/**
 * The keys of this installation, current one first: STEWARD_SECRET (comma-separated to rotate), then the key file of its data
 * directory, which is made on the first start without STEWARD_SECRET. A file's key still opens what it sealed after STEWARD_SECRET is set.
 */
export async function loadKeys(home: string, setting: Secret | undefined): Promise<Keys> {
  const given = (setting?.reveal() ?? '')
    .split(',')
    .map((key) => key.trim())
    .filter((key) => key !== '');
  const file = join(home, 'secret.key');
  const kept = await readKey(file);
  const [first, ...others] = [...given, ...(kept === undefined ? [] : [kept])];
  if (first !== undefined) return [first, ...others];
  return [await makeKey(home, file)];
}

async function readKey(file: string): Promise<string | undefined> {
  try {
    return (await readFile(file, 'utf8')).trim() || undefined;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new Misconfigured(`${file} cannot be read; start Steward as the user who made it, or give the file to this user`, {
      cause: error,
    });
  }
}

/** Several processes may start at once: the first one's key stands. */
async function makeKey(home: string, file: string): Promise<string> {
  await ensureHome(home);
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600 });
  await chmod(draft, 0o600);
  try {
    await link(draft, file);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    await rm(draft, { force: true });
  }
  const made = await readKey(file);
  if (made === undefined) throw new Misconfigured(`${file} is empty; put the key back, or remove the file and enter every connection anew`);
  return made;
}
