/**
 * What the DNS said. `none` is an answer: there is no such name, or it has no such records. `failed` is none: the question could not be asked, and nothing
 * may be concluded from it.
 */
export type Answer<T> =
  | { readonly kind: 'found'; readonly records: readonly T[] }
  | { readonly kind: 'none'; readonly why: 'no_name' | 'no_records' }
  | { readonly kind: 'failed'; readonly why: string };

export interface MxRecord {
  readonly exchange: string;
  readonly priority: number;
}

/** Questions to the DNS; the same one is asked once. */
export interface Ask {
  /** Each record as one text, its strings joined (RFC 7208, 3.3; RFC 6376, 3.6.2.2). */
  txt(name: string): Promise<Answer<string>>;
  a(name: string): Promise<Answer<string>>;
  aaaa(name: string): Promise<Answer<string>>;
  mx(name: string): Promise<Answer<MxRecord>>;
  /** Names of an address. */
  ptr(ip: string): Promise<Answer<string>>;
}
