import { createHash } from 'node:crypto';
import type { Statement } from '#core/database/database.ts';
import { InvalidInput } from '#core/errors.ts';
import type { Facts } from '#core/engine/types.ts';
import { newId } from '#core/ids.ts';
import type { Ctx } from '#core/operation/context.ts';
import { blockedHashes, normaliseEmail, optEvents, recordInteractions, recordOwnConsent, tagPersons } from '#modules/people/public.ts';
import { assignOwners } from '../assignment/assign.ts';
import { createLead, leadCreated } from '../create.ts';
import { answerText, checkAnswers, type Answers } from './answers.ts';
import { recordTouch, touchOf, utmAnswers, type Attribution } from './attribution.ts';
import { askToConfirm } from './confirm.ts';
import { consentEntries } from './consent.ts';
import { wordingOf, type ConsentText, type StoredForm } from './form.ts';
import { dropPartial } from './partials.ts';
import { fillPerson, readTold, type Said } from './person.ts';
import type { Proof } from './proof.ts';
import { TEXTS } from './texts.ts';

/** Two ways to be the same: the same answers on the same day, or the same page sent again. */
const ONCE: Statement = {
  name: 'forms.submission.insert',
  text: `insert into form_submissions (id, company_id, form_id, answers, consent_version, dedupe_key, ip, user_agent, created_at, token_key, shown_version, shown_wording, attribution)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) on conflict do nothing returning id`,
};
const LINK: Statement = {
  name: 'forms.submission.link',
  text: 'update form_submissions set person_id = $3, lead_id = $4, said = $5 where id = $1 and company_id = $2',
};
const SPEND: Statement = {
  name: 'forms.proofs.spend',
  text: 'insert into form_proofs (company_id, form_id, nonce, expires_at) values ($1, $2, $3, $4) on conflict do nothing returning nonce',
};

export interface Submission {
  readonly answers: Answers;
  readonly consent: boolean;
  /** Version that stood beside the box; undefined: the current one. */
  readonly consentVersion?: number | undefined;
  /** Of the page; the same page sent again is the same submission. */
  readonly token?: string | undefined;
  readonly attribution?: Attribution | undefined;
}

interface Checked {
  readonly answers: Record<string, string | string[]>;
  readonly email: string;
  readonly touch: Record<string, string>;
  readonly shown: ConsentText | null;
}

/** @throws InvalidInput with a sentence by each field that needs another look */
async function readSubmission(ctx: Ctx, form: StoredForm, submission: Submission): Promise<Checked> {
  const texts = TEXTS[form.language];
  const touch = touchOf(submission.attribution);
  const { answers, faults } = checkAnswers(form.fields, { ...submission.answers, ...utmAnswers(form.fields, touch) }, texts);
  const shown = await shownText(ctx, form, submission.consentVersion);
  if (form.consentRequired && form.consentWording !== '' && !submission.consent) faults.push({ path: 'consent', message: texts.agree });
  const email = normaliseEmail(answerText(answers['email'] ?? ''));
  if (faults.length > 0 || email === null) throw new InvalidInput(texts.again, { fields: faults });
  return { answers, email, touch, shown };
}

/** What stood beside the box when the page was drawn, even if the form has other words by now. @throws InvalidInput for a version that never was */
async function shownText(ctx: Ctx, form: StoredForm, version: number | undefined): Promise<ConsentText | null> {
  if ((version === undefined || version === form.consentVersion) && form.consentWording === '') return null;
  const text = await wordingOf(ctx, form.companyId, form.id, version ?? form.consentVersion);
  if (text === null)
    throw new InvalidInput('There is no such version of the consent text', { fields: [{ path: 'consent_version', message: 'never was' }] });
  return text;
}

/**
 * One submit or five, one after the other or at once: one submission, one person, one lead, and `lead.created` once. Consent goes to
 * the log with the wording that was shown, its version, address and time; it does not lift an earlier opt-out, because anybody can
 * type anybody's address into a form; only an erasure is, and only by a consent given here. For the same reason what is known of a person stays; what differs is told on the timeline.
 */
