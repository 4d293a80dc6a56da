import { createHash } from 'node:crypto';
import type { Statement } from '#core/database/database.ts';
import { InvalidInput } from '#core/errors.ts';
import { newId } from '#core/ids.ts';
import type { Ctx } from '#core/operation/context.ts';
import {
  normaliseEmail,
  optEvents,
  parseName,
  readPhone,
  recordConsent,
  recordInteractions,
  updatePerson,
  upsertOrganisations,
} from '#modules/people/public.ts';
import { createLead, leadCreated } from '../create.ts';
import { checkAnswers, type Answers } from './fields.ts';
import type { StoredForm } from './form.ts';

const ONCE: Statement = {
  name: 'forms.submission.insert',
  text: `insert into form_submissions (id, company_id, form_id, answers, consent_version, dedupe_key, ip, user_agent, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (company_id, dedupe_key) do nothing returning id`,
};
const LINK: Statement = {
  name: 'forms.submission.link',
  text: 'update form_submissions set person_id = $3, lead_id = $4 where id = $1 and company_id = $2',
};

export interface Submission {
  readonly answers: Answers;
  readonly consent: boolean;
}

/** @throws InvalidInput with a sentence by each field that needs another look */
export function readSubmission(
  form: StoredForm,
  { answers: sent, consent }: Submission,
): { answers: Record<string, string>; email: string } {
  const { answers, faults } = checkAnswers(form.fields, sent);
  if (form.consentRequired && form.consentWording !== '' && !consent)
    faults.push({ path: 'consent', message: 'Please agree, so that we may answer you' });
  const email = normaliseEmail(answers['email'] ?? '');
  if (faults.length > 0 || email === null) throw new InvalidInput('Some fields need another look', { fields: faults });
  return { answers, email };
}

/**
 * One submit or five, one after the other or at once: one submission (same answers, same day), one person, one lead, and
 * `lead.created` once. Consent goes to the log with wording, version, address and time; it does not lift an earlier opt-out,
 * because anybody can type anybody's address into a form.
 */
export async function submitForm(ctx: Ctx, form: StoredForm, submission: Submission): Promise<void> {
  const { companyId } = form;
  const { answers, email } = readSubmission(form, submission);
  const at = ctx.clock.now();
  const { ip, userAgent } = ctx.request;
  const agreed = submission.consent && form.consentWording !== '';
  const id = newId();
  const first = await ctx.query(ONCE, [
    id, companyId, form.id, JSON.stringify(answers), agreed ? form.consentVersion : null, dedupeKey(form.id, email, answers, agreed, at), ip, userAgent?.slice(0, 400) ?? null, at,
  ]); // prettier-ignore
  if (first.length === 0) return;

  const { lead, created, newPerson } = await createLead(ctx, {
    companyId,
    name: parseName(answers['name'] ?? `${answers['first_name'] ?? ''} ${answers['last_name'] ?? ''}`),
    email,
    ...(await readPhone(ctx, companyId, answers['phone'])),
    status: 'new',
    source: form.source,
    notes: null,
    ownerId: null,
    at,
  });
  const firm = answers['organisation'];
  if (firm !== undefined && newPerson) {
    const [organisationId] = (await upsertOrganisations(ctx, companyId, [firm], at)).values();
    await updatePerson(ctx, companyId, lead.personId, { organisationId }, at);
  }
  await ctx.query(LINK, [id, companyId, lead.personId, lead.id]);
  await recordInteractions(ctx, [
    {
      companyId, personId: lead.personId, leadId: lead.id, type: 'form', direction: 'inbound', channel: 'web', status: 'received', at,
      content: answers['message'] ?? summaryOf(form, answers), metadata: { form_id: form.id, form_title: form.title, submission_id: id, answers },
    },
  ]); // prettier-ignore
  if (agreed) {
    const evidence = {
      form_id: form.id,
      form_title: form.title,
      version: form.consentVersion,
      wording: form.consentWording,
      ip,
      user_agent: userAgent,
      at: at.toISOString(),
    };
    const changes = await recordConsent(ctx, [
      { companyId, personId: lead.personId, state: 'granted', lawfulBasis: 'consent', source: 'form', evidence, at },
    ]);
    optEvents(changes).forEach((event) => ctx.emit(event));
  }
  ctx.subject('leads', lead.id);
  ctx.emit({
    name: 'form.submitted',
    subject: { type: 'lead', id: lead.id },
    personId: lead.personId,
    payload: { form_id: form.id, submission_id: id, new_lead: created },
  });
  if (created) ctx.emit(leadCreated(lead, { enrol: true, imported: false }));
}

function dedupeKey(formId: string, email: string, answers: Answers, agreed: boolean, at: Date): string {
  const sorted = Object.entries({ ...answers, email }).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([formId, sorted, agreed, at.toISOString().slice(0, 10)]))
    .digest('hex');
}

/** The answers as lines, for a form without a message. */
function summaryOf(form: StoredForm, answers: Answers): string {
  return form.fields.flatMap((field) => (answers[field.name] === undefined ? [] : [`${field.label}: ${answers[field.name]}`])).join('\n');
}
