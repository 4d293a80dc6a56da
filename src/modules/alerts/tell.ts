import type { Statement, Transaction } from '#core/database/database.ts';
import type { Runtime } from '#core/runtime.ts';
import { notify } from '#modules/notifications/public.ts';
import type { Said } from './watch.ts';

const ADMINS: Statement = {
  name: 'alerts.admins',
  text: `select company_id as "companyId", id from users where company_id = any ($1::uuid[]) and role = 'admin' and is_active and deleted_at is null`,
};

/** The admins hear of it under the bell and by mail, as each of them chose; webhooks by an event. Once when it begins, once when it is over. */
export async function tell(tx: Transaction, runtime: Runtime, said: readonly Said[]): Promise<void> {
  if (said.length === 0) return;
  const admins = await tx.query<{ companyId: string; id: string }>(ADMINS, [[...new Set(said.map(({ companyId }) => companyId))]]);
  const ofCompany = Map.groupBy(admins, ({ companyId }) => companyId);
  const entries = said.flatMap((alert) => {
    const over = alert.recoveredAt !== null;
    return (ofCompany.get(alert.companyId) ?? []).map(({ id: userId }) => ({
      companyId: alert.companyId,
      userId,
      kind: 'alert' as const,
      title: over ? `Well again: ${alert.title}` : alert.title,
      body: over ? `It began on ${alert.raisedAt.toISOString().slice(0, 16).replace('T', ' at ')} UTC.` : alert.body,
      link: alert.link,
      key: `alert:${alert.id}:${over ? 'over' : 'raised'}`,
    }));
  });
  await notify(tx, runtime, entries);
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
