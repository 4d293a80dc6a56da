import { TooManyRequests } from '#core/errors.ts';
import type { AnyOperation } from './operation.ts';
import { principalKey } from './trace.ts';
import type { Principal } from './principal.ts';

/**
 * Requests a minute per caller (and, for operations that set their own rate, per caller and operation), as a bucket that
 * refills evenly (GCRA: one number a caller). In this process's memory: N web processes allow N times as much, which is
 * fine for load; sign-in throttling, which must not be, lives in the database.
 */
export interface Limiter {
  readonly perMinute: number;
  readonly now: () => number;
  /** When the bucket would be full again, in ms, by caller. */
  readonly full: Map<string, number>;
}

const MINUTE_MS = 60_000;
const MOST_CALLERS = 100_000;

export function openLimiter(perMinute: number, now: () => number = () => performance.now()): Limiter {
  return { perMinute, now, full: new Map() };
}

/** @throws TooManyRequests with the seconds to wait. */
export function allow(limiter: Limiter, operation: AnyOperation, principal: Principal, ip: string): void {
  const caller = principal.kind === 'public' ? `ip:${ip}` : principalKey(principal);
  take(limiter, caller, limiter.perMinute);
  if (operation.ratePerMinute !== undefined) take(limiter, `${caller} ${operation.name}`, operation.ratePerMinute);
}

function take(limiter: Limiter, caller: string, perMinute: number): void {
  const waitMs = waitOf(limiter, caller, perMinute);
  if (waitMs === 0) return;
  const seconds = Math.ceil(waitMs / 1000);
  throw new TooManyRequests(`Too many requests: at most ${perMinute} a minute. Try again in ${seconds} s`, { retryAfterS: seconds });
}

/** For what is let pass either way, and only counted so often. */
export function hasRoom(limiter: Limiter, caller: string): boolean {
  return waitOf(limiter, caller, limiter.perMinute) === 0;
}

/** Milliseconds to wait; 0: there was room, and it is taken. */
function waitOf(limiter: Limiter, caller: string, perMinute: number): number {
  const now = limiter.now();
  const full = Math.max(limiter.full.get(caller) ?? now, now) + MINUTE_MS / perMinute;
  if (full - now > MINUTE_MS) return full - now - MINUTE_MS;
  if (limiter.full.size >= MOST_CALLERS) forgetIdle(limiter, now);
  limiter.full.set(caller, full);
  return 0;
}

function forgetIdle(limiter: Limiter, now: number): void {
  for (const [caller, full] of limiter.full) if (full <= now) limiter.full.delete(caller);
  if (limiter.full.size >= MOST_CALLERS) limiter.full.clear();
}
