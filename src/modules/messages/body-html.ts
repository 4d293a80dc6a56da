import { escapeHtml } from './liquid.ts';

export { htmlToText } from '#core/mail/html-to-text.ts';

const LINK = /https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]]/g;

/** `→ Pay online: https://…`, alone in its paragraph: the one thing that a mail asks for. */
const BUTTON = /^→ ([^\n:]{1,40}): (https?:\/\/[^\s<>"']+)$/;

/** Paragraphs, line breaks and links of a plain text as HTML, a button where one is asked for. Everything else is escaped: a text can bring no markup. */
export function textToHtml(text: string): string {
  return text
    .trim()
    .split(/\n{2,}/)
    .map((paragraph) => `<p style="margin:0 0 16px">${button(paragraph) ?? linked(paragraph).replaceAll('\n', '<br>')}</p>`)
    .join('\n');
}

function button(paragraph: string): string | null {
  const [, label, url] = BUTTON.exec(paragraph.trim()) ?? [];
  if (label === undefined || url === undefined) return null;
  const look =
    'display:inline-block;padding:10px 18px;border-radius:8px;background:#2563eb;color:#ffffff;font-weight:600;text-decoration:none';
  return `<a href="${escapeHtml(url)}" style="${look}">${escapeHtml(label)}</a>`;
}

function linked(text: string): string {
  let html = '';
  let end = 0;
  for (const match of text.matchAll(LINK)) {
    const url = escapeHtml(match[0]);
    html += `${escapeHtml(text.slice(end, match.index))}<a href="${url}" style="color:#2563eb">${url}</a>`;
    end = match.index + match[0].length;
  }
  return html + escapeHtml(text.slice(end));
}
