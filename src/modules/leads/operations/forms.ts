import { z } from 'zod';
import { InvalidInput } from '#core/errors.ts';
import { newId } from '#core/ids.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { pageInput, pageOf, toPage } from '#core/operation/page.ts';
import { publicUrl } from '#modules/accounts/public.ts';
import { positionOf } from '#modules/people/public.ts';
import { FormFields } from '../forms/fields.ts';
import { FormNotFound, getForm, listForms, lockForm, publicForm, StoredForm, writeForm, type CountedForm } from '../forms/form.ts';
import { escape } from '../forms/page.ts';
import { submitForm } from '../forms/submit.ts';

const Form = StoredForm.extend({
  submissions: z.int(),
  url: z.string().describe('The hosted page'),
  embed: z.string().describe('HTML that shows the form on another page'),
});

function shown(ctx: Ctx, form: CountedForm): z.output<typeof Form> {
  const url = `${publicUrl(ctx.runtime.config)}/f/${form.id}`;
  return {
    ...form,
    url,
    embed: `<iframe src="${url}" title="${escape(form.title)}" style="width:100%;max-width:480px;height:640px;border:0"></iframe>`,
  };
}

const formId = () => z.uuid().describe('Id of the form');
/** Only web addresses: the page sends people there. */
const webAddress = () => z.url({ protocol: /^https?$/ }).max(2_000);

const draft = {
  title: z.string().trim().min(1).max(200),
  intro: z.string().trim().max(2_000),
  fields: FormFields,
  consentWording: z.string().trim().max(2_000).describe('Text beside the consent box; empty: no box'),
  consentRequired: z.boolean(),
  submitLabel: z.string().trim().min(1).max(60),
  thankYou: z.string().trim().min(1).max(2_000),
  redirectUrl: webAddress().nullable().describe('Where to go after the form instead of showing the thank-you text'),
  source: z.string().trim().min(1).max(100).describe('Source of leads that come in here'),
  active: z.boolean(),
};

export const listFormsOperation = operation({
  name: 'forms.list',
  summary: 'List lead forms, newest first',
  http: 'GET /api/forms',
  cli: 'forms list',
  access: 'read',
  input: z.object(pageInput),
  output: pageOf(Form),
  async run(ctx, { limit, cursor }) {
    const rows = await listForms(ctx, ctx.companyId, limit + 1, cursor === undefined ? null : positionOf(cursor));
    return toPage(
      rows.map((form) => shown(ctx, form)),
      limit,
      (form) => [form.createdAt.getTime(), form.id],
    );
  },
});

export const getFormOperation = operation({
  name: 'forms.get',
  summary: 'Read one lead form, with its address and the HTML to embed it',
  http: 'GET /api/forms/{form_id}',
  cli: 'forms get',
  access: 'read',
  input: z.object({ formId: formId() }),
  output: Form,
  errors: [FormNotFound],
  run: async (ctx, input) => shown(ctx, await getForm(ctx, ctx.companyId, input.formId)),
});

export const createForm = operation({
  name: 'forms.create',
  summary: 'Make a lead form with a hosted page',
  http: 'POST /api/forms',
  access: 'write',
  role: 'manager',
  input: z.object({
    ...draft,
    intro: draft.intro.default(''),
    consentWording: draft.consentWording.default(''),
    consentRequired: draft.consentRequired.default(false),
    submitLabel: draft.submitLabel.default('Send'),
    thankYou: draft.thankYou.default('Thank you for your message!'),
    redirectUrl: draft.redirectUrl.default(null),
    source: draft.source.default('form'),
    active: draft.active.default(true),
  }),
  output: Form,
  async run(ctx, input) {
    const id = newId();
    checkConsent(input);
    await writeForm(ctx, ctx.companyId, id, input, 1, ctx.clock.now());
    return shown(ctx, await getForm(ctx, ctx.companyId, id));
  },
});

/** Another wording is another version: consents given before keep the words that people saw. */
export const updateForm = operation({
  name: 'forms.update',
  summary: 'Change a lead form; another consent wording makes a new version of it',
  http: 'PUT /api/forms/{form_id}',
  access: 'write',
  role: 'manager',
  input: z.object({ formId: formId(), ...z.object(draft).partial().shape }),
  output: Form,
  errors: [FormNotFound],
  async run(ctx, { formId: id, ...changes }) {
    const form = await lockForm(ctx, ctx.companyId, id);
    ctx.expectVersion(form);
    const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
    const next = { ...form, ...given };
    checkConsent(next);
    const version = next.consentWording === form.consentWording ? form.consentVersion : form.consentVersion + 1;
    await writeForm(ctx, ctx.companyId, id, next, version, ctx.clock.now());
    return shown(ctx, await getForm(ctx, ctx.companyId, id));
  },
});

function checkConsent(form: { readonly consentRequired: boolean; readonly consentWording: string }): void {
  if (form.consentRequired && form.consentWording === '') {
    throw new InvalidInput('Consent is required, but there is no wording to agree to', {
      fields: [{ path: 'consent_wording', message: 'is needed when consent is required' }],
    });
  }
}

/** Five people of one office share an address; a flood does not get through. */
const SUBMITS_PER_MINUTE = 30;

export const submitFormOperation = operation({
  name: 'forms.submit',
  summary: 'Send in a form, as its hosted page does',
  http: 'POST /api/forms/{form_id}/submissions',
  access: 'public',
  status: 201,
  ratePerMinute: SUBMITS_PER_MINUTE,
  bodyLimit: 65_536,
  input: z.object({
    formId: formId(),
    answers: z.record(z.string().max(40), z.string().max(20_000)).describe('Answer by field name'),
    consent: z.boolean().default(false).describe('The consent box was ticked'),
  }),
  output: z.object({ received: z.literal(true), thankYou: z.string(), redirectUrl: z.string().nullable() }),
  errors: [FormNotFound],
  async run(ctx, input) {
    const form = await ctx.runtime.system.read((tx) => publicForm(tx, input.formId));
    return ctx.inCompany(form.companyId, async (inner) => {
      await submitForm(inner, form, input);
      return { received: true, thankYou: form.thankYou, redirectUrl: form.redirectUrl } as const;
    });
  },
});
