import { z } from 'zod';
import { operation } from '#core/operation/operation.ts';
import { pageInput, pageOf, toPage } from '#core/operation/page.ts';
import { positionOf } from '#modules/people/public.ts';
import { Attribution } from '../forms/attribution.ts';
import { FormNotFound, getForm, publicForm } from '../forms/form.ts';
import { asksForProof, countSend } from '../forms/limits.ts';
import { savePartial } from '../forms/partials.ts';
import { newChallenge, readProof } from '../forms/proof.ts';
import { listPartials, listSubmissions, Partial, Submitted } from '../forms/submissions.ts';
import { submitForm } from '../forms/submit.ts';
import { formId } from './forms.ts';

/** Five people of one office share an address; a flood does not get through. */
const SUBMITS_PER_MINUTE = 30;
const SAVES_PER_MINUTE = 60;

const answers = () =>
  z
    .record(z.string().max(40), z.union([z.string().max(20_000), z.array(z.string().max(500)).max(50)]))
    .refine((record) => Object.keys(record).length <= 100, { error: 'are more than a form can ask' })
    .describe('Answer by field name; a list where several may be chosen');
const token = () =>
  z
    .string()
    .regex(/^[\w-]{8,64}$/, { error: 'is 8 to 64 letters, digits, - and _' })
    .describe('Random text of your own: the same token and answers again are the same submission');

export const submitFormOperation = operation({
  name: 'forms.submit',
  summary: 'Send in a form, as its hosted page does',
  http: 'POST /api/forms/{form_id}/submissions',
  access: 'public',
  status: 201,
  ratePerMinute: SUBMITS_PER_MINUTE,
  bodyLimit: 65_536,
  anyOrigin: true,
  input: z.object({
    formId: formId(),
    answers: answers(),
    consent: z.boolean().default(false).describe('The consent box was ticked'),
    consentVersion: z.int().min(1).max(1_000_000).optional().describe('Version of the wording that was shown; default: the current one'),
    token: token().optional(),
    proof: z.string().max(200).optional().describe('challenge:counter, see GET /api/forms/{form_id}/challenge'),
    attribution: Attribution.optional(),
  }),
  output: z.object({ received: z.literal(true), thankYou: z.string(), redirectUrl: z.string().nullable() }),
  errors: [FormNotFound],
  async run(ctx, { formId: id, proof, ...submission }) {
    const form = await ctx.runtime.system.read((tx) => publicForm(tx, id));
    const proven = proof === undefined ? null : readProof(ctx.runtime.secrets, form.id, proof, ctx.clock.now());
    await countSend(ctx.runtime, form, ctx.request.ip, proven !== null);
    return ctx.inCompany(form.companyId, async (inner) => {
      await submitForm(inner, form, submission, proven);
      return { received: true, thankYou: form.thankYou, redirectUrl: form.redirectUrl } as const;
    });
  },
});

export const formChallenge = operation({
  name: 'forms.challenge',
  summary:
    'Work for a browser before it sends a form: find a counter so that SHA-256 of "challenge:counter" begins with the asked zero bits',
  http: 'GET /api/forms/{form_id}/challenge',
  access: 'public',
  anyOrigin: true,
  input: z.object({ formId: formId() }),
  output: z.object({
    needed: z.boolean().describe('Without proof few submissions a minute are taken now'),
    challenge: z.string().describe('nonce.expiry.bits.signature; good for one submission'),
  }),
  errors: [FormNotFound],
  async run(ctx, input) {
    const form = await ctx.runtime.system.read((tx) => publicForm(tx, input.formId));
    return { needed: await asksForProof(ctx.runtime, form), challenge: newChallenge(ctx.runtime.secrets, form.id, ctx.clock.now()) };
  },
});

/** Nobody is made of it and nobody is written to: it is only kept, if the form keeps such things at all. */
export const savePartialOperation = operation({
  name: 'forms.save_partial',
  summary: 'Keep the answers of a form that was begun and not sent yet',
  http: 'POST /api/forms/{form_id}/partials',
  access: 'public',
  status: 200,
  ratePerMinute: SAVES_PER_MINUTE,
  bodyLimit: 65_536,
  secretFields: ['answers', 'token'],
  input: z.object({ formId: formId(), token: token(), answers: answers(), step: z.int().min(0).max(19).default(0) }),
  output: z.object({ kept: z.boolean() }),
  errors: [FormNotFound],
  async run(ctx, input) {
    const form = await ctx.runtime.system.read((tx) => publicForm(tx, input.formId));
    if (form.partialDays === 0) return { kept: false };
    return ctx.inCompany(form.companyId, async (inner) => {
      await savePartial(inner, form, input.token, input.answers, input.step, ctx.clock.now());
      inner.subject('forms', form.id);
      return { kept: true };
    });
  },
});

export const listSubmissionsOperation = operation({
  name: 'forms.submissions',
  summary: 'What came in by a form, newest first, with the person; by words and by consent',
  http: 'GET /api/forms/{form_id}/submissions',
  cli: 'forms submissions',
  access: 'read',
  input: z.object({
    ...pageInput,
    formId: formId(),
    q: z.string().trim().max(200).optional().describe('Words in the answers'),
    agreed: z.boolean().optional().describe('With consent, or without'),
  }),
  output: pageOf(Submitted),
  errors: [FormNotFound],
  async run(ctx, { formId: id, limit, cursor, q, agreed }) {
    const form = await getForm(ctx, ctx.companyId, id);
    const after = cursor === undefined ? null : positionOf(cursor);
    const rows = await listSubmissions(ctx, ctx.companyId, { formId: form.id, limit: limit + 1, after, q, agreed });
    return toPage(rows, limit, (row) => [row.createdAt.getTime(), row.id]);
  },
});

export const listPartialsOperation = operation({
  name: 'forms.partials',
  summary: 'Answers that were begun and not sent, newest first',
  http: 'GET /api/forms/{form_id}/partials',
  cli: 'forms partials',
  access: 'read',
  input: z.object({ ...pageInput, formId: formId() }),
  output: pageOf(Partial),
  errors: [FormNotFound],
  async run(ctx, { formId: id, limit, cursor }) {
    const form = await getForm(ctx, ctx.companyId, id);
    const rows = await listPartials(ctx, ctx.companyId, form.id, limit + 1, cursor === undefined ? null : positionOf(cursor));
    return toPage(rows, limit, (row) => [row.updatedAt.getTime(), row.id]);
  },
});
