import type { Statement, Transaction } from '#core/database/database.ts';

const RELAXED: Statement = { name: 'engine.relaxed_commit', text: 'set local synchronous_commit = off' };

/**
 * This transaction need not wait for the disk. Safe where nothing but the database learns of its commit: a crash of the database
 * within the next fraction of a second takes it back whole, and the work is done again. What goes out (effects) commits with a
 * flush, which takes everything before it to disk too. (docs/adr/0008-engine-commits.md)
 */
export function relaxed(tx: Transaction): Promise<unknown> {
  return tx.query(RELAXED, []);
}
