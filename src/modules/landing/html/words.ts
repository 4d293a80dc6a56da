import { html, type Html } from '#core/portal/html.ts';
import { readMarkdown, type Inline } from '#modules/documents/public.ts';

const inline = ({ text, bold, italic, href }: Inline): Html | string => {
  if (href !== undefined) return html`<a href="${href}" rel="noopener">${text}</a>`;
  if (bold === true) return html`<strong>${text}</strong>`;
  return italic === true ? html`<em>${text}</em>` : text;
};

/** Markdown as HTML: paragraphs, lists, small headings; anything else is text as it stands. */
export function markdown(source: string): Html[] {
  return readMarkdown(source).map(({ kind, lines }) => {
    const drawn = lines.map((line) => line.map(inline));
    if (kind === 'heading') return html`<h3>${drawn[0]}</h3>`;
    if (kind === 'paragraph') return html`<p>${drawn.map((line, i) => (i === 0 ? line : [html`<br />`, line]))}</p>`;
    const entries = drawn.map((line) => html`<li>${line}</li>`);
    return kind === 'bullets' ? html`<ul>${entries}</ul>` : html`<ol>${entries}</ol>`;
  }); // prettier-ignore
}
