/** What tests and benches outside this module may use. */
export { tendSources } from './tend.ts';
export { createSource } from './operations/sources.ts';
export { runSource } from './operations/runs.ts';
