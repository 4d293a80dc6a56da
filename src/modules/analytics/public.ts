/** What other modules may use of analytics. */
export { ask } from './metrics/ask.ts';
export { METRICS } from './metrics/catalogue.ts';
export { valueNames } from './metrics/words.ts';
