import { z } from 'zod';
import { InvalidInput } from '#core/errors.ts';
import { newId } from '#core/ids.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { pageInput, pageOf, toPage } from '#core/operation/page.ts';
import { publicUrl } from '#modules/accounts/public.ts';
import { customFields, MARKETING, positionOf } from '#modules/people/public.ts';
import { embedCodes } from '../forms/embed.ts';
import { accentStyle, loadLook } from '#modules/brand/public.ts';
import { formPage } from '../forms/page.ts';
import { FormFields } from '../forms/fields.ts';
import {
  CHALLENGES,
  ConsentText,
  FormNotFound,
  getForm,
  listForms,
  listWordings,
  lockForm,
  StoredForm,
  writeForm,
  type CountedForm,
  type FormDraft,
} from '../forms/form.ts';
import { LANGUAGES } from '../forms/texts.ts';

const Form = StoredForm.extend({
  submissions: z.int(),
  partials: z.int().describe('Begun and not sent'),
  url: z.string().describe('The hosted page'),
  embed: z.string().describe('HTML that shows the form on another page, in a frame'),
  embedScript: z.string().describe('The same by a script tag: the frame takes the height of the form'),
  embedHtml: z.string().describe('A plain HTML form that posts here'),
});

function shown(ctx: Ctx, form: CountedForm): z.output<typeof Form> {
  const base = publicUrl(ctx.runtime.config);
  return { ...form, url: `${base}/f/${form.id}`, ...embedCodes(form, base) };
}

export const formId = () => z.uuid().describe('Id of the form');
/** Only web addresses: the page sends people there. */
const webAddress = () => z.url({ protocol: /^https?$/ }).max(2_000);
/** A scheme and a host, nothing behind: it goes into a header. */
const origin = () =>
  z
    .string()
    .trim()
    .max(200)
    .regex(/^https?:\/\/[a-z0-9.-]+(:\d{1,5})?$/i, { error: 'is a site such as https://www.example.com, without a path' })
    .toLowerCase();

const draft = {
  title: z.string().trim().min(1).max(200),
  intro: z.string().trim().max(2_000),
  language: z.enum(LANGUAGES).describe('Of what the page itself says'),
  fields: FormFields,
  steps: z.array(z.string().trim().min(1).max(100)).max(20).describe('Titles of the steps; empty: one page'),
  consentWording: z.string().trim().max(2_000).describe('Text beside the consent box; empty: no box'),
  consentRequired: z.boolean(),
  confirm: z.boolean().describe('Consent counts once it was confirmed by a mail to the address (double opt-in)'),
  topics: z
    .array(z.string().regex(/^[a-z][a-z0-9_.]{0,59}$/, { error: 'is a topic such as marketing' }))
    .min(1)
    .max(20)
    .describe('Topics of the consent log that the box agrees to'),
  submitLabel: z.string().trim().min(1).max(60),
  thankYou: z.string().trim().min(1).max(2_000),
  redirectUrl: webAddress().nullable().describe('Where to go after the form instead of showing the thank-you text'),
  source: z.string().trim().min(1).max(100).describe('Source of leads that come in here'),
  tags: z.array(z.string().trim().min(1).max(60)).max(20).describe('Put on everybody who sends the form'),
  embedOrigins: z.array(origin()).max(50).describe('Sites that may show the form in a frame; empty: any'),
  challenge: z.enum(CHALLENGES).describe('Proof of work by the browser: off, auto (while many send at once), always'),
  partialDays: z.int().min(0).max(90).describe('Days that answers are kept which were begun and not sent; 0: never kept'),
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

export const formConsents = operation({
  name: 'forms.consents',
  summary: 'Every consent text that a form ever showed, the newest version first',
  http: 'GET /api/forms/{form_id}/consents',
  cli: 'forms consents',
  access: 'read',
  input: z.object({ formId: formId() }),
  output: z.object({ items: z.array(ConsentText), nextCursor: z.null() }),
  errors: [FormNotFound],
  async run(ctx, input) {
    const form = await getForm(ctx, ctx.companyId, input.formId);
    return { items: await listWordings(ctx, ctx.companyId, form.id), nextCursor: null };
  },
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
    language: draft.language.default('en'),
    steps: draft.steps.default([]),
    consentWording: draft.consentWording.default(''),
    consentRequired: draft.consentRequired.default(false),
    confirm: draft.confirm.default(false),
    topics: draft.topics.default([MARKETING]),
    submitLabel: draft.submitLabel.default('Send'),
    thankYou: draft.thankYou.default('Thank you for your message!'),
    redirectUrl: draft.redirectUrl.default(null),
    source: draft.source.default('form'),
    tags: draft.tags.default([]),
    embedOrigins: draft.embedOrigins.default([]),
    challenge: draft.challenge.default('auto'),
    partialDays: draft.partialDays.default(0),
    active: draft.active.default(true),
  }),
  output: Form,
  async run(ctx, input) {
    const id = newId();
    await check(ctx, input);
    await writeForm(ctx, ctx.companyId, id, input, 1, ctx.clock.now());
    return shown(ctx, await getForm(ctx, ctx.companyId, id));
  },
});

