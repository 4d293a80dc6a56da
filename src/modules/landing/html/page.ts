import { createHash } from 'node:crypto';
import { html, Html, type HtmlPart } from '#core/portal/html.ts';
import type { CompanyLook } from '#modules/brand/public.ts';
import { formMarkup, type StoredForm } from '#modules/leads/public.ts';
import type { Action, Block } from '../model/blocks.ts';
import type { Content } from '../model/content.ts';
import { mark } from './marks.ts';
import { blockHtml, type Drawing } from './parts.ts';
import { pageStyle } from './styles.ts';

/** A page with the policy that lets it be what it is, and nothing else. */
export interface WholePage {
  readonly html: string;
  readonly policy: string;
}

interface PageInput {
  readonly content: Content;
  readonly brand: CompanyLook;
  /** With scheme and host. */
  readonly address: string;
  /** Of the picture or the logo, beginning with /. */
  readonly addressOf: (picture: string) => string;
  readonly form: StoredForm | null;
  /** What stands where the form is: the form as this visitor gets it, thanks, or a hint. */
  readonly formHtml: string;
  /** A draft: no search engine, our own pages may frame it. */
  readonly preview?: string;
}

type FormState = Parameters<typeof formMarkup>[1];

export const drawnForm = (form: StoredForm, state: FormState): string => formMarkup(form, state);

/** Before anybody wrote into it; `own` is put where each visitor's own fields go. A page runs no script, so it asks for no proof of work. */
export const emptyForm = (form: StoredForm, action: string, own: string): string =>
  formMarkup(form, { action, rendered: '', token: '', challenge: null, values: {}, consent: false, touch: {}, faults: [], alert: null, embedded: false, brand: null }, own); // prettier-ignore

/** After the form was taken. */
export const thanks = (form: StoredForm): string =>
  html`<div class="thanks" role="status">
    ${mark('check')}
    <p>${form.thankYou}</p>
  </div>`.text;

const WORDS = {
  en: { skip: 'Skip to the content', site: 'Website', missing: 'Choose a form for this page.' },
  de: { skip: 'Zum Inhalt', site: 'Website', missing: 'Wählen Sie ein Formular für diese Seite.' },
} as const;

/** Grounds in turn, so that a long page has rhythm; what brings a ground of its own does not count. */
function grounds(blocks: readonly Block[]): boolean[] {
  let wash = true;
  return blocks.map((block) => (block.type === 'hero' || block.type === 'call' ? (wash = block.type !== 'hero' && wash) : (wash = !wash)));
}

/** Where the header's button leads: the first thing that the page asks for. */
function firstAction(blocks: readonly Block[]): Action | null {
  for (const block of blocks) {
    if (block.type === 'hero' && block.actions[0] !== undefined) return block.actions[0];
    if (block.type === 'call') return block.action;
  }
  return null;
}

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

function policyOf(style: string, form: StoredForm | null, framed: boolean): string {
  const onwards = form?.redirectUrl == null ? '' : ` ${new URL(form.redirectUrl).origin}`;
  return `default-src 'none'; style-src ${hashOf(style)}; img-src 'self'; form-action 'self'${onwards}; base-uri 'none'; frame-ancestors ${framed ? "'self'" : "'none'"}`;
}

/** The whole page: server-rendered, one style inside, no script. */
export function landingPage(input: PageInput): WholePage {
  const { content, brand, addressOf, form, formHtml, preview } = input;
  const { look } = brand;
  const words = WORDS[content.language];
  const style = pageStyle(look);
  const drawing: Drawing = {
    content,
    addressOf,
    form: new Html(formHtml === '' ? html`<p class="help">${words.missing}</p>`.text : formHtml),
  };
  const washed = grounds(content.blocks);
  const action = firstAction(content.blocks);
  const name = look.logo === null ? look.companyName : html`<img src="${addressOf(look.logo)}" alt="${look.companyName}" />`;
  const text = html`${new Html('<!doctype html>')}
<html lang="${content.language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
${head(input)}${new Html(`<style>${style}</style>`)}</head>
<body${look.dark ? html` class="night"` : null}>${preview === undefined ? null : html`<p class="bar">${preview}</p>`}<a class="skip" href="#main">${words.skip}</a>
<header class="top"><div class="in"><span class="name">${name}</span>${action === null ? null : html`<a class="button small" href="${action.url}">${action.label}</a>`}</div></header>
<main id="main">${content.blocks.some(({ type }) => type === 'hero') ? null : html`<h1 class="sr">${content.title}</h1>`}
${content.blocks.map((block, i) => blockHtml(block, drawing, washed[i] === true))}
</main>
${foot(brand)}</body></html>`; // prettier-ignore
  return { html: text.text, policy: policyOf(style, form, preview !== undefined) };
}

