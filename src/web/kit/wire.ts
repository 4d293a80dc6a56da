import type { Condition, Json } from '#core/engine/types.ts';

/** `nextCursor` → `next_cursor`, as the faces rename it. Digits stay with their word. */
type Snake<Text extends string> = Text extends `${infer Head}${infer Tail}`
  ? Head extends Lowercase<Head>
    ? `${Head}${Snake<Tail>}`
    : `_${Lowercase<Head>}${Snake<Tail>}`
  : Text;

/** What a server-side type looks like as JSON: snake_case keys, dates as ISO text, records untouched. */
export type Wire<T> = T extends Date
  ? string
  : T extends string | number | boolean | null | undefined
    ? T
    : [Json] extends [T]
      ? T
      : T extends Condition
        ? T
        : T extends readonly (infer Item)[]
          ? Wire<Item>[]
          : T extends object
            ? string extends keyof T
              ? T
              : { [Key in keyof T as Key extends string ? Snake<Key> : Key]: Wire<T[Key]> }
            : T;
