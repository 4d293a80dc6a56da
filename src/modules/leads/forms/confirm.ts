import { createHash } from 'node:crypto';
import type { Statement, Transaction } from '#core/database/database.ts';
import type { Facts } from '#core/engine/types.ts';
import type { Ctx } from '#core/operation/context.ts';
import type { Runtime } from '#core/runtime.ts';
import { readIds, signIds } from '#core/signed-ids.ts';
import { publicUrl } from '#modules/accounts/public.ts';
import { sendTransactional } from '#modules/messages/public.ts';
import { normaliseEmail, optEvents, recordOwnConsent } from '#modules/people/public.ts';
import { answerText } from './answers.ts';
import { consentEntries } from './consent.ts';
import type { ConsentText, StoredForm } from './form.ts';
import { TEXTS, type Language } from './texts.ts';

const PURPOSE = 'consent confirmation';
/** Whoever means it says so within a month. */
const LIFE_MS = 30 * 86_400_000;

const ASKED: Statement = {
  name: 'forms.confirmation.asked',
  text: `update form_submissions set confirmation = 'asked' where id = $1 and company_id = $2`,
};
const COMPANY: Statement = { name: 'forms.confirmation.company', text: 'select name from companies where id = $1' };

/**
 * Asks whoever reads the address whether she agreed (double opt-in): until she says so, there is no consent. One mail a day for each
 * form and address, however often somebody types it.
 */
export async function askToConfirm(
  ctx: Ctx,
  form: StoredForm,
  submission: { readonly id: string; readonly wording: string; readonly personId: string; readonly name: string; readonly email: string },
  at: Date,
): Promise<void> {
  const { companyId } = form;
  const { id, wording, personId, name, email } = submission;
  await ctx.query(ASKED, [id, companyId]);
  const [company] = await ctx.query<{ name: string }>(COMPANY, [companyId]);
  const link = `${publicUrl(ctx.runtime.config)}/confirm/${signIds(ctx.runtime.secrets, PURPOSE, [companyId, id])}`;
  const texts = TEXTS[form.language];
  const address = createHash('sha256').update(email).digest('hex').slice(0, 32);
  await sendTransactional(ctx, ctx.runtime, {
    companyId,
    personId,
    to: { name, address: email },
    subject: texts.confirmSubject,
    text: texts.confirmMail(company?.name ?? '', wording, link),
    key: `consent:${form.id}:${address}:${at.toISOString().slice(0, 10)}`,
  });
}

/** What a link asks to confirm. */
export interface Confirmation {
  readonly id: string;
  readonly companyId: string;
  readonly companyName: string;
  readonly language: Language;
  readonly wording: string;
  readonly state: 'asked' | 'confirmed' | 'late';
}

interface Row extends Omit<Confirmation, 'state'> {
  readonly confirmation: 'asked' | 'confirmed';
  readonly formId: string;
  readonly formTitle: string;
  readonly personId: string;
  readonly email: string | string[] | null;
  readonly version: number;
  readonly topics: string[];
  readonly topicVersions: ConsentText['topicVersions'];
  readonly ip: string | null;
  readonly userAgent: string | null;
  readonly createdAt: Date;
}

const FIND: Statement = {
  name: 'forms.confirmation.find',
  text: `select s.id, s.company_id as "companyId", s.confirmation, s.form_id as "formId", f.title as "formTitle", f.language, s.person_id as "personId", s.answers -> 'email' as email,
                s.ip, s.user_agent as "userAgent", s.created_at as "createdAt", t.version, t.wording, t.topics, t.topic_versions as "topicVersions", c.name as "companyName"
           from form_submissions s
           join forms f on f.id = s.form_id and f.company_id = s.company_id
           join form_consents t on t.form_id = s.form_id and t.company_id = s.company_id and t.version = s.consent_version
           join companies c on c.id = s.company_id
          where s.id = $1 and s.company_id = $2 and s.confirmation is not null and s.person_id is not null
            for update of s`,
};
const CONFIRM: Statement = {
  name: 'forms.confirmation.confirm',
  text: `update form_submissions set confirmation = 'confirmed', confirmed_at = $3 where id = $1 and company_id = $2`,
};

/** What the word in a link stands for. Null: we did not make it, or what it was about is gone. */
export async function findConfirmation(runtime: Runtime, word: string): Promise<Confirmation | null> {
  const [companyId, id] = readIds(runtime.secrets, PURPOSE, 2, word) ?? [];
  if (companyId === undefined || id === undefined) return null;
  return runtime.database.write(companyId, async (tx) => {
    const row = await find(tx, companyId, id);
    return row === null ? null : shown(row, runtime.clock.now());
  });
}

/**
 * The reader's yes, by a button (never by opening the link). The log gets the wording, where it was ticked and where it was confirmed; a
 * second yes changes nothing, and none lifts an opt-out that came meanwhile.
 */
export function confirm(runtime: Runtime, { companyId, id }: Confirmation, where: Facts): Promise<Confirmation | null> {
  return runtime.database.write(companyId, async (tx) => {
    const row = await find(tx, companyId, id);
    const at = runtime.clock.now();
    if (row === null) return null;
    if (shown(row, at).state !== 'asked') return shown(row, at);
    await tx.query(CONFIRM, [id, companyId, at]);
    const email = normaliseEmail(answerText(row.email ?? ''));
    if (email === null) return null;
    const evidence = {
      ip: row.ip,
      user_agent: row.userAgent,
      at: row.createdAt.toISOString(),
      confirmed_at: at.toISOString(),
      confirmed: where,
    };
    const changes = await recordOwnConsent(
      tx,
      runtime.secrets,
      { companyId, personId: row.personId, email },
      consentEntries({ id: row.formId, companyId, title: row.formTitle }, row, row.personId, evidence, at),
    );
    await runtime.engine.emit(tx, optEvents(changes));
    return { ...shown(row, at), state: 'confirmed' };
  });
}

async function find(tx: Transaction, companyId: string, id: string): Promise<Row | null> {
  const [row] = await tx.query<Row>(FIND, [id, companyId]);
  return row ?? null;
}

function shown({ id, companyId, companyName, language, wording, confirmation, createdAt }: Row, now: Date): Confirmation {
  const late = confirmation === 'asked' && now.getTime() - createdAt.getTime() > LIFE_MS;
  return { id, companyId, companyName, language, wording, state: late ? 'late' : confirmation };
}
