import { z } from 'zod';
import type { Statement, Transaction } from '#core/database/database.ts';
import { NotFound } from '#core/errors.ts';
import { newId } from '#core/ids.ts';
import { versionsIn } from '#modules/people/public.ts';
import { FormField, wholeField, type FormFields } from './fields.ts';
import { LANGUAGES } from './texts.ts';

/** No such form, or it is switched off. */
export class FormNotFound extends NotFound {
  override readonly code = 'form_not_found';
}

export const CHALLENGES = ['off', 'auto', 'always'] as const;

/** A form as stored. */
export const StoredForm = z.object({
  id: z.uuid(),
  companyId: z.uuid(),
  title: z.string(),
  intro: z.string(),
  language: z.enum(LANGUAGES).describe('Of what the page itself says'),
  fields: z.array(FormField),
  steps: z.array(z.string()).describe('Titles of the steps; empty: one page'),
  consentWording: z.string().describe('Text beside the consent box; empty: no box'),
  consentRequired: z.boolean(),
  confirm: z.boolean().describe('Consent counts once it was confirmed by a mail to the address (double opt-in)'),
  consentVersion: z.int().describe('Goes up when wording or topics change; kept with each consent'),
  topics: z.array(z.string()).describe('Topics of the consent log that the box agrees to'),
  submitLabel: z.string(),
  thankYou: z.string(),
  redirectUrl: z.string().nullable(),
  source: z.string().describe('Source of leads that come in here'),
  tags: z.array(z.string()).describe('Put on everybody who sends the form'),
  embedOrigins: z.array(z.string()).describe('Sites that may show the form in a frame; empty: any'),
  challenge: z.enum(CHALLENGES).describe('Proof of work by the browser: off, auto (while many send at once), always'),
  partialDays: z.int().describe('Days that answers are kept which were begun and not sent; 0: never kept'),
  active: z.boolean(),
  isDefault: z.boolean().describe('The form behind /contact'),
  createdAt: z.date(),
  updatedAt: z.date(),
});
export type StoredForm = z.output<typeof StoredForm>;

const COLUMNS = `f.id, f.company_id as "companyId", f.title, f.intro, f.language, f.fields, f.steps, f.consent_wording as "consentWording",
  f.consent_required as "consentRequired", f.confirm, f.consent_version as "consentVersion", f.topics, f.submit_label as "submitLabel", f.thank_you as "thankYou",
  f.redirect_url as "redirectUrl", f.source, f.tags, f.embed_origins as "embedOrigins", f.challenge, f.partial_days as "partialDays", f.active,
  f.is_default as "isDefault", f.created_at as "createdAt", f.updated_at as "updatedAt"`;
const COUNTED = `${COLUMNS}, (select count(*)::int from form_submissions s where s.form_id = f.id) as submissions,
  (select count(*)::int from form_partials t where t.form_id = f.id) as partials`;

export type CountedForm = StoredForm & { readonly submissions: number; readonly partials: number };

const BY_ID: Statement = { name: 'forms.get', text: `select ${COUNTED} from forms f where f.id = $1 and f.company_id = $2` };
const READ: Statement = { name: 'forms.read', text: `select ${COLUMNS} from forms f where f.id = $1 and f.company_id = $2` };
const LOCK: Statement = { name: 'forms.lock', text: `select ${COLUMNS} from forms f where f.id = $1 and f.company_id = $2 for update` };
const LIST: Statement = {
  name: 'forms.list',
  text: `select ${COUNTED} from forms f where f.company_id = $1 order by f.created_at desc, f.id desc limit $2`,
};
const LIST_AFTER: Statement = {
  name: 'forms.list.after',
  text: `select ${COUNTED} from forms f where f.company_id = $1 and (f.created_at, f.id) < ($3::timestamptz, $4::uuid) order by f.created_at desc, f.id desc limit $2`,
};
/** Before anybody is known: across companies, under steward_system. */
const PUBLIC: Statement = { name: 'forms.public', text: `select ${COLUMNS} from forms f where f.id = $1 and f.active` };
const DEFAULT: Statement = { name: 'forms.default', text: `select ${COLUMNS} from forms f where f.company_id = $1 and f.is_default` };
const FIRST_COMPANY: Statement = { name: 'forms.first_company', text: 'select id from companies order by created_at, id limit 1' };

