import { amount, column, ID, moment, type ExportColumn, type Kind } from './columns.ts';

const CLIENT =
  'left join clients c on c.id = i.client_id and c.company_id = $1 left join people p on p.id = c.person_id and p.company_id = $1';
const DOCUMENT: readonly ExportColumn[] = [
  column('number', 'Number', 'i.number'),
  column('kind', 'Kind', 'i.kind'),
  column('state', 'State', 'i.state'),
  column('client', 'Client', `i.buyer ->> 'name'`),
  column('email', 'Email', 'p.email'),
];
const cents = (key: string, label: string, name: string) => amount(key, label, `i.${name}`, 'i.currency');

/** What was invoiced, line by line, and what was paid: a row a document, a line, a payment. Amounts are in the currency beside them. */
export const MONEY_KINDS: Readonly<Record<'invoices' | 'invoice_lines' | 'payments', Kind>> = {
  invoices: {
    title: 'Invoices',
    from: `invoices i ${CLIENT}`,
    alias: 'i',
    hasPerson: true,
    changed: 'updated_at',
    day: 'created_at',
    columns: [
      ID('i'),
      ...DOCUMENT,
      column('title', 'Title', 'i.title'),
      column('reference', 'Reference', 'i.reference'),
      column('issued_on', 'Issued', 'i.issued_on::text', 'date'),
      column('due_on', 'Due', 'i.due_on::text', 'date'),
      column('valid_until', 'Valid until', 'i.valid_until::text', 'date'),
      column('currency', 'Currency', 'i.currency'),
      cents('net', 'Net', 'net_cents'),
      cents('tax', 'Tax', 'tax_cents'),
      cents('total', 'Total', 'total_cents'),
      cents('paid', 'Paid', 'paid_cents'),
      cents('credited', 'Credited', 'credited_cents'),
      cents('written_off', 'Written off', 'written_off_cents'),
      amount(
        'balance',
        'Still owed',
        `case when i.kind = 'invoice' and i.state not in ('draft', 'void') then i.total_cents - i.paid_cents - i.credited_cents - i.written_off_cents else 0 end`,
        'i.currency',
      ),
      column('treatment', 'Taxed as', 'i.treatment'),
      column('country', 'Country', `i.buyer ->> 'country'`),
      column('vat_number', 'VAT number', `i.buyer ->> 'vatId'`),
      column('origin', 'Belongs to', '(select o.number from invoices o where o.id = i.origin_id and o.company_id = $1)'),
      moment('paid_at', 'Paid at', 'i.paid_at'),
      column('client_id', 'Client id', 'i.client_id'),
      moment('created_at', 'Created at', 'i.created_at'),
      moment('updated_at', 'Updated at', 'i.updated_at'),
    ],
  },
  invoice_lines: {
    title: 'Lines of invoices',
    // They are written with their invoice, and know no time of their own.
    from: `(select r.*, h.created_at, h.updated_at, r.invoice_id || '-' || lpad(r.position::text, 5, '0') as id from invoice_lines r join invoices h on h.id = r.invoice_id) l
             join invoices i on i.id = l.invoice_id and i.company_id = $1 ${CLIENT}`,
    alias: 'l',
    hasPerson: true,
    changed: 'updated_at',
    day: 'created_at',
    columns: [
      ID('l'),
      ...DOCUMENT,
      column('issued_on', 'Issued', 'i.issued_on::text', 'date'),
      column('position', 'Line', 'l.position', 'number'),
      column('description', 'Description', 'l.description'),
      column('quantity', 'Quantity', 'l.quantity::float8', 'number'),
      column('unit', 'Unit', 'l.unit'),
      column('currency', 'Currency', 'i.currency'),
      amount('price', 'Price', 'l.unit_price_cents', 'i.currency'),
      column('discount', 'Discount in percent', '(l.discount_bps / 100.0)::float8', 'number'),
      column('tax', 'Tax in percent', '(l.tax_rate / 1000.0)::float8', 'number'),
      amount('net', 'Net', 'l.net_cents', 'i.currency'),
      column('invoice_id', 'Invoice id', 'l.invoice_id'),
      moment('created_at', 'Created at', 'l.created_at'),
      moment('updated_at', 'Updated at', 'l.updated_at'),
    ],
  },
  payments: {
    title: 'Payments',
    from: `invoice_payments y left join invoices i on i.id = y.invoice_id and i.company_id = $1
             left join clients c on c.id = y.client_id and c.company_id = $1 left join people p on p.id = c.person_id and p.company_id = $1`,
    alias: 'y',
    hasPerson: true,
    changed: 'created_at',
    day: 'created_at',
    columns: [
      ID('y'),
      column('received_on', 'Day', 'y.received_on::text', 'date'),
      column('kind', 'Kind', 'y.kind'),
      column('number', 'Invoice', 'i.number'),
      column('client', 'Client', `coalesce(i.buyer ->> 'name', p.full_name)`),
      column('email', 'Email', 'p.email'),
      column('currency', 'Currency', 'y.currency'),
      amount('amount', 'Amount', `case when y.kind in ('refund', 'reversal') then -y.amount_cents else y.amount_cents end`, 'y.currency'),
      amount('applied', 'Of it for the invoice', `case when y.kind in ('refund', 'reversal') then -y.applied_cents else y.applied_cents end`, 'y.currency'),
      column('method', 'How', 'y.method'),
      column('reference', 'Reference', 'y.reference'),
      column('reverses', 'Takes back', 'y.reverses'),
      column('invoice_id', 'Invoice id', 'y.invoice_id'),
      moment('created_at', 'Created at', 'y.created_at'),
    ],
  },
}; // prettier-ignore
