import { z } from 'zod';
import type { Statement, Transaction } from '#core/database/database.ts';
import { NotFound } from '#core/errors.ts';
import { newId } from '#core/ids.ts';
import { FormField, type FormFields } from './fields.ts';

/** No such form, or it is switched off. */
export class FormNotFound extends NotFound {
  override readonly code = 'form_not_found';
}

/** A form as stored. */
export const StoredForm = z.object({
  id: z.uuid(),
  companyId: z.uuid(),
  title: z.string(),
  intro: z.string(),
  fields: z.array(FormField),
  consentWording: z.string().describe('Text beside the consent box; empty: no box'),
  consentRequired: z.boolean(),
  consentVersion: z.int().describe('Goes up when the wording changes; kept with each consent'),
  submitLabel: z.string(),
  thankYou: z.string(),
  redirectUrl: z.string().nullable(),
  source: z.string().describe('Source of leads that come in here'),
  active: z.boolean(),
  isDefault: z.boolean().describe('The form behind /contact'),
  createdAt: z.date(),
  updatedAt: z.date(),
});
export type StoredForm = z.output<typeof StoredForm>;

const COLUMNS = `f.id, f.company_id as "companyId", f.title, f.intro, f.fields, f.consent_wording as "consentWording", f.consent_required as "consentRequired",
  f.consent_version as "consentVersion", f.submit_label as "submitLabel", f.thank_you as "thankYou", f.redirect_url as "redirectUrl", f.source, f.active,
  f.is_default as "isDefault", f.created_at as "createdAt", f.updated_at as "updatedAt"`;
const COUNTED = `${COLUMNS}, (select count(*)::int from form_submissions s where s.form_id = f.id) as submissions`;

export type CountedForm = StoredForm & { readonly submissions: number };

const BY_ID: Statement = { name: 'forms.get', text: `select ${COUNTED} from forms f where f.id = $1 and f.company_id = $2` };
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

function found<Row>([row]: readonly Row[]): Row {
  if (row === undefined) throw missing();
  return row;
}

/** @throws FormNotFound */
export async function getForm(tx: Transaction, companyId: string, formId: string): Promise<CountedForm> {
  return found(await tx.query<CountedForm>(BY_ID, [formId, companyId]));
}

/** @throws FormNotFound */
export async function lockForm(tx: Transaction, companyId: string, formId: string): Promise<StoredForm> {
  return found(await tx.query<StoredForm>(LOCK, [formId, companyId]));
}

export function listForms(
  tx: Transaction,
  companyId: string,
  limit: number,
  after: readonly [Date, string] | null,
): Promise<CountedForm[]> {
  return after === null ? tx.query<CountedForm>(LIST, [companyId, limit]) : tx.query<CountedForm>(LIST_AFTER, [companyId, limit, ...after]);
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
  return { companyId: company.id, form: form ?? null };
}

const WRITE: Statement = {
  name: 'forms.write',
  text: `insert into forms (id, company_id, title, intro, fields, consent_wording, consent_required, consent_version, submit_label, thank_you, redirect_url, source, active, is_default, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $15)
         on conflict (id) do update set title = excluded.title, intro = excluded.intro, fields = excluded.fields, consent_wording = excluded.consent_wording,
           consent_required = excluded.consent_required, consent_version = excluded.consent_version, submit_label = excluded.submit_label, thank_you = excluded.thank_you,
           redirect_url = excluded.redirect_url, source = excluded.source, active = excluded.active, updated_at = excluded.updated_at
         where forms.company_id = excluded.company_id`,
};

export interface FormDraft {
  readonly title: string;
  readonly intro: string;
  readonly fields: z.output<typeof FormFields>;
  readonly consentWording: string;
  readonly consentRequired: boolean;
  readonly submitLabel: string;
  readonly thankYou: string;
  readonly redirectUrl: string | null;
  readonly source: string;
  readonly active: boolean;
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
    draft.thankYou, draft.redirectUrl, draft.source, draft.active, false, at,
  ]); // prettier-ignore
}

const ENSURE: Statement = {
  name: 'forms.ensure_default',
  text: `insert into forms (id, company_id, title, intro, fields, consent_wording, thank_you, submit_label, source, is_default, created_at, updated_at)
         values ($1, $2, 'Contact us', 'Leave us a message; we answer by email.', $3, $4, 'Thank you for your message!', 'Send message', 'website', true, $5, $5)
         on conflict (company_id) where is_default do nothing`,
};

const DEFAULT_FIELDS: readonly FormField[] = [
  { name: 'name', label: 'Name', type: 'text', required: true, options: [] },
  { name: 'email', label: 'Email', type: 'email', required: true, options: [] },
  { name: 'message', label: 'Message', type: 'textarea', required: true, options: [] },
];
const DEFAULT_WORDING = 'You may also send me news and offers by email. I can withdraw this at any time.';

/** Every company has a contact form; made with the company, or when it is first asked for. Any role. */
export async function ensureDefaultForm(tx: Transaction, companyId: string, at: Date): Promise<void> {
  await tx.query(ENSURE, [newId(), companyId, JSON.stringify(DEFAULT_FIELDS), DEFAULT_WORDING, at]);
}