const missing = () => new FormNotFound('There is no such form, or it was switched off');

const whole = <Form extends StoredForm>(form: Form): Form => ({ ...form, fields: form.fields.map(wholeField) });

function found<Form extends StoredForm>([row]: readonly Form[]): Form {
  if (row === undefined) throw missing();
  return whole(row);
}

/** @throws FormNotFound */
export async function getForm(tx: Transaction, companyId: string, formId: string): Promise<CountedForm> {
  return found(await tx.query<CountedForm>(BY_ID, [formId, companyId]));
}

/** As getForm, without counting what came in by it. @throws FormNotFound */
export async function readForm(tx: Transaction, companyId: string, formId: string): Promise<StoredForm> {
  return found(await tx.query<StoredForm>(READ, [formId, companyId]));
}

/** @throws FormNotFound */
export async function lockForm(tx: Transaction, companyId: string, formId: string): Promise<StoredForm> {
  return found(await tx.query<StoredForm>(LOCK, [formId, companyId]));
}

export async function listForms(
  tx: Transaction,
  companyId: string,
  limit: number,
  after: readonly [Date, string] | null,
): Promise<CountedForm[]> {
  const rows =
    after === null
      ? await tx.query<CountedForm>(LIST, [companyId, limit])
      : await tx.query<CountedForm>(LIST_AFTER, [companyId, limit, ...after]);
  return rows.map(whole);
}

/** An active form of any company. System transaction. @throws FormNotFound */
export async function publicForm(tx: Transaction, formId: string): Promise<StoredForm> {
  return found(await tx.query<StoredForm>(PUBLIC, [formId]));
}

/** The form behind /contact: the first company's. Null while there is no company, or it has no such form yet. System transaction. */
export async function contactForm(tx: Transaction): Promise<{ companyId: string; form: StoredForm | null } | null> {
  const [company] = await tx.query<{ id: string }>(FIRST_COMPANY, []);
  if (company === undefined) return null;
  const [form] = await tx.query<StoredForm>(DEFAULT, [company.id]);
  return { companyId: company.id, form: form === undefined ? null : whole(form) };
}

const WRITE: Statement = {
  name: 'forms.write',
  text: `insert into forms (id, company_id, title, intro, fields, consent_wording, consent_required, consent_version, submit_label, thank_you, redirect_url, source, active,
           is_default, created_at, updated_at, language, steps, topics, tags, embed_origins, challenge, partial_days, confirm)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, false, $14, $14, $15, $16, $17, $18, $19, $20, $21, $22)
         on conflict (id) do update set title = excluded.title, intro = excluded.intro, fields = excluded.fields, consent_wording = excluded.consent_wording,
           consent_required = excluded.consent_required, consent_version = excluded.consent_version, submit_label = excluded.submit_label, thank_you = excluded.thank_you,
           redirect_url = excluded.redirect_url, source = excluded.source, active = excluded.active, updated_at = excluded.updated_at, language = excluded.language,
           steps = excluded.steps, topics = excluded.topics, tags = excluded.tags, embed_origins = excluded.embed_origins, challenge = excluded.challenge,
           partial_days = excluded.partial_days, confirm = excluded.confirm
         where forms.company_id = excluded.company_id`,
};

/** What stood beside the box stays as it was, by version. */
const KEEP_WORDING: Statement = {
  name: 'forms.consents.keep',
  text: `insert into form_consents (company_id, form_id, version, wording, topics, created_at, topic_versions) values ($1, $2, $3, $4, $5, $6, $7) on conflict (form_id, version) do nothing`,
};

