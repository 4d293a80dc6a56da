import type { Json } from '#core/engine/types.ts';

/** What such a field holds is nobody's business: it is shown as •••. */
const SECRET_FIELD =
  /pass(word|wd|phrase)?$|secret|token|api[-_]?key|authorization|credential|cookie|signature|private[-_]?key|card[-_]?(number|no)|cvv|cvc|iban|\bpin\b|otp/i;
export const HIDDEN = '•••';

/** The same JSON with what its fields' names say to be secret left out. */
export function redactFields(value: Json, name = ''): Json {
  if (SECRET_FIELD.test(name) && value !== null && value !== '') return HIDDEN;
  if (Array.isArray(value)) return value.map((one) => redactFields(one));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, redactFields(one, key)]));
}

/** Headers with credentials and signatures left out. Names in lower case. */
export function redactHeaders(headers: Readonly<Record<string, string | readonly string[] | undefined>>): Record<string, string> {
  const shown = Object.entries(headers).flatMap(([name, value]): [string, string][] => {
    if (value === undefined) return [];
    const text = typeof value === 'string' ? value : value.join(', ');
    return [[name, SECRET_FIELD.test(name) || /auth|cookie|key/i.test(name) ? HIDDEN : text.slice(0, 500)]];
  });
  return Object.fromEntries(shown.slice(0, 60));
}
