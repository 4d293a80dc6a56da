import { escapeHtml } from '#modules/messages/public.ts';
import type { Content } from '../draw/content.ts';
import { plain } from '../draw/markdown.ts';
import { policyOf, type WholePage } from '../html/page.ts';
import { inlineHtml, partHtml, type AddressOf } from '../html/parts.ts';
import { brandStyles, PART_STYLES } from '../html/styles.ts';
import { DECK_SCRIPT } from './script.ts';
import { slidesOf } from './slides.ts';
import { DECK_STYLES } from './styles.ts';

const CHART = { width: 600, height: 275 };
const WORDS = {
  en: {
    back: 'Previous slide', next: 'Next slide', notes: 'Notes', full: 'Full screen', of: 'of', pdf: 'PDF',
    present: 'Presenter', presenter: 'Presenter’s window', coming: 'Next', end: 'The last slide', none: 'No notes for this slide.', reset: 'From zero again', blocked: 'The browser did not open a second window; allow it for this page.',
  },
  de: {
    back: 'Vorige Folie', next: 'Nächste Folie', notes: 'Notizen', full: 'Vollbild', of: 'von', pdf: 'PDF',
    present: 'Vortrag', presenter: 'Fenster für den Vortrag', coming: 'Als Nächstes', end: 'Die letzte Folie', none: 'Keine Notizen zu dieser Folie.', reset: 'Wieder von null', blocked: 'Der Browser hat kein zweites Fenster geöffnet; erlauben Sie es für diese Seite.',
  },
} as const; // prettier-ignore

/** A document as slides in a browser: one script, ours, named by its hash; nothing is loaded from elsewhere. `withNotes`: what is said beside them is for who speaks. The presenter’s window is made of this page, without another request. */
export function deckPage(content: Content, { addressOf, pdf, withNotes }: { readonly addressOf: AddressOf; readonly pdf: string; readonly withNotes: boolean }): WholePage {
  const { title, lead, look, language } = content;
  const words = WORDS[language];
  const slides = slidesOf(content);
  const count = slides.length + 1;
  const logo = look.logo === null ? escapeHtml(look.companyName) : `<img class="mark-logo" src="${escapeHtml(addressOf(look.logo))}" alt="${escapeHtml(look.companyName)}">`;
  const label = (at: number, name: string) => `aria-roledescription="slide" aria-label="${escapeHtml(`${at} ${words.of} ${count}: ${name}`)}" tabindex="-1"`;
  const first = `<section class="slide first" ${label(1, title)}><div class="brand">${logo}</div><div class="inner"><h1>${escapeHtml(title)}</h1>${lead === '' ? '' : `<p>${escapeHtml(lead)}</p>`}</div></section>`;
  const rest = slides.map((slide, i) => {
    const name = slide.title === null ? title : plain(slide.title.text);
    const heading = slide.title === null ? '' : `<h2>${inlineHtml(slide.title.text)}</h2>`;
    const parts = slide.parts.map((part, n) => partHtml(part, i * 100 + n, { content, addressOf, chart: CHART })).join('\n');
    const said = withNotes && slide.notes !== '' ? `<aside class="said" aria-label="${words.notes}">${escapeHtml(slide.notes)}</aside>` : '';
    return `<section class="slide" ${label(i + 2, name)}><div class="inner">${heading}${parts}${said}</div></section>`;
  });
  const notes = withNotes && slides.some((slide) => slide.notes !== '') ? `<button type="button" data-notes aria-pressed="false">${words.notes}</button>` : '';
  const told = ([['title', words.presenter], ['next', words.coming], ['notes', words.notes], ['end', words.end], ['none', words.none], ['reset', words.reset], ['blocked', words.blocked]] as const).map(([name, text]) => ` data-${name}="${escapeHtml(text)}"`).join('');
  const present = `<button type="button" data-present aria-pressed="false"${told}>${words.present}</button>`;
  const turn = `<nav class="turn"><i data-bar></i><button type="button" data-back aria-label="${words.back}">←</button><button type="button" data-next aria-label="${words.next}">→</button><span data-count></span>${notes}${present}<a href="${escapeHtml(pdf)}">${words.pdf}</a><button type="button" data-full aria-label="${words.full}"><svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true"><path class="l-ink" d="M2 6V2h4M10 2h4v4M14 10v4h-4M6 14H2v-4"/></svg></button></nav><p class="sr" role="status" data-live></p>`;
  const style = `${brandStyles(look)}\n${PART_STYLES}\n${DECK_STYLES}`;
  const html = `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">
<title>${escapeHtml(title)}</title><style>${style}</style></head>
<body><main>${[first, ...rest].join('\n')}</main>${turn}<script>${DECK_SCRIPT}</script></body></html>`;
  return { html, policy: policyOf(style, DECK_SCRIPT) };
} // prettier-ignore
