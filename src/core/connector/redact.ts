/** Shorter texts would blot out ordinary words. */
const SHORTEST = 6;

/** Replaces each of these texts by `[secret]`, also where only the part after a scheme word (`Bearer …`) shows. */
export function redactor(secrets: readonly string[]): (text: string) => string {
  const parts = secrets.flatMap((text) => [text, ...text.split(' ').slice(1)]).filter((text) => text.length >= SHORTEST);
  const longestFirst = parts.toSorted((a, b) => b.length - a.length);
  return (text) => longestFirst.reduce((clean, part) => clean.replaceAll(part, '[secret]'), text);
}
