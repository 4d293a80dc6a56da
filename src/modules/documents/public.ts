/** What other modules may use of documents. */
export { readMarkdown } from './draw/markdown.ts';
export type { Inline } from './draw/markdown.ts';
export { Blocks } from './model/blocks.ts';
export { quoted } from './model/quoted.ts';
export type { DataSet } from './model/data.ts';
export { deleteMade, drawnPdf, makeDocument, publishedPdf, type Written } from './made.ts';
