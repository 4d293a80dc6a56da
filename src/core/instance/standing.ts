import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Statement, SystemDatabase, Transaction } from '#core/database/database.ts';
import type { Log } from '#core/log.ts';
import { FENCE, type Fence } from './fence.ts';
import { releaseSeat, holdAll, type Released } from './release.ts';
import { readSeen, writeSeen } from './seen-file.ts';
import { seatId, type Home } from './seat.ts';

/** Real time: how often a process looks whether it may act. Held ones look more often, so that a release is soon felt. */
const LOOK_MS = 5_000;
const LOOK_HELD_MS = 1_500;
const SEEN_MS = 60_000;

/**
 * Why nothing acts. Of the database: `restored` from a backup, `went_back` to an older state, `asked` for. Of this home: `unknown` to the database,
 * `copied` from one that it knows, `moved`: it knows this home from another address, `taken_over`: another home was released since.
 */
export type HeldBecause = 'restored' | 'went_back' | 'asked' | 'unknown' | 'copied' | 'moved' | 'taken_over';

/** The reason that stands for a backup where `steward data migrate` brought the rows. */
export const MIGRATED = 'migrated';

/** What a restored or moved database knows of where it comes from. */
export const Restored = z.object({
  takenAt: z.string(),
  reason: z.string(),
  /** Host and data directory where it was taken. */
  from: z.string().nullable(),
  instance: z.string(),
});
export type Restored = z.output<typeof Restored>;

export interface Held {
  readonly because: HeldBecause;
  readonly since: Date;
  readonly note: string | null;
  readonly restored: Restored | null;
  /** Host and directory of the home that this one was copied from, moved from, or lost its place to. */
  readonly other: string | null;
}

export interface Seat {
  readonly home: Home;
  readonly place: string;
  /** The data directory; null: it does not last, nothing is remembered there. */
  readonly directory: string | null;
}

export interface StandingOptions {
  readonly system: SystemDatabase;
  readonly log: Log;
  readonly seat: Seat;
  /** STEWARD_HELD: this home starts held whatever the database says. */
  readonly asked: boolean;
}

const LOCK: Statement = { name: 'instance.enter_lock', text: 'select pg_advisory_xact_lock(7365, 28)' };
/** The first home of a database founds it. Any other waits for one that works on the same database to vouch for it, or for an admin. */
const ENTER: Statement = {
  name: 'instance.enter',
  text: `insert into instance_seats as s (id, home, mark, place, says, epoch, because, admitted_at, admitted_by)
         select $1, $2, $3, $4, $5, case when f.founding then i.epoch end,
                case when f.founding then null when $6 then 'asked'
                     when exists (select from instance_seats o where o.home = $2 and o.mark = $3) then 'moved'
                     when exists (select from instance_seats o where o.home = $2) then 'copied' else 'unknown' end,
                case when f.founding then now() end, case when f.founding then 'the first one' end
           from steward_instance i cross join lateral (
             select not $6 and i.held_at is null and not exists (select from instance_seats o where o.epoch is not null) as founding) f
         on conflict (id) do update set seen_at = now(), says = excluded.says, epoch = case when $6 then null else s.epoch end,
                because = case when $6 then 'asked' else s.because end`,
};
const WENT_BACK: Statement = {
  name: 'instance.went_back',
  text: `update steward_instance set held_at = now(), held_because = 'went_back' where id::text = $1 and epoch <= $2 and ticks < $3 and held_at is null`,
};
const LOOK: Statement = {
  name: 'instance.look',
  text: `with me as (update instance_seats set seen_at = now() where id = $1 returning epoch, because, first_seen_at, home, mark, place)
         select i.id, i.epoch::float8 as epoch, i.held_at, i.held_because, i.held_note, i.restored, i.released_at, i.ticks::float8 as ticks,
                me.epoch::float8 as seat_epoch, me.because, me.first_seen_at,
                case when me.epoch is not null then (select o.says from instance_seats o where o.epoch = i.epoch order by o.seen_at desc limit 1)
                     else (select o.says from instance_seats o where o.id <> $1 and o.home = me.home order by o.seen_at desc limit 1) end as other
           from steward_instance i left join me on true`,
};
const TICK: Statement = {
  name: 'instance.tick',
  text: `update steward_instance i set ticks = ticks + 1 where held_at is null and exists (select from instance_seats s where s.id = $1 and s.epoch = i.epoch) returning ticks::float8 as ticks`,
};
/** Who shows up here is looking at the very database that we work on: no copy has a process of ours in it. */
const VOUCH: Statement = {
  name: 'instance.vouch',
  text: `update instance_seats s set epoch = i.epoch, because = null, admitted_at = now(), admitted_by = $2
           from steward_instance i join instance_seats me on me.id = $1 and me.epoch = i.epoch
          where i.held_at is null and s.epoch is null and s.because in ('unknown', 'copied', 'moved') and s.seen_at > now() - interval '20 seconds'
         returning s.says`,
};

interface Looked {
  readonly id: string;
  readonly epoch: number;
  readonly held_at: Date | null;
  readonly held_because: 'restored' | 'went_back' | 'asked' | null;
  readonly held_note: string | null;
  readonly restored: unknown;
  readonly released_at: Date | null;
  readonly ticks: number;
  readonly seat_epoch: number | null;
  readonly because: HeldBecause | null;
  readonly first_seen_at: Date | null;
  readonly other: string | null;
}

interface State {
  readonly instance: string;
  readonly epoch: number;
  readonly held: Held | null;
}

