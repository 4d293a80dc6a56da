/**
 * Places where a kill hurts most. Tests and `steward prove kill` arm one; nothing happens at the others.
 * Each has a test that kills the process there and counts what the world received.
 */
export const CRASH_POINTS = [
  'engine.dispatch.before-commit',
  'engine.dispatch.after-commit',
  'engine.wake.before-commit',
  'engine.advance.before-commit',
  'engine.advance.after-commit',
  'engine.activity.after-begin',
  'engine.activity.before-commit',
  'engine.activity.after-commit',
  'effects.before-handed',
  'effects.after-handed',
  'effects.before-perform',
  'effects.after-perform',
  'effects.before-confirm',
  'effects.after-confirm',
] as const;

/** Passed only where a schedule fires. */
export const SCHEDULE_CRASH_POINTS = ['engine.schedule.before-commit', 'engine.schedule.after-commit'] as const;

export type CrashPoint = (typeof CRASH_POINTS)[number] | (typeof SCHEDULE_CRASH_POINTS)[number];

const armed = new Map<CrashPoint, () => void>();

/** Does nothing unless this point is armed. */
export function crashPoint(point: CrashPoint): void {
  if (armed.size > 0) armed.get(point)?.();
}

/** Calls `onHit` the `hit`th time the point is passed. Answers how to disarm it. */
export function armCrashPoint(point: CrashPoint, onHit: () => void, hit = 1): () => void {
  let passed = 0;
  armed.set(point, () => {
    passed += 1;
    if (passed === hit) onHit();
  });
  return () => void armed.delete(point);
}

/** The end of this process, at once, with nothing flushed or closed. */
export function dieHere(): void {
  process.kill(process.pid, 'SIGKILL');
}
