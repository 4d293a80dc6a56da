import { nearest } from '#core/nearest.ts';

/** What is wrong with a text that can't be read as a template. */
export interface LiquidFault {
  readonly code: 'unknown_filter' | 'unknown_tag' | 'broken_template';
  readonly says: string;
  readonly line: number | null;
}

/** The library's sentence in ours, with the name that may be meant. `known` are its filters and tags. */
export function explain(message: string, known: { readonly filters: object; readonly tags: object }): LiquidFault {
  const at = /line:? ?(\d+)/.exec(message)?.[1];
  const line = at === undefined ? null : Number(at);
  const filter = /undefined filter: ([\w-]+)/.exec(message)?.[1];
  if (filter !== undefined) return { code: 'unknown_filter', says: unknown('filter', filter, Object.keys(known.filters)), line };
  const tag = /tag "?([\w-]+)"? not found/.exec(message)?.[1];
  if (tag !== undefined) return { code: 'unknown_tag', says: unknown('tag', tag, Object.keys(known.tags)), line };
  return { code: 'broken_template', says: message.replace(/,? line:\d+.*$/, ''), line };
}

function unknown(what: string, name: string, names: readonly string[]): string {
  const near = nearest(name, names);
  return `there is no ${what} ${name}${near === null ? '' : `; did you mean ${near}?`}`;
}
