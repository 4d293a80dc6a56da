import type { Statement, Transaction } from '#core/database/database.ts';
import type { Runtime } from '#core/runtime.ts';
import { publicUrl } from '#modules/accounts/public.ts';
import { sendTransactional } from '#modules/messages/public.ts';
import { notify } from '#modules/notifications/public.ts';
import type { Said } from './watch.ts';

/** Of each company those whom it chose and who still work there; its admins where a kind has nobody. */
const RECIPIENTS: Statement = {
  name: 'alerts.recipients',
  text: `select r.company_id as "companyId", r.id, r.user_id as "userId", r.email, r.kinds, false as admin
           from alert_recipients r left join users u on u.id = r.user_id and u.company_id = r.company_id and u.is_active and u.deleted_at is null
          where r.company_id = any ($1::uuid[]) and (r.user_id is null or u.id is not null)
         union all
         select company_id, id, id, '', '{}', true from users where company_id = any ($1::uuid[]) and role = 'admin' and is_active and deleted_at is null`,
};

interface Recipient {
  readonly companyId: string;
  readonly id: string;
  readonly userId: string | null;
  readonly email: string;
  readonly kinds: readonly string[];
  readonly admin: boolean;
}

/** Who hears of it: whoever was chosen for this kind; nobody is: the admins. */
function heard(all: readonly Recipient[], kind: string): readonly Recipient[] {
  const chosen = all.filter(({ admin, kinds }) => !admin && (kinds.length === 0 || kinds.includes(kind)));
  return chosen.length > 0 ? chosen : all.filter(({ admin }) => admin);
}

/** Colleagues hear of it under the bell and by mail, as each of them chose; addresses by mail; webhooks by an event. Once when it begins, once when it is over. */
export async function tell(tx: Transaction, runtime: Runtime, said: readonly Said[]): Promise<void> {
  if (said.length === 0) return;
  const all = await tx.query<Recipient>(RECIPIENTS, [[...new Set(said.map(({ companyId }) => companyId))]]);
  const ofCompany = Map.groupBy(all, ({ companyId }) => companyId);
  const told = said.flatMap((alert) => heard(ofCompany.get(alert.companyId) ?? [], alert.kind).map((to) => ({ to, ...wordsOf(alert) })));
  await notify(
    tx,
    runtime,
    told.flatMap(({ to: { companyId, userId }, title, body, link, key }) =>
      userId === null ? [] : [{ companyId, userId, kind: 'alert' as const, title, body, link, key }],
    ),
  );
  const url = publicUrl(runtime.config);
  await sendTransactional(
    tx,
    runtime,
    told.flatMap(({ to, title, body, link, key }) =>
      to.userId !== null
        ? []
        : [
            {
              companyId: to.companyId,
              to: { name: '', address: to.email },
              subject: title,
              text: [title, body, `${url}${link}`, `You hear of this because an admin chose this address: ${url}/settings/alerts`].join(
                '\n\n',
              ),
              key: `${key}:${to.id}`,
            },
          ],
    ),
  );
  await runtime.engine.emit(
    tx,
    said.map((alert) => ({
      name: alert.recoveredAt === null ? 'alert.raised' : 'alert.recovered',
      companyId: alert.companyId,
      subject: { type: 'alert', id: alert.id },
      payload: {
        alert_id: alert.id,
        kind: alert.kind,
        title: alert.title,
        says: alert.body,
        count: alert.count,
        link: alert.link,
        raised_at: alert.raisedAt.toISOString(),
      },
    })),
  );
}

function wordsOf(alert: Said) {
  const over = alert.recoveredAt !== null;
  return {
    title: over ? `Well again: ${alert.title}` : alert.title,
    body: over ? `It began on ${alert.raisedAt.toISOString().slice(0, 16).replace('T', ' at ')} UTC.` : alert.body,
    link: alert.link,
    key: `alert:${alert.id}:${over ? 'over' : 'raised'}`,
  };
}
