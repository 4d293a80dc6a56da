import { escapeHtml } from '#modules/messages/public.ts';
import type { FieldFault } from '#core/errors.ts';
import { longDay } from '../draw/words.ts';
import { documentPage, policyOf, type WholePage } from '../html/page.ts';
import { brandStyles, PAGE_STYLES, PART_STYLES } from '../html/styles.ts';
import { lapsed, type Shared } from './shared.ts';

const WORDS = {
  en: {
    pdf: 'PDF',
    slides: 'Slides',
    page: 'Document',
    accept: 'Accept this proposal',
    asks: (company: string) => `Type your name to accept. ${company} keeps what stands on this page, your name, the time and the address of your connection as proof.`,
    name: 'Your name',
    agree: 'I accept this proposal, and I may do so for whom it is addressed to.',
    button: 'Accept',
    accepted: (name: string, at: string) => `Accepted by ${name} on ${at}.`,
    lapsed: (day: string) => `This proposal could be accepted until ${day}. Ask for a new one.`,
    endedTitle: 'This link has ended',
    ended: 'Ask whoever sent it to you for a new one.',
    missingTitle: 'There is nothing here',
    missing: 'The address is not whole, or what it led to is gone.',
  },
  de: {
    pdf: 'PDF',
    slides: 'Folien',
    page: 'Dokument',
    accept: 'Angebot annehmen',
    asks: (company: string) => `Tippen Sie zum Annehmen Ihren Namen. ${company} bewahrt als Beleg auf, was auf dieser Seite steht, Ihren Namen, die Zeit und die Adresse Ihrer Verbindung.`,
    name: 'Ihr Name',
    agree: 'Ich nehme dieses Angebot an und darf das für die Angesprochenen tun.',
    button: 'Annehmen',
    accepted: (name: string, at: string) => `Angenommen von ${name} am ${at}.`,
    lapsed: (day: string) => `Dieses Angebot galt bis ${day}. Fragen Sie nach einem neuen.`,
    endedTitle: 'Dieser Link gilt nicht mehr',
    ended: 'Fragen Sie, wer ihn geschickt hat, nach einem neuen.',
    missingTitle: 'Hier ist nichts',
    missing: 'Die Adresse ist nicht vollständig, oder was dort stand, ist fort.',
  },
} as const; // prettier-ignore

const STYLES = `.bar{position:sticky;top:0;z-index:3;display:flex;align-items:center;gap:.4rem;min-height:52px;padding:.25rem clamp(.8rem,3vw,1.6rem);background:var(--panel);border-bottom:1px solid var(--line);font-size:.92rem}
.bar strong{flex:1;min-width:0;overflow:hidden;text-overflow:ellipsis;white-space:nowrap;font-weight:550}
.bar a{display:inline-flex;align-items:center;min-height:44px;padding:0 .8rem;border-radius:8px;color:var(--ink);text-decoration:none}.bar a:hover{background:var(--wash)}
.accept{margin:3rem 0 1rem;padding:1.4rem;border:1px solid var(--line);border-radius:14px;background:var(--wash)}
.accept h2{margin:0 0 .5rem;font-size:1.25rem}.accept p{font-size:.92rem;color:var(--soft)}
.accept label{display:block;font-weight:550;font-size:.95rem;margin:0 0 .35rem}
.accept .tick{display:flex;gap:.7rem;align-items:flex-start;font-weight:400;margin:1rem 0 1.2rem}.accept .tick input{flex:none;width:20px;height:20px;margin:.15rem 0 0;accent-color:var(--accent)}
.accept input[name=name]{width:100%;min-height:44px;padding:.4rem .8rem;font:inherit;color:inherit;background:var(--panel);border:1px solid var(--soft);border-radius:8px}
.accept .fault{color:#b3261e;margin:.3rem 0 0}@media (prefers-color-scheme:dark){.accept .fault{color:#ff8a80}}
.done{margin:3rem 0 1rem;padding:1.1rem 1.3rem;border-radius:14px;background:var(--wash);border-left:3px solid var(--accent);font-weight:550}`;

/** A shared document: a bar with its other faces, and of a proposal where it is accepted. */
export function sharedPage(shared: Shared, options: { readonly at: string; readonly now: Date; readonly faults?: readonly FieldFault[]; readonly name?: string; readonly says?: string }): WholePage {
  const { content, title } = shared;
  const words = WORDS[content.language];
  const bar = `<header class="bar no-print"><strong>${escapeHtml(title)}</strong><a href="${options.at}/deck">${words.slides}</a><a href="${options.at}/pdf?download">${words.pdf}</a></header>`;
  return documentPage(content, {
    addressOf: (picture) => `${options.at}/i/${picture}`,
    before: bar,
    after: shared.kind === 'proposal' ? acceptance(shared, options) : '',
    moreStyles: STYLES,
  });
} // prettier-ignore

function acceptance(shared: Shared, { at, now, faults = [], name = '', says = '' }: Parameters<typeof sharedPage>[1]): string {
  const words = WORDS[shared.content.language];
  const { language } = shared.content;
  if (shared.acceptedAt !== null) {
    const day = new Intl.DateTimeFormat('en-CA', { timeZone: shared.zone }).format(shared.acceptedAt);
    return `<p class="done" id="accepted" role="status">✓ ${escapeHtml(words.accepted(shared.acceptedBy ?? '', longDay(language, day)))}</p>`;
  }
  if (lapsed(shared, now)) return `<p class="done">${escapeHtml(words.lapsed(longDay(language, shared.validUntil ?? '')))}</p>`;
  const faultOf = (path: string) => {
    const found = faults.find((fault) => fault.path === path);
    return found === undefined ? { text: '', tie: '' } : { text: `<p class="fault" id="fault-${path}">${escapeHtml(found.message)}</p>`, tie: ` aria-invalid="true" aria-describedby="fault-${path}"` };
  };
  const [typed, ticked] = [faultOf('name'), faultOf('agree')];
  return `<section class="accept no-print" id="accept"><h2>${words.accept}</h2>${says === '' ? '' : `<p class="fault" role="alert">${escapeHtml(says)}</p>`}<p>${escapeHtml(words.asks(shared.companyName))}</p>
<form method="post" action="${at}/accept"><input type="hidden" name="version" value="${shared.version}">
<label for="name">${words.name}</label><input id="name" name="name" autocomplete="name" maxlength="200" required value="${escapeHtml(name)}"${typed.tie}>${typed.text}
<label class="tick"><input type="checkbox" name="agree" value="yes" required${ticked.tie}> <span>${escapeHtml(words.agree)}</span></label>${ticked.text}
<button class="button" type="submit">${words.button}</button></form></section>`;
} // prettier-ignore

/** Where a link leads no more, or never led. */
export function closedPage(why: 'ended' | 'missing', language: 'en' | 'de' = 'en'): WholePage {
  const words = WORDS[language];
  const [title, text] = why === 'ended' ? [words.endedTitle, words.ended] : [words.missingTitle, words.missing];
  const style = `${brandStyles({ accent: '#3b57cf', font: 'sans' })}\n${PART_STYLES}\n${PAGE_STYLES}\n.sheet{max-width:30rem}.title{font-size:1.6rem}`;
  const html = `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex"><title>${title}</title><style>${style}</style></head>
<body><main class="sheet"><h1 class="title">${title}</h1><p class="lead">${text}</p></main></body></html>`;
  return { html, policy: policyOf(style) };
}
