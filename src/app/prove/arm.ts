import { Misconfigured } from '#core/errors.ts';
import { armCrashPoint, CRASH_POINTS, dieHere } from '#core/effects/crash-points.ts';

/** `effects.after-handed:2`: this process kills itself the second time it passes there. For `steward prove kill` alone. */
export function armCrash(setting: string): void {
  const [name, hit = '1'] = setting.split(':');
  const point = CRASH_POINTS.find((known) => known === name);
  if (point === undefined) throw new Misconfigured(`STEWARD_CRASH_AT names no crash point; there are ${CRASH_POINTS.join(', ')}`);
  armCrashPoint(point, dieHere, Number(hit));
}
