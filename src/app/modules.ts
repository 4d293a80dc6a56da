import type { AnyOperation } from '#core/operation/operation.ts';

/** What this Steward can do: one line a module. */
export const modules = [] as const;

export const operations: readonly AnyOperation[] = [];
