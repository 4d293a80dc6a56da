/** A stretch of text that looks alike. */
export interface Inline {
  readonly text: string;
  readonly bold?: true;
  readonly italic?: true;
  /** http, https, mailto or tel; nothing else leads anywhere. */
  readonly href?: string;
}

export interface Paragraph {
  readonly kind: 'paragraph' | 'heading' | 'bullets' | 'numbers';
  /** Lines of a paragraph, entries of a list. */
  readonly lines: readonly (readonly Inline[])[];
}

const MARK = /\[([^\]\n]+)\]\(([^()\s]+)\)|\*\*(?=\S)([^*\n]*[^*\s])\*\*|(?<![*\w])\*(?=\S)([^*\n]*[^*\s])\*(?![*\w])/g;
const ADDRESS = /^(?:https?:\/\/|mailto:|tel:)/i;
const ENTRY = { bullets: /^\s*[-•*] (?=\S)/, numbers: /^\s*\d{1,3}[.)] (?=\S)/ } as const;

/** `**bold**`, `*italic*`, `[label](https://…)`; everything else is text as it stands. */
export function readInline(line: string): Inline[] {
  const found: Inline[] = [];
  let at = 0;
  for (const match of line.matchAll(MARK)) {
    const [whole, label, href, bold, italic] = match;
    if (match.index > at) found.push({ text: line.slice(at, match.index) });
    at = match.index + whole.length;
    if (label !== undefined) found.push(ADDRESS.test(href ?? '') ? { text: label, href: href ?? '' } : { text: label });
    else found.push(bold === undefined ? { text: italic ?? '', italic: true } : { text: bold, bold: true });
  }
  if (at < line.length) found.push({ text: line.slice(at) });
  return found;
}

/** Paragraphs apart by empty lines; lines with `- ` or `1. ` make lists, `### ` a small heading. */
export function readMarkdown(source: string): Paragraph[] {
  const found: { kind: Paragraph['kind']; lines: Inline[][] }[] = [];
  let open: Paragraph['kind'] | null = null;
  for (const raw of source.split(/\r?\n/)) {
    const line = raw.trimEnd();
    if (line.trim() === '') {
      open = null;
      continue;
    }
    const heading = /^#{1,6} +(.+)$/.exec(line)?.[1];
    if (heading !== undefined) {
      found.push({ kind: 'heading', lines: [readInline(heading)] });
      open = null;
      continue;
    }
    const kind = ENTRY.bullets.test(line) ? 'bullets' : ENTRY.numbers.test(line) ? 'numbers' : 'paragraph';
    const text = kind === 'paragraph' ? line.trim() : line.replace(ENTRY[kind], '');
    const last = found.at(-1);
    if (open === kind && last !== undefined) last.lines.push(readInline(text));
    else found.push({ kind, lines: [readInline(text)] });
    open = kind;
  }
  return found;
}

export const plain = (inlines: readonly Inline[]): string => inlines.map(({ text }) => text).join('');