function head({ content, brand, address, addressOf, preview }: PageInput): HtmlPart {
  const { title, description } = content;
  const shown = content.blocks.find((block) => block.type === 'hero')?.picture?.sizes.at(-1) ?? null;
  const base = URL.canParse(address) ? new URL(address).origin : '';
  return [
    html`<title>${title}</title>`,
    brand.look.logo === null ? null : html`<link rel="icon" href="${addressOf(brand.look.logo)}">`,
    description === '' ? null : html`<meta name="description" content="${description}">`,
    content.indexed && preview === undefined ? html`<link rel="canonical" href="${address}">` : html`<meta name="robots" content="noindex">`,
    html`<meta property="og:type" content="website"><meta property="og:title" content="${title}"><meta property="og:url" content="${address}"><meta property="og:site_name" content="${brand.look.companyName}">`,
    description === '' ? null : html`<meta property="og:description" content="${description}">`,
    shown === null ? null : html`<meta property="og:image" content="${base}${addressOf(shown)}"><meta name="twitter:card" content="summary_large_image">`,
  ]; // prettier-ignore
}

/** Who answers for the page stands under each of it: the law asks for it. */
function foot({ look, postalAddress, website }: CompanyLook): Html {
  const address = (postalAddress ?? '').replace(/\s*\n\s*/g, ', ');
  const named = address.toLowerCase().startsWith(look.companyName.toLowerCase());
  const site = website !== null && /^https?:\/\//i.test(website) ? [{ label: website.replace(/^https?:\/\/(www\.)?|\/$/gi, ''), url: website }] : [];
  const links = [...site, ...look.links];
  return html`<footer class="foot"><div class="in"><div>${named ? null : html`<b>${look.companyName}</b>`}${address === '' ? null : html`${named ? null : html`<br>`}${address}`}${look.footer === '' ? null : html`<br>${look.footer}`}</div>${
    links.length === 0 ? null : html`<ul>${links.map(({ label, url }) => html`<li><a href="${url}" rel="noopener">${label}</a></li>`)}</ul>`
  }</div></footer>`;
} // prettier-ignore

/** Where nothing is, or nothing is any more. */
export function closedPage(why: 'missing' | 'ended', content: Pick<Content, 'language'> | null, brand: CompanyLook | null): WholePage {
  const german = content?.language === 'de';
  const texts = {
    missing: german ? ['Hier ist nichts', 'Die Adresse ist nicht vollständig, oder die Seite gibt es noch nicht.'] : ['There is nothing here', 'The address is not whole, or the page is not there yet.'],
    ended: german ? ['Diese Seite ist zu Ende', 'Was hier stand, gilt nicht mehr.'] : ['This page has ended', 'What stood here is no longer offered.'],
  }[why];
  const style = pageStyle(brand?.look ?? { accent: '#3b57cf', font: 'sans', paper: 'a4', footer: '', dark: true, links: [], companyName: '', logo: null });
  const text = html`${new Html('<!doctype html>')}
<html lang="${german ? 'de' : 'en'}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex"><title>${texts[0]}</title>${new Html(`<style>${style}</style>`)}</head>
<body><main class="part"><div class="in headed"><h1>${texts[0]}</h1><p>${texts[1]}</p></div></main>${brand === null ? null : foot(brand)}</body></html>`;
  return { html: text.text, policy: policyOf(style, null, false) };
} // prettier-ignore
