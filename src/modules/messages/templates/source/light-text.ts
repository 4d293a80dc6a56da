import { escapeHtml } from '../../liquid.ts';
import { protect } from './protect.ts';

const LINK = /\[([^\]\n]+)\]\(([^()\s]+)\)/;
const BARE = /https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]]/;
const LINKS = new RegExp(`${LINK.source}|${BARE.source}`, 'g');
const BOLD = /\*\*(?=\S)([^*\n]*[^*\s])\*\*/g;
const ITALIC = /(^|[^*\w])\*(?=\S)([^*\n]*[^*\s])\*(?![*\w])/g;
/** They run code where a page is opened; no mail needs them. */
const CODE = /^\s*(javascript|vbscript|data):/i;

/**
 * What a text block is written in: paragraphs, `- ` and `1. ` lists, `**bold**`, `*italic*`, `[label](https://…)`. Everything else is escaped:
 * no markup comes in by a text. Liquid goes through as it stands.
 */
export function lightHtml(source: string, style: { readonly link: string; readonly gap: string }): string {
  const { text, restore } = protect(source.trim());
  const html = paragraphs(text).map((lines, i, all) => {
    const gap = i === all.length - 1 ? '0' : style.gap;
    const list = listOf(lines);
    if (list !== null) {
      const items = list.items.map((item) => `<li style="margin:0 0 4px">${inline(item, style.link)}</li>`).join('');
      return `<${list.tag} style="margin:0 0 ${gap};padding:0 0 0 24px">${items}</${list.tag}>`;
    }
    const body = lines.map((line) => inline(line, style.link)).join('<br>');
    return onlyTags(restore(body)) ? body : `<p style="margin:0 0 ${gap}">${body}</p>`;
  });
  return restore(html.join('\n'));
}

/** The same for readers without HTML: the marks go, an address stands behind its label. */
export function lightPlain(source: string): string {
  const { text, restore } = protect(source.trim());
  const links = protect(text, new RegExp(LINK.source, 'g'), (piece) => {
    const [, label = '', url = ''] = LINK.exec(piece) ?? [];
    return label === url ? url : `${label} (${url})`;
  });
  return restore(links.restore(links.text.replace(BOLD, '$1').replace(ITALIC, '$1$2')));
}

/** Of a heading or a label: bold, italic and links, on one line. */
export function inlineHtml(source: string, link: string): string {
  const { text, restore } = protect(source.trim());
  return restore(inline(text, link));
}

function paragraphs(text: string): string[][] {
  return text
    .split(/\n[ \t]*\n+/)
    .map((paragraph) => paragraph.split('\n'))
    .filter((lines) => lines.some((line) => line.trim() !== ''));
}

function listOf(lines: readonly string[]): { tag: 'ul' | 'ol'; items: string[] } | null {
  if (lines.every((line) => /^\s*[-•] \S/.test(line))) return { tag: 'ul', items: lines.map((line) => line.replace(/^\s*[-•] /, '')) };
  if (lines.every((line) => /^\s*\d+[.)] \S/.test(line)))
    return { tag: 'ol', items: lines.map((line) => line.replace(/^\s*\d+[.)] /, '')) };
  return null;
}

/** A paragraph of nothing but `{% … %}` puts nothing on the page: it must not leave an empty line. */
function onlyTags(html: string): boolean {
  return /^(\s*\{%[\s\S]*?%\}\s*)+$/.test(html);
}

function inline(line: string, colour: string): string {
  const { text, restore } = protect(line, LINKS, (piece) => {
    const [, label = piece, url = piece] = LINK.exec(piece) ?? [];
    if (CODE.test(url)) return escapeHtml(label);
    return `<a href="${escapeHtml(url)}" style="color:${colour}">${escapeHtml(label)}</a>`;
  });
  return restore(escapeHtml(text).replace(BOLD, '<strong>$1</strong>').replace(ITALIC, '$1<em>$2</em>'));
}
