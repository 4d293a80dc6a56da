import { BrokenTemplate } from '../../liquid.ts';
import { lightHtml, lightPlain } from './light-text.ts';
import { plainOfHtml } from './plain.ts';

/** A piece that several templates share. */
export interface Shared {
  readonly key: string;
  /** text: the light markup of text blocks. html: as it is. */
  readonly mode: 'text' | 'html';
  readonly body: string;
}

/** `{% snippet "signature" %}`, in any text. */
const TAG = /\{%-?\s*snippet\s+(?:"([^"]*)"|'([^']*)'|([\w-]+))\s*-?%\}/g;
/** As many as this inside one another; a loop is refused when it is made. */
const DEEPEST = 10;

/** Keys of the snippets that a text asks for itself. */
export function asked(source: string): string[] {
  return [...new Set([...source.matchAll(TAG)].map((match) => match[1] ?? match[2] ?? match[3] ?? ''))];
}

/**
 * Puts snippets in the place of their tags, each as `draw` makes it.
 * @throws BrokenTemplate naming the line of a tag whose snippet does not exist, or a loop
 */
export function expand(source: string, snippets: ReadonlyMap<string, Shared>, draw: (shared: Shared) => string, depth = 0): string {
  return source.replace(TAG, (tag: string, one?: string, two?: string, three?: string, ...rest: unknown[]) => {
    const key = one ?? two ?? three ?? '';
    const found = snippets.get(key);
    if (found === undefined) {
      const at = rest.find((value): value is number => typeof value === 'number') ?? 0;
      throw new BrokenTemplate(
        `There is no snippet ${key === '' ? tag : key} (line ${lineOf(source, at)}); write it under Templates → Snippets, or take it out`,
      );
    }
    return draw(whole(found, snippets, depth + 1));
  });
}

/** A snippet with those inside it put in, in its own kind of writing. */
export function whole(shared: Shared, snippets: ReadonlyMap<string, Shared>, depth = 0): Shared {
  if (depth > DEEPEST) throw new BrokenTemplate('These snippets stand inside one another without an end; take one of them out');
  const draw = shared.mode === 'html' ? richOf : ({ mode, body }: Shared) => (mode === 'text' ? body : plainOfHtml(body));
  return { ...shared, body: expand(shared.body, snippets, draw, depth) };
}

/** A snippet inside a plain text. */
export function plainOf({ mode, body }: Shared): string {
  return mode === 'text' ? lightPlain(body) : plainOfHtml(body);
}

/** A snippet inside HTML. */
export function richOf({ mode, body }: Shared): string {
  return mode === 'html' ? body : lightHtml(body, { link: '#2563eb', gap: '16px' });
}

/** Those of these keys that there are, whole, so that a block may use one as it is. */
export function flattened(snippets: ReadonlyMap<string, Shared>, wanted: Iterable<string>): ReadonlyMap<string, Shared> {
  const flat = new Map<string, Shared>();
  for (const key of wanted) {
    const shared = snippets.get(key);
    if (shared !== undefined) flat.set(key, whole(shared, snippets));
  }
  return flat;
}

/** Every snippet that a text comes to, by way of others too. */
export function reached(keys: Iterable<string>, snippets: ReadonlyMap<string, Shared>): ReadonlySet<string> {
  const seen = new Set<string>();
  const ahead = [...keys];
  for (let key = ahead.pop(); key !== undefined; key = ahead.pop()) {
    if (seen.has(key)) continue;
    seen.add(key);
    ahead.push(...asked(snippets.get(key)?.body ?? ''));
  }
  return seen;
}

/** The way from a snippet back to itself; null when there is none. */
export function loopOf(key: string, snippets: ReadonlyMap<string, Shared>): readonly string[] | null {
  const walk = (at: string, way: readonly string[]): readonly string[] | null => {
    for (const next of asked(snippets.get(at)?.body ?? '')) {
      if (next === key) return [...way, next];
      if (way.includes(next)) continue;
      const found = walk(next, [...way, next]);
      if (found !== null) return found;
    }
    return null;
  };
  return walk(key, [key]);
}

export function lineOf(source: string, at: number): number {
  return source.slice(0, at).split('\n').length;
}
