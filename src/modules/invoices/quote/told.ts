import type { Statement } from '#core/database/database.ts';
import type { EventHandler } from '#core/engine/types.ts';
import { notify, type NewNotification } from '#modules/notifications/public.ts';

/** Whoever wrote the quote; where they are gone, or it was nobody, the admins. */
const WHOM: Statement = {
  name: 'quotes.whom_to_tell',
  text: `select i.id, i.company_id as "companyId", i.number, i.buyer ->> 'name' as name, c.person_id as "personId", u.id as "userId"
           from jsonb_to_recordset($1::jsonb) as e(company_id uuid, id uuid) join invoices i on i.id = e.id and i.company_id = e.company_id
           left join clients c on c.id = i.client_id
           left join users w on w.id = i.created_by and w.company_id = i.company_id and w.is_active and w.deleted_at is null
           join users u on u.company_id = i.company_id and u.is_active and u.deleted_at is null and case when w.id is null then u.role = 'admin' else u.id = w.id end`,
};

interface Row {
  readonly id: string;
  readonly companyId: string;
  readonly number: string;
  readonly name: string;
  readonly personId: string | null;
  readonly userId: string;
}

const SAYS: Readonly<Record<string, string>> = {
  'quote.accepted': 'accepted',
  'quote.declined': 'declined',
  'quote.lapsed': 'let lapse',
};

/** What a client says to a quote on their page, and that they say nothing until it lapses, is told to whoever wrote it. */
export const onAnswered: readonly EventHandler[] = Object.entries(SAYS).map(([event, says]) => ({
  event,
  name: `invoices.tell_${event.replace('quote.', '')}`,
  async handle(tx, events, runtime) {
    const theirs = events.filter(({ payload }) => event === 'quote.lapsed' || payload?.['by'] === 'client');
    if (theirs.length === 0) return;
    const wanted = JSON.stringify(theirs.map(({ companyId, subject }) => ({ company_id: companyId, id: subject.id })));
    const payloads = new Map(theirs.map(({ subject, payload }) => [subject.id, payload]));
    const rows = await tx.query<Row>(WHOM, [wanted]);
    const entries = rows.map(({ id, companyId, number, name, personId, userId }): NewNotification => {
      const { name: signed, reason, invoice_id: made } = payloads.get(id) ?? {};
      const goesOn = typeof made === 'string' && made !== '' ? made : id;
      return {
        companyId,
        userId,
        kind: 'quote_answered',
        key: `${event}:${id}`,
        title: `${name} ${says} ${number}`,
        body: typeof reason === 'string' && reason !== '' ? reason.slice(0, 300) : typeof signed === 'string' ? `As ${signed}` : '',
        link: `/invoices/${goesOn}`,
        personId,
      };
    });
    await notify(tx, runtime, entries);
  },
}));
