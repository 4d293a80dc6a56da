import type { Statement } from '#core/database/database.ts';
import { minorDigits } from '#core/money.ts';
import type { ReadSigns } from '#core/signs/types.ts';
import { dayWords, daysBetween, watchedJson } from '#core/signs/words.ts';
import { OWED_PARTS } from './deposit.ts';

interface Row {
  readonly clientId: string;
  readonly today: string;
  readonly currency: string;
  readonly overdue: number;
  readonly overdueCents: number;
  readonly overdueSince: string | null;
  readonly overdueId: string | null;
  readonly openCents: number;
  readonly openUntil: string | null;
}

/** What clients owe, by currency: late, and not late yet. */
const OWED: Statement = {
  name: 'invoices.signs',
  text: `select w.client_id as "clientId", w.today::text as today, i.currency, count(distinct i.id) filter (where part.overdue_from <= $2)::int as overdue,
           coalesce(sum(part.cents) filter (where part.overdue_from <= $2), 0)::float8 as "overdueCents",
           (min(part.due_on) filter (where part.overdue_from <= $2))::text as "overdueSince",
           (array_agg(i.id order by part.due_on) filter (where part.overdue_from <= $2))[1] as "overdueId",
           coalesce(sum(part.cents) filter (where part.overdue_from > $2), 0)::float8 as "openCents",
           (max(part.due_on) filter (where part.overdue_from > $2))::text as "openUntil"
         from jsonb_to_recordset($1::jsonb) as w(company_id uuid, client_id uuid, today date)
         join invoices i on i.client_id = w.client_id and i.company_id = w.company_id and i.kind = 'invoice' and i.state in ('issued', 'partly_paid')
         ${OWED_PARTS}
        group by 1, 2, 3 order by 1, 3`,
};

/** Two weeks late is an oversight as a rule; later than that somebody does not want to pay, or cannot. */
const OVERSIGHT_DAYS = 14;

export const invoiceSigns: ReadSigns = async (tx, clients, now) => {
  const rows = await tx.query<Row>(OWED, [watchedJson(clients), now]);
  return rows.flatMap((row) => {
    const owed = (cents: number) => new Intl.NumberFormat('en', { style: 'currency', currency: row.currency }).format(cents / 10 ** minorDigits(row.currency));
    const days = row.overdueSince === null ? 0 : daysBetween(row.overdueSince, row.today);
    return [
      ...(row.overdueSince === null
        ? []
        : [{
            clientId: row.clientId,
            rule: 'invoice_overdue',
            points: days > OVERSIGHT_DAYS ? 30 : 15,
            says: `${owed(row.overdueCents)} ${row.overdue === 1 ? 'on one invoice is' : `on ${row.overdue} invoices are`} overdue, the first was due on ${dayWords(row.overdueSince)}.`,
            link: `/invoices/${row.overdueId ?? ''}`,
          }]),
      ...(row.openUntil === null
        ? []
        : [{ clientId: row.clientId, rule: 'invoice_open', points: 0, says: `${owed(row.openCents)} is owed until ${dayWords(row.openUntil)}.`, link: null }]),
    ];
  });
}; // prettier-ignore