/** Other words or topics are another version: consents given before keep the words that people saw. */
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
    await check(ctx, next);
    const same = next.consentWording === form.consentWording && next.topics.join() === form.topics.join();
    await writeForm(ctx, ctx.companyId, id, next, same ? form.consentVersion : form.consentVersion + 1, ctx.clock.now());
    return shown(ctx, await getForm(ctx, ctx.companyId, id));
  },
});

/** What one field alone does not tell. */
async function check(ctx: Ctx, form: FormDraft): Promise<void> {
  if (form.consentRequired && form.consentWording === '') {
    throw new InvalidInput('Consent is required, but there is no wording to agree to', {
      fields: [{ path: 'consent_wording', message: 'is needed when consent is required' }],
    });
  }
  const mapped = form.fields.flatMap((field, index) =>
    field.mapTo?.startsWith('custom.') === true ? [{ key: field.mapTo.slice(7), index }] : [],
  );
  if (mapped.length === 0) return;
  const known = new Set((await customFields(ctx, ctx.companyId)).map((field) => field.key));
  const faults = mapped
    .filter(({ key }) => !known.has(key))
    .map(({ key, index }) => ({ path: `fields.${index}.map_to`, message: `there is no custom field ${key}` }));
  if (faults.length > 0) throw new InvalidInput('A field goes to a custom field that does not exist', { fields: faults });
}

/** The page's own script runs in it (src/app/web.ts allows that very text); it can send nothing. */
export const previewForm = operation({
  name: 'forms.preview',
  summary: 'The page that a form would have, as HTML; nothing is stored',
  http: 'POST /api/forms/preview',
  access: 'read',
  status: 200,
  input: z.object({
    title: draft.title,
    intro: draft.intro.default(''),
    language: draft.language.default('en'),
    fields: draft.fields,
    steps: draft.steps.default([]),
    consentWording: draft.consentWording.default(''),
    consentRequired: draft.consentRequired.default(false),
    submitLabel: draft.submitLabel.default('Send'),
  }),
  output: z.object({ html: z.string() }),
  async run(ctx, input) {
    const at = ctx.clock.now();
    const form = {
      ...input,
      id: ctx.companyId, // of no form: the page can send nothing
      companyId: ctx.companyId,
      consentVersion: 1,
      confirm: false,
      topics: [],
      thankYou: '',
      redirectUrl: null,
      source: '',
      tags: [],
      embedOrigins: [],
      challenge: 'off' as const,
      partialDays: 0,
      active: true,
      isDefault: false,
      createdAt: at,
      updatedAt: at,
    };
    const state = {
      action: 'about:blank',
      rendered: '',
      token: '',
      challenge: null,
      values: {},
      consent: false,
      touch: {},
      faults: [],
      alert: null,
      embedded: false,
    };
    return { html: formPage(form, { ...state, brand: accentStyle((await loadLook(ctx, ctx.companyId)).look) }) };
  },
});
