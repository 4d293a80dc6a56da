import { DateTime } from 'luxon';
import type { Statement as Sql, Transaction } from '#core/database/database.ts';
import { InvalidInput } from '#core/errors.ts';
import { getClient } from '#modules/clients/public.ts';
import { dayOf } from '../days.ts';
import { buyerOf } from '../parties.ts';
import type { InvoiceSettings } from '../settings/load.ts';
import { AGE_BUCKETS, type Statement } from './shape.ts';

/** More lines than that nobody reads; a shorter period has fewer. */
export const MOST_LINES = 5_000;

/** What is booked for a client: by their invoices, and money that belongs to none. $1 company, $2 client, $3 currency */
const ENTRIES = `from ledger_entries e where e.company_id = $1 and e.currency = $3 and e.account in ('receivable', 'credit')
  and (e.invoice_id in (select i.id from invoices i where i.client_id = $2 and i.company_id = $1)
    or (e.invoice_id is null and e.payment_id in (select p.id from invoice_payments p where p.client_id = $2 and p.company_id = $1)))`;

/** A posting is a line; what only moves credit to an invoice changes nothing that is owed. Of a credit note the ledger names its invoice: the note was issued in the same moment. */
const LINES: Sql = {
  name: 'statements.lines',
  text: `select b."on"::text as "on", case when exists (select from invoice_refunds d where d.payment_id = b.payment_id and d.company_id = $1 and d.disputed) then 'dispute' else b.kind end as kind, b.cents::float8 as "amountCents", b.invoice_id as "invoiceId", coalesce(n.number, i.number) as number,
           case when b.kind in ('payment', 'refund', 'reversal') then coalesce(p.reference, '') else coalesce(n.title, i.title, '') end as text
         from (select e.posting_id, e.kind, min(e.occurred_on) as "on", min(e.created_at) as at, sum(e.amount_cents) as cents, (array_agg(e.invoice_id))[1] as invoice_id, (array_agg(e.payment_id))[1] as payment_id
                 ${ENTRIES} and e.occurred_on between $4::date and $5::date group by 1, 2 having sum(e.amount_cents) <> 0) b
         left join invoices i on i.id = b.invoice_id
         left join invoice_payments p on p.id = b.payment_id
         left join lateral (select c.number, c.title from invoices c where b.kind = 'credit_note' and c.origin_id = b.invoice_id and c.company_id = $1 and c.kind = 'credit_note'
            and c.issued_at = b.at and c.total_cents = -b.cents order by c.id limit 1) n on true
        order by b."on", b.at, b.posting_id limit ${MOST_LINES + 1}`,
};
const OPENING: Sql = {
  name: 'statements.opening',
  text: `select coalesce(sum(e.amount_cents), 0)::float8 as cents ${ENTRIES} and e.occurred_on < $4::date`,
};
/** What was owed at the end on each invoice by its day, of a deposit by its own, and what was in credit. */
const AGEING: Sql = {
  name: 'statements.ageing',
  text: `select case when o.account = 'credit' then 'credit' when o.late <= 0 then 'not_due' when o.late <= 30 then '1_30' when o.late <= 60 then '31_60' when o.late <= 90 then '61_90' else 'over_90' end as bucket,
           sum(o.cents)::float8 as cents
         from (select b.account, part.cents, $4::date - coalesce(part.due_on, $4::date) as late
                 from (select e.account, e.invoice_id, sum(e.amount_cents) as cents ${ENTRIES} and e.occurred_on <= $4::date group by 1, 2) b left join invoices i on i.id = b.invoice_id
                cross join lateral (select case when b.account = 'receivable' then least(b.cents, greatest(coalesce(i.deposit_cents, 0) - i.total_cents + b.cents, 0)) else 0 end as first) d
                cross join lateral (values (d.first, i.deposit_due_on), (b.cents - d.first, i.due_on)) part(cents, due_on)) o
        group by 1`,
};
const CURRENCIES: Sql = {
  name: 'statements.currencies',
  text: `select distinct currency from (select i.currency from invoices i where i.company_id = $1 and i.client_id = $2 and i.number is not null and i.kind <> 'quote'
           union all select p.currency from invoice_payments p where p.company_id = $1 and p.client_id = $2) c order by 1`,
};

export interface Period {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly currency?: string | undefined;
}

/** Kinds of the ledger by what they are called here. */
const KINDS = { issue: 'invoice', credit_note: 'credit_note', payment: 'payment', refund: 'refund', dispute: 'dispute', reversal: 'reversal', void: 'void', write_off: 'write_off', credit: 'payment' } as const; // prettier-ignore

interface Row {
  readonly on: string;
  readonly kind: keyof typeof KINDS;
  readonly amountCents: number;
  readonly invoiceId: string | null;
  readonly number: string | null;
  readonly text: string;
}

/** Three calendar months up to today, unless another period is asked for. @throws ClientNotFound, InvalidInput */
export async function statementOf(tx: Transaction, companyId: string, clientId: string, period: Period, settings: InvoiceSettings, at: Date): Promise<Statement> {
  const client = await getClient(tx, companyId, clientId);
  const to = period.to ?? dayOf(at, settings.timeZone);
  const from = period.from ?? DateTime.fromISO(to, { zone: 'UTC' }).startOf('month').minus({ months: 2 }).toFormat('yyyy-MM-dd');
  if (from > to) throw new InvalidInput('The first day is after the last', { fields: [{ path: 'from', message: 'is after the last day' }] });
  const currencies = (await tx.query<{ currency: string }>(CURRENCIES, [companyId, clientId])).map((row) => row.currency);
  const usual = client.billing.currency ?? settings.options.currency;
  const currency = period.currency ?? (currencies.includes(usual) ? usual : (currencies[0] ?? usual));
  const of = [companyId, clientId, currency];
  const [opening] = await tx.query<{ cents: number }>(OPENING, [...of, from]);
  const rows = await tx.query<Row>(LINES, [...of, from, to]);
  if (rows.length > MOST_LINES) throw new InvalidInput(`More than ${MOST_LINES} lines; choose a shorter period`, { fields: [{ path: 'from', message: 'gives too many lines' }] });
  const owed = new Map((await tx.query<{ bucket: string; cents: number }>(AGEING, [...of, to])).map(({ bucket, cents }) => [bucket, cents]));
  const openingCents = opening?.cents ?? 0;
  let balanceCents = openingCents;
  const lines = rows.map(({ kind, ...row }) => ({ ...row, kind: KINDS[kind], balanceCents: (balanceCents += row.amountCents) }));
  const sum = (...kinds: readonly (typeof lines)[number]['kind'][]) => lines.reduce((cents, line) => (kinds.includes(line.kind) ? cents + line.amountCents : cents), 0);
  return {
    clientId,
    clientName: buyerOf(client).name,
    currency,
    currencies,
    from,
    to,
    openingCents,
    invoicedCents: sum('invoice', 'void'),
    creditedCents: -sum('credit_note'),
    paidCents: -sum('payment', 'reversal'),
    refundedCents: sum('refund', 'dispute'),
    writtenOffCents: -sum('write_off'),
    closingCents: balanceCents,
    ageing: AGE_BUCKETS.map((bucket) => ({ bucket, cents: owed.get(bucket) ?? 0 })),
    creditCents: 0 - (owed.get('credit') ?? 0),
    lines,
  };
} // prettier-ignore
