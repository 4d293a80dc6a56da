import { Link } from '@tanstack/react-router';
import { RefreshCw } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import type { Output } from '#web/kit/api.ts';
import { Status, type Tone } from '#web/kit/badge.tsx';
import { Button } from '#web/kit/button.tsx';
import { CopyLine } from '#web/kit/copy.tsx';
import { Dialog } from '#web/kit/dialog.tsx';
import { Checkbox, Field, Input } from '#web/kit/field.tsx';
import { useForm } from '#web/kit/form.ts';
import { exactMoney as money } from '#web/kit/money.ts';
import { Panel } from '#web/kit/panel.tsx';
import { useAct, useRead } from '#web/kit/query.ts';
import { useMay } from '#web/kit/session.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Failure, Note } from '#web/kit/states.tsx';
import { When } from '#web/kit/time.tsx';

type Invoice = Output<'invoices.get'>;
type Online = Output<'invoices.online'>;
type Checkout = Online['checkouts'][number];

const REFRESH = ['invoices', 'clients'];
/** Often enough that a payment shows while one looks. */
const EVERY_MS = 10_000;
const SHOWN = 5;

const states: Record<Checkout['state'], [label: string, tone: Tone]> = {
  making: ['Begun', 'neutral'],
  open: ['Opened, not paid', 'neutral'],
  processing: ['Under way', 'accent'],
  paid: ['Paid', 'ok'],
  failed: ['Refused by the bank', 'bad'],
  expired: ['Left unpaid', 'neutral'],
};
const refundStates: Record<Online['refunds'][number]['state'], [label: string, tone: Tone]> = {
  waiting: ['On its way', 'accent'],
  in_doubt: ['In doubt', 'warn'],
  done: ['Given back', 'neutral'],
  refused: ['Refused', 'bad'],
  failed: ['Came back', 'bad'],
};

/** It came in another currency: its note says how much. */
const isUnbooked = ({ state, paid_cents: cents }: Checkout) => state === 'paid' && cents === 0;

/** How an invoice is paid online: the client's link, who paid how, what went back, and what needs a look. */
export function OnlinePayments({ invoice }: { invoice: Invoice }) {
  const online = useRead('invoices.online', { invoice_id: invoice.id }, { everyMs: EVERY_MS });
  const look = useAct('invoices.look_online', { refresh: REFRESH, done: 'Stripe is asked. What it says shows here in a few seconds.' });
  const [refunding, setRefunding] = useState<Checkout | null>(null);
  const may = useMay('manager');
  const { data } = online;
  // Without a payment service there is nothing to say beside how to get one, and only while something is owed.
  if (data !== undefined && data.link === null && data.checkouts.length === 0 && invoice.balance_cents === 0) return null;
  return (
    <Panel
      title="Online payment"
      aside={
        data !== undefined && data.checkouts.some(({ state }) => state !== 'expired') ? (
          <Button size="sm" kind="quiet" busy={look.isPending} onClick={() => look.mutate({ invoice_id: invoice.id })}>
            <RefreshCw /> Check now
          </Button>
        ) : null
      }
    >
      {online.error !== null && data === undefined ? (
        <Failure what="The online payments could not be loaded." error={online.error} retry={() => void online.refetch()} />
      ) : data === undefined ? (
        <SkeletonLines lines={3} />
      ) : (
        <div className="space-y-4 text-sm">
          {data.notes.map((note) => (
            <PaymentNote key={note.id} note={note} />
          ))}
          {data.link === null ? (
            invoice.balance_cents > 0 ? (
              <Why why={data.why} />
            ) : null
          ) : (
            <div className="space-y-1.5">
              <p className="text-ink-2">The client pays at this address. It stands in mails and on their page.</p>
              <CopyLine label="Address where the invoice is paid" text={data.link} />
            </div>
          )}
          {data.checkouts.length === 0 ? null : (
            <ul className="divide-y">
              {data.checkouts.slice(0, SHOWN).map((one) => (
                <li key={one.id} className="space-y-1 py-3 first:pt-0 last:pb-0">
                  <div className="flex items-center justify-between gap-3">
                    <Status tone={isUnbooked(one) ? 'warn' : states[one.state][1]}>
                      {isUnbooked(one) ? 'Paid, not booked' : states[one.state][0]}
                    </Status>
                    {isUnbooked(one) ? null : (
                      <span className="num font-medium">
                        {money(one.state === 'paid' ? one.paid_cents : one.amount_cents, one.currency)}
                      </span>
                    )}
                  </div>
                  <p className="text-xs text-ink-3 [overflow-wrap:anywhere]">
                    {[one.method, one.payer].filter((part) => part !== null).join(' · ')}
                    {one.method === null && one.payer === null ? null : ' · '}
                    <When at={one.paid_at ?? one.created_at} />
                  </p>
                  {one.problem === null || one.state === 'paid' ? null : <p className="text-xs text-bad">{one.problem}</p>}
                  {data.refunds
                    .filter((refund) => refund.checkout_id === one.id)
                    .map((refund) => (
                      <div key={refund.id} className="text-xs">
                        <div className="flex items-center justify-between gap-3">
                          <Status tone={refundStates[refund.state][1]} className="text-xs">
                            {refundStates[refund.state][0]}
                          </Status>
                          <span className="num whitespace-nowrap">{money(-refund.amount_cents, refund.currency)}</span>
                        </div>
                        {refund.state === 'in_doubt' ? (
                          <Link to="/approvals" className="text-accent-ink underline underline-offset-2">
                            Decide whether it happened
                          </Link>
                        ) : refund.problem === null ? null : (
                          <p className="text-bad">{refund.problem}</p>
                        )}
                        {refund.reason === '' ? null : <p className="text-ink-3">{refund.reason}</p>}
                      </div>
                    ))}
                  {may && one.state === 'paid' && one.refundable_cents > 0 ? (
                    <Button size="sm" onClick={() => setRefunding(one)}>
                      Refund
                    </Button>
                  ) : null}
                </li>
              ))}
            </ul>
          )}
        </div>
      )}
      {refunding === null ? null : (
        <RefundDialog invoice={invoice} payment={refunding} credit={data?.credit_cents ?? 0} onClose={() => setRefunding(null)} />
      )}
    </Panel>
  );
}

