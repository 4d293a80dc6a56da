/** What other modules may use of requests. */
export { fill, fillText } from './fill.ts';
