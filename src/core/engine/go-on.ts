import type { Statement, Transaction } from '#core/database/database.ts';
import { newId } from '#core/ids.ts';
import { Batch } from './advance.ts';
import type { CompiledStep } from './definition.ts';
import { isLive } from './family.ts';
import type { Parts } from './parts.ts';
import { lockRuns, saveRuns, type RunRow } from './rows.ts';
import type { Facts } from './types.ts';

const SAVEPOINT: Statement = { name: 'engine.go_on_savepoint', text: 'savepoint go_on' };
const RELEASE: Statement = { name: 'engine.go_on_release', text: 'release savepoint go_on' };
const ROLLBACK: Statement = { name: 'engine.go_on_rollback', text: 'rollback to savepoint go_on' };

/** A run that an event has woken. Its row, locked by this transaction, says so only when it goes on. */
export interface Woken {
  readonly id: string;
  readonly signal: { readonly name: string; readonly payload: Facts };
}

/** It waited for an event, nobody has it in hand, and to go on takes its step a moment. */
export function goesOnAtOnce(row: Pick<RunRow, 'state' | 'held_by' | 'moving'>, step: CompiledStep | undefined): boolean {
  return row.state === 'waiting' && row.held_by === null && !row.moving && (step?.type.quick === true || step?.type.quickAgain === true);
}

/**
 * Moves runs that events have woken, after the modules have heard of these events and in the same transaction: each is written once instead of twice and
 * never sees the queue (docs/adr/0128-woken-runs-go-on.md). What a module did to a run meanwhile stands.
 */
export async function goOn(parts: Parts, tx: Transaction, woken: readonly Woken[], now: Date): Promise<{ due: number; steps: number }> {
  if (woken.length === 0) return { due: 0, steps: 0 };
  await tx.query(SAVEPOINT, []);
  try {
    const rows = await wake(tx, woken, now);
    const batch = new Batch(parts, tx);
    const moving = await batch.open(rows.filter((row) => row.state === 'running'));
    const again = new Set(moving.flatMap((one) => (one.row.journal_open ? [one] : [])));
    await batch.run(moving, (type, one) => type.quick === true || (type.quickAgain === true && again.delete(one)));
    await batch.close(moving, []);
    await tx.query(RELEASE, []);
    return { due: moving.filter(({ row }) => row.ticket !== null).length, steps: batch.steps };
  } catch (error) {
    // One of them can't be moved: the queue finds out which, and holds up nobody else.
    await tx.query(ROLLBACK, []);
    parts.log.debug({ err: error, runs: woken.length }, 'woken runs go the long way');
    return { due: await putOnQueue(parts, tx, woken, now), steps: 0 };
  }
}

/** Their rows as they are by now, those that still wait woken. */
async function wake(tx: Transaction, woken: readonly Woken[], now: Date): Promise<RunRow[]> {
  const signals = new Map(woken.map(({ id, signal }) => [id, signal]));
  const rows = (await lockRuns(tx, [...signals.keys()].toSorted())).filter(isLive);
  const others: RunRow[] = [];
  for (const row of rows) {
    Object.assign(row, { waits_for: [], signal: signals.get(row.id) ?? null } satisfies Partial<RunRow>);
    if (row.state === 'waiting') Object.assign(row, { state: 'running', wake_at: null } satisfies Partial<RunRow>);
    else {
      if (row.state === 'paused') row.wake_at = now;
      others.push(row);
    }
  }
  await saveRuns(tx, others, now);
  return rows.filter((row) => !others.includes(row));
}

async function putOnQueue(parts: Parts, tx: Transaction, woken: readonly Woken[], now: Date): Promise<number> {
  const rows = await wake(tx, woken, now);
  const tickets = rows.map((row) => {
    const id = newId();
    row.ticket = id;
    return { id, runId: row.id, companyId: row.company_id };
  });
  await saveRuns(tx, rows, now);
  await parts.queue.add(tx, 'runs', tickets);
  await tx.query(RELEASE, []);
  return tickets.length;
}
