import { escapeHtml } from '#modules/messages/public.ts';
import { chartSvg } from '../charts/svg.ts';
import type { Content, Part, ShownPrices, ShownTable } from '../draw/content.ts';
import type { Inline, Paragraph } from '../draw/markdown.ts';
import { wordsOf } from '../draw/words.ts';

/** Where bytes of a picture are fetched, by SHA-256. */
export type AddressOf = (picture: string) => string;

export interface Drawing {
  readonly content: Content;
  readonly addressOf: AddressOf;
  /** Beside the widths of the page: charts of slides are wider. */
  readonly chart?: { readonly width: number; readonly height: number };
}

/** Shown instead where the screen is small: the same letters in less room. */
const NARROW = { width: 330, height: 260, narrow: true } as const;
const WIDTHS = [10, 25, 33, 50, 75, 100] as const;

export function inlineHtml(inlines: readonly Inline[]): string {
  return inlines
    .map(({ text, bold, italic, href }) => {
      const shown = escapeHtml(text);
      if (href !== undefined) return `<a href="${escapeHtml(href)}" rel="noopener nofollow">${shown}</a>`;
      return bold === true ? `<strong>${shown}</strong>` : italic === true ? `<em>${shown}</em>` : shown;
    })
    .join('');
}

export function paragraphsHtml(paragraphs: readonly Paragraph[]): string {
  return paragraphs
    .map(({ kind, lines }) => {
      if (kind === 'heading') return `<h4>${inlineHtml(lines[0] ?? [])}</h4>`;
      if (kind === 'paragraph') return `<p>${lines.map(inlineHtml).join('<br>')}</p>`;
      const tag = kind === 'bullets' ? 'ul' : 'ol';
      return `<${tag}>${lines.map((line) => `<li>${inlineHtml(line)}</li>`).join('')}</${tag}>`;
    })
    .join('\n');
}

/** One part as HTML without a style of its own: everything goes by classes, so that a strict policy holds. */
export function partHtml(part: Part, index: number, { content, addressOf, chart = { width: 600, height: 280 } }: Drawing): string {
  switch (part.type) {
    case 'heading':
      return `<h${part.level + 1}>${inlineHtml(part.text)}</h${part.level + 1}>`;
    case 'text':
      return paragraphsHtml(part.paragraphs);
    case 'figures':
      return `<dl class="figures">${part.items.map(({ label, value, note }) => `<div><dt>${escapeHtml(label)}</dt><dd class="value">${escapeHtml(value)}</dd>${note === '' ? '' : `<dd class="note">${escapeHtml(note)}</dd>`}</div>`).join('')}</dl>`;
    case 'table':
      return tableHtml(part.table, content);
    case 'chart': {
      const name = part.chart.title === '' ? '' : `<p class="name">${escapeHtml(part.chart.title)}</p>`;
      return `<figure>${name}${chartSvg(part.chart, `c${index}`, chart)}${chartSvg(part.chart, `n${index}`, NARROW)}</figure>`;
    }
    case 'picture': {
      const width = WIDTHS.find((one) => one >= part.percent) ?? 100;
      const caption = part.caption === '' ? '' : `<figcaption>${escapeHtml(part.caption)}</figcaption>`;
      return `<figure><img class="w${width}" src="${escapeHtml(addressOf(part.picture))}" alt="${escapeHtml(part.alt)}" width="${part.width}" height="${part.height}">${caption}</figure>`;
    }
    case 'prices':
      return pricesHtml(part.prices, content);
    case 'quote':
      return `<blockquote>${inlineHtml(part.text)}${part.by === '' ? '' : `<footer>${escapeHtml(part.by)}</footer>`}</blockquote>`;
    case 'advice':
      return `<div class="advice"><p class="says">${escapeHtml(part.says)}</p>${part.because === '' ? '' : `<p class="because">${escapeHtml(part.because)}</p>`}${part.rule === '' ? '' : `<p class="rule">${escapeHtml(part.rule)}</p>`}</div>`;
    case 'divider':
      return '<hr>';
    case 'break':
      return '<div class="page-break"></div>';
    case 'signature':
      return `<div class="signature">${escapeHtml(part.label)}${part.name === '' ? '' : `<b>${escapeHtml(part.name)}</b>`}</div>`;
    case 'notes':
      return '';
  }
}

function tableHtml({ title, head, rows, totals, more }: ShownTable, { language }: Content): string {
  const side = (i: number) => (head[i]?.right === true ? ' class="right"' : head[i]?.tight === true ? ' class="tight"' : '');
  const caption = title === '' ? '' : `<caption>${escapeHtml(title)}</caption>`;
  const line = (cells: readonly string[]) => `<tr>${cells.map((cell, i) => `<td${side(i)}>${escapeHtml(cell)}</td>`).join('')}</tr>`;
  const foot = totals === null ? '' : `<tfoot>${line(totals)}</tfoot>`;
  const left = more === 0 ? '' : `<p class="more">${escapeHtml(wordsOf(language).more(more.toLocaleString('en')))}</p>`;
  return `<div class="table" role="region" aria-label="${escapeHtml(title || 'Table')}" tabindex="0"><table>${caption}<thead><tr>${head.map(({ text }, i) => `<th scope="col"${side(i)}>${escapeHtml(text)}</th>`).join('')}</tr></thead><tbody>${rows.map(line).join('')}</tbody>${foot}</table></div>${left}`;
}

function pricesHtml({ lines, sums }: ShownPrices, { language }: Content): string {
  const words = wordsOf(language);
  const rows = lines.map(
    (line) =>
      `<tr><td>${escapeHtml(line.description).replaceAll('\n', '<br>')}${line.optional ? `<span class="tag">${words.optional}</span>` : ''}</td><td class="right">${escapeHtml(line.quantity)}</td><td class="right narrow-hide">${escapeHtml(line.price)}</td><td class="right">${escapeHtml(line.amount)}</td></tr>`,
  );
  const head = `<tr><th scope="col">${words.description}</th><th scope="col" class="right">${words.quantity}</th><th scope="col" class="right narrow-hide">${words.price}</th><th scope="col" class="right">${words.amount}</th></tr>`;
  const total = sums.map(
    ({ label, amount, strong }) =>
      `<div${strong ? ' class="total"' : ''}><dt>${escapeHtml(label)}</dt><dd>${escapeHtml(amount)}</dd></div>`,
  );
  return `<div class="table" role="region" aria-label="${words.price}" tabindex="0"><table><thead>${head}</thead><tbody>${rows.join('')}</tbody></table></div><dl class="sums">${total.join('')}</dl>`;
}
