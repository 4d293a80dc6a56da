import type { Statement, SystemDatabase, Transaction } from '#core/database/database.ts';
import { Unavailable } from '#core/errors.ts';

/** A round of work takes less; whose transaction lasts longer is stuck or suspended. Milliseconds. */
const PATIENCE_MS = 5_000;

const PATIENCE: Statement = { name: 'instance.patience', text: `set local lock_timeout = ${PATIENCE_MS}` };
/** The other side of `steward_fence`: waits for whoever works, and nobody begins meanwhile. */
const ALONE: Statement = { name: 'instance.alone', text: 'select pg_advisory_xact_lock(7365, 27)' };
/** What a suspended process left open is taken from it: its transaction rolls back. */
const END_STUCK = `select pg_terminate_backend(l.pid) from pg_locks l
  where l.locktype = 'advisory' and l.classid = 7365 and l.objid = 27 and l.objsubid = 2 and l.granted and l.pid <> pg_backend_pid()
    and l.database = (select oid from pg_database where datname = current_database())`;
/** A hold of the whole database keeps who worked on it. Else who worked on it before, and did not wait here, is fenced off. */
const RELEASE: Statement = {
  name: 'instance.release',
  text: `with moved as (
           update steward_instance set epoch = epoch + 1, held_at = null, held_because = null, held_note = null, released_at = now(), released_by = $2 returning epoch),
         kept as (select exists (select from instance_seats s, moved m where s.id = $1 and s.epoch = m.epoch - 1) as everybody)
         update instance_seats s set epoch = m.epoch, because = null, admitted_at = now(), admitted_by = $2 from moved m, kept k
          where s.id = $1 or (k.everybody and s.epoch = m.epoch - 1)
             or (s.epoch is null and s.because <> 'asked' and s.seen_at > now() - interval '20 seconds')
         returning s.says`,
};
const FENCED: Statement = {
  name: 'instance.fenced',
  text: `select s.says from instance_seats s, steward_instance i where s.epoch < i.epoch and s.seen_at > now() - interval '1 hour' order by s.says`,
};
const HOLD: Statement = {
  name: 'instance.hold',
  text: `update steward_instance set held_at = now(), held_because = 'asked', held_note = $1 where held_at is null`,
};

export interface Released {
  /** Host and directory of those that act now. */
  readonly acting: readonly string[];
  /** Of those that worked on this database within the last hour and act no more. */
  readonly fenced: readonly string[];
}

export function releaseSeat(system: SystemDatabase, seat: string, by: string, work: (tx: Transaction) => Promise<void>): Promise<Released> {
  return alone(system, async (tx) => {
    const acting = await tx.query<{ says: string }>(RELEASE, [seat, by]);
    await work(tx);
    const fenced = await tx.query<{ says: string }>(FENCED, []);
    return { acting: acting.map((row) => row.says).toSorted(), fenced: fenced.map((row) => row.says) };
  });
}

export async function holdAll(system: SystemDatabase, by: string, note: string): Promise<void> {
  await alone(system, (tx) => tx.query(HOLD, [note === '' ? `asked by ${by}` : note]));
}

async function alone<T>(system: SystemDatabase, work: (tx: Transaction) => Promise<T>): Promise<T> {
  const attempt = () =>
    system.write(async (tx) => {
      await tx.query(PATIENCE, []);
      await tx.query(ALONE, []);
      return work(tx);
    });
  try {
    return await attempt();
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    await system.execute(END_STUCK);
    return attempt();
  }
}
