import type { Facts, Json } from '#core/engine/types.ts';

/** JSON of the outside is snake_case; most payloads are already. */
export function snakeKeys(facts: Facts): Facts {
  return Object.fromEntries(Object.entries(facts).map(([key, value]): [string, Json] => [snake(key), value]));
}

const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
