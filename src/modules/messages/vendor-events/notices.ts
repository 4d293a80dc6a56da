import type { NoticeEvent } from '#core/connector/webhook.ts';
import type { Statement, Transaction } from '#core/database/database.ts';
import { newId } from '#core/ids.ts';
import type { Runtime } from '#core/runtime.ts';
import type { Place } from './apply.ts';

const RECORD: Statement = {
  name: 'vendor_events.notice',
  text: `insert into vendor_events (id, company_id, connection_id, event_key, what, happened_at, received_at)
         select x.id, $2, $3, x.event_key, 'notice', x.happened_at, $4 from json_to_recordset($1::json) as x (id uuid, event_key text, happened_at timestamptz)
         on conflict (connection_id, event_key) do nothing returning event_key as key`,
};

/** What a service told becomes an event that workflows may start from, once, in the caller's transaction. Answers how many were new. */
export async function tellNotices(tx: Transaction, runtime: Runtime, place: Place, notices: readonly NoticeEvent[]): Promise<number> {
  if (notices.length === 0) return 0;
  const { companyId, connectionId, connector } = place;
  const now = runtime.clock.now();
  const keyOf = ({ key }: NoticeEvent) => `notice/${key}`.slice(0, 200);
  const rows = notices.map((notice) => ({ id: newId(), event_key: keyOf(notice), happened_at: notice.at ?? now }));
  const fresh = new Set(
    (await tx.query<{ key: string }>(RECORD, [JSON.stringify(rows), companyId, connectionId, now])).map(({ key }) => key),
  );
  // A batch may hold the same one twice: the first counts.
  const told = notices.filter((notice) => fresh.delete(keyOf(notice)));
  await runtime.engine.emit(
    tx,
    told.map(({ type, at, data }) => ({
      name: 'connection.noticed',
      companyId,
      subject: { type: 'connection', id: connectionId },
      payload: { connection_id: connectionId, connector, type: clean(type), at: (at ?? now).toISOString(), data: cleaned(data) },
    })),
  );
  return told.length;
}

/** PostgreSQL stores neither NUL nor half characters. */
const clean = (text: string) => text.replaceAll('\u0000', '').toWellFormed();

function cleaned(data: NoticeEvent['data']): Record<string, string | null> {
  return Object.fromEntries(Object.entries(data).map(([name, value]) => [name, value === null ? null : clean(value)]));
}