export interface FormDraft extends Pick<
  StoredForm,
  | 'title'
  | 'intro'
  | 'language'
  | 'steps'
  | 'consentWording'
  | 'consentRequired'
  | 'confirm'
  | 'topics'
  | 'submitLabel'
  | 'thankYou'
  | 'redirectUrl'
  | 'source'
  | 'tags'
  | 'embedOrigins'
  | 'challenge'
  | 'partialDays'
  | 'active'
> {
  readonly fields: z.output<typeof FormFields>;
}

/** Inserts a form, or replaces what may change of it. */
export async function writeForm(
  tx: Transaction,
  companyId: string,
  id: string,
  draft: FormDraft,
  consentVersion: number,
  at: Date,
): Promise<void> {
  await tx.query(WRITE, [
    id, companyId, draft.title, draft.intro, JSON.stringify(draft.fields), draft.consentWording, draft.consentRequired, consentVersion, draft.submitLabel,
    draft.thankYou, draft.redirectUrl, draft.source, draft.active, at, draft.language, JSON.stringify(draft.steps), draft.topics, draft.tags,
    draft.embedOrigins, draft.challenge, draft.partialDays, draft.confirm,
  ]); // prettier-ignore
  if (draft.consentWording === '') return;
  const topicVersions = await versionsIn(tx, companyId, draft.topics, draft.consentWording);
  await tx.query(KEEP_WORDING, [companyId, id, consentVersion, draft.consentWording, draft.topics, at, JSON.stringify(topicVersions)]);
}

const WORDINGS: Statement = {
  name: 'forms.consents.list',
  text: `select version, wording, topics, topic_versions as "topicVersions", created_at as "createdAt" from form_consents where form_id = $1 and company_id = $2 order by version desc limit 200`,
};
const WORDING: Statement = {
  name: 'forms.consents.get',
  text: 'select version, wording, topics, topic_versions as "topicVersions", created_at as "createdAt" from form_consents where form_id = $1 and company_id = $2 and version = $3',
};

export const ConsentText = z.object({
  version: z.int(),
  wording: z.string(),
  topics: z.array(z.string()),
  topicVersions: z
    .record(z.string(), z.int())
    .describe('Which wording of a topic stood in the text, word by word; none of a text of its own'),
  createdAt: z.date(),
});
export type ConsentText = z.output<typeof ConsentText>;

export function listWordings(tx: Transaction, companyId: string, formId: string): Promise<ConsentText[]> {
  return tx.query<ConsentText>(WORDINGS, [formId, companyId]);
}

/** What version said; null for a version that never was. */
export async function wordingOf(tx: Transaction, companyId: string, formId: string, version: number): Promise<ConsentText | null> {
  const [text] = await tx.query<ConsentText>(WORDING, [formId, companyId, version]);
  return text ?? null;
}

const ENSURE: Statement = {
  name: 'forms.ensure_default',
  text: `with made as (
           insert into forms (id, company_id, title, intro, fields, consent_wording, thank_you, submit_label, source, is_default, created_at, updated_at)
           values ($1, $2, 'Contact us', 'Leave us a message; we answer by email.', $3, $4, 'Thank you for your message!', 'Send message', 'website', true, $5, $5)
           on conflict (company_id) where is_default do nothing returning id)
         insert into form_consents (company_id, form_id, version, wording, topics, created_at) select $2, id, 1, $4, '{marketing}', $5 from made`,
};

const DEFAULT_FIELDS: readonly FormField[] = [
  wholeField({ name: 'name', label: 'Name', type: 'text', required: true }),
  wholeField({ name: 'email', label: 'Email', type: 'email', required: true }),
  wholeField({ name: 'message', label: 'Message', type: 'textarea', required: true }),
];
const DEFAULT_WORDING = 'You may also send me news and offers by email. I can withdraw this at any time.';

/** Every company has a contact form; made with the company, or when it is first asked for. Any role. */
export async function ensureDefaultForm(tx: Transaction, companyId: string, at: Date): Promise<void> {
  await tx.query(ENSURE, [newId(), companyId, JSON.stringify(DEFAULT_FIELDS), DEFAULT_WORDING, at]);
}
