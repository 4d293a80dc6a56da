import { readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import type { Statement, SystemDatabase } from '#core/database/database.ts';
import { newId } from '#core/ids.ts';

/** Silent for this long, a worker is taken for dead. Real time of the database, not our clock: processes die in real time. */
const LEASE_MS = 20_000;

const BEAT: Statement = {
  name: 'effects.beat',
  text: `insert into workers (id, host, pid) values ($1, $2, $3) on conflict (id) do update set beat_at = now()`,
};
const LEAVE: Statement = {
  name: 'effects.leave',
  text: `delete from workers w where w.id = $1 and not exists (select 1 from effects e where e.owner = $1 and e.state = 'handed')`,
};
// After a restart of the database everybody gets one more span: those that live could not say so while it was away.
const OTHERS: Statement = {
  name: 'effects.other_workers',
  text: `select id, host, pid, greatest(beat_at, pg_postmaster_start_time()) < now() - $2 * interval '1 millisecond' as silent from workers where id <> $1`,
};

/** Where this process is: a pid means something only to a neighbour in the same pid namespace. */
function placeOf(): string {
  try {
    return `${hostname()} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return hostname(); // no namespaces on this system
  }
}

/** This process among the workers: its id owns the effects that it hands over. */
export class Lease {
  readonly id = newId();
  readonly #system: SystemDatabase;
  readonly #place = placeOf();
  readonly #leaseMs: number;
  #beatAt = performance.now();
  #entered = false;
  #neighbours = 0;

  /** @param leaseMs the same in every process of one database. Default 20 s */
  constructor(system: SystemDatabase, leaseMs = LEASE_MS) {
    this.#system = system;
    this.#leaseMs = leaseMs;
  }

  /** This process says that it lives this often, in milliseconds. */
  get beatMs(): number {
    return this.#leaseMs / 4;
  }
  /** Nothing is begun that was handed over longer ago than this, in milliseconds: others may think us dead before long. */
  get trustMs(): number {
    return this.#leaseMs / 2;
  }

  /** Must have been called once before anything is handed over. */
  async beat(): Promise<void> {
    const at = performance.now();
    await this.#system.write((tx) => tx.query(BEAT, [this.id, this.#place, process.pid]));
    this.#beatAt = at;
    this.#entered = true;
  }
  async enter(): Promise<void> {
    if (!this.#entered) await this.beat();
  }
  async leave(): Promise<void> {
    if (this.#entered) await this.#system.write((tx) => tx.query(LEAVE, [this.id]));
    this.#entered = false;
  }

  /** Others may think us dead before long: say so again before anything new goes out. */
  get doubtful(): boolean {
    return performance.now() - this.#beatAt > this.trustMs;
  }

  /** Other workers that lived when `dead` last looked. */
  get neighbours(): number {
    return this.#neighbours;
  }

  /** Workers that are gone: silent for too long, or no such process on this machine any more. */
  async dead(): Promise<string[]> {
    const rows = await this.#system.read((tx) =>
      tx.query<{ id: string; host: string; pid: number; silent: boolean }>(OTHERS, [this.id, this.#leaseMs]),
    );
    const gone = rows.filter((row) => row.silent || (row.host === this.#place && !isAlive(row.pid))).map((row) => row.id);
    this.#neighbours = rows.length - gone.length;
    return gone;
  }

  /** Forgets a dead worker once nothing of it is left to look into. */
  async forget(id: string): Promise<void> {
    await this.#system.write((tx) => tx.query(LEAVE, [id]));
  }
}

/** Our own pid was ours only from now on: a worker under it before is gone. */
function isAlive(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}
