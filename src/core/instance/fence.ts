import type { Statement, Transaction } from '#core/database/database.ts';

/** Whether this process may act, as everything that takes up work asks it. */
export interface Fence {
  /** What this process knows; looked up every few seconds. Spares the question while the answer is no. */
  readonly held: boolean;
  /**
   * To be sent first in a transaction that takes up work. Its failure takes the transaction with it, and until that ends no release gets through.
   * @throws Held
   */
  check(tx: Transaction): Promise<unknown>;
  /** The database said no: look at once why. */
  refused(): Promise<void>;
}

/** For an engine that reaches nothing but a sandbox. */
export const NO_FENCE: Fence = { held: false, check: () => Promise.resolve(), refused: () => Promise.resolve() };

export const FENCE: Statement = { name: 'instance.fence', text: 'select steward_fence($1)' };
