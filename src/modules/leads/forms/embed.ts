import { fieldHtml } from './controls.ts';
import { escape } from './escape.ts';
import type { StoredForm } from './form.ts';
import { TEXTS } from './texts.ts';

/** What is pasted into another site. `base`: the public address of this installation. */
export function embedCodes(
  form: StoredForm,
  base: string,
): { readonly embed: string; readonly embedScript: string; readonly embedHtml: string } {
  const url = `${base}/f/${form.id}`;
  const title = escape(form.title);
  return {
    embed: `<iframe src="${url}?embed=1" title="${title}" style="width:100%;max-width:560px;height:640px;border:0"></iframe>`,
    embedScript: `<script src="${base}/f/embed.js" data-form="${form.id}" data-title="${title}" async></script>`,
    embedHtml: plainHtml(form, url),
  };
}

/** Without a line of script: the answer is the hosted page's. */
function plainHtml(form: StoredForm, url: string): string {
  const texts = TEXTS[form.language];
  const fields = form.fields.map((field) =>
    fieldHtml({ ...field, showWhen: null, required: field.required && field.showWhen === null }, {}, [], texts),
  );
  const consent =
    form.consentWording === ''
      ? []
      : [
          `<input type="hidden" name="consent_version" value="${form.consentVersion}">`,
          `<label><input type="checkbox" name="consent" value="yes"${form.consentRequired ? ' required' : ''}> ${escape(form.consentWording)}</label>`,
        ];
  return [
    `<form method="post" action="${url}" accept-charset="utf-8">`,
    ...fields.filter((html) => html !== ''),
    ...consent,
    `<div style="position:absolute;left:-9999px" aria-hidden="true"><label>${texts.empty} <input name="website" tabindex="-1" autocomplete="off"></label></div>`,
    `<button type="submit">${escape(form.submitLabel)}</button>`,
    '</form>',
  ].join('\n');
}
