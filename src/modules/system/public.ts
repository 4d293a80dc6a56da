/** What other modules may use of the system. */
export { requireInstallation } from './installation.ts';
export { readMetrics } from './metrics/read.ts';
