import type { Statement, Transaction } from '#core/database/database.ts';
import { AppError } from '#core/errors.ts';
import type { Runtime } from '#core/runtime.ts';
import type { Moving } from './moving.ts';
import { branchStep, endStep, waitStep } from './steps/core.ts';
import { loopStep } from './steps/loop.ts';
import type { BatchStepType, StepItem, StepResult, StepType } from './types.ts';

const SAVEPOINT: Statement = { name: 'engine.savepoint', text: 'savepoint step' };
const RELEASE: Statement = { name: 'engine.release', text: 'release savepoint step' };
const ROLLBACK: Statement = { name: 'engine.rollback_to', text: 'rollback to savepoint step' };

/** They touch no database: no savepoint. */
const PURE: ReadonlySet<StepType> = new Set([waitStep, branchStep, endStep, loopStep]);

/**
 * Runs one batch step for many runs. When it throws, its writes are undone and the batch is halved until only the
 * faulty runs fail, so one bad item never costs the others.
 */
export async function runBatchStep(
  tx: Transaction,
  type: BatchStepType,
  moving: readonly Moving[],
  runtime: Runtime,
): Promise<readonly StepResult[]> {
  const items = moving.map((one) => ({ run: one.view(), input: one.step?.input }));
  if (PURE.has(type)) return type.run(tx, items, runtime);
  return guarded(tx, type, items, runtime);
}

async function guarded(
  tx: Transaction,
  type: BatchStepType,
  items: readonly StepItem<unknown>[],
  runtime: Runtime,
): Promise<readonly StepResult[]> {
  const [, attempt] = await Promise.all([tx.query(SAVEPOINT, []), settled(type, tx, items, runtime)]);
  if (!(attempt instanceof Failed)) {
    await tx.query(RELEASE, []);
    return attempt;
  }
  await tx.query(ROLLBACK, []);
  await tx.query(RELEASE, []);
  if (items.length === 1) return [failureOf(attempt.cause)];
  const middle = items.length >> 1;
  const left = await guarded(tx, type, items.slice(0, middle), runtime);
  return [...left, ...(await guarded(tx, type, items.slice(middle), runtime))];
}

class Failed {
  readonly cause: unknown;
  constructor(cause: unknown) {
    this.cause = cause;
  }
}

async function settled(
  type: BatchStepType,
  tx: Transaction,
  items: readonly StepItem<unknown>[],
  runtime: Runtime,
): Promise<readonly StepResult[] | Failed> {
  try {
    const results = await type.run(tx, items, runtime);
    if (results.length !== items.length) throw new Error(`${type.type} answered ${results.length} results for ${items.length} runs`);
    return results;
  } catch (error) {
    return new Failed(error);
  }
}

/** The class of an error is its retry policy; what nobody declared may be a passing fault, so it is tried again. */
export function failureOf(error: unknown): StepResult & { readonly kind: 'fail'; readonly retryAfterMs?: number } {
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof AppError)) return { kind: 'fail', error: message, retry: 'later' };
  return {
    kind: 'fail',
    error: message,
    retry: error.retry,
    ...(error.retryAfterS === undefined ? {} : { retryAfterMs: error.retryAfterS * 1_000 }),
  };
}
