import type { MetricDimension, Source } from './types.ts';

/** Where the rows of a source are. */
interface RowsOf {
  /** After `from`, called `r`. */
  readonly rows: string;
  /** The day of a row, UTC. */
  readonly day: string;
  /** Rows from $2 to before $3. An index serves it: leads_recent, messages_recent, runs_completed, invoices_issued, invoice_payments_received. */
  readonly within: string;
  /** SQL of its dimensions, as text; empty where a row has none. */
  readonly values: Partial<Record<MetricDimension, string>>;
}

const moments = (at: string) => ({
  day: `(${at} at time zone 'UTC')::date`,
  within: `${at} >= $2::date::timestamp at time zone 'UTC' and ${at} < $3::date::timestamp at time zone 'UTC'`,
});

/** What one cent of a row is in the company's currency: the last rate known on the day, else the first there is; 0 without any. */
const rate = (day: string) =>
  `case when r.currency = (select coalesce(o.settings ->> 'currency', 'USD') from companies o where o.id = $1) then 1 else coalesce(
     (select c.rate from currency_rates c where c.company_id = $1 and c.currency = r.currency and c.day <= ${day} order by c.day desc limit 1),
     (select c.rate from currency_rates c where c.company_id = $1 and c.currency = r.currency order by c.day limit 1), 0) end`;
/** Cents of an invoice or payment in the company's currency. */
export const invoiceCents = (column: string): string => `round(r.${column} * ${rate('r.issued_on')})`;
export const paymentCents = (column: string): string => `round(r.${column} * ${rate('r.received_on')})`;

export const ROWS: Readonly<Record<Exclude<Source, 'deals'>, RowsOf>> = {
  leads: { rows: 'leads r', ...moments('r.created_at'), values: { source: `coalesce(r.source, '')`, status: 'r.status' } },
  messages: { rows: 'messages r', ...moments('r.created_at'), values: { channel: 'r.channel' } },
  runs: {
    rows: '(select * from runs where branch is null) r',
    ...moments('r.completed_at'),
    values: { workflow: 'r.workflow_id::text' },
  },
  invoices: {
    rows: `(select * from invoices where kind in ('invoice', 'credit_note') and state not in ('draft', 'void')) r`,
    day: 'r.issued_on',
    within: 'r.issued_on >= $2::date and r.issued_on < $3::date',
    values: { client: `coalesce(r.client_id::text, '')`, currency: 'r.currency', treatment: 'r.treatment' },
  },
  // A discount on the whole invoice is shared among its lines by what they are worth.
  invoice_lines: {
    rows: `(select l.company_id, l.description, l.tax_rate, i.client_id, i.currency, i.kind, i.issued_on,
        case when i.subtotal_cents = 0 then l.net_cents else round(l.net_cents::numeric * i.net_cents / i.subtotal_cents) end as net_cents
      from invoice_lines l join invoices i on i.id = l.invoice_id and i.company_id = l.company_id where i.kind in ('invoice', 'credit_note') and i.state not in ('draft', 'void')) r`,
    day: 'r.issued_on',
    within: 'r.issued_on >= $2::date and r.issued_on < $3::date',
    values: {
      client: `coalesce(r.client_id::text, '')`,
      currency: 'r.currency',
      item: `left(r.description, 100)`,
      tax_rate: `trim_scale(r.tax_rate / 1000.0) || ' %'`,
    },
  },
  payments: {
    rows: `(select * from invoice_payments where kind in ('payment', 'refund', 'reversal')) r`,
    day: 'r.received_on',
    within: 'r.received_on >= $2::date and r.received_on < $3::date',
    values: { client: `coalesce(r.client_id::text, '')`, currency: 'r.currency', method: 'r.method' },
  },
};

/** Dimensions of deals that sums are kept by, one at a time. */
export const ROLLED: ReadonlySet<MetricDimension> = new Set(['owner', 'product', 'source']);

const KINDS = `'{new,up,down,won,lost,reopened,value_up,value_down,reweighted,reassigned}'::text[]`;
const AT = `company_id = $1 and kind = any (${KINDS}) and at >= $2::date::timestamp at time zone 'UTC' and at < $3::date::timestamp at time zone 'UTC'`;

/** Both sides of the moves of a stretch, like the sums that are kept, told apart by everything at once. Served by deal_moves_of_kind. */
export const MOVES = `(select (at at time zone 'UTC')::date as start, stage_id, kind, 1::bigint as n, cents, weighted, 1::bigint as moves, cycle_s,
      coalesce(owner_id::text, '') as owner, coalesce(product_id::text, '') as product, coalesce(source, '') as source from deal_moves where ${AT}
    union all select (at at time zone 'UTC')::date, from_stage_id, kind, -1, -from_cents, -from_weighted, 0, 0,
      coalesce(from_owner_id::text, ''), coalesce(from_product_id::text, ''), coalesce(from_source, '') from deal_moves where ${AT} and from_stage_id is not null) r`;
