/** What other modules may use of documents. */
export { readInline, readMarkdown } from './draw/markdown.ts';
export type { Inline, Paragraph } from './draw/markdown.ts';
