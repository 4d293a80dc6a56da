/** What other modules may use of documents. */
export { readMarkdown } from './draw/markdown.ts';
export type { Inline } from './draw/markdown.ts';
