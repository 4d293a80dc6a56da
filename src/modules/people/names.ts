/** What we know of a name, whichever way it came. */
export interface Name {
  readonly fullName: string;
  readonly firstName: string | null;
  readonly lastName: string | null;
}

/** White space collapsed, ends trimmed, control characters gone. */
export function tidy(text: string): string {
  return text.replace(/[\p{Cc}\p{Zs}\s]+/gu, ' ').trim();
}

/** At most `length` UTF-16 units, never half a character: PostgreSQL refuses that in JSON. */
export function cut(text: string, length: number): string {
  return (text.length > length ? text.slice(0, length) : text).toWellFormed();
}

/**
 * `Ann Lee` → Ann, Lee; `Lee, Ann` → Ann Lee; one word is a first name. The last word is the last name: a guess that a
 * person may correct, and the full name is kept as written.
 */
export function parseName(text: string): Name {
  const name = cut(tidy(text), 200);
  const comma = /^([^,]+), ([^,]+)$/.exec(name);
  if (comma?.[1] !== undefined && comma[2] !== undefined) return joinName(comma[2], comma[1]);
  const words = name.split(' ');
  const last = words.length > 1 ? (words.at(-1) ?? null) : null;
  const first = words.length > 1 ? words.slice(0, -1).join(' ') : name;
  return { fullName: name, firstName: first === '' ? null : first, lastName: last };
}

export function joinName(first: string, last: string): Name {
  const firstName = cut(tidy(first), 100);
  const lastName = cut(tidy(last), 100);
  return {
    fullName: tidy(`${firstName} ${lastName}`),
    firstName: firstName === '' ? null : firstName,
    lastName: lastName === '' ? null : lastName,
  };
}
