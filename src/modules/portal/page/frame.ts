import { SPOKEN, type Spoken } from '#core/language.ts';
import { html, Html, type HtmlPart } from '#core/portal/html.ts';
import { accentStyle, type CompanyLook, type NamedStyle } from '#modules/brand/public.ts';
import type { Visitor } from '../visitor.ts';
import { SCRIPT, SCRIPT_HASH } from './script.ts';
import { STYLES, STYLES_HASH } from './styles.ts';
import { FRAME_WORDS } from './words.ts';

/** Everything comes from here, nothing runs but our own few lines, and no page may frame it. */
const policyOf = (brand: NamedStyle | null): string =>
  [
    "default-src 'none'",
    `style-src ${STYLES_HASH}${brand === null ? '' : ` ${brand.hash}`}`,
    `script-src ${SCRIPT_HASH}`,
    "img-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

// Whole pieces: a formatter that moved a blank would change what the policy allows by its hash.
const STYLE = new Html(`<style>${STYLES}</style>`);
const CODE = new Html(`<script>${SCRIPT}</script>`);

/** A page, and the policy that lets it be what it is. */
export interface WholePage {
  readonly html: string;
  readonly policy: string;
}

/** As far as the frame tells who looks, and at whose page. */
type Greeted = Pick<Visitor, 'companyName' | 'name' | 'firstName' | 'postalAddress' | 'website' | 'logo' | 'brand'>;

interface Shown {
  readonly visitor: Greeted;
  /** `/portal/<word>` */
  readonly home: string;
  /** Null: the first page. */
  readonly title: string | null;
  readonly body: HtmlPart;
  /** What was done a moment ago. */
  readonly said?: string | null;
  readonly alert?: string | null;
  /** The page stands alone, outside a client's own pages: no way back to them, and this as its last line. */
  readonly alone?: string;
  readonly language?: Spoken;
  /** Where the page is in another language; null: it speaks only this one. `keep`: the choice is posted there, and kept. */
  readonly inLanguage?: ((language: Spoken) => string) | { readonly keep: string } | null;
}

/** The page in the company's name, around what modules show. */
export function framePage({
  visitor,
  home,
  title,
  body,
  said = null,
  alert = null,
  alone,
  language = 'en',
  inLanguage = null,
}: Shown): WholePage {
  const { companyName, firstName, name, postalAddress, website } = visitor;
  const words = FRAME_WORDS[language];
  const greeting = firstName ?? name;
  const site =
    website !== null && /^https?:\/\//i.test(website) ? html` · <a href="${website}" rel="noopener noreferrer">${companyName}</a>` : null;
  return page(
    title === null ? companyName : `${title} – ${companyName}`,
    html`<a class="top" href="${home}">${brand(visitor, home)}</a>
      <main>
        ${title === null || alone !== undefined ? null : html`<a class="back" href="${home}">← ${words.overview}</a>`}
        <h1>${title ?? (greeting === '' ? words.welcome : words.hello(greeting))}</h1>
        ${title === null ? html`<p class="lead">${words.everything(companyName)}</p>` : html`<div class="lead"></div>`}
        ${said === null ? null : html`<p class="said" role="status">${said}</p>`}${alert === null ? null : html`<p class="alert" role="alert">${alert}</p>`}
        ${body}
      </main>
      <footer>
        <p>${postalAddress === null ? companyName : addressLine(companyName, postalAddress)}${site}</p>
        <p>${alone ?? words.yours}</p>
        ${inLanguage === null ? null : languages(language, inLanguage)}
      </footer>`,
    { brand: accentStyle(visitor.brand), language },
  );
}

function languages(spoken: Spoken, where: NonNullable<Shown['inLanguage']>): Html {
  const all = (Object.keys(SPOKEN) as Spoken[]).map((one) => ({ one, now: one === spoken ? html` aria-current="true"` : null })); // its own keys
  const label = FRAME_WORDS[spoken].language;
  if (typeof where === 'function')
    return html`<nav class="languages" aria-label="${label}">
      ${all.map(({ one, now }) => html`<a href="${where(one)}" hreflang="${one}" lang="${one}" ${now}>${SPOKEN[one]}</a>`)}
    </nav>`;
  return html`<form class="languages" method="post" action="${where.keep}" aria-label="${label}">
    ${all.map(({ one, now }) => html`<button type="submit" name="language" value="${one}" lang="${one}" ${now}>${SPOKEN[one]}</button>`)}
  </form>`;
}

interface CompanyPage {
  readonly company: CompanyLook;
  /** Address of the page; its logo is at `<home>/logo`. */
  readonly home: string;
  /** Null: the first page. */
  readonly title: string | null;
  readonly heading: string;
  readonly body: HtmlPart;
  readonly said?: string | null;
  readonly language: Spoken;
}

/** The same frame for everybody, without a client: a search engine may keep it. */
export function companyPage({ company, home, title, heading, body, said = null, language }: CompanyPage): WholePage {
  const { look, postalAddress, website } = company;
  const site =
    website !== null && /^https?:\/\//i.test(website) ? html` · <a href="${website}" rel="noopener">${look.companyName}</a>` : null;
  return page(
    `${title ?? heading} – ${look.companyName}`,
    html`<a class="top" href="${home}">${brand(look, home)}</a>
      <main>
        ${title === null ? null : html`<a class="back" href="${home}">← ${FRAME_WORDS[language].allArticles}</a>`}
        <h1>${heading}</h1>
        <div class="lead"></div>
        ${said === null ? null : html`<p class="said" role="status">${said}</p>`} ${body}
      </main>
      <footer><p>${postalAddress === null ? look.companyName : addressLine(look.companyName, postalAddress)}${site}</p></footer>`,
    { brand: accentStyle(look), kept: true, language },
  );
}

function brand({ companyName, logo }: Pick<Visitor, 'companyName' | 'logo'>, home: string): Html {
  return logo === null
    ? html`<span class="mark" aria-hidden="true">${[...companyName][0]?.toUpperCase() ?? ''}</span> <span>${companyName}</span>`
    : html`<img src="${home}/logo?v=${logo.slice(0, 12)}" alt="${companyName}" />`;
}

/** Name and address on one line, the name once. */
function addressLine(companyName: string, postalAddress: string): string {
  const address = postalAddress.replace(/\s*\n\s*/g, ', ');
  return address.toLowerCase().startsWith(companyName.toLowerCase()) ? address : `${companyName}, ${address}`;
}

/** A link that is unknown, past its end or revoked: all the same to whoever holds it. */
export function missingPage(language: Spoken): WholePage {
  const { missingTitle, missing } = FRAME_WORDS[language];
  return page(missingTitle, plain(missingTitle, missing), { language });
}

/** Too much from one place. */
export function busyPage(seconds: number, language: Spoken): WholePage {
  const { busyTitle, busy } = FRAME_WORDS[language];
  return page(busyTitle, plain(busyTitle, busy(seconds)), { language });
}

const plain = (title: string, text: string): Html =>
  html`<main>
    <h1>${title}</h1>
    <p class="lead">${text}</p>
  </main>`;

interface Around {
  readonly brand?: NamedStyle | null;
  readonly kept?: boolean;
  readonly language?: Spoken;
}

function page(title: string, body: Html, { brand = null, kept = false, language = 'en' }: Around = {}): WholePage {
  const text = html`${new Html('<!doctype html>')}
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        ${kept ? null : html`<meta name="robots" content="noindex, nofollow" />`}
        <meta name="referrer" content="no-referrer" />
        <title>${title}</title>
        ${STYLE}${brand === null ? null : new Html(`<style>${brand.css}</style>`)}
      </head>
      <body>
        <div class="page">${body}</div>
        ${CODE}
      </body>
    </html>`.text;
  return { html: text, policy: policyOf(brand) };
}
