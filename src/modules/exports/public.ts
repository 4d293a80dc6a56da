/** What other modules may use of exports. */
export { csvLine } from './format/cell.ts';
export type { Cell } from './format/cell.ts';
