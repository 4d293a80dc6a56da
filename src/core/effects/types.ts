import type { Transaction } from '#core/database/database.ts';
import type { Facts } from '#core/engine/types.ts';
import type { Runtime } from '#core/runtime.ts';

export type EffectState = 'reserved' | 'handed' | 'confirmed' | 'refused' | 'in_doubt';

/** An act outside, as the ledger knows it. */
export interface Effect {
  readonly id: string;
  readonly companyId: string;
  /** `email`, `sms`, `post` … names the EffectKind. */
  readonly kind: string;
  /** Unique in its company: (run, step, channel) for a message. A second reservation of the same key is the first one. */
  readonly key: string;
  readonly subject: { readonly type: string; readonly id: string };
  readonly connectionId: string | null;
  readonly state: EffectState;
  readonly attempts: number;
  readonly payload: Facts;
}

/** An effect with what its kind's `claimed` reads beside it: columns under their names. */
export interface ClaimedEffect extends Effect {
  readonly beside: Readonly<Record<string, unknown>>;
}

export interface Reservation {
  readonly companyId: string;
  readonly kind: string;
  readonly key: string;
  readonly subject: { readonly type: string; readonly id: string };
  readonly connectionId?: string | null;
  /** Not before this moment. Default: now. */
  readonly dueAt?: Date;
  readonly payload?: Facts;
}

/** The last check, in the transaction that would mark it handed. */
export type HandVerdict =
  /** `connectionId`: it goes by another connection than it was reserved for. */
  | { readonly go: true; readonly connectionId?: string | null }
  | { readonly go: false; readonly refuse: string }
  /** `guess`: nobody knows when; it is asked again at `until` because a person may have changed something. */
  | { readonly go: false; readonly until: Date; readonly reason: string; readonly guess?: boolean };

/** What came of it at the vendor. */
export interface Receipt {
  readonly externalId: string | null;
  readonly detail: Facts;
}

export type Outcome =
  | { readonly state: 'confirmed'; readonly receipt: Receipt }
  | { readonly state: 'refused'; readonly reason: string }
  | { readonly state: 'in_doubt'; readonly reason: string };

/**
 * How one kind of act is done. `perform` throws VendorRefused (final: refused), VendorUnavailable *before anything was
 * handed over* (tried again later), CredentialsRejected (held until the connection is mended), or MaybeDone (the answer was lost: looked up
 * with `find`, else in doubt).
 */
export interface EffectKind {
  readonly kind: string;
  /** Read with each effect in the statement that claims it: a list of columns, and a join to the effect `e`. */
  readonly claimed?: { readonly columns: string; readonly join: string };
  /** The module's own rows, written by the statement that settles the ledger. Instead of `settled` there. */
  readonly settling?: Settling;
  /** How many may be under way in this process at once. */
  readonly concurrency: number;
  /**
   * Each goes to a place of its own and may be repeated: one that is away says nothing about the others, so calls are not begun more slowly because
   * of it, nor after a start.
   */
  readonly apart?: true;
  /** `perform` keeps time by itself, as a socket does, and looks at no signal: none is made. A campaign would keep fifty thousand timers. */
  readonly ownTime?: true;
  /** Batch: one verdict each, in the same order. Runs in the transaction that marks them handed. */
  check(tx: Transaction, effects: readonly ClaimedEffect[], runtime: Runtime): Promise<readonly HandVerdict[]>;
  perform(effect: Effect, runtime: Runtime, signal: AbortSignal): Promise<Receipt>;
  /**
   * After a crash: did it happen? `repeat` means the vendor's idempotency key makes a second call harmless.
   * `evidence` is what was seen, in words, for the person who decides then. Absent: unknowable, in doubt.
   */
  find?(effect: Effect, runtime: Runtime): Promise<Receipt | 'not_done' | 'repeat' | 'unknown' | { readonly evidence: string }>;
  /** What the receipt would say, had it been done: a rehearsal captures the act and settles it with this. Default: an empty one. */
  rehearse?(effect: Effect, runtime: Runtime): Receipt;
  /** The module's own rows, in the transaction that settles the ledger. Batch. */
  settled(tx: Transaction, outcomes: readonly Settled[], runtime: Runtime): Promise<void>;
}

export interface Settled {
  readonly effect: Effect;
  readonly outcome: Outcome;
}

/**
 * What a module writes when its effects are settled, as further parts of the ledger's own statement: one trip for the ledger, the
 * module's rows, timeline and events of a whole batch.
 */
export interface Settling {
  /**
   * `, name as (…) … select …`: reads `written (id)`, the effects that the ledger settled just now, $1, the JSON of `rows`, and
   * $2, the moment. Its rows go to `rest`.
   */
  readonly sql: string;
  rows(settled: readonly Settled[], runtime: Runtime): readonly object[];
  /** For the rare ones that need more statements. */
  rest?(tx: Transaction, rows: readonly Record<string, unknown>[], runtime: Runtime): Promise<void>;
}

export interface Effects {
  /** In the transaction that decided the act. Answers the effect id by key, old or new. */
  reserve(tx: Transaction, reservations: readonly Reservation[]): Promise<ReadonlyMap<string, string>>;
  /** A person settles an in-doubt effect: it happened, or it did not and may be sent (again) or dropped. */
  decide(tx: Transaction, effectId: string, decision: Decision): Promise<void>;
  /** Effects of this connection that waited for new credentials may go. Answers how many. */
  release(tx: Transaction, connectionId: string): Promise<number>;
  /** Reserved ones that nobody wants any more: refused with this reason. Those already handed can't be taken back. Answers their keys. */
  withdraw(tx: Transaction, companyId: string, keys: readonly string[], reason: string): Promise<readonly string[]>;
  /** Reserved ones may go now, whatever moment they waited for (launch, end of a pause). Answers how many. */
  hasten(
    tx: Transaction,
    which: { readonly companyId: string; readonly kind: string; readonly connectionId?: string; readonly effectIds?: readonly string[] },
  ): Promise<number>;
}

export type Decision = 'happened' | 'send_again' | 'drop';
