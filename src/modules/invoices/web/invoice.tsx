import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import type { Output } from '#web/kit/api.ts';
import { Badge } from '#web/kit/badge.tsx';
import { words } from '#web/kit/format.ts';
import { exactMoney as money } from '#web/kit/money.ts';
import { Page } from '#web/kit/page.tsx';
import { Facts, Panel } from '#web/kit/panel.tsx';
import { useRead } from '#web/kit/query.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Failure } from '#web/kit/states.tsx';
import { dayOf, When } from '#web/kit/time.tsx';
import { Actions } from './actions.tsx';
import { DraftEditor } from './draft.tsx';
import { OnlinePayments } from './online.tsx';
import { Payments } from './payments.tsx';
import { QuoteAnswer } from './quote.tsx';
import { Related } from './related.tsx';
import { invoiceTones } from './tones.ts';
import { Sums } from './sums.tsx';

type Invoice = Output<'invoices.get'>;
/** More lines than these are changed by the API. */
const MOST_EDITED = 200;

/** One invoice: its lines and sums, what was paid, the PDF, and what may be done with it now. */
export function InvoicePage() {
  const { invoiceId } = useParams({ from: '/shell/invoices/$invoiceId' });
  const read = useRead('invoices.get', { invoice_id: invoiceId });
  const [dirty, setDirty] = useState(false);
  if (read.error !== null && read.data === undefined)
    return <Failure what="The invoice could not be loaded." error={read.error} retry={() => void read.refetch()} />;
  const invoice = read.data;
  const title = invoice === undefined ? 'Invoice' : (invoice.number ?? `Draft for ${invoice.client_name}`);
  return (
    <Page
      title={title}
      back={{ to: '/invoices', label: 'Invoices' }}
      lead={invoice === undefined ? 'Loading…' : [invoice.client_name, invoice.title].filter((text) => text !== '').join(' · ')}
      heading={
        <div className="flex flex-wrap items-center gap-3">
          <h1 className="num truncate text-xl font-semibold">{title}</h1>
          {invoice === undefined ? null : <Badge tone={invoiceTones[invoice.status] ?? 'neutral'}>{words(invoice.status)}</Badge>}
        </div>
      }
      actions={invoice === undefined ? null : <Actions invoice={invoice} dirty={dirty} />}
    >
      {invoice === undefined ? (
        <SkeletonLines lines={10} />
      ) : (
        <div className="grid grid-cols-[minmax(0,1fr)] gap-5 lg:grid-cols-[minmax(0,1fr)_20rem] lg:items-start">
          {invoice.status === 'draft' && invoice.lines.length <= MOST_EDITED ? (
            <DraftEditor key={invoice.id} invoice={invoice} onDirty={setDirty} />
          ) : (
            <Panel title="Lines" flush>
              <Lines invoice={invoice} />
            </Panel>
          )}
          <div className="space-y-5">
            <Panel title="Dates and terms">
              <Facts
                rows={[
                  ['Issued', invoice.issued_on === null ? '–' : dayOf(invoice.issued_on)],
                  ...(invoice.kind === 'quote' && invoice.status !== 'draft'
                    ? [['Holds until', invoice.valid_until === null ? 'it is answered' : dayOf(invoice.valid_until)] as const]
                    : []),
                  ...(invoice.kind === 'credit_note' ? [] : [['Due', dueOf(invoice)] as const]),
                  ...(invoice.deposit_cents === null ? [] : [['Deposit', depositOf(invoice)] as const]),
                  ['Taxed as', words(invoice.treatment)],
                  ['Reference', invoice.reference ?? '–'],
                  ...(invoice.mailed_at === null ? [] : [['Mailed', <When key="m" at={invoice.mailed_at} />] as const]),
                  ...(invoice.kind === 'invoice' ? [['Reminders', String(invoice.reminders)] as const] : []),
                ]}
              />
            </Panel>
            {invoice.kind === 'quote' && invoice.status !== 'draft' ? <QuoteAnswer invoice={invoice} /> : null}
            {invoice.status === 'draft' || invoice.kind !== 'invoice' ? null : <Payments invoice={invoice} />}
            <Related invoice={invoice} />
            {invoice.status === 'draft' || invoice.kind !== 'invoice' ? null : <OnlinePayments invoice={invoice} />}
          </div>
        </div>
      )}
    </Page>
  );
}

const dueOf = ({ due_on: on, payment_days: days, kind }: Invoice) =>
  on !== null ? dayOf(on) : `${days} days after ${kind === 'quote' ? 'the invoice' : 'it is issued'}`;

/** What is asked for first, and by when. */
function depositOf({ deposit_cents: cents, deposit_due_on: on, deposit_days: days, currency }: Invoice): string {
  const when = on !== null ? ` by ${dayOf(on)}` : `, ${days ?? 7} days after the invoice is issued`;
  return `${money(cents ?? 0, currency)}${when}`;
}

function Lines({ invoice }: { invoice: Invoice }) {
  return (
    <>
      <div className="overflow-x-auto" tabIndex={0} role="region" aria-label="Lines of the invoice">
        <table className="w-full text-sm">
          <thead>
            <tr className="text-left text-xs text-ink-3">
              <th className="px-4 py-2 font-medium">Description</th>
              <th className="hidden px-2 py-2 text-right font-medium sm:table-cell">Quantity</th>
              <th className="hidden px-2 py-2 text-right font-medium sm:table-cell">Price</th>
              <th className="hidden px-2 py-2 text-right font-medium sm:table-cell">Tax</th>
              <th className="px-4 py-2 text-right font-medium">Amount</th>
            </tr>
          </thead>
          <tbody>
            {invoice.lines.slice(0, 500).map((line, i) => (
              // Lines have no name of their own; their place is it.
              <tr key={i} className="border-t align-top">
                <td className="px-4 py-2 whitespace-pre-wrap">
                  {line.description}
                  <span className="num block text-xs text-ink-3 sm:hidden">
                    {line.quantity} {line.unit || '×'} {line.unit === '' ? '' : 'at '}
                    {money(line.unit_price_cents, invoice.currency)} · {line.tax_rate}&nbsp;% tax
                  </span>
                </td>
                <td className="num hidden px-2 py-2 text-right whitespace-nowrap sm:table-cell">
                  {line.quantity} {line.unit}
                </td>
                <td className="num hidden px-2 py-2 text-right sm:table-cell">{money(line.unit_price_cents, invoice.currency)}</td>
                <td className="num hidden px-2 py-2 text-right whitespace-nowrap text-ink-2 sm:table-cell">{line.tax_rate} %</td>
                <td className="num px-4 py-2 text-right">{money(line.net_cents, invoice.currency)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {invoice.lines.length > 500 ? (
        <p className="border-t px-4 py-2 text-xs text-ink-3">The first 500 of {invoice.lines.length} lines; the PDF has all.</p>
      ) : null}
      <Sums sums={invoice} currency={invoice.currency} />
    </>
  );
}
