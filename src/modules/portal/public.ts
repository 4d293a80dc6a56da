/** What other modules may use of the portal: the parts that pages are made of. */
export { badge, card, dayIn, dayOf, folded, form, inside, paragraphs, progress, rows, sizeOf, timeIn, written } from './page/kit.ts';
export type { FormField, FormPlace, Row } from './page/kit.ts';
export { generationOf, linkFor } from './link.ts';
export { busyPage, companyPage, framePage, missingPage } from './page/frame.ts';
export type { WholePage } from './page/frame.ts';
export { logoOf } from './visitor.ts';
export type { Visitor } from './visitor.ts';
