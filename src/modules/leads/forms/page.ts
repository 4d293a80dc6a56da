import type { FieldFault } from '#core/errors.ts';
import type { NamedStyle } from '#modules/brand/public.ts';
import type { Answers } from './answers.ts';
import { ATTRIBUTION_NAMES } from './attribution.ts';
import { FORM_SCRIPT } from './client.ts';
import { fieldHtml } from './controls.ts';
import { escape, lines } from './escape.ts';
import type { Confirmation } from './confirm.ts';
import type { StoredForm } from './form.ts';
import { STYLES } from './styles.ts';
import { TEXTS, type Language, type Texts } from './texts.ts';

export interface PageState {
  /** Where the form posts to: the address of the page itself. */
  readonly action: string;
  /** Signed moment of rendering. */
  readonly rendered: string;
  /** Random, of this page: sent again it is the same submission. */
  readonly token: string;
  /** Proof of work that the browser is asked for; null: none. */
  readonly challenge: string | null;
  /** What was typed before, by field. */
  readonly values: Answers;
  readonly consent: boolean;
  /** utm_source …, referrer, landing_page. */
  readonly touch: Readonly<Record<string, string>>;
  readonly faults: readonly FieldFault[];
  /** A sentence above the form when something went wrong. */
  readonly alert: string | null;
  /** Inside somebody's page: no box of its own. */
  readonly embedded: boolean;
  /** What the company's brand changes of the look. */
  readonly brand: NamedStyle | null;
}

const hidden = (name: string, value: string) => `<input type="hidden" name="${name}" value="${escape(value)}">`;

/** The form: works without script, holds what was typed, says what to mend beside each field. */
export function formPage(form: StoredForm, state: PageState): string {
  const intro = form.intro === '' ? '' : `<p class="intro">${lines(form.intro)}</p>`;
  return page(form.title, `<h1>${escape(form.title)}</h1>${intro}${formMarkup(form, state)}`, form.language, state.embedded, state.brand);
}

/** All of a form that is another for each visitor: when it was drawn, a random word, and where they came from. */
export function visitorFields({ rendered, token, touch }: Pick<PageState, 'rendered' | 'token' | 'touch'>): string {
  const from = ATTRIBUTION_NAMES.flatMap((name) => (touch[name] === undefined ? [] : [hidden(name, touch[name])]));
  return `${hidden('rendered', rendered)}${hidden('token', token)}${from.join('')}`;
}

/** What went wrong, and the form itself, for any page of ours. `own`: what stands for `visitorFields`. */
export function formMarkup(form: StoredForm, state: PageState, own = visitorFields(state)): string {
  const texts = TEXTS[form.language];
  const alert = state.alert === null ? '' : `<p class="alert" role="alert">${escape(state.alert)}</p>`;
  const saved = form.partialDays > 0 && form.steps.length > 1 ? `<p class="help">${escape(texts.savedAsYouGo(form.partialDays))}</p>` : '';
  const data = [
    form.partialDays > 0 ? ` data-partials="/api/forms/${form.id}/partials"` : '',
    state.challenge === null ? '' : ` data-challenge="${escape(state.challenge)}"`,
  ].join('');
  return `${alert}
<form method="post" action="${escape(state.action)}" accept-charset="utf-8"${data}>
${fieldsHtml(form, state, texts)}
<div class="trap" aria-hidden="true"><label>${texts.empty} <input name="website" tabindex="-1" autocomplete="off"></label></div>
${hidden('proof', '')}${hidden('consent_version', String(form.consentVersion))}${state.embedded ? hidden('embed', '1') : ''}${own}
${saved}<div class="buttons"><button type="button" class="second" data-back hidden>${texts.back}</button><button type="button" data-next hidden>${texts.next}</button><button type="submit" data-send>${escape(form.submitLabel)}</button></div>
</form>`;
}

/** Steps are parts of one page, until the script shows one at a time. The consent box stands in the last one. */
function fieldsHtml(form: StoredForm, state: PageState, texts: Texts): string {
  const html = (step: number | null) =>
    form.fields
      .filter((field) => step === null || Math.min(field.step, form.steps.length - 1) === step)
      .map((field) => fieldHtml(field, state.values, state.faults, texts))
      .join('\n');
  if (form.steps.length < 2) return `${html(null)}\n${consentHtml(form, state)}`;
  const last = form.steps.length - 1;
  const parts = form.steps.map(
    (title, step) =>
      `<section data-step="${step}"><h2 tabindex="-1">${escape(title)}</h2>${html(step)}${step === last ? consentHtml(form, state) : ''}</section>`,
  );
  return `<p class="help" data-progress="${escape(texts.progress)}" aria-live="polite"></p>${parts.join('\n')}`;
}

export function thanksPage(
  form: StoredForm,
  { embedded = false, onwards = null, brand = null }: { embedded?: boolean; onwards?: string | null; brand?: NamedStyle | null } = {},
): string {
  const link =
    onwards === null
      ? ''
      : `<p><a data-onwards href="${escape(onwards)}" target="_top" rel="noopener">${TEXTS[form.language].onwards}</a></p>`;
  return page(
    form.title,
    `<div class="success-message" role="status">${lines(form.thankYou)}</div>${link}`,
    form.language,
    embedded,
    brand,
  );
}

/** Software follows links: looking changes nothing, only the button does. */
export function confirmPage({ companyName, wording, language, state }: Confirmation, word: string): string {
  const texts = TEXTS[language];
  const ask = `<p class="intro">${escape(texts.confirmText(companyName))}</p><blockquote>${lines(wording)}</blockquote>
<form method="post" action="/confirm/${escape(word)}"><div class="buttons"><button type="submit">${escape(texts.confirmButton)}</button></div></form>`;
  const { title, body } = {
    asked: { title: texts.confirmTitle, body: ask },
    confirmed: { title: texts.confirmedTitle, body: `<p class="intro" role="status">${escape(texts.confirmedText)}</p>` },
    late: { title: texts.lateTitle, body: `<p class="intro">${escape(texts.lateText)}</p>` },
  }[state];
  return page(title, `<h1>${escape(title)}</h1>${body}`, language, false);
}

export function missingPage(language: Language = 'en'): string {
  const { missingTitle, missingText } = TEXTS[language];
  return page(missingTitle, `<h1>${escape(missingTitle)}</h1><p class="intro">${escape(missingText)}</p>`, language, false);
}

function consentHtml(form: StoredForm, state: PageState): string {
  if (form.consentWording === '') return '';
  const fault = state.faults.find((each) => each.path === 'consent');
  const message = fault === undefined ? '' : `<span class="fault" id="consent-fault">${escape(fault.message)}</span>`;
  const describe = fault === undefined ? '' : ' aria-invalid="true" aria-describedby="consent-fault"';
  return `<div class="field"><label class="tick consent"><input type="checkbox" name="consent" value="yes"${form.consentRequired ? ' required' : ''}${state.consent ? ' checked' : ''}${describe}> <span>${lines(form.consentWording)}</span></label>${message}</div>`;
}

/** Inside somebody's page it is light: most pages are, and a dark box in a light page is worse than the other way round. */
function page(title: string, body: string, language: Language, embedded: boolean, brand: NamedStyle | null = null): string {
  return `<!doctype html>
<html lang="${language}"${embedded ? ' class="light"' : ''}><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="${embedded ? 'light' : 'light dark'}">
<title>${escape(title)}</title><style>${STYLES}</style>${brand === null ? '' : `<style>${brand.css}</style>`}</head>
<body${embedded ? ' class="embedded"' : ''}><main>${body}</main><script>${FORM_SCRIPT}</script></body></html>`;
}
