import { createHash } from 'node:crypto';
import type { Statement, Transaction } from '#core/database/database.ts';
import { newId } from '#core/ids.ts';
import { keepAnswers, type Answers } from './answers.ts';
import type { StoredForm } from './form.ts';

/** Random, made with the page; only its hash is stored, so that nobody reads answers with what the database knows. */
export const tokenHash = (token: string): string => createHash('sha256').update(token).digest('hex');

/** Once the form was sent, a late save of an earlier step does not begin anew. */
const SAVE: Statement = {
  name: 'forms.partials.save',
  text: `insert into form_partials as p (id, company_id, form_id, token_hash, answers, step, created_at, updated_at)
         select $1, $2, $3, $4, $5, $6, $7, $7 where not exists (
           select from form_proofs u where u.form_id = $3 and u.company_id = $2 and u.nonce = 'sent ' || $4)
         on conflict (form_id, token_hash) do update set answers = excluded.answers, step = excluded.step, updated_at = excluded.updated_at`,
};
const DROP: Statement = {
  name: 'forms.partials.drop',
  text: 'delete from form_partials where company_id = $1 and form_id = $2 and token_hash = $3',
};
const SENT: Statement = {
  name: 'forms.partials.sent',
  text: `insert into form_proofs (company_id, form_id, nonce, expires_at) values ($1, $2, 'sent ' || $3, $4::timestamptz + interval '1 day') on conflict do nothing`,
};

/** Keeps what was begun. No person, no lead, no event: nobody may be written to because of it. */
export async function savePartial(tx: Transaction, form: StoredForm, token: string, sent: Answers, step: number, at: Date): Promise<void> {
  const answers = keepAnswers(form.fields, sent);
  if (Object.keys(answers).length === 0) return;
  await tx.query(SAVE, [newId(), form.companyId, form.id, tokenHash(token), JSON.stringify(answers), step, at]);
}

/** Sent: what was begun is gone. */
export async function dropPartial(tx: Transaction, form: StoredForm, token: string, at: Date): Promise<void> {
  if (form.partialDays === 0) return;
  await tx.query(SENT, [form.companyId, form.id, tokenHash(token), at]);
  await tx.query(DROP, [form.companyId, form.id, tokenHash(token)]);
}
