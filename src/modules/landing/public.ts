/** What other modules may use of landing pages. */
export { countVisits } from './count.ts';
