import { html, Html, type HtmlPart } from '#core/portal/html.ts';
import { LOCALE, type Spoken } from '#core/language.ts';
import type { PortalVisit } from '#core/portal/types.ts';

import { FRAME_WORDS } from './words.ts';

/** Most bytes of all files of one form. */
export const MOST_UPLOAD = 25_000_000;

type Tone = 'ok' | 'bad' | 'warn' | 'accent';

export const badge = (text: string, tone?: Tone): Html => html`<span class="badge ${tone ?? ''}">${text}</span>`;

/** A paragraph, a text, a form: with room around it. What is not a list of rows goes in here; nothing of nothing. */
export const inside = (...parts: readonly HtmlPart[]): Html =>
  parts.every((part) => html`${part}`.text === '') ? new Html('') : html`<div class="inside">${parts}</div>`;

export const card = (title: string, body: HtmlPart, aside: HtmlPart = null): Html =>
  html`<section class="card">
    <header>
      <h2>${title}</h2>
      ${aside}
    </header>
    ${body}
  </section>`;

/** A text as it was written, every break of a line kept: a message, a contract. `label`: it may be long, and scrolls in a box of its own. */
export function written(text: string, label?: string): Html {
  const box = label === undefined ? html` class="text"` : html` class="text tall" tabindex="0" role="region" aria-label="${label}"`;
  return new Html(`<div${box.text}>${html`${text}`.text}</div>`);
}

/** A text as paragraphs: an empty line parts them, a break of a line stays one. */
export const paragraphs = (text: string): Html =>
  html`${text
    .replaceAll('\r\n', '\n')
    .trim()
    .split(/\n{2,}/)
    .filter((part) => part !== '')
    .map((part) => html`<p>${part.split('\n').map((line, i) => html`${i === 0 ? null : html`<br />`}${line}`)}</p>`)}`;

export interface Row {
  readonly title: string;
  readonly detail?: string | null;
  /** Amount, size: set flush right. */
  readonly figure?: string | null;
  readonly badge?: Html | null;
  /** Below the part's own address: `${visit.at}/${id}`. */
  readonly href?: string;
}

/** What is folded up until somebody wants it, or what was typed into it was refused. */
export const folded = (title: string, open: boolean, body: HtmlPart): Html =>
  html`<details${open ? html` open` : null}><summary>${title}</summary>${body}</details>`;

/** A list of things, each of which may be opened. */
export function rows(entries: readonly Row[]): Html {
  return html`<ul class="rows">
    ${entries.map(({ title, detail, figure, badge: mark, href }) => {
      const inner = html`<span class="what"><strong>${title}</strong>${detail ? html`<small>${detail}</small>` : null}</span
        >${figure || mark ? html`<span class="side">${figure ? html`<span class="num">${figure}</span>` : null}${mark}</span>` : null}`;
      return href === undefined ? html`<li><div class="row">${inner}</div></li>` : html`<li><a href="${href}">${inner}</a></li>`;
    })}
  </ul>`;
}

export interface FormField {
  readonly name: string;
  readonly label: string;
  readonly type?: 'text' | 'email' | 'tel' | 'date' | 'number' | 'area' | 'tick' | 'choice' | 'file';
  readonly required?: boolean;
  readonly help?: string;
  /** Of `choice`. */
  readonly options?: readonly string[];
  /** Of `file`: several at once. */
  readonly multiple?: boolean;
  /** What stands in it at first. */
  readonly value?: string;
  /** Of `file`: endings or media types, as browsers take them. */
  readonly accept?: string;
  readonly autocomplete?: string;
}

export interface FormShape {
  /** Name of the act. */
  readonly act: string;
  readonly label: string;
  readonly fields: readonly FormField[];
  /** Below the part's own address; default: the part itself. */
  readonly path?: string;
  readonly second?: boolean;
}

/** What a form needs to know of the page that it stands on. */
export interface FormPlace extends Pick<PortalVisit, 'at' | 'once' | 'typed' | 'faults'> {
  readonly language?: Spoken;
}

