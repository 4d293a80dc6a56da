import type { FieldFault } from '#core/errors.ts';
import type { FormField } from './fields.ts';
import type { StoredForm } from './form.ts';
import { STYLES } from './styles.ts';

/** Everything that people wrote goes through here on its way into HTML. */
export function escape(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
}

const lines = (text: string): string => escape(text).replaceAll('\n', '<br>');

export interface PageState {
  /** Where the form posts to: the address of the page itself. */
  readonly action: string;
  /** Signed moment of rendering. */
  readonly rendered: string;
  /** What was typed before, by field. */
  readonly values: Readonly<Record<string, string>>;
  readonly consent: boolean;
  readonly faults: readonly FieldFault[];
  /** A sentence above the form when something went wrong. */
  readonly alert: string | null;
}

/** The form: works without script, holds what was typed, says what to mend beside each field. */
export function formPage(form: StoredForm, state: PageState): string {
  const alert = state.alert === null ? '' : `<p class="alert" role="alert">${escape(state.alert)}</p>`;
  const intro = form.intro === '' ? '' : `<p class="intro">${lines(form.intro)}</p>`;
  const body = `<h1>${escape(form.title)}</h1>${intro}${alert}
<form method="post" action="${escape(state.action)}" accept-charset="utf-8">
${form.fields.map((field) => fieldHtml(field, state)).join('\n')}
${consentHtml(form, state)}
<div class="trap" aria-hidden="true"><label>Leave this empty <input name="website" tabindex="-1" autocomplete="off"></label></div>
<input type="hidden" name="rendered" value="${escape(state.rendered)}">
<button type="submit">${escape(form.submitLabel)}</button>
</form>`;
  return page(form.title, body);
}

export function thanksPage(form: StoredForm): string {
  return page(form.title, `<div class="success-message" role="status">${lines(form.thankYou)}</div>`);
}

export function missingPage(): string {
  return page(
    'Form not found',
    '<h1>This form is not here</h1><p class="intro">It was switched off, or the address is not complete. Ask whoever sent you the link.</p>',
  );
}

const AUTOCOMPLETE: Readonly<Record<string, string>> = {
  name: 'name',
  first_name: 'given-name',
  last_name: 'family-name',
  email: 'email',
  phone: 'tel',
  organisation: 'organization',
};

function fieldHtml(field: FormField, state: PageState): string {
  const fault = state.faults.find((each) => each.path === `answers.${field.name}`);
  const id = `field-${field.name}`;
  const complete = AUTOCOMPLETE[field.name];
  const attributes = [
    `id="${id}" name="${field.name}"`,
    field.required ? 'required' : '',
    complete === undefined ? '' : `autocomplete="${complete}"`,
    fault === undefined ? '' : `aria-invalid="true" aria-describedby="${id}-fault"`,
  ].filter((part) => part !== '');
  const message = fault === undefined ? '' : `<span class="fault" id="${id}-fault">${escape(fault.message)}</span>`;
  const optional = field.required ? '' : ' <small>(optional)</small>';
  return `<div class="field"><label for="${id}">${escape(field.label)}${optional}</label>${control(field, attributes.join(' '), state.values[field.name] ?? '')}${message}</div>`;
}

function control(field: FormField, attributes: string, value: string): string {
  switch (field.type) {
    case 'textarea':
      return `<textarea ${attributes} rows="5">\n${escape(value)}</textarea>`;
    case 'select':
      return `<select ${attributes}><option value="">Please choose</option>${field.options
        .map((option) => `<option${option === value ? ' selected' : ''}>${escape(option)}</option>`)
        .join('')}</select>`;
    case 'email':
    case 'phone':
    case 'text':
      return `<input type="${field.type === 'phone' ? 'tel' : field.type}" ${attributes} value="${escape(value)}">`;
  }
}

function consentHtml(form: StoredForm, state: PageState): string {
  if (form.consentWording === '') return '';
  const fault = state.faults.find((each) => each.path === 'consent');
  const message = fault === undefined ? '' : `<span class="fault" id="consent-fault">${escape(fault.message)}</span>`;
  const describe = fault === undefined ? '' : ' aria-invalid="true" aria-describedby="consent-fault"';
  return `<div class="field"><label class="consent"><input type="checkbox" name="consent" value="yes"${form.consentRequired ? ' required' : ''}${state.consent ? ' checked' : ''}${describe}> <span>${lines(form.consentWording)}</span></label>${message}</div>`;
}

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<title>${escape(title)}</title><style>${STYLES}</style></head>
<body><main>${body}</main></body></html>`;
}
