import { z } from 'zod';
import type { Statement, Transaction } from '#core/database/database.ts';

const AnswerRecord = z.record(z.string(), z.union([z.string(), z.array(z.string())]));

/** What came in by a form, with the person it was taken for. */
export const Submitted = z.object({
  id: z.uuid(),
  companyId: z.uuid(),
  formId: z.uuid(),
  person: z.object({ id: z.uuid(), name: z.string(), email: z.string().nullable() }).nullable(),
  leadId: z.uuid().nullable(),
  answers: AnswerRecord,
  consentVersion: z.int().nullable().describe('Version that was agreed to; null: the box was not ticked, or there was none'),
  confirmation: z
    .enum(['asked', 'confirmed'])
    .nullable()
    .describe('Whether the reader of the address confirmed the consent; null: nobody was asked'),
  confirmedAt: z.date().nullable(),
  shownVersion: z.int().nullable().describe('Version that stood beside the box'),
  shownWording: z.string().nullable(),
  attribution: z.record(z.string(), z.string()).describe('utm_source …, referrer, landing_page'),
  said: z
    .array(z.object({ label: z.string(), said: z.string(), known: z.string() }))
    .describe('Answers that differ from what is known of the person'),
  createdAt: z.date(),
});
export type Submitted = z.output<typeof Submitted>;

const COLUMNS = `s.id, s.company_id as "companyId", s.form_id as "formId",
  case when p.id is null then null else jsonb_build_object('id', p.id, 'name', coalesce(nullif(p.full_name, ''), p.email, ''), 'email', p.email) end as person,
  s.lead_id as "leadId", s.answers, s.consent_version as "consentVersion", s.confirmation, s.confirmed_at as "confirmedAt", s.shown_version as "shownVersion", s.shown_wording as "shownWording",
  s.attribution, s.said, s.created_at as "createdAt"`;
/** Served by form_submissions_form. Words are looked for in the newest rows of one form only, so a plain scan of them will do. */
const LIST: Statement = {
  name: 'forms.submissions.list',
  text: `select ${COLUMNS} from form_submissions s left join people p on p.id = s.person_id and p.company_id = s.company_id
          where s.form_id = $1 and s.company_id = $2 and ($4::timestamptz is null or (s.created_at, s.id) < ($4::timestamptz, $5::uuid))
            and ($6::text is null or position(lower($6) in lower(s.answers::text)) > 0)
            and ($7::boolean is null or (s.consent_version is not null) = $7)
          order by s.created_at desc, s.id desc limit $3`,
};

export interface SubmissionFilter {
  readonly formId: string;
  readonly limit: number;
  readonly after: readonly [Date, string] | null;
  readonly q?: string | undefined;
  readonly agreed?: boolean | undefined;
}

export function listSubmissions(tx: Transaction, companyId: string, filter: SubmissionFilter): Promise<Submitted[]> {
  const { formId, limit, after, q, agreed } = filter;
  return tx.query<Submitted>(LIST, [
    formId,
    companyId,
    limit,
    after?.[0] ?? null,
    after?.[1] ?? null,
    q === undefined || q === '' ? null : q,
    agreed ?? null,
  ]);
}

/** Begun, not sent. */
export const Partial = z.object({
  id: z.uuid(),
  companyId: z.uuid(),
  formId: z.uuid(),
  answers: AnswerRecord,
  step: z.int().describe('The step that was left, from 0'),
  createdAt: z.date(),
  updatedAt: z.date(),
});
export type Partial = z.output<typeof Partial>;

const PARTIALS: Statement = {
  name: 'forms.partials.list',
  text: `select t.id, t.company_id as "companyId", t.form_id as "formId", t.answers, t.step, t.created_at as "createdAt", t.updated_at as "updatedAt"
           from form_partials t where t.form_id = $1 and t.company_id = $2 and ($4::timestamptz is null or (t.updated_at, t.id) < ($4::timestamptz, $5::uuid))
          order by t.updated_at desc, t.id desc limit $3`,
};

export function listPartials(
  tx: Transaction,
  companyId: string,
  formId: string,
  limit: number,
  after: readonly [Date, string] | null,
): Promise<Partial[]> {
  return tx.query<Partial>(PARTIALS, [formId, companyId, limit, after?.[0] ?? null, after?.[1] ?? null]);
}
