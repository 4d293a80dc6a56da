import type { Runtime } from '#core/runtime.ts';

/** What signing in needs of a process; a Runtime has it all, and is itself made with an authenticator. */
export type Parts = Pick<Runtime, 'config' | 'clock' | 'database' | 'system' | 'secrets'>;
