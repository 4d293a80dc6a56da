import type { Transaction } from '#core/database/database.ts';
import { claim, look } from '#core/effects/claim.ts';
import { settle } from '#core/effects/settle.ts';
import type { Effect, EffectKind, Receipt } from '#core/effects/types.ts';
import type { Runtime } from '#core/runtime.ts';
import { failureOf } from '../run-batch.ts';
import { batchStep, type ActivityStepType, type StepItem, type StepResult, type StepType } from '../types.ts';

/** What an effect says that was captured instead of done. */
const CAPTURED: Receipt = { externalId: null, detail: { rehearsed: true } };

/** After every rehearsal's end. */
const NEVER = new Date('9999-01-01T00:00:00Z');

/** The kind with its checks and its bookkeeping, and without its act. Whatever kinds there are: none is performed. */
export function capturedEffect(kind: EffectKind): EffectKind {
  const { find: _find, ...rest } = kind;
  return {
    ...rest,
    // In a rehearsal nobody changes anything: what waits for a person waits to the end.
    async check(tx, effects, runtime) {
      const verdicts = await kind.check(tx, effects, runtime);
      return verdicts.map((verdict) => ('guess' in verdict && verdict.guess === true ? { ...verdict, until: NEVER } : verdict));
    },
    perform: (effect, runtime) => Promise.resolve(kind.rehearse?.(effect, runtime) ?? CAPTURED),
  };
}

/** A step that talks to the network does so in no rehearsal: it is done as it declares, or captured. The others are what they are. */
export function rehearsedStep(type: StepType): StepType {
  return type.mode === 'batch'
    ? type
    : batchStep({ ...batchPartOf(type), run: (tx, items, runtime) => rehearse(type, tx, items, runtime) });
}

/** True for steps of which a rehearsal only says that their turn came. */
export function isCaptured(type: StepType): boolean {
  if (type.mode !== 'activity') return false;
  return type.asksOutside === true || type.rehearse === undefined || (typeof type.rehearse === 'object' && 'sample' in type.rehearse);
}

function batchPartOf({ type, title, input, facts, changesFacts, maxAttempts }: ActivityStepType) {
  return {
    type,
    title,
    input,
    ...(facts === undefined ? {} : { facts }),
    ...(changesFacts === undefined ? {} : { changesFacts }),
    ...(maxAttempts === undefined ? {} : { maxAttempts }),
  };
}

async function rehearse(
  type: ActivityStepType,
  tx: Transaction,
  items: readonly StepItem<unknown>[],
  runtime: Runtime,
): Promise<readonly StepResult[]> {
  const how = type.rehearse;
  if (typeof how === 'function') return how(tx, items, runtime);
  if (how !== 'as_is') return items.map(() => ({ kind: 'next', output: how?.sample ?? null }));
  const results: StepResult[] = [];
  for (const item of items) {
    const result = await type.run(item, runtime, new AbortController().signal).catch(failureOf);
    results.push((await type.commit?.(tx, item, result, runtime)) ?? result);
  }
  return results;
}

/** More at once than a process that really sends: no connection has to be opened. */
export const AT_ONCE = 2_000;

/**
 * The ledger's rounds for one kind: the last check, then the settlement, as a worker would, with nothing in between. Answers how many were looked at.
 */
export async function captureDue(tx: Transaction, kind: EffectKind, companyId: string, owner: string, runtime: Runtime): Promise<number> {
  const now = runtime.clock.now();
  const rows = await look(tx, kind, [companyId], AT_ONCE, now);
  if (rows.length === 0) return 0;
  const claimed = await claim(tx, kind, rows, owner, now, runtime);
  const finished = [];
  for (const effect of claimed.handed)
    finished.push({ effect, result: { state: 'confirmed' as const, receipt: await receiptOf(kind, effect, runtime) } });
  // Sent behind the mark, without waiting for its answer.
  await Promise.all([claimed.marked, settle(tx, kind, owner, finished, now, runtime)]);
  return rows.length;
}

function receiptOf(kind: EffectKind, effect: Effect, runtime: Runtime): Promise<Receipt> {
  return kind.perform(effect, runtime, new AbortController().signal);
}
