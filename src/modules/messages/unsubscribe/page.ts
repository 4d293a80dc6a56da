import { createHash } from 'node:crypto';
import type { Understood } from '#core/language.ts';
import { escapeHtml } from '../liquid.ts';
import { WAY_OUT } from './words.ts';

/** The look of the app on pages that load nothing: system fonts, no script, light and dark, from 320 px up. */
const STYLES = `
:root{--accent:#3b57cf;--on:#fff;--ink:#16181f;--soft:#5a5f6b;--line:#e2e4ea;--canvas:#f9fafb;--panel:#fff}
@media (prefers-color-scheme:dark){:root{--accent:#6f8af0;--on:#0f1116;--ink:#edeef2;--soft:#a4a9b6;--line:#272a32;--canvas:#0e0f13;--panel:#15171c}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;padding:24px 16px;display:flex;flex-direction:column;align-items:center;background:var(--canvas);color:var(--ink);font:15px/24px Inter,ui-sans-serif,system-ui,-apple-system,'Segoe UI',sans-serif}
main{width:100%;max-width:440px;padding:28px;background:var(--panel);border:1px solid var(--line);border-radius:12px;overflow-wrap:anywhere}
@media (max-width:400px){main{padding:20px}}
h1{margin:0 0 8px;font-size:22px;line-height:28px;font-weight:600;hyphens:auto}
p{margin:0 0 16px;color:var(--soft)}
.after{margin:16px 0 0}
fieldset{margin:0 0 20px;padding:0;border:0}
legend{padding:0;margin:0 0 8px;font-weight:500}
label{display:flex;gap:12px;min-height:44px;padding:8px 0;align-items:flex-start}
label small{display:block;margin-top:2px;color:var(--soft);font-size:14px;line-height:20px}
textarea{display:block;width:100%;margin:0 0 20px;padding:8px 12px;font:inherit;color:inherit;background:transparent;border:1px solid var(--line);border-radius:6px}
input{flex:none;width:20px;height:20px;margin:2px 0 0;accent-color:var(--accent)}
button{width:100%;min-height:44px;padding:8px 16px;font:inherit;font-weight:500;color:var(--on);background:var(--accent);border:1px solid var(--accent);border-radius:6px;cursor:pointer}
button.quiet{margin-top:12px;color:var(--ink);background:transparent;border-color:var(--line)}
a{color:var(--accent)}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
`;

/** This very style, forms to ourselves, and nothing else. */
export const PAGE_POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLES).digest('base64')}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`;

/** A page for whoever holds a link, about one thing. `body` is HTML, made safe by who gives it. */
export function plainPage(title: string, body: string, language: Understood = 'en'): string {
  return `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><meta name="robots" content="noindex">
<title>${escapeHtml(title)}</title><style>${STYLES}</style></head>
<body><main>${body}</main></body></html>`;
}

export interface Reader {
  readonly companyName: string;
  /** The address as far as it may be shown to whoever holds the link. */
  readonly address: string | null;
  readonly token: string;
  readonly language: Understood;
}

/** Software follows links: looking changes nothing, only the button does. */
export function askPage({ companyName, address, token, language }: Reader): string {
  const words = WAY_OUT[language];
  return plainPage(
    words.unsubscribeFrom(companyName),
    `<h1>${escapeHtml(words.question(companyName))}</h1><p>${escapeHtml(words.means(address))}</p>
<form method="post" action="/u/${token}"><button type="submit">${words.unsubscribe}</button></form>
<p class="after"><a href="/p/${token}">${words.instead}</a></p>`,
    language,
  );
}

export function donePage({ companyName, address, token, language }: Reader): string {
  const words = WAY_OUT[language];
  return plainPage(
    words.doneTitle,
    `<h1>${words.done}</h1><p>${escapeHtml(words.none(companyName, address))}</p><p>${words.mistake} <a href="/p/${token}">${words.chooseAgain}</a>.</p>`,
    language,
  );
}

export function preferencePage(
  { companyName, address, token, language }: Reader,
  topics: readonly { readonly key: string; readonly title: string; readonly wording: string; readonly on: boolean }[],
  saved: boolean,
): string {
  const words = WAY_OUT[language];
  const boxes = topics
    .map(
      (topic) =>
        `<label><input type="checkbox" name="topic" value="${escapeHtml(topic.key)}"${topic.on ? ' checked' : ''}> <span>${escapeHtml(topic.title)}<small>${escapeHtml(topic.wording)}</small></span></label>`,
    )
    .join('\n');
  return plainPage(
    words.mailFrom(companyName),
    `<h1>${escapeHtml(words.mailFrom(companyName))}</h1>
${saved ? `<p role="status">${words.saved}</p>` : `<p>${escapeHtml(words.what(address))}</p>`}
<form method="post" action="/p/${token}"><fieldset><legend>${words.want}</legend>${boxes}</fieldset>
<button type="submit">${words.save}</button><button class="quiet" type="submit" name="none" value="1">${words.nothing}</button></form>`,
    language,
  );
}

/** Whose link it was can't be told any more: in the language that the browser likes. */
export function missingPage(language: Understood): string {
  const { missingTitle, missing } = WAY_OUT[language];
  return plainPage(missingTitle, `<h1>${missingTitle}</h1><p>${missing}</p>`, language);
}
