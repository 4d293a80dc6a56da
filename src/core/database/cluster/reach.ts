import { readFileSync, statSync, lstatSync } from 'node:fs';
import { dirname } from 'node:path';

/** Whether a user who is neither owner nor in the group may pass through this directory and all above it. */
export function othersCanEnter(directory: string): boolean {
  for (let current = directory; ; current = dirname(current)) {
    if ((statSync(current).mode & 0o001) === 0) return false;
    if (current === dirname(current)) return true;
  }
}

/** A directory that nobody else could have put there: ours, closed to others, no link. */
export function isPrivateDirectory(path: string, uid: number): boolean {
  try {
    const found = lstatSync(path);
    return found.isDirectory() && found.uid === uid && (found.mode & 0o077) === 0;
  } catch {
    return false;
  }
}

/**
 * A uid that no account has, for PostgreSQL when Steward runs as root (it refuses to be root). Nobody can log in as it, so
 * nobody but root enters its directory. Below 60000: container engines often map no higher ids.
 */
export function spareUid(seed: number): number {
  let taken: ReadonlySet<number>;
  try {
    taken = new Set(
      readFileSync('/etc/passwd', 'utf8')
        .split('\n')
        .map((line) => Number(line.split(':')[2])),
    );
  } catch {
    taken = new Set();
  }
  let uid = 52_000 + (seed % 6_000);
  while (taken.has(uid)) uid += 1;
  return uid;
}

/** An account for initdb, which asks the system who it is; its files are given to the spare uid right after. */
export function nobodyIds(): { readonly uid: number; readonly gid: number } {
  const lines = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const account = lines.find(([name]) => name === 'nobody') ?? lines.find(([, , uid]) => Number(uid) > 0);
  if (account === undefined) throw new Error('/etc/passwd has no account but root');
  return { uid: Number(account[2]), gid: Number(account[3]) };
}
