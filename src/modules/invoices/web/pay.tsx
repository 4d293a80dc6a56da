import type { FormEvent } from 'react';
import type { Input as Given, Output } from '#web/kit/api.ts';
import { Button } from '#web/kit/button.tsx';
import { Dialog } from '#web/kit/dialog.tsx';
import { Field, Input, Select } from '#web/kit/field.tsx';
import { useForm } from '#web/kit/form.ts';
import { plainMoney } from '#web/kit/money.ts';
import { useAct } from '#web/kit/query.ts';
import { Note } from '#web/kit/states.tsx';

type Invoice = Output<'invoices.get'>;
type Method = NonNullable<Given<'invoices.pay'>['method']>;
const METHODS: readonly (readonly [Method, string])[] = [
  ['bank', 'Bank transfer'],
  ['card', 'Card'],
  ['cash', 'Cash'],
  ['cheque', 'Cheque'],
  ['other', 'Other'],
];

/** How and when money moved: what every booking by hand says. */
export function MethodField({ value, onChange }: { value: Method; onChange: (method: Method) => void }) {
  return (
    <Field label="How">
      {(control) => (
        <Select {...control} value={value} onChange={(event) => onChange(METHODS.find(([id]) => id === event.target.value)?.[0] ?? 'bank')}>
          {METHODS.map(([id, label]) => (
            <option key={id} value={id}>
              {label}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}

export function PayDialog({ invoice, onClose }: { invoice: Invoice; onClose: () => void }) {
  const form = useForm<{ amount: string; reference: string; method: Method; received_on: string }>({
    amount: plainMoney(invoice.due_now_cents, invoice.currency),
    reference: '',
    method: 'bank',
    received_on: '',
  });
  const pay = useAct('invoices.pay', {
    quiet: true,
    refresh: ['invoices', 'clients'],
    done: (done) => (done.status === 'paid' ? 'Paid in full.' : 'Booked.'),
    onDone: onClose,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { amount, reference, method, received_on: on } = form.values;
    pay.mutate(
      { invoice_id: invoice.id, amount: amount.trim(), method, reference: reference.trim(), ...(on === '' ? {} : { received_on: on }) },
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
        <div className="grid grid-cols-2 gap-3">
          <MethodField value={form.values.method} onChange={(method) => form.set('method', method)} />
          <Field label="Received on" optional hint="Today when left out" error={form.fault('received_on')}>
            {(control) => <Input {...control} {...form.text('received_on')} type="date" />}
          </Field>
        </div>
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
