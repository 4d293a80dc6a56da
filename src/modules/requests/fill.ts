import { renderLiquid, UnresolvedVariable } from '#modules/messages/public.ts';
import { valueAt } from '#core/engine/conditions.ts';
import type { Facts, Json } from '#core/engine/types.ts';

/** `{{ steps.order.lines[0] }}` and nothing beside it. */
const WHOLE = /^\s*\{\{-?\s*([A-Za-z_][\w-]*(?:\.[\w-]+|\[\d+\])*)\s*-?\}\}\s*$/;

/**
 * JSON with Liquid in its texts, drawn strictly. A text that is one variable alone becomes the value itself: a list stays a list.
 * @throws UnresolvedVariable, BrokenTemplate
 */
export function fill(value: Json, facts: Facts): Json {
  if (typeof value === 'string') return fillValue(value, facts);
  if (Array.isArray(value)) return value.map((one) => fill(one, facts));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, fill(one, facts)]));
}

function fillValue(text: string, facts: Facts): Json {
  if (!hasLiquid(text)) return text;
  const path = WHOLE.exec(text)?.[1];
  if (path === undefined) return renderLiquid(text, facts);
  const value = valueAt(facts, path.replace(/\[(\d+)\]/g, '.$1'));
  if (value === null) throw new UnresolvedVariable(path);
  return value;
}

/** Text for people. @throws UnresolvedVariable, BrokenTemplate */
export function fillText(text: string, facts: Facts): string {
  return hasLiquid(text) ? renderLiquid(text, facts) : text;
}

export function hasLiquid(text: string): boolean {
  return text.includes('{{') || text.includes('{%');
}

/** Text alone, such as a header. @throws UnresolvedVariable, BrokenTemplate */
export function fillAll(texts: Readonly<Record<string, string>>, facts: Facts): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, fillText(text, facts)]));
}

/** An address: values between its own letters are encoded, so that none of them can change the host or the path around it. */
export function fillAddress(address: string, facts: Facts): string {
  const whole = WHOLE.test(address);
  return whole ? String(fillValue(address, facts)) : renderLiquid(address, facts, 'url');
}
