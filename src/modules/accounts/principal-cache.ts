import type { Clock } from '#core/clock.ts';
import type { Database } from '#core/database/database.ts';
import type { Runtime } from '#core/runtime.ts';

/** How long a change made by another process may go unseen. This process's own changes are seen at once. */
const LIFE_MS = 4_000;
const MOST_ENTRIES = 20_000;

/**
 * Who a credential belongs to, for a few seconds: a busy caller costs no query a request. `forget` on every write that
 * touches users, sessions or keys; those are rare, so it empties the whole cache.
 */
export class PrincipalCache<Value> {
  readonly #clock: Clock;
  readonly #entries = new Map<string, { value: Value; until: number }>();
  /** Goes up when the cache is emptied, so that an answer that was on its way then is not kept. */
  #epoch = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get(key: string): Value | undefined {
    const entry = this.#entries.get(key);
    return entry !== undefined && entry.until > this.#clock.now().getTime() ? entry.value : undefined;
  }

  /** Asks `load` and keeps what it says, also a no (null): a bad key that hammers us costs little. */
  async load(key: string, load: () => Promise<Value>): Promise<Value> {
    const epoch = this.#epoch;
    const value = await load();
    if (epoch === this.#epoch) {
      if (this.#entries.size >= MOST_ENTRIES) this.#entries.clear();
      this.#entries.set(key, { value, until: this.#clock.now().getTime() + LIFE_MS });
    }
    return value;
  }

  forget(): void {
    this.#epoch += 1;
    this.#entries.clear();
  }
}

/** Something of this process's that remembers who people are. */
interface Forgetful {
  forget(): void;
}

/** By database: the one part that everything of a process shares. */
const caches = new WeakMap<Database, Set<Forgetful>>();

export function remember({ database }: Pick<Runtime, 'database'>, cache: Forgetful): void {
  const known = caches.get(database) ?? new Set();
  caches.set(database, known.add(cache));
}

/** Call after the commit of anything that changes who may come in. */
export function forgetPrincipals({ database }: Pick<Runtime, 'database'>): void {
  for (const cache of caches.get(database) ?? []) cache.forget();
}
