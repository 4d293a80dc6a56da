import type { Json } from '#core/engine/types.ts';

/** A value inside a payload that later steps can name. */
export interface PayloadPath {
  /** As conditions and templates say it: `trigger.body.order.id`. */
  readonly path: string;
  readonly type: 'text' | 'number' | 'boolean' | 'list' | 'object' | 'null';
  readonly example: string;
}

const MOST = 300;
const DEEPEST = 8;
const LONGEST = 80;
/** Names that a path can hold without quoting. */
const PLAIN = /^[A-Za-z_][A-Za-z0-9_-]*$/;

/** Every value of a payload with its path, outer ones first. Of a list the first entry stands for all. */
export function pathsOf(value: Json, path: string): PayloadPath[] {
  const found: PayloadPath[] = [];
  const walk = (one: Json, here: string, depth: number): void => {
    if (found.length >= MOST) return;
    if (depth > 0) found.push({ path: here, type: typeOf(one), example: exampleOf(one) });
    if (depth >= DEEPEST || typeof one !== 'object' || one === null) return;
    if (Array.isArray(one)) {
      const [first] = one;
      if (first !== undefined) walk(first, `${here}.0`, depth + 1);
      return;
    }
    for (const [key, inner] of Object.entries(one)) if (PLAIN.test(key)) walk(inner, `${here}.${key}`, depth + 1);
  };
  walk(value, path, 0);
  return found;
}

function typeOf(value: Json): PayloadPath['type'] {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'object') return 'object';
  return typeof value === 'string' ? 'text' : typeof value === 'number' ? 'number' : 'boolean';
}

function exampleOf(value: Json): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}
