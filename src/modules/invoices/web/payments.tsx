import { Link } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import type { Output } from '#web/kit/api.ts';
import { Button } from '#web/kit/button.tsx';
import { Dialog } from '#web/kit/dialog.tsx';
import { Field, Input } from '#web/kit/field.tsx';
import { useForm } from '#web/kit/form.ts';
import { words } from '#web/kit/format.ts';
import { exactMoney as money } from '#web/kit/money.ts';
import { Panel } from '#web/kit/panel.tsx';
import { useAct, useRead } from '#web/kit/query.ts';
import { useMay } from '#web/kit/session.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Failure, Note } from '#web/kit/states.tsx';
import { dayOf } from '#web/kit/time.tsx';
import { MethodField } from './pay.tsx';

type Invoice = Output<'invoices.get'>;
type Payments = Output<'invoices.payments'>;
type Payment = Payments['items'][number];
const REFRESH = ['invoices', 'clients'];

const kinds: Record<Exclude<Payment['kind'], 'payment'>, string> = {
  credit: 'From credit',
  refund: 'Given back',
  reversal: 'Taken back',
};

/** What came in and went back, what is left to pay, and what the client has in credit. */
export function Payments({ invoice }: { invoice: Invoice }) {
  const read = useRead('invoices.payments', { invoice_id: invoice.id });
  const { data } = read;
  return (
    <Panel title="Payments">
      {read.error !== null && data === undefined ? (
        <Failure what="The payments could not be loaded." error={read.error} retry={() => void read.refetch()} />
      ) : data === undefined ? (
        <SkeletonLines lines={3} />
      ) : (
        <div className="space-y-3 text-sm">
          <Sum invoice={invoice} />
          {data.items.length === 0 ? null : (
            <ul className="space-y-2 border-t pt-3">
              {data.items.map((one) => (
                <Row key={one.id} invoice={invoice} one={one} />
              ))}
            </ul>
          )}
          <Credit invoice={invoice} cents={data.credit_cents} />
          {invoice.client_id === null ? null : (
            <Link
              to="/clients/$clientId"
              params={{ clientId: invoice.client_id }}
              className="inline-block text-xs text-accent-ink underline underline-offset-2"
            >
              Open the client
            </Link>
          )}
        </div>
      )}
    </Panel>
  );
}

function Sum({ invoice }: { invoice: Invoice }) {
  const parts = [
    ['Total', invoice.total_cents],
    ['Paid', -invoice.paid_cents],
    ['Credited', -invoice.credited_cents],
    ['Written off', -invoice.written_off_cents],
  ] as const;
  const shown = parts.filter(([label, cents]) => label === 'Total' || cents !== 0);
  return (
    <dl className="space-y-1" aria-label="What is owed">
      {shown.length === 1
        ? null
        : shown.map(([label, cents]) => (
            <div key={label} className="flex justify-between gap-3 text-ink-2">
              <dt>{label}</dt>
              <dd className="num">{money(cents, invoice.currency)}</dd>
            </div>
          ))}
      {invoice.due_now_cents === invoice.balance_cents ? null : (
        <div className="flex justify-between gap-3 text-ink-2">
          <dt>Of it now, as a deposit</dt>
          <dd className="num">{money(invoice.due_now_cents, invoice.currency)}</dd>
        </div>
      )}
      <div className="flex justify-between gap-3 font-medium">
        <dt>Still owed</dt>
        <dd className="num">{money(invoice.balance_cents, invoice.currency)}</dd>
      </div>
    </dl>
  );
}

/** Money in is positive, money that went back negative. */
function Row({ invoice, one }: { invoice: Invoice; one: Payment }) {
  const back = one.kind === 'refund' || one.kind === 'reversal';
  const over = one.kind === 'payment' && !one.reversed ? one.amount_cents - one.applied_cents : 0;
  return (
    <li>
      <div className="flex justify-between gap-3">
        <span className="text-ink-2">
          <span className="num">{dayOf(one.received_on)}</span> ·{' '}
          {one.kind === 'payment' ? words(one.method) : one.disputed ? 'Taken by the payer’s bank' : kinds[one.kind]}
        </span>
        <span className={one.reversed ? 'num whitespace-nowrap text-ink-3 line-through' : 'num whitespace-nowrap'}>
          {money(back ? -one.amount_cents : one.amount_cents, one.currency)}
        </span>
      </div>
      {over > 0 ? <p className="num text-xs text-ink-3">of it {money(over, one.currency)} as credit</p> : null}
      {one.reference === '' ? null : <p className="text-xs text-ink-3 [overflow-wrap:anywhere]">{one.reference}</p>}
      {one.kind === 'payment' && !one.reversed ? <Receipt invoice={invoice} paymentId={one.id} /> : null}
    </li>
  );
}

