import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { Download, Mails } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import type { Output } from '#web/kit/api.ts';
import { Badge } from '#web/kit/badge.tsx';
import { Button } from '#web/kit/button.tsx';
import { Confirm } from '#web/kit/confirm.tsx';
import { Dialog } from '#web/kit/dialog.tsx';
import { Field, Input } from '#web/kit/field.tsx';
import { useForm } from '#web/kit/form.ts';
import { words } from '#web/kit/format.ts';
import { exactMoney as money } from '#web/kit/money.ts';
import { Page } from '#web/kit/page.tsx';
import { Facts, Panel } from '#web/kit/panel.tsx';
import { useAct, useList, useRead } from '#web/kit/query.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Failure, Note } from '#web/kit/states.tsx';
import { When } from '#web/kit/time.tsx';
import { DraftEditor } from './draft.tsx';
import { OnlinePayments } from './online.tsx';
import { invoiceTones } from './tones.ts';
import { Sums } from './sums.tsx';

type Invoice = Output<'invoices.get'>;
/** More lines than these are changed by the API. */
const MOST_EDITED = 200;
const REFRESH = ['invoices', 'clients'];

/** One invoice: its lines and sums, what was paid, the PDF, and what may be done with it now. */
export function InvoicePage() {
  const { invoiceId } = useParams({ from: '/shell/invoices/$invoiceId' });
  const read = useRead('invoices.get', { invoice_id: invoiceId });
  const [paying, setPaying] = useState(false);
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
      actions={invoice === undefined ? null : <Actions invoice={invoice} dirty={dirty} onPay={() => setPaying(true)} />}
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
                  ['Issued', invoice.issued_on ?? '–'],
                  ['Due', invoice.due_on ?? `${invoice.payment_days} days after it is issued`],
                  ['Taxed as', words(invoice.treatment)],
                  ['Reference', invoice.reference ?? '–'],
                  ...(invoice.mailed_at === null ? [] : [['Mailed', <When key="m" at={invoice.mailed_at} />] as const]),
                  ['Reminders', String(invoice.reminders)],
                ]}
              />
            </Panel>
            {invoice.status === 'draft' ? null : <Payments invoice={invoice} />}
            {invoice.status === 'draft' || invoice.kind !== 'invoice' ? null : <OnlinePayments invoice={invoice} />}
          </div>
        </div>
      )}
      {paying && invoice !== undefined ? <Pay invoice={invoice} onClose={() => setPaying(false)} /> : null}
    </Page>
  );
}

function Actions({ invoice, dirty, onPay }: { invoice: Invoice; dirty: boolean; onPay: () => void }) {
  const navigate = useNavigate();
  const issue = useAct('invoices.issue', { refresh: REFRESH, done: (done) => `${done.number ?? 'It'} is issued.` });
  const remove = useAct('invoices.delete', {
    refresh: REFRESH,
    done: 'The draft is gone.',
    onDone: () => void navigate({ to: '/invoices' }),
  });
  const revoke = useAct('invoices.void', { refresh: REFRESH, done: 'It is void.' });
  const open = invoice.kind === 'invoice' && ['issued', 'partly_paid', 'overdue'].includes(invoice.status);
  const draft = invoice.status === 'draft';
  return (
    <>
      <Button asChild>
        <a href={`/api/invoices/${invoice.id}/pdf`} target="_blank" rel="noreferrer">
          <Download /> PDF
        </a>
      </Button>
      {draft ? (
        <Confirm
          title="Delete this draft?"
          action="Delete"
          danger
          onConfirm={() => remove.mutate({ invoice_id: invoice.id })}
          trigger={(ask) => <Button onClick={ask}>Delete</Button>}
        >
          <p>It has no number yet, so nothing is missing afterwards.</p>
        </Confirm>
      ) : null}
      {open && invoice.paid_cents + invoice.credited_cents === 0 ? (
        <Confirm
          title={`Void ${invoice.number ?? 'it'}?`}
          action="Void"
          danger
          onConfirm={() => revoke.mutate({ invoice_id: invoice.id })}
          trigger={(ask) => <Button onClick={ask}>Void</Button>}
        >
          <p>Nothing is owed on it afterwards. Its number stays taken, and nobody is reminded.</p>
        </Confirm>
      ) : null}
      {draft || invoice.status === 'void' ? null : <Mail invoice={invoice} />}
      {draft ? (
        <Button
          kind="primary"
          busy={issue.isPending}
          disabled={dirty}
          title={dirty ? 'Save or discard what you changed first' : undefined}
          onClick={() => issue.mutate({ invoice_id: invoice.id, if_match: invoice.updated_at })}
        >
          Issue
        </Button>
      ) : null}
      {open ? (
        <Button kind="primary" onClick={onPay}>
          Book a payment
        </Button>
      ) : null}
    </>
  );
}

