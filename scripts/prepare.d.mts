/** What TypeScript takes from `prepare.mjs`, which any Node must be able to read. */
export declare const SMALL_HEAP: readonly string[];
