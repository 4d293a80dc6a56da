import { useState, type FormEvent } from 'react';
import type { Output } from '#web/kit/api.ts';
import { Button } from '#web/kit/button.tsx';
import { Dialog } from '#web/kit/dialog.tsx';
import { Field, Input, Select, Textarea } from '#web/kit/field.tsx';
import { useForm } from '#web/kit/form.ts';
import { useAct } from '#web/kit/query.ts';
import { Note } from '#web/kit/states.tsx';

type Client = Output<'clients.get'>;

const TERMS = [
  ['', 'Does not renew'],
  ['1', 'A month'],
  ['3', '3 months'],
  ['6', '6 months'],
  ['12', '12 months'],
  ['24', '24 months'],
] as const;
const BILLING = [
  ['name', 'Name on the invoice'],
  ['line1', 'Street'],
  ['postcode', 'Postcode'],
  ['city', 'City'],
  ['country', 'Country, two letters'],
  ['vat_id', 'VAT number'],
] as const;

export function EditClient({ client, onClose }: { client: Client; onClose: () => void }) {
  const form = useForm({
    plan: client.plan ?? '',
    contract_start: client.contract_start ?? '',
    contract_end: client.contract_end ?? '',
    renews: client.contract_renews_months === null ? '' : String(client.contract_renews_months),
    notice: String(client.notice_days),
    notes: client.notes ?? '',
    name: client.billing.name ?? '',
    line1: client.billing.line1 ?? '',
    postcode: client.billing.postcode ?? '',
    city: client.billing.city ?? '',
    country: client.billing.country ?? '',
    vat_id: client.billing.vat_id ?? '',
  });
  const [status, setStatus] = useState(client.status);
  const save = useAct('clients.update', { quiet: true, refresh: ['clients', 'checkins'], done: 'Saved.', onDone: onClose });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const given = (text: string) => (text.trim() === '' ? null : text.trim());
    const { plan, contract_start, contract_end, renews, notice, notes } = form.values;
    save.mutate(
      {
        client_id: client.id,
        if_match: client.updated_at,
        status,
        plan: given(plan),
        contract_start: given(contract_start),
        contract_end: given(contract_end),
        contract_renews_months: renews === '' ? null : Number(renews),
        notice_days: Number(notice),
        notes: given(notes),
        billing: Object.fromEntries(BILLING.map(([key]) => [key, given(form.values[key])])),
      },
      { onError: form.setError },
    );
  };
  return (
    <Dialog open onOpenChange={onClose} title="Edit client">
      <form onSubmit={submit} className="grid gap-4 sm:grid-cols-2">
        {form.general === undefined ? null : (
          <Note tone="bad" className="sm:col-span-2">
            {form.general}
          </Note>
        )}
        <Field label="Status">
          {(control) => (
            <Select
              {...control}
              value={status}
              onChange={(event) =>
                setStatus((['prospect', 'active', 'inactive'] as const).find((one) => one === event.target.value) ?? status)
              }
            >
              <option value="prospect">Prospect</option>
              <option value="active">Active</option>
              <option value="inactive">Inactive</option>
            </Select>
          )}
        </Field>
        <Field label="Plan" optional error={form.fault('plan')}>
          {(control) => <Input {...control} {...form.text('plan')} />}
        </Field>
        <Field label="Contract from" optional error={form.fault('contract_start')}>
          {(control) => <Input {...control} {...form.text('contract_start')} type="date" />}
        </Field>
        <Field label="Until" optional error={form.fault('contract_end')}>
          {(control) => <Input {...control} {...form.text('contract_end')} type="date" />}
        </Field>
        <Field label="Renews for" hint="At its end it goes on by itself" error={form.fault('contract_renews_months')}>
          {(control) => (
            <Select {...control} value={form.values.renews} onChange={(event) => form.set('renews', event.target.value)}>
              {TERMS.some(([months]) => months === form.values.renews) ? null : (
                <option value={form.values.renews}>{form.values.renews} months</option>
              )}
              {TERMS.map(([months, label]) => (
                <option key={months} value={months}>
                  {label}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label="Tell me before it ends" hint="Days" error={form.fault('notice_days')}>
          {(control) => <Input {...control} {...form.text('notice')} type="number" min={0} max={365} required />}
        </Field>
        {BILLING.map(([key, label]) => (
          <Field key={key} label={label} optional error={form.fault(key)}>
            {(control) => <Input {...control} {...form.text(key)} />}
          </Field>
        ))}
        <Field label="Notes" optional className="sm:col-span-2" error={form.fault('notes')}>
          {(control) => <Textarea {...control} {...form.text('notes')} />}
        </Field>
        <div className="flex justify-end gap-2 sm:col-span-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" busy={save.isPending}>
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