/** By mail, with the PDF. Once more only after a question. */
function Mail({ invoice }: { invoice: Invoice }) {
  const send = useAct('invoices.send', { refresh: REFRESH, done: ({ to }) => `It is on its way to ${to}.` });
  const go = (again: boolean) => send.mutate({ invoice_id: invoice.id, again });
  if (invoice.mailed_at === null)
    return (
      <Button busy={send.isPending} onClick={() => go(false)}>
        <Mails /> Send
      </Button>
    );
  return (
    <Confirm
      title={`Mail ${invoice.number ?? 'it'} again?`}
      action="Send again"
      onConfirm={() => go(true)}
      trigger={(ask) => (
        <Button busy={send.isPending} onClick={ask}>
          <Mails /> Send again
        </Button>
      )}
    >
      <p>
        {invoice.client_name} got it <When at={invoice.mailed_at} />.
      </p>
    </Confirm>
  );
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

function Payments({ invoice }: { invoice: Invoice }) {
  const list = useList('invoices.payments', { invoice_id: invoice.id });
  return (
    <Panel title="Payments">
      <p className="text-sm">
        <span className="num font-medium">{money(invoice.balance_cents, invoice.currency)}</span>{' '}
        <span className="text-ink-2">still owed</span>
      </p>
      <ul className="mt-2 space-y-1.5 text-sm">
        {list.rows.map((one) => (
          <li key={one.id} className="flex justify-between gap-3">
            <span className="text-ink-2">
              <span className="num">{one.received_on}</span> ·{' '}
              {one.kind === 'reversal' ? 'taken back' : words(one.kind === 'payment' ? one.method : one.kind)}
            </span>
            <span className={one.reversed ? 'num text-ink-3 line-through' : 'num'}>
              {money(one.kind === 'reversal' || one.kind === 'refund' ? -one.amount_cents : one.amount_cents, one.currency)}
            </span>
          </li>
        ))}
      </ul>
      {invoice.client_id === null ? null : (
        <Link
          to="/clients/$clientId"
          params={{ clientId: invoice.client_id }}
          className="mt-3 inline-block text-xs text-accent-ink underline underline-offset-2"
        >
          Open the client
        </Link>
      )}
    </Panel>
  );
}

function Pay({ invoice, onClose }: { invoice: Invoice; onClose: () => void }) {
  const form = useForm({ amount: invoice.balance, reference: '' });
  const pay = useAct('invoices.pay', {
    quiet: true,
    refresh: REFRESH,
    done: (done) => (done.status === 'paid' ? 'Paid in full.' : 'Booked.'),
    onDone: onClose,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    pay.mutate(
      { invoice_id: invoice.id, amount: form.values.amount.trim(), reference: form.values.reference.trim() },
      { onError: form.setError },
    );
  };
  return (
    <Dialog open onOpenChange={onClose} title="Book a payment" description="More than is owed becomes the client’s credit.">
      <form onSubmit={submit} className="space-y-4">
        {form.general === undefined ? null : <Note tone="bad">{form.general}</Note>}
        <Field label={`Amount in ${invoice.currency}`} error={form.fault('amount')}>
          {(control) => <Input {...control} {...form.text('amount')} inputMode="decimal" required className="num" />}
        </Field>
        <Field label="Reference" optional hint="What the statement says" error={form.fault('reference')}>
          {(control) => <Input {...control} {...form.text('reference')} />}
        </Field>
        <div className="flex justify-end gap-2 pt-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" busy={pay.isPending}>
            Book
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
