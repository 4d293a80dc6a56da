import { CredentialsRejected, VendorRefused, VendorUnavailable } from '#core/connector/errors.ts';
import { HeldBack } from '#core/connector/turns.ts';
import type { Runtime } from '#core/runtime.ts';
import type { Result } from './settle.ts';
import type { Effect, EffectKind } from './types.ts';

/** One call may take this long; then nobody knows what came of it. */
const TIMEOUT_MS = 120_000;
const NEVER = new AbortController().signal;
/** 30 s, 1 min, 2 min … an hour; about two days in all. */
const FIRST_DELAY_MS = 30_000;
const LONGEST_DELAY_MS = 3_600_000;
const MOST_ATTEMPTS = 50;

/** The act itself, and what its end means. The class of the error is the policy; an error that nobody declared may have happened. */
export async function perform(kind: EffectKind, effect: Effect, runtime: Runtime): Promise<Result> {
  try {
    const signal = kind.ownTime === true ? NEVER : AbortSignal.timeout(TIMEOUT_MS);
    return { state: 'confirmed', receipt: await kind.perform(effect, runtime, signal) };
  } catch (error) {
    const reason = messageOf(error);
    if (error instanceof VendorRefused) return { state: 'refused', reason };
    if (error instanceof CredentialsRejected)
      return { state: 'reserved', dueAt: runtime.clock.now(), reason, hold: effect.connectionId !== null, counts: false };
    if (error instanceof HeldBack) return heldBack(reason, error.retryAfterS ?? 1, runtime);
    if (error instanceof VendorUnavailable) return unavailable(effect, reason, error.retryAfterS, runtime);
    return lookUp(kind, effect, runtime, reason);
  }
}

/** Its turn is far off: it waits in the queue, and that costs no attempt. */
function heldBack(reason: string, retryAfterS: number, runtime: Runtime): Result {
  return { state: 'reserved', dueAt: new Date(runtime.clock.now().getTime() + retryAfterS * 1_000), reason, hold: false, counts: false };
}

function unavailable(effect: Effect, reason: string, retryAfterS: number | undefined, runtime: Runtime): Result {
  if (effect.attempts >= MOST_ATTEMPTS) return { state: 'refused', reason: `given up after ${effect.attempts} attempts: ${reason}` };
  const delay = Math.max((retryAfterS ?? 0) * 1_000, backOffMs(effect.attempts));
  return { state: 'reserved', dueAt: new Date(runtime.clock.now().getTime() + delay), reason, hold: false, counts: true };
}

function backOffMs(attempts: number): number {
  return Math.min(FIRST_DELAY_MS * 2 ** Math.max(0, attempts - 1), LONGEST_DELAY_MS);
}

/** It may be done (again). At once the first time, then later and later: a vendor whose answers get lost is not asked without end. */
function again(effect: Effect, lost: string, runtime: Runtime): Result {
  if (effect.attempts >= MOST_ATTEMPTS) return { state: 'in_doubt', reason: `given up after ${effect.attempts} attempts: ${lost}` };
  const delay = effect.attempts <= 1 ? 0 : backOffMs(effect.attempts - 1);
  return { state: 'reserved', dueAt: new Date(runtime.clock.now().getTime() + delay), reason: lost, hold: false, counts: true };
}

/**
 * Did it happen? Asked at the vendor where that is possible. `lost` says why nobody knows.
 * What can't be known is in doubt: a person decides, it is never silently done twice.
 */
export async function lookUp(kind: EffectKind, effect: Effect, runtime: Runtime, lost: string): Promise<Result> {
  if (kind.find === undefined) return { state: 'in_doubt', reason: lost };
  try {
    const found = await kind.find(effect, runtime);
    if (found === 'unknown') return { state: 'in_doubt', reason: lost };
    if (typeof found === 'object' && 'evidence' in found) return { state: 'in_doubt', reason: `${lost}; ${found.evidence}` };
    if (found === 'not_done' || found === 'repeat') return again(effect, lost, runtime);
    return { state: 'confirmed', receipt: found };
  } catch (error) {
    return { state: 'in_doubt', reason: `${lost}; looking it up failed: ${messageOf(error)}` };
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
