/** What tests and benches outside this module may use. */
export { tendSources } from './tend.ts';
