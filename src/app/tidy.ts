import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * Gives back, once, what loading some two thousand modules left lying: V8 would keep the room for the next spike. 228 MB at rest become 192, for a
 * quarter of a second on a busy machine (docs/adr/0136-memory-at-rest.md).
 */
export function tidyAfterStart(): void {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  setFlagsFromString('--no-expose-gc');
  if (typeof collect === 'function') collect({ type: 'major', flavor: 'last-resort' });
}