function Receipt({ invoice, paymentId }: { invoice: Invoice; paymentId: string }) {
  const [again, setAgain] = useState(false);
  const send = useAct('invoices.send_receipt', { done: ({ to }) => `The receipt is on its way to ${to}.`, onDone: () => setAgain(true) });
  return (
    <p className="flex gap-4 text-xs">
      <a
        href={`/api/invoices/${invoice.id}/payments/${paymentId}/receipt`}
        target="_blank"
        rel="noreferrer"
        className="text-accent-ink underline underline-offset-2"
      >
        Receipt
      </a>
      {invoice.client_id === null ? null : (
        <button
          type="button"
          disabled={send.isPending}
          className="text-accent-ink underline underline-offset-2"
          onClick={() => send.mutate({ invoice_id: invoice.id, payment_id: paymentId, again })}
        >
          {again ? 'Mail it again' : 'Mail it'}
        </button>
      )}
    </p>
  );
}

/** What the client has in credit, or owes beside the invoice: use it, or give it back. */
function Credit({ invoice, cents }: { invoice: Invoice; cents: number }) {
  const [giving, setGiving] = useState(false);
  const may = useMay('manager');
  const use = useAct('invoices.apply_credit', { refresh: REFRESH, done: 'The credit is used.' });
  if (cents === 0) return null;
  if (cents < 0)
    return (
      <Note tone="warn">
        The client owes {money(-cents, invoice.currency)} beside its invoices: money went back to them. Write a credit note if it was meant
        to.
      </Note>
    );
  return (
    <div className="space-y-2 rounded-lg bg-sunken p-3">
      <p>
        The client has <span className="num font-medium">{money(cents, invoice.currency)}</span> in credit.
      </p>
      <div className="flex flex-wrap gap-2">
        {invoice.balance_cents > 0 ? (
          <Button size="sm" busy={use.isPending} onClick={() => use.mutate({ invoice_id: invoice.id })}>
            Pay with it
          </Button>
        ) : null}
        {may ? (
          <Button size="sm" onClick={() => setGiving(true)}>
            Note that it was given back
          </Button>
        ) : null}
      </div>
      {giving ? <GiveBack invoice={invoice} cents={cents} onClose={() => setGiving(false)} /> : null}
    </div>
  );
}

function GiveBack({ invoice, cents, onClose }: { invoice: Invoice; cents: number; onClose: () => void }) {
  const form = useForm<{ amount: string; reference: string; method: Parameters<typeof MethodField>[0]['value'] }>({
    amount: '',
    reference: '',
    method: 'bank',
  });
  const refund = useAct('invoices.refund', { quiet: true, refresh: REFRESH, done: 'Noted as given back.', onDone: onClose });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { amount, reference, method } = form.values;
    refund.mutate(
      { invoice_id: invoice.id, method, reference: reference.trim(), ...(amount.trim() === '' ? {} : { amount: amount.trim() }) },
      { onError: form.setError },
    );
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title="Note what was given back"
      description="For money that you returned yourself. It moves nothing: an online payment is refunded under Online payment."
    >
      <form onSubmit={submit} className="space-y-4">
        {form.general === undefined ? null : <Note tone="bad">{form.general}</Note>}
        <Field
          label={`Amount in ${invoice.currency}`}
          optional
          hint={`All of it, ${money(cents, invoice.currency)}, when left empty`}
          error={form.fault('amount')}
        >
          {(control) => <Input {...control} {...form.text('amount')} inputMode="decimal" className="num" />}
        </Field>
        <MethodField value={form.values.method} onChange={(method) => form.set('method', method)} />
        <Field label="Reference" optional error={form.fault('reference')}>
          {(control) => <Input {...control} {...form.text('reference')} />}
        </Field>
        <div className="flex justify-end gap-2 pt-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" busy={refund.isPending}>
            Note
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