function Why({ why }: { why: string | null }) {
  if (why?.startsWith('No payment service') !== true) return <p className="text-ink-2">{why}.</p>;
  return (
    <p className="text-ink-2">
      Clients could pay it by card or debit with one click.{' '}
      <Link to="/connections" className="text-accent-ink underline underline-offset-2">
        Connect Stripe
      </Link>
    </p>
  );
}

function PaymentNote({ note }: { note: Online['notes'][number] }) {
  const settle = useAct('invoices.settle_payment_note', { refresh: REFRESH, done: 'Noted as dealt with.' });
  return (
    <Note
      tone="warn"
      action={
        <Button size="sm" busy={settle.isPending} onClick={() => settle.mutate({ payment_note_id: note.id })}>
          Dealt with
        </Button>
      }
    >
      {note.says}
    </Note>
  );
}

function RefundDialog({ invoice, payment, credit, onClose }: { invoice: Invoice; payment: Checkout; credit: number; onClose: () => void }) {
  const most = money(payment.refundable_cents, payment.currency);
  const form = useForm({ amount: '', reason: '' });
  // What the client has in credit anyway needs none.
  const inCredit = credit >= payment.refundable_cents;
  const [credited, setCredited] = useState(!inCredit);
  const refund = useAct('invoices.refund_payment', {
    quiet: true,
    refresh: REFRESH,
    done: 'It is on its way back.',
    onDone: onClose,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const amount = form.values.amount.trim();
    refund.mutate(
      {
        invoice_id: invoice.id,
        checkout_id: payment.id,
        ...(amount === '' ? {} : { amount }),
        credit_note: credited,
        reason: form.values.reason.trim(),
      },
      { onError: form.setError },
    );
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={`Refund ${invoice.number ?? 'the payment'}?`}
      description={`The money goes back to ${payment.method ?? 'where it came from'}. That can’t be undone.`}
    >
      <form onSubmit={submit} className="space-y-4">
        {form.general === undefined ? null : <Note tone="bad">{form.general}</Note>}
        <Field label={`Amount in ${payment.currency}`} optional hint={`All of it, ${most}, when left empty`} error={form.fault('amount')}>
          {(control) => <Input {...control} {...form.text('amount')} inputMode="decimal" className="num" />}
        </Field>
        <Field label="Reason" optional hint="For your own records" error={form.fault('reason')}>
          {(control) => <Input {...control} {...form.text('reason')} />}
        </Field>
        <Checkbox
          label="Write a credit note over it"
          hint={
            inCredit
              ? `Not needed: the client has ${money(credit, payment.currency)} in credit.`
              : 'Without one the client owes the money again.'
          }
          checked={credited}
          onCheckedChange={(on) => setCredited(on === true)}
        />
        {form.fault('credit_note') === undefined ? null : <Note tone="bad">A credit note {form.fault('credit_note')}</Note>}
        <div className="flex justify-end gap-2 pt-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="danger" type="submit" busy={refund.isPending}>
            Refund
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