/** A form that posts to this part. What was typed and refused stands in it again, with what is wrong beside it. */
export function form(visit: FormPlace, { act, label, fields, path = '', second = false }: FormShape): Html {
  const files = fields.some((field) => field.type === 'file');
  return html`<form method="post" action="${visit.at}${path === '' ? '' : `/${path}`}"${files ? html` enctype="multipart/form-data" data-most="${MOST_UPLOAD}" data-sending="${FRAME_WORDS[visit.language ?? 'en'].sending}"` : null}>
<input type="hidden" name="once" value="${visit.once}">
${files ? html`<p class="alert" role="alert" tabindex="-1" data-too-large hidden>${FRAME_WORDS[visit.language ?? 'en'].tooLarge(MOST_UPLOAD / 1_000_000)}</p>` : null}
${fields.map((field) => control(visit, field))}
<button${second ? html` class="second"` : null} type="submit" name="do" value="${act}">${label}</button></form>`;
}

function control(visit: FormPlace, field: FormField): Html {
  const { name, label, type = 'text', required = false, help, options = [], accept, autocomplete, multiple = false } = field;
  const fault = visit.faults.find((one) => one.path === name);
  const value = visit.typed[name] ?? field.value ?? '';
  const id = `f-${name}`;
  const says = [help === undefined ? null : `${id}-help`, fault === undefined ? null : `${id}-fault`]
    .filter((one) => one !== null)
    .join(' ');
  const common = html` id="${id}"
  name="${name}"${required ? html` required` : null}${fault === undefined ? null : html` aria-invalid="true"`}${says === '' ? null : html` aria-describedby="${says}"`}${autocomplete === undefined ? null : html` autocomplete="${autocomplete}"`}`;
  const after = html`${help === undefined ? null : html`<span class="help" id="${id}-help">${help}</span>`}${fault === undefined ? null : html`<span class="fault" id="${id}-fault">${fault.message}</span>`}`;
  if (type === 'tick')
    return html`<div class="field">
      <label class="tick"
        ><input type="checkbox" value="yes" ${common}${value === 'yes' ? html` checked` : null} /> <span>${label}</span></label
      >${after}
    </div>`;
  const words = FRAME_WORDS[visit.language ?? 'en'];
  const optional = required ? null : html` <small>(${words.optional})</small>`;
  const input =
    type === 'area'
      ? html`<textarea${common}>${value}</textarea>`
      : type === 'choice'
        ? html`<select${common}><option value="">${words.choose}</option>${options.map((one) => html`<option${one === value ? html` selected` : null}>${one}</option>`)}</select>`
        : type === 'file'
          ? html`<input
              type="file"
              ${common}${multiple ? html` multiple` : null}${accept === undefined ? null : html` accept="${accept}"`}
            />`
          : html`<input type="${type}" ${common} value="${value}" />`;
  return html`<div class="field"><label for="${id}">${label}${optional}</label>${input}${after}</div>`;
}

/** How much is done, for eyes and for readers. `label`: the same in words. */
export function progress(done: number, all: number, label: string): Html {
  const percent = all === 0 ? 0 : Math.round((done / all) * 100);
  return html`<div class="bar" role="img" aria-label="${label}">
    <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect width="${percent}" height="8"></rect></svg>
  </div>`;
}

type Told = Pick<PortalVisit, 'company' | 'language'>;

/** `3 December 2026`, the day in the company's zone. */
export function dayIn({ company, language }: Told, at: Date): string {
  return at.toLocaleDateString(LOCALE[language], { day: 'numeric', month: 'long', year: 'numeric', timeZone: company.timeZone });
}

/** The same with the hour: `3 December 2026 at 14:05`. */
export function timeIn({ company, language }: Told, at: Date): string {
  return at.toLocaleString(LOCALE[language], {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZone: company.timeZone,
  });
}

/** `2026-12-03` in words. */
export function dayOf({ language }: Pick<Told, 'language'>, day: string): string {
  return new Date(`${day}T00:00:00Z`).toLocaleDateString(LOCALE[language], {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  });
}

/** `340 kB`, `1.2 MB`; in French octets. */
export function sizeOf({ language }: Pick<Told, 'language'>, bytes: number): string {
  const [unit, value] =
    bytes < 1_000
      ? (['', bytes] as const)
      : bytes < 1_000_000
        ? (['k', Math.round(bytes / 1_000)] as const)
        : (['M', bytes / 1_000_000] as const);
  return `${value.toLocaleString(LOCALE[language], { maximumFractionDigits: 1, minimumFractionDigits: unit === 'M' ? 1 : 0 })} ${unit}${language === 'fr' ? 'o' : 'B'}`;
}
