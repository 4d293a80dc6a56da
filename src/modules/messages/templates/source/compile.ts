import { BrokenTemplate, escapeHtml, parseLiquid } from '../../liquid.ts';
import { blocksToMjml, withHeights } from './blocks-mjml.ts';
import { blocksToText } from './blocks-text.ts';
import { mjmlToHtml } from './mjml.ts';
import { plainOfHtml } from './plain.ts';
import { LIQUID, protect } from './protect.ts';
import { asked, expand, flattened, plainOf, reached, richOf, type Shared } from './snippets.ts';
import type { Source } from './source.ts';

/** One language of a template as its author writes it. */
export interface Writing {
  readonly language: string;
  readonly subject: string;
  /** The line that inboxes show behind the subject. */
  readonly preheader: string;
  readonly source: Source;
}

/** The same as Liquid that only needs a person's facts. Made once a version, drawn for thousands. */
export interface Compiled {
  readonly language: string;
  readonly subject: string;
  readonly preheader: string;
  readonly body: string;
  readonly html: string | null;
}

export interface Compilation {
  readonly compiled: Compiled;
  /** Every snippet it stands on. */
  readonly snippets: readonly string[];
  /** What the compiler left out. */
  readonly notes: readonly string[];
}

/** @throws BrokenTemplate with line and reason */
export function compile({ language, subject, preheader, source }: Writing, snippets: ReadonlyMap<string, Shared>): Compilation {
  const own = textsOf(source).flatMap(asked);
  const blocks = source.mode === 'blocks' ? keysOfBlocks(source) : [];
  for (const key of blocks)
    if (!snippets.has(key)) throw new BrokenTemplate(`There is no snippet ${key}; choose another in its block, or take the block out`);
  const plain = (text: string) => expand(text, snippets, plainOf);
  const rich = (text: string) => expand(text, snippets, richOf);
  const { body, html, notes } = bodies();
  const compiled = { language, subject, preheader, body, html: html === null ? null : dressed(html, preheader, language) };
  parseLiquid(compiled.subject);
  parseLiquid(compiled.preheader);
  parseLiquid(compiled.body);
  if (compiled.html !== null) parseLiquid(compiled.html, 'html');
  return { compiled, snippets: [...reached([...own, ...blocks], snippets)], notes };

  function bodies(): { body: string; html: string | null; notes: readonly string[] } {
    switch (source.mode) {
      case 'text':
        return { body: plain(source.text), html: null, notes: [] };
      case 'html': {
        const whole = rich(source.html);
        return { body: source.text === null ? plainOfHtml(whole) : plain(source.text), html: whole, notes: [] };
      }
      case 'mjml': {
        const made = mjmlToHtml(rich(source.mjml));
        return { body: source.text === null ? plainOfHtml(made.html) : plain(source.text), ...made };
      }
      case 'blocks': {
        const pieces = flattened(snippets, blocks);
        const written = source.blocks.map((block) => withSnippets(block, snippets));
        for (const [i, block] of written.entries()) readable(block, source, i + 1);
        const { html, notes } = mjmlToHtml(blocksToMjml(written, source.theme, pieces));
        return { body: blocksToText(written, pieces), html: withHeights(html, written), notes };
      }
    }
  }
}

/** Each block is a template of its own, so that a fault is found in it. @throws BrokenTemplate */
function readable(block: AnyBlock, source: Blocks, place: number): void {
  try {
    for (const text of textsOf({ ...source, blocks: [block] })) parseLiquid(text);
  } catch (error) {
    throw error instanceof BrokenTemplate ? new BrokenTemplate(`Block ${place}: ${error.message}`) : error;
  }
}

type Blocks = Extract<Source, { mode: 'blocks' }>;
type AnyBlock = Blocks['blocks'][number];

/** Snippet tags inside the words of a block are put in before anything is made of it. */
function withSnippets<One extends AnyBlock>(block: One, snippets: ReadonlyMap<string, Shared>): One {
  if (block.type === 'columns')
    return { ...block, columns: block.columns.map((column) => column.map((leaf) => withSnippets(leaf, snippets))) };
  if (block.type === 'heading' || block.type === 'text')
    return {
      ...block,
      text: expand(block.text, snippets, ({ mode, body }) => (mode === 'text' ? body : plainOf({ key: '', mode, body }))),
    };
  if (block.type === 'html') return { ...block, html: expand(block.html, snippets, richOf) };
  return block;
}

function leaves({ blocks }: Blocks) {
  return blocks.flatMap((block) => (block.type === 'columns' ? block.columns.flat() : [block]));
}

function keysOfBlocks(source: Blocks): string[] {
  return leaves(source).flatMap((leaf) => (leaf.type === 'snippet' ? [leaf.key] : []));
}

/** What of a source is written by hand. */
export function textsOf(source: Source): string[] {
  switch (source.mode) {
    case 'text':
      return [source.text];
    case 'html':
      return [source.html, source.text ?? ''];
    case 'mjml':
      return [source.mjml, source.text ?? ''];
    case 'blocks':
      return leaves(source).flatMap((leaf) =>
        leaf.type === 'heading' || leaf.type === 'text'
          ? [leaf.text]
          : leaf.type === 'button'
            ? [leaf.label, leaf.url]
            : leaf.type === 'image'
              ? [leaf.src, leaf.alt, leaf.url]
              : leaf.type === 'html'
                ? [leaf.html]
                : [],
      );
  }
}

/** A whole page says that it knows dark inboxes, in which language it is, and what the inbox shows behind the subject. */
function dressed(html: string, preheader: string, language: string): string {
  const hidden = preheader === '' ? '' : hiddenLine(preheader);
  if (!isPage(html)) return `${hidden}${html}`;
  let page = html;
  if (!/<meta[^>]+name=["']?color-scheme/i.test(page))
    page = page.replace(
      /<head([^>]*)>/i,
      '<head$1><meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">',
    );
  page = page.replace(/\slang="und"/g, ` lang="${escapeHtml(language)}"`);
  return hidden === '' ? page : page.replace(/<body([^>]*)>/i, (body) => `${body}${hidden}`);
}

/** Shown in the list of an inbox, not in the mail. The spaces keep the text that follows out of the list. */
export function hiddenLine(preheader: string): string {
  const { text, restore } = protect(preheader, LIQUID);
  return `<div style="display:none;max-height:0;max-width:0;overflow:hidden;opacity:0;mso-hide:all">${restore(escapeHtml(text))}${'&#847;&zwnj;&nbsp;'.repeat(30)}</div>`;
}

/** A whole page, not what stands inside a letter. */
export function isPage(html: string): boolean {
  return /<html[\s>]/i.test(html.slice(0, 5_000)) && /<body[\s>]/i.test(html);
}
