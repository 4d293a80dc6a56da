import type { Facts } from '#core/engine/types.ts';

/** A plain object as JSON knows it. */
export function asJson(value: object): Facts {
  return JSON.parse(JSON.stringify(value));
}
