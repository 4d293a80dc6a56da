import { useNavigate } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import type { Output } from '#web/kit/api.ts';
import { Button } from '#web/kit/button.tsx';
import { Dialog } from '#web/kit/dialog.tsx';
import { Field, Input, Select, Textarea } from '#web/kit/field.tsx';
import { useForm } from '#web/kit/form.ts';
import { amountHint, centsOf, exactMoney as money } from '#web/kit/money.ts';
import { useAct } from '#web/kit/query.ts';
import { Note } from '#web/kit/states.tsx';

type Invoice = Output<'invoices.get'>;

/** Takes an invoice back in whole or in part. What was paid already becomes the client's credit. */
export function CreditDialog({ invoice, onClose }: { invoice: Invoice; onClose: () => void }) {
  const navigate = useNavigate();
  const rates = [...new Set(invoice.tax_groups.map(({ rate }) => rate))];
  const form = useForm({ of: 'all', description: '', amount: '', rate: String(rates[0] ?? 0), notes: '' });
  const [fault, setFault] = useState<string>();
  const credit = useAct('invoices.credit', {
    quiet: true,
    refresh: ['invoices', 'clients'],
    done: (note) => `${note.number ?? 'The credit note'} is issued.`,
    onDone: (note) => void navigate({ to: '/invoices/$invoiceId', params: { invoiceId: note.id } }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { of, description, amount, rate, notes } = form.values;
    const cents = centsOf(amount, invoice.currency);
    const bad = of === 'part' && (cents === null || cents <= 0);
    setFault(bad ? amountHint(invoice.currency) : undefined);
    if (bad) return;
    const lines =
      of === 'all' ? {} : { lines: [{ description: description.trim(), unit_price_cents: cents ?? 0, tax_rate: Number(rate) }] };
    credit.mutate({ invoice_id: invoice.id, notes: notes.trim(), ...lines }, { onError: form.setError });
  };
  const paid = invoice.paid_cents > 0;
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={`Credit note for ${invoice.number ?? 'the invoice'}`}
      description={`It gets a number at once and stays. ${paid ? 'What was paid beyond what is left becomes the client’s credit.' : 'So much less is owed.'}`}
    >
      <form onSubmit={submit} className="space-y-4">
        {form.general === undefined ? null : <Note tone="bad">{form.general}</Note>}
        <Field label="Takes back">
          {(control) => (
            <Select {...control} value={form.values.of} onChange={(event) => form.set('of', event.target.value)}>
              <option value="all">Everything, {money(invoice.total_cents, invoice.currency)}</option>
              <option value="part">A part</option>
            </Select>
          )}
        </Field>
        {form.values.of === 'part' ? (
          <>
            <Field label="For what" error={form.fault('description')}>
              {(control) => <Input {...control} {...form.text('description')} required />}
            </Field>
            <div className="grid grid-cols-2 gap-3">
              <Field label={`Net amount in ${invoice.currency}`} error={fault ?? form.fault('unit_price_cents')}>
                {(control) => <Input {...control} {...form.text('amount')} inputMode="decimal" required className="num" />}
              </Field>
              <Field label="Tax" error={form.fault('tax_rate')}>
                {(control) => (
                  <Select {...control} value={form.values.rate} onChange={(event) => form.set('rate', event.target.value)}>
                    {rates.map((rate) => (
                      <option key={rate} value={String(rate)}>
                        {rate} %
                      </option>
                    ))}
                  </Select>
                )}
              </Field>
            </div>
          </>
        ) : null}
        <Field label="Why" optional hint="Stands on the credit note" error={form.fault('notes')}>
          {(control) => <Textarea {...control} {...form.text('notes')} rows={2} />}
        </Field>
        <div className="flex justify-end gap-2 pt-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" busy={credit.isPending}>
            Issue the credit note
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
