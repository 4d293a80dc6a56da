import { invoiceCents, paymentCents } from './sources.ts';
import type { Metric, MetricDimension } from './types.ts';

const DEALS: readonly MetricDimension[] = ['owner', 'product', 'source', 'stage'];
const WON = `case when s.kind = 'won' and r.kind in ('won', 'new') then r.moves else 0 end`;
const LOST = `case when s.kind = 'lost' and r.kind in ('lost', 'new') then r.moves else 0 end`;
const WON_CENTS = `case when s.kind = 'won' then r.cents else 0 end`;

/** Every metric there is. Deals come from the sums of their history, so that a past that is told later is in them. Days are UTC. */
export const METRICS: readonly Metric[] = [
  {
    id: 'deals.won_value', source: 'deals', title: 'Won value', unit: 'money', kind: 'flow', better: 'more', dimensions: DEALS,
    description: 'What won stages gained: at the win, and by what was corrected afterwards',
    sum: WON_CENTS, blame: { kind: 'won', column: 'cents' },
  },
  {
    id: 'deals.won', source: 'deals', title: 'Won deals', unit: 'count', kind: 'flow', better: 'more', dimensions: DEALS,
    description: 'Deals that were won', sum: WON, blame: { kind: 'won', column: 'cents' },
  },
  {
    id: 'deals.lost', source: 'deals', title: 'Lost deals', unit: 'count', kind: 'flow', better: 'less', dimensions: DEALS,
    description: 'Deals that were lost', sum: LOST, blame: { kind: 'lost', column: 'cents' },
  },
  {
    id: 'deals.win_rate', source: 'deals', title: 'Win rate', unit: 'share', kind: 'flow', better: 'more', dimensions: ['owner', 'product', 'source'],
    description: 'Won deals, of those that were won or lost', sum: WON, per: `${WON} + ${LOST}`, blame: { kind: 'lost', column: 'cents' },
  },
  {
    id: 'deals.average_won', source: 'deals', title: 'Value of a won deal', unit: 'money', kind: 'flow', better: 'more', dimensions: ['owner', 'product', 'source'],
    description: 'Won value by won deals', sum: WON_CENTS, per: WON, blame: { kind: 'won', column: 'cents' },
  },
  {
    id: 'deals.cycle_days', source: 'deals', title: 'Days to the win', unit: 'days', kind: 'flow', better: 'less', dimensions: ['owner', 'product', 'source'],
    description: 'From the first day of a deal to its win, on average', sum: `case when s.kind = 'won' and r.kind in ('won', 'new') then r.cycle_s / 86400.0 else 0 end`, per: WON,
  },
  {
    id: 'deals.new', source: 'deals', title: 'New deals', unit: 'count', kind: 'flow', better: 'more', dimensions: DEALS,
    description: 'Deals that began', sum: `case when r.kind = 'new' then r.moves else 0 end`, blame: { kind: 'open', column: 'cents' },
  },
  {
    id: 'deals.new_value', source: 'deals', title: 'New value', unit: 'money', kind: 'flow', better: 'more', dimensions: DEALS,
    description: 'Value of open deals that began, on their first day', sum: `case when r.kind = 'new' and s.kind = 'open' then r.cents else 0 end`,
    blame: { kind: 'open', column: 'cents' },
  },
  {
    id: 'deals.open_value', source: 'deals', title: 'Open value', unit: 'money', kind: 'stock', better: 'more', dimensions: DEALS,
    description: 'Value of all open deals', sum: `case when s.kind = 'open' then r.cents else 0 end`, blame: { kind: 'open', column: 'cents' },
  },
  {
    id: 'deals.weighted_value', source: 'deals', title: 'Weighted value', unit: 'money', kind: 'stock', better: 'more', dimensions: DEALS,
    description: 'Value of all open deals, times their probability', sum: `case when s.kind = 'open' then r.weighted else 0 end`,
    blame: { kind: 'open', column: 'weighted' },
  },
  {
    id: 'deals.open', source: 'deals', title: 'Open deals', unit: 'count', kind: 'stock', better: 'more', dimensions: DEALS,
    description: 'Deals that are neither won nor lost', sum: `case when s.kind = 'open' then r.n else 0 end`, blame: { kind: 'open', column: 'cents' },
  },
  {
    id: 'leads.new', source: 'leads', title: 'New leads', unit: 'count', kind: 'flow', better: 'more', dimensions: ['source', 'status'],
    description: 'Leads that came in', sum: '1',
  },
  {
    id: 'leads.conversion', source: 'leads', title: 'Conversion of leads', unit: 'share', kind: 'flow', better: 'more', dimensions: ['source'],
    description: 'Of the leads that came in: those that are converted today', sum: `case when r.status = 'converted' then 1 else 0 end`, per: '1',
  },
  {
    id: 'messages.sent', source: 'messages', title: 'Messages sent', unit: 'count', kind: 'flow', better: 'more', dimensions: ['channel'],
    description: 'Commercial messages that left', sum: `case when r.direction = 'outbound' and r.class = 'commercial' and r.state = 'sent' then 1 else 0 end`,
  },
  {
    id: 'messages.replies', source: 'messages', title: 'Replies', unit: 'count', kind: 'flow', better: 'more', dimensions: ['channel'],
    description: 'Messages of people; out-of-office mail is not counted', sum: `case when r.direction = 'inbound' and not r.auto then 1 else 0 end`,
  },
  {
    id: 'runs.ended', source: 'runs', title: 'Runs that ended', unit: 'count', kind: 'flow', better: 'more', dimensions: ['workflow'],
    description: 'Runs of workflows that were done or failed', sum: `case when r.state in ('done', 'failed') then 1 else 0 end`,
  },
  {
    id: 'runs.success', source: 'runs', title: 'Successful runs', unit: 'share', kind: 'flow', better: 'more', dimensions: ['workflow'],
    description: 'Of the runs that were done or failed: those that were done', sum: `case when r.state = 'done' then 1 else 0 end`,
    per: `case when r.state in ('done', 'failed') then 1 else 0 end`,
  },
  {
    id: 'invoices.issued', source: 'invoices', title: 'Invoices issued', unit: 'count', kind: 'flow', better: 'more', dimensions: ['client', 'currency', 'treatment'],
    description: 'Invoices that got a number and are not void', sum: `case when r.kind = 'invoice' then 1 else 0 end`,
  },
  {
    id: 'invoices.net_value', source: 'invoices', title: 'Invoiced, net', unit: 'money', kind: 'flow', better: 'more', dimensions: ['client', 'currency', 'treatment'],
    description: 'Invoices less credit notes, without tax, by the day on them, at the rate of that day; a currency without a rate counts nothing',
    sum: `case when r.kind = 'credit_note' then -1 else 1 end * ${invoiceCents('net_cents')}`,
  },
  {
    id: 'invoices.average', source: 'invoices', title: 'Value of an invoice', unit: 'money', kind: 'flow', better: 'more', dimensions: ['client', 'currency', 'treatment'],
    description: 'Net value of invoices by their number; credit notes are not counted', sum: `case when r.kind = 'invoice' then ${invoiceCents('net_cents')} else 0 end`,
    per: `case when r.kind = 'invoice' then 1 else 0 end`,
  },
  {
    id: 'invoices.gross_value', source: 'invoices', title: 'Invoiced, with tax', unit: 'money', kind: 'flow', better: 'more', dimensions: ['client', 'currency', 'treatment'],
    description: 'Invoices less credit notes, with tax, by the day on them, at the rate of that day: what the books call accrual; “Money received” is cash',
    sum: `case when r.kind = 'credit_note' then -1 else 1 end * ${invoiceCents('total_cents')}`,
  },
  {
    id: 'invoices.tax', source: 'invoices', title: 'Tax invoiced', unit: 'money', kind: 'flow', better: 'more', dimensions: ['client', 'currency', 'treatment'],
    description: 'Tax on invoices less that on credit notes, by the day on them, at the rate of that day',
    sum: `case when r.kind = 'credit_note' then -1 else 1 end * ${invoiceCents('tax_cents')}`,
  },
  {
    id: 'invoice_lines.net_value', source: 'invoice_lines', title: 'Invoiced by item, net', unit: 'money', kind: 'flow', better: 'more', dimensions: ['item', 'tax_rate', 'client', 'currency'],
    description: 'Lines of invoices less those of credit notes, without tax; a discount on the whole invoice is shared among its lines, each rounded to a cent',
    sum: `case when r.kind = 'credit_note' then -1 else 1 end * ${invoiceCents('net_cents')}`,
  },
  {
    id: 'payments.received', source: 'payments', title: 'Money received', unit: 'money', kind: 'flow', better: 'more', dimensions: ['client', 'currency', 'method'],
    description: 'Payments less refunds and what was taken back, by the day they came, at the rate of that day; a currency without a rate counts nothing',
    sum: `case when r.kind = 'payment' then 1 else -1 end * ${paymentCents('amount_cents')}`,
  },
]; // prettier-ignore

export const METRIC_IDS = METRICS.map(({ id }) => id) as [string, ...string[]]; // there is at least one

export function metricOf(id: string): Metric {
  const metric = METRICS.find((one) => one.id === id);
  if (metric === undefined) throw new Error(`no metric ${id}`);
  return metric;
}
