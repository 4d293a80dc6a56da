import { statfs } from 'node:fs/promises';
import type { Statement } from '#core/database/database.ts';
import type { Runtime } from '#core/runtime.ts';
import { isLate, planOf } from '../backups/plan.ts';
import { bad, count, ok, warn, type Said } from './finding.ts';

const GIB = 2 ** 30;
const ANSWER_MS = 5_000;

const CONNECTIONS: Statement = {
  name: 'doctor.connections',
  text: `select title, state, error, sealed_credentials as sealed from connections
    union all select 'The webhook to ' || url, 'ok', null, sealed_secret from webhook_endpoints`,
};

export async function disk(runtime: Runtime): Promise<Said> {
  const found = await statfs(runtime.config.home).catch(() => null);
  if (found === null)
    return warn('The data directory is not on this machine, so its room is not known.', 'Run the doctor where STEWARD_HOME is.');
  const free = found.bavail * found.bsize;
  const share = found.blocks === 0 ? 1 : found.bavail / found.blocks;
  const says = `${(free / GIB).toFixed(1)} GiB free (${Math.round(share * 100)} %).`;
  if (free < GIB / 2) return bad(says, 'Make room now: PostgreSQL stops when the disk is full.');
  if (free < 2 * GIB || share < 0.05) return warn(says, 'Make room, or keep fewer backups.');
  return ok(says);
}

export function key(runtime: Runtime): Promise<Said> {
  const { secrets } = runtime;
  const whole = secrets.open(secrets.seal('doctor', 'doctor'), 'doctor') === 'doctor';
  return Promise.resolve(
    whole
      ? ok('The key that seals credentials can be read.')
      : bad('The key seals and does not open.', 'Put STEWARD_SECRET back as it was.'),
  );
}

export async function connections(runtime: Runtime): Promise<Said> {
  const rows = await runtime.system.read((tx) =>
    tx.query<{ title: string; state: string; error: string | null; sealed: string }>(CONNECTIONS, []),
  );
  const unreadable = rows.filter(({ sealed }) => !runtime.secrets.knows(sealed));
  if (unreadable.length > 0)
    return bad(
      `${count(unreadable.length, 'connection')} sealed with another key: ${unreadable[0]?.title ?? ''}.`,
      'Put the old STEWARD_SECRET or secret.key back, or enter the credentials anew.',
    );
  const failing = rows.filter(({ state, error }) => state === 'rejected' || error !== null);
  if (failing.length > 0)
    return bad(`${failing[0]?.title ?? ''}: ${failing[0]?.error ?? 'its credentials were rejected'}.`, 'Open Connections and test it.');
  return ok(rows.length === 0 ? 'Nothing is connected yet.' : `${count(rows.length, 'connection')}, none with a fault.`);
}

export async function backups(runtime: Runtime): Promise<Said> {
  if (runtime.config.demo) return ok('The demo keeps nothing that a backup could save.');
  const plan = await planOf(runtime);
  const stored = await runtime.backups?.list(plan.directory);
  const broken = stored?.find(({ error }) => error !== null);
  if (plan.error !== null) return bad(`The last backup failed: ${plan.error}.`, 'Mend it, then run: steward backup');
  if (plan.drillError !== null)
    return bad(`The last one could not be restored on trial: ${plan.drillError}.`, 'Take another: steward backup');
  if (broken !== undefined) return bad(`${broken.name} is damaged: ${broken.error ?? ''}.`, 'Take another: steward backup');
  if (!plan.active) return warn('No backups are taken by themselves.', 'Switch them on: Settings → Backups.');
  if (isLate(plan, runtime.clock.now())) return bad('The last backup is older than it should be.', 'Take one: steward backup');
  const newest = stored?.[0];
  if (newest === undefined) return warn('There is no backup yet; the first comes by plan.', 'Take one now: steward backup');
  return ok(
    `${count(stored?.length ?? 0, 'backup')}; the newest was read back ${newest.verifiedAt.toISOString().slice(0, 16).replace('T', ' ')} UTC.`,
  );
}

/** Whether links in mail lead here. */
export async function address(runtime: Runtime): Promise<Said> {
  const url = runtime.config.STEWARD_PUBLIC_URL;
  if (url === undefined)
    return warn(
      'There is no public address: links in mail lead to this machine only.',
      'Set STEWARD_PUBLIC_URL to the https address that people reach.',
    );
  if (!url.startsWith('https://'))
    return bad(`${url} is not https, so commercial mail is blocked.`, 'Put a proxy with a certificate in front, such as Caddy.');
  try {
    const answer = await fetch(new URL('/api/system/health', url), { signal: AbortSignal.timeout(ANSWER_MS), redirect: 'error' });
    const body: unknown = await answer.json();
    const version = typeof body === 'object' && body !== null && 'version' in body ? body.version : null;
    return version === runtime.version
      ? ok(`${url} answers, and is us.`)
      : warn(`${url} answers, and is not this Steward.`, 'See where the proxy leads.');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return warn(`${url} did not answer from here: ${why}.`, 'Open it in a browser; some networks can’t reach their own outer address.');
  }
}
