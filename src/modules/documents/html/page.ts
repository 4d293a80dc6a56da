import { createHash } from 'node:crypto';
import { escapeHtml } from '#modules/messages/public.ts';
import type { Content } from '../draw/content.ts';
import { partHtml, type AddressOf } from './parts.ts';
import { brandStyles, PAGE_STYLES, PART_STYLES } from './styles.ts';

/** A whole page with the policy that lets it be what it is, and nothing else. */
export interface WholePage {
  readonly html: string;
  readonly policy: string;
}

export const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** `style` and `script` are the only ones that run; pictures come from here; nothing frames it but ourselves. */
export function policyOf(style: string, script = '', more: readonly string[] = []): string {
  return [
    "default-src 'none'",
    `style-src ${hashOf(style)}`,
    ...(script === '' ? [] : [`script-src ${hashOf(script)}`]),
    "img-src 'self' data:",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'self'",
    ...more,
  ].join('; ');
}

export interface PageOptions {
  readonly addressOf: AddressOf;
  /** Above the sheet, and under what it says: bars and forms of a shared page. */
  readonly before?: string;
  readonly after?: string;
  readonly moreStyles?: string;
}

/** A document as a page: no script, one style inside, light and dark, printable. */
export function documentPage(content: Content, { addressOf, before = '', after = '', moreStyles = '' }: PageOptions): WholePage {
  const { title, lead, look, parts, language } = content;
  const style = `${brandStyles(look)}\n${PART_STYLES}\n${PAGE_STYLES}\n${moreStyles}`;
  const brand =
    look.logo === null
      ? escapeHtml(look.companyName)
      : `<img src="${escapeHtml(addressOf(look.logo))}" alt="${escapeHtml(look.companyName)}">`;
  const body = parts.map((part, i) => partHtml(part, i, { content, addressOf })).join('\n');
  const foot = [look.companyName, look.footer].filter((text) => text !== '').map(escapeHtml).join(' · '); // prettier-ignore
  const html = `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">
<title>${escapeHtml(title)}</title><style>${style}</style></head>
<body>${before}<main class="sheet"><div class="brand">${brand}</div>
<h1 class="title">${escapeHtml(title)}</h1>${lead === '' ? '' : `<p class="lead">${escapeHtml(lead)}</p>`}<div class="mark"></div>
${body}
${after}<footer class="foot">${foot}</footer></main></body></html>`;
  return { html, policy: policyOf(style) };
}
