/** What TypeScript takes from `prepare.mjs`, which any Node must be able to read. */
export declare const SMALL_HEAP: readonly string[];
/** Environment for Node, so that it keeps compiled code between starts. */
export const COMPILE_CACHE: { readonly NODE_COMPILE_CACHE: string; readonly MALLOC_ARENA_MAX: string };
