/** What other modules may use of the system. */
export { readMetrics } from './metrics/read.ts';
