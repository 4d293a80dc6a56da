import { z } from 'zod';
import type { Statement, Transaction } from '#core/database/database.ts';
import { EMAIL_CHOICES, KIND_NAMES, KINDS, type EmailChoice, type NotificationKind } from './kinds.ts';
import type { Reader } from './list.ts';

/** Whether and how a user hears of one kind. */
export const Preference = z.object({
  kind: z.enum(KIND_NAMES),
  title: z.string(),
  inApp: z.boolean().describe('Under the bell'),
  email: z.enum(EMAIL_CHOICES).describe('At once, once a day with the others, or never'),
});
export type Preference = z.output<typeof Preference>;

const OF_USER: Statement = {
  name: 'notifications.preferences',
  text: `select kind, in_app as "inApp", email from notification_preferences where company_id = $1 and user_id = $2`,
};
const SET: Statement = {
  name: 'notifications.set_preference',
  text: `insert into notification_preferences (company_id, user_id, kind, in_app, email, updated_at) values ($1, $2, $3, $4, $5, $6)
         on conflict (user_id, kind) do update set in_app = excluded.in_app, email = excluded.email, updated_at = excluded.updated_at`,
};

/** Every kind, with the defaults where the user chose nothing. */
export async function preferencesOf(tx: Transaction, { companyId, userId }: Reader): Promise<Preference[]> {
  const rows = await tx.query<{ kind: NotificationKind; inApp: boolean; email: EmailChoice }>(OF_USER, [companyId, userId]);
  const chosen = new Map(rows.map((row) => [row.kind, row]));
  return KIND_NAMES.map((kind) => ({
    kind,
    title: KINDS[kind].title,
    inApp: chosen.get(kind)?.inApp ?? true,
    email: chosen.get(kind)?.email ?? KINDS[kind].email,
  }));
}

export async function setPreference(
  tx: Transaction,
  { companyId, userId }: Reader,
  choice: Omit<Preference, 'title'>,
  at: Date,
): Promise<void> {
  await tx.query(SET, [companyId, userId, choice.kind, choice.inApp, choice.email, at]);
}
