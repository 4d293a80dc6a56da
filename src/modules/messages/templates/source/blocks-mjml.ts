import { escapeHtml } from '../../liquid.ts';
import type { Block, Leaf, Theme } from './blocks.ts';
import { inlineHtml, lightHtml } from './light-text.ts';
import { LIQUID, protect } from './protect.ts';
import type { Shared } from './snippets.ts';

const FONTS: Readonly<Record<Theme['font'], string>> = {
  system: "-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif",
  serif: "Georgia,'Times New Roman',serif",
  mono: "ui-monospace,Menlo,Consolas,'Courier New',monospace",
};
const SIZES = { 1: '26px', 2: '21px', 3: '17px' } as const;
/** In a dark inbox: the letter turns dark, links and lines keep enough contrast; buttons stay as they are. */
const DARK = `@media (prefers-color-scheme: dark) {
.s-out,.s-out>div{background:#131316!important;background-color:#131316!important}
.s-in,.s-in table,.s-in>table>tbody>tr>td{background:#1e1e22!important;background-color:#1e1e22!important}
.s-text div,.s-text p,.s-text li,.s-head div{color:#ececf1!important}
.s-text a,.s-head a{color:#9db7ff!important}
.s-line p{border-top-color:#3f3f46!important}
}`;

/** Blocks as MJML, which makes the tables and the conditional comments for Outlook: one way to robust HTML for both kinds of source. */
export function blocksToMjml(blocks: readonly Block[], theme: Theme, snippets: ReadonlyMap<string, Shared>): string {
  const sections = blocks.map((block) => sectionOf(block, theme, snippets)).join('\n');
  return `<mjml><mj-head>
<mj-attributes><mj-all font-family="${FONTS[theme.font]}" /><mj-text font-size="16px" line-height="1.55" color="${theme.text}" padding="0" /><mj-section padding="0 24px" /><mj-column padding="0" /></mj-attributes>
<mj-style>${DARK}</mj-style>
</mj-head><mj-body background-color="${theme.background}" css-class="s-out" width="600px">
<mj-section padding="12px 0"><mj-column><mj-spacer height="1px" /></mj-column></mj-section>
<mj-wrapper css-class="s-in" background-color="${theme.surface}" border-radius="8px" padding="24px 0">
${sections}
</mj-wrapper></mj-body></mjml>`;
}

function sectionOf(block: Block, theme: Theme, snippets: ReadonlyMap<string, Shared>): string {
  if (block.type !== 'columns') return `<mj-section><mj-column>${leafOf(block, theme, snippets)}</mj-column></mj-section>`;
  const widths = widthsOf(block.columns.length, block.widths);
  const columns = block.columns.map((leaves, i) => {
    const left = i === 0 ? '0' : '8px';
    const right = i === block.columns.length - 1 ? '0' : '8px';
    return `<mj-column width="${widths[i] ?? '50%'}" padding="0 ${right} 0 ${left}">${leaves.map((leaf) => leafOf(leaf, theme, snippets)).join('')}</mj-column>`;
  });
  return `<mj-section>${columns.join('')}</mj-section>`;
}

function widthsOf(count: number, widths: 'equal' | 'left' | 'right'): readonly string[] {
  if (count === 3) return ['33.33%', '33.33%', '33.33%'];
  return widths === 'left' ? ['66.66%', '33.33%'] : widths === 'right' ? ['33.33%', '66.66%'] : ['50%', '50%'];
}

/**
 * The height of each picture whose own size is known, by the width that it got in its column. As an attribute only: it keeps the place, and where the picture is shown
 * narrower the style's `height:auto` keeps its shape.
 */
export function withHeights(html: string, blocks: readonly Block[]): string {
  const leaves = blocks.flatMap((block) => (block.type === 'columns' ? block.columns.flat() : [block]));
  const known = new Map(
    leaves.flatMap((leaf) => (leaf.type === 'image' && leaf.picture !== undefined ? [[attribute(leaf.src), leaf.picture] as const] : [])),
  );
  if (known.size === 0) return html;
  return html.replace(/<img\s[^>]*>/g, (tag) => {
    const picture = known.get(/\ssrc="([^"]*)"/.exec(tag)?.[1] ?? '');
    const width = Number(/\swidth="(\d+)"/.exec(tag)?.[1] ?? 0);
    if (picture === undefined || width === 0) return tag;
    return tag.replace(/\sheight="auto"/, ` height="${Math.max(1, Math.round((width * picture.height) / picture.width))}"`);
  });
}

const PADDING = 'padding="0 0 20px"';

function leafOf(leaf: Leaf, theme: Theme, snippets: ReadonlyMap<string, Shared>): string {
  switch (leaf.type) {
    case 'heading': {
      const tag = `h${leaf.level}`;
      const size = SIZES[leaf.level as keyof typeof SIZES]; // 1 to 3, as the schema says
      return `<mj-text css-class="s-head" align="${leaf.align}" font-size="${size}" line-height="1.25" font-weight="700" padding="0 0 12px"><${tag} style="margin:0;font-size:${size};line-height:1.25">${inlineHtml(leaf.text, theme.accent)}</${tag}></mj-text>`;
    }
    case 'text':
      return textOf(leaf.text, leaf.align, theme);
    case 'button':
      return `<mj-button align="${leaf.align}" background-color="${theme.accent}" color="${inkOn(theme.accent)}" border-radius="6px" font-size="16px" font-weight="600" inner-padding="12px 22px" padding="4px 0 20px" href="${attribute(leaf.url)}">${inlineHtml(leaf.label, inkOn(theme.accent))}</mj-button>`;
    case 'image':
      return `<mj-image align="${leaf.align}" src="${attribute(leaf.src)}" alt="${attribute(leaf.alt)}" width="${leaf.width}px" ${leaf.url === '' ? '' : `href="${attribute(leaf.url)}" `}${PADDING} />`;
    case 'divider':
      return `<mj-divider css-class="s-line" border-width="1px" border-color="#d4d4d8" padding="4px 0 24px" />`;
    case 'spacer':
      return `<mj-spacer height="${leaf.height}px" />`;
    case 'html':
      return `<mj-text css-class="s-text" ${PADDING}>${leaf.html}</mj-text>`;
    case 'snippet': {
      const shared = snippets.get(leaf.key);
      if (shared === undefined) return '';
      return shared.mode === 'text'
        ? textOf(shared.body, 'left', theme)
        : `<mj-text css-class="s-text" ${PADDING}>${shared.body}</mj-text>`;
    }
  }
}

function textOf(text: string, align: string, theme: Theme): string {
  return `<mj-text css-class="s-text" align="${align}" ${PADDING}>${lightHtml(text, { link: theme.accent, gap: '16px' })}</mj-text>`;
}

/** Escaped, but for its Liquid. */
function attribute(value: string): string {
  const { text, restore } = protect(value.trim(), LIQUID);
  return restore(escapeHtml(text));
}

/** Black or white, whichever can be read on the colour (WCAG 2, relative luminance). */
function inkOn(hex: string): string {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.36 ? '#18181b' : '#ffffff';
}