export async function submitForm(ctx: Ctx, form: StoredForm, submission: Submission, proof: Proof | null): Promise<void> {
  const { companyId } = form;
  const { answers, email, touch, shown } = await readSubmission(ctx, form, submission);
  const at = ctx.clock.now();
  const { ip, userAgent } = ctx.request;
  const agreed = submission.consent && shown !== null;
  const id = newId();
  const first = await ctx.query(ONCE, [
    id, companyId, form.id, JSON.stringify(answers), agreed ? shown.version : null, keyOf(form.id, email, answers, agreed, at.toISOString().slice(0, 10)),
    ip, userAgent?.slice(0, 400) ?? null, at, submission.token === undefined ? null : keyOf(form.id, email, answers, agreed, `token ${submission.token}`),
    shown?.version ?? null, shown?.wording ?? null, JSON.stringify(touch),
  ]); // prettier-ignore
  if (submission.token !== undefined) await dropPartial(ctx, form, submission.token, at);
  if (first.length === 0) return;
  if (proof !== null && (await ctx.query(SPEND, [companyId, form.id, proof.nonce, proof.expiresAt])).length === 0)
    throw new InvalidInput(TEXTS[form.language].reload, { fields: [{ path: 'proof', message: TEXTS[form.language].reload }] });

  const told = await readTold(ctx, form, answers);
  const outcome = await createLead(ctx, {
    companyId, name: told.name, email, ...told.phone, status: 'new', source: form.source, notes: null, ownerId: null, assign: false, at,
  }); // prettier-ignore
  const { lead, created } = outcome;
  const said = await fillPerson(ctx, form, lead.personId, told, at);
  if (form.tags.length > 0) await tagPersons(ctx, companyId, [lead.personId], form.tags, at);
  await recordTouch(ctx, { leadId: lead.id, companyId, personId: lead.personId, touch: { form: form.title, ...touch }, at });
  if (created) await assignOwners(ctx, companyId, [lead.id], at);
  await ctx.query(LINK, [id, companyId, lead.personId, lead.id, JSON.stringify(said)]);
  await recordInteractions(ctx, [
    {
      companyId, personId: lead.personId, leadId: lead.id, type: 'form', direction: 'inbound', channel: 'web', status: 'received', at,
      content: contentOf(form, answers, told.message, said),
      metadata: {
        form_id: form.id, form_title: form.title, submission_id: id, answers, said: said.map((one): Facts => ({ ...one })), attribution: touch,
      },
    },
  ]); // prettier-ignore
  const blocked = await blockedHashes(ctx, ctx.runtime.secrets, companyId, [email]);
  if (agreed && !form.confirm) await grant(ctx, form, shown, { personId: lead.personId, email }, at);
  // Whoever said no is not asked by mail to think again.
  if (agreed && form.confirm && blocked.get(email)?.beyondErasure !== true)
    await askToConfirm(ctx, form, { id, wording: shown.wording, personId: lead.personId, name: told.name.fullName, email }, at);
  ctx.subject('leads', lead.id);
  ctx.emit({
    name: 'form.submitted',
    subject: { type: 'lead', id: lead.id },
    personId: lead.personId,
    payload: {
      form_id: form.id,
      submission_id: id,
      new_lead: created,
      ...touch,
    },
  });
  if (created) ctx.emit(leadCreated(lead, { enrol: !blocked.has(email), imported: false }));
}

/** A stranger may have typed it: it takes back no opt-out. Who was erased comes back by it as somebody new (people/returned.ts). */
async function grant(
  ctx: Ctx,
  form: StoredForm,
  shown: ConsentText,
  { personId, email }: { readonly personId: string; readonly email: string },
  at: Date,
): Promise<void> {
  const evidence = { ip: ctx.request.ip, user_agent: ctx.request.userAgent, at: at.toISOString() };
  const changes = await recordOwnConsent(
    ctx,
    ctx.runtime.secrets,
    { companyId: form.companyId, personId, email },
    consentEntries(form, shown, personId, evidence, at),
  );
  optEvents(changes).forEach((event) => ctx.emit(event));
}

function keyOf(formId: string, email: string, answers: Answers, agreed: boolean, salt: string): string {
  const sorted = Object.entries({ ...answers, email }).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([formId, sorted, agreed, salt]))
    .digest('hex');
}

/** The message, else the answers as lines; then what differs from what is known. */
function contentOf(form: StoredForm, answers: Answers, message: string | null, said: readonly Said[]): string {
  const lines = form.fields.flatMap((field) => {
    const answer = answers[field.name];
    return answer === undefined ? [] : [`${field.label}: ${answerText(answer)}`];
  });
  const differs = said.map((one) => `${one.label} said: ${one.said} (known: ${one.known})`);
  return [message !== null && message !== '' ? message : lines.join('\n'), ...(differs.length === 0 ? [] : ['', ...differs])].join('\n');
}