/** Whether this process may act on its database: docs/adr/0027-held-boot.md. */
export class Standing implements Fence {
  readonly seat: string;
  readonly #options: StandingOptions;
  readonly #listeners = new Set<(held: boolean) => Promise<void>>();
  #onReplaced: () => void = () => undefined;
  #state: State;
  #seenAt = Number.NEGATIVE_INFINITY;
  #watching: { readonly stop: AbortController; readonly ended: Promise<void> } | null = null;

  private constructor(options: StandingOptions, seat: string, looked: Looked) {
    this.#options = options;
    this.seat = seat;
    this.#state = stateOf(looked);
  }

  /** Takes this home's seat at the database, and looks whether it may act. */
  static async enter(options: StandingOptions): Promise<Standing> {
    const { system, seat, asked } = options;
    const id = seatId(seat.home, seat.place);
    const seen = seat.directory === null ? null : await readSeen(seat.directory);
    const looked = await system.write(async (tx) => {
      await tx.query(LOCK, []);
      await tx.query(ENTER, [id, seat.home.id, seat.home.mark, seat.place, seat.home.says, asked]);
      if (seen !== null) await tx.query(WENT_BACK, [seen.instance, seen.epoch, seen.ticks]);
      return look(tx, id);
    });
    return new Standing(options, id, looked);
  }

  get held(): boolean {
    return this.#state.held !== null;
  }
  get why(): Held | null {
    return this.#state.held;
  }
  get instance(): string {
    return this.#state.instance;
  }
  get epoch(): number {
    return this.#state.epoch;
  }
  /** Host and directory. */
  get says(): string {
    return this.#options.seat.home.says;
  }

  check(tx: Transaction): Promise<unknown> {
    return tx.query(FENCE, [this.seat]);
  }
  async refused(): Promise<void> {
    await this.look();
  }

  /** Told after each change. */
  onChange(listener: (held: boolean) => Promise<void>): void {
    this.#listeners.add(listener);
  }
  /** Told when another database stands in the place of ours: what this process remembers of it is worth nothing. */
  onReplaced(listener: () => void): void {
    this.#onReplaced = listener;
  }

  /** Asks the database; says that we live, and vouches for newcomers. */
  async look(): Promise<void> {
    const { system, log, seat } = this.#options;
    const { looked, ticks, joined } = await system.write(async (tx) => {
      const found = await look(tx, this.seat);
      const [tick] = await tx.query<{ ticks: number }>(TICK, [this.seat]);
      const vouched = tick === undefined ? [] : await tx.query<{ says: string }>(VOUCH, [this.seat, seat.home.says]);
      return { looked: found, ticks: tick?.ticks, joined: vouched };
    });
    if (looked.id !== this.#state.instance) {
      log.warn({ instance: looked.id }, 'another database stands in the place of ours');
      return this.#onReplaced();
    }
    for (const { says } of joined) log.info({ home: says }, 'another process works on this database, too');
    await this.#become(stateOf(looked));
    if (ticks !== undefined && seat.directory !== null && performance.now() - this.#seenAt > SEEN_MS) {
      this.#seenAt = performance.now();
      await writeSeen(seat.directory, { instance: looked.id, epoch: looked.epoch, ticks });
    }
  }

  /** Looks again and again until stopped. */
  watch(): void {
    const stop = new AbortController();
    const ended = (async () => {
      while (!stop.signal.aborted) {
        await sleep(this.held ? LOOK_HELD_MS : LOOK_MS, undefined, { signal: stop.signal, ref: false }).catch(() => undefined);
        if (stop.signal.aborted) return;
        await this.look().catch((error: unknown) => this.#options.log.debug({ err: error }, 'could not look whether to act'));
      }
    })();
    this.#watching = { stop, ended };
  }
  async stop(): Promise<void> {
    this.#watching?.stop.abort();
    await this.#watching?.ended;
  }

  /**
   * From now on this home acts, with those that wait beside it; one that worked on this database and is not held as a whole is fenced off.
   * @param work in the same transaction
   */
  async release(by: string, work: (tx: Transaction) => Promise<void>): Promise<Released> {
    const released = await releaseSeat(this.#options.system, this.seat, by, work);
    this.#seenAt = Number.NEGATIVE_INFINITY; // what was seen before the release counts no more
    await this.look();
    return released;
  }

  /** Nothing acts any more on this database, whoever works on it, until it is released. */
  async hold(by: string, note: string): Promise<void> {
    await holdAll(this.#options.system, by, note);
    await this.look();
  }

  async #become(next: State): Promise<void> {
    const before = this.#state.held;
    this.#state = next;
    if ((before === null) === (next.held === null)) return;
    const { log } = this.#options;
    if (next.held === null) log.info({ epoch: next.epoch }, 'released: this process acts');
    else log.warn({ because: next.held.because }, 'held: nothing leaves and nothing fires until an admin releases it');
    for (const listener of this.#listeners) await listener(next.held !== null);
  }
}

async function look(tx: Transaction, seat: string): Promise<Looked> {
  const [looked] = await tx.query<Looked>(LOOK, [seat]);
  if (looked === undefined) throw new Error('steward_instance has lost its row');
  return looked;
}

function stateOf(looked: Looked): State {
  return { instance: looked.id, epoch: looked.epoch, held: heldOf(looked) };
}

function heldOf(looked: Looked): Held | null {
  const parsed = Restored.safeParse(looked.restored);
  const facts = { note: looked.held_note, restored: parsed.success ? parsed.data : null, other: looked.other };
  if (looked.held_at !== null) return { because: looked.held_because ?? 'asked', since: looked.held_at, ...facts };
  if (looked.seat_epoch === looked.epoch) return null;
  const since = looked.first_seen_at ?? looked.released_at ?? new Date(0);
  return looked.seat_epoch === null
    ? { because: looked.because ?? 'unknown', since, ...facts }
    : { because: 'taken_over', since: looked.released_at ?? since, ...facts };
}
