import { plainOfHtml } from './plain.ts';
import type { Block, Leaf } from './blocks.ts';
import { lightPlain } from './light-text.ts';
import { plainOf, type Shared } from './snippets.ts';

/** Blocks as the plain text of the same mail: what a reader without HTML gets, and what the gate reads. */
export function blocksToText(blocks: readonly Block[], snippets: ReadonlyMap<string, Shared>): string {
  return blocks
    .flatMap((block) => (block.type === 'columns' ? block.columns.flat() : [block]))
    .map((leaf) => leafText(leaf, snippets))
    .filter((text) => text !== '')
    .join('\n\n');
}

function leafText(leaf: Leaf, snippets: ReadonlyMap<string, Shared>): string {
  switch (leaf.type) {
    case 'heading':
    case 'text':
      return lightPlain(leaf.text);
    case 'button':
      return leaf.url.trim() === '' ? lightPlain(leaf.label) : `${lightPlain(leaf.label)}: ${leaf.url.trim()}`;
    case 'image':
      return leaf.url === '' ? leaf.alt : `${leaf.alt} (${leaf.url})`.trim();
    case 'divider':
      return '---';
    case 'spacer':
      return '';
    case 'html':
      return plainOfHtml(leaf.html);
    case 'snippet': {
      const shared = snippets.get(leaf.key);
      return shared === undefined ? '' : plainOf(shared);
    }
  }
}
