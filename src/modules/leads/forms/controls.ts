import type { FieldFault } from '#core/errors.ts';
import type { Answer, Answers } from './answers.ts';
import { escape } from './escape.ts';
import { UNSEEN, type FormField } from './fields.ts';
import type { Texts } from './texts.ts';

const AUTOCOMPLETE: Readonly<Record<string, string>> = {
  name: 'name',
  first_name: 'given-name',
  last_name: 'family-name',
  email: 'email',
  phone: 'tel',
  organisation: 'organization',
};

const INPUT_TYPES: Partial<Record<FormField['type'], string>> = { phone: 'tel', email: 'email', url: 'url', date: 'date', text: 'text' };

const textOf = (answer: Answer | undefined): string => (typeof answer === 'string' ? answer : (answer?.at(-1) ?? ''));

/** One field with label, help and fault. Without script a field with a condition is shown, too; the server asks only what its condition asks. */
export function fieldHtml(field: FormField, values: Answers, faults: readonly FieldFault[], texts: Texts): string {
  const value = values[field.name];
  if (UNSEEN.has(field.type)) {
    const held = textOf(value) === '' && field.type === 'hidden' ? field.value : textOf(value);
    return field.type === 'utm' ? '' : `<input type="hidden" name="${field.name}" value="${escape(held)}">`;
  }
  const id = `field-${field.name}`;
  const fault = faults.find((each) => each.path === `answers.${field.name}`);
  const described = [fault === undefined ? '' : `${id}-fault`, field.help === '' ? '' : `${id}-help`]
    .filter((part) => part !== '')
    .join(' ');
  const shared = [
    fault === undefined ? '' : 'aria-invalid="true"',
    described === '' ? '' : `aria-describedby="${described}"`,
  ].filter((part) => part !== '').join(' '); // prettier-ignore
  const notes = [
    field.help === '' ? '' : `<span class="help" id="${id}-help">${escape(field.help)}</span>`,
    fault === undefined ? '' : `<span class="fault" id="${id}-fault">${escape(fault.message)}</span>`,
  ].join('');
  const optional = field.required ? '' : ` <small>(${texts.optional})</small>`;
  // A field that may be hidden is not required by the browser: without script it is always there.
  const required = field.required && field.showWhen === null ? 'required' : '';
  const inner = innerHtml(field, { id, value, shared, required, optional, texts });
  const when = field.showWhen === null ? '' : ` data-when="${escape(JSON.stringify(field.showWhen))}"`;
  const need = field.type === 'multi_choice' && field.required ? ` data-need="${escape(texts.fillIn(field.label))}"` : '';
  return `<div class="field" data-field="${field.name}"${when}${need}>${inner}${notes}</div>`;
}

interface Parts {
  readonly id: string;
  readonly value: Answer | undefined;
  readonly shared: string;
  readonly required: string;
  readonly optional: string;
  readonly texts: Texts;
}

function innerHtml(field: FormField, { id, value, shared, required, optional, texts }: Parts): string {
  const complete = AUTOCOMPLETE[field.name];
  const attributes = [`id="${id}" name="${field.name}"`, required, complete === undefined ? '' : `autocomplete="${complete}"`, shared]
    .filter((part) => part !== '')
    .join(' ');
  const label = `<label for="${id}">${escape(field.label)}${optional}</label>`;
  const text = textOf(value);
  switch (field.type) {
    case 'textarea':
      return `${label}<textarea ${attributes} rows="5">\n${escape(text)}</textarea>`;
    case 'select':
      return `${label}<select ${attributes}><option value="">${texts.choose}</option>${field.options
        .map((option) => `<option${option === text ? ' selected' : ''}>${escape(option)}</option>`)
        .join('')}</select>`;
    case 'checkbox':
      return `<label class="tick"><input type="checkbox" value="yes" ${attributes}${text === '' ? '' : ' checked'}> <span>${escape(field.label)}${optional}</span></label>`;
    case 'choice':
    case 'multi_choice': {
      const chosen = new Set(typeof value === 'string' ? [value] : value);
      const type = field.type === 'choice' ? 'radio' : 'checkbox';
      const picks = field.options.map(
        (option, index) =>
          `<label class="tick"><input type="${type}" id="${id}-${index}" name="${field.name}" value="${escape(option)}" ${type === 'radio' ? required : ''} ${shared}${chosen.has(option) ? ' checked' : ''}> <span>${escape(option)}</span></label>`,
      );
      return `<fieldset><legend>${escape(field.label)}${optional}</legend>${picks.join('')}</fieldset>`;
    }
    case 'number':
      return `${label}<input type="text" inputmode="decimal" pattern="-?[0-9]*[.,]?[0-9]+" title="${escape(texts.badNumber)}" ${attributes} value="${escape(text)}">`;
    default:
      return `${label}<input type="${INPUT_TYPES[field.type] ?? 'text'}" ${attributes} value="${escape(text)}">`;
  }
}
