/** What other modules may use of the portal: the parts that pages are made of. */
export { badge, card, dayIn, dayOf, folded, form, inside, progress, rows, sizeOf, timeIn, written } from './page/kit.ts';
export type { FormField, Row } from './page/kit.ts';
export { generationOf, linkFor } from './link.ts';
