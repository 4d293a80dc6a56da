import { useNavigate } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import { Button } from '#web/kit/button.tsx';
import { Field, Input, Select } from '#web/kit/field.tsx';
import { useForm } from '#web/kit/form.ts';
import { Page } from '#web/kit/page.tsx';
import { Panel } from '#web/kit/panel.tsx';
import { useAct } from '#web/kit/query.ts';
import { Note } from '#web/kit/states.tsx';
import { ClientField, useClients } from './client-field.tsx';
import { LineEditor } from './line-editor.tsx';
import { blankRow, linesOf, unfinished, type Row } from './rows.ts';

/** Says once what is invoiced again and again. */
export function NewRecurringPage() {
  const navigate = useNavigate();
  const form = useForm({
    client: '',
    title: '',
    unit: 'months',
    every: '1',
    starts_on: '',
    anchor_on: '',
    ends_on: '',
    bills: 'advance',
    mode: 'draft',
  });
  const [rows, setRows] = useState<Row[]>([blankRow(0)]);
  const { values, fault, text, set } = form;
  const { clients, currency } = useClients(values.client);
  const lines = linesOf(rows, currency);
  const create = useAct('invoice_plans.create', {
    quiet: true,
    refresh: ['invoice_plans'],
    done: 'It is set up.',
    onDone: (made) => void navigate({ to: '/invoices/recurring/$planId', params: { planId: made.id } }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate(
      {
        client_id: values.client,
        title: values.title.trim(),
        lines,
        every: Number(values.every),
        unit: values.unit === 'weeks' ? 'weeks' : values.unit === 'years' ? 'years' : 'months',
        bills: values.bills === 'arrears' ? 'arrears' : 'advance',
        mode: values.mode === 'issue' ? 'issue' : values.mode === 'send' ? 'send' : 'draft',
        ...(values.starts_on === '' ? {} : { starts_on: values.starts_on }),
        ...(values.anchor_on === '' ? {} : { anchor_on: values.anchor_on }),
        ...(values.ends_on === '' ? {} : { ends_on: values.ends_on }),
      },
      { onError: form.setError },
    );
  };
  const choice = (field: 'unit' | 'bills' | 'mode', label: string, options: Readonly<Record<string, string>>) => (
    <Field label={label} error={fault(field)}>
      {(control) => (
        <Select {...control} value={values[field]} onChange={(event) => set(field, event.target.value)}>
          {Object.entries(options).map(([value, shown]) => (
            <option key={value} value={value}>
              {shown}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
  return (
    <Page
      title="New recurring invoice"
      back={{ to: '/invoices/recurring', label: 'Recurring invoices' }}
      lead="Said once; the invoices follow by themselves."
    >
      <form onSubmit={submit} className="space-y-5">
        {form.general === undefined ? null : <Note tone="bad">{form.general}</Note>}
        <Panel>
          <div className="grid gap-4 sm:grid-cols-2">
            <ClientField clients={clients} value={values.client} error={fault('client_id')} onChange={(next) => set('client', next)} />
            <Field label="Title" hint="Stands on each invoice" error={fault('title')}>
              {(control) => <Input {...control} {...text('title')} maxLength={200} required placeholder="Care of the website" />}
            </Field>
          </div>
        </Panel>
        <Panel title="When">
          <div className="grid gap-4 sm:grid-cols-3">
            <Field label="Every" error={fault('every')}>
              {(control) => <Input {...control} {...text('every')} type="number" min={1} max={60} required className="num" />}
            </Field>
            {choice('unit', 'Weeks, months or years', { weeks: 'Weeks', months: 'Months', years: 'Years' })}
            {choice('bills', 'Invoiced', { advance: 'On the first day of a period', arrears: 'After its last day' })}
            <Field label="First day" optional hint="Empty: today" error={fault('starts_on')}>
              {(control) => <Input {...control} {...text('starts_on')} type="date" />}
            </Field>
            <Field
              label="A period begins on"
              optional
              hint="Such as the first of a month; what lies before is charged in part"
              error={fault('anchor_on')}
            >
              {(control) => <Input {...control} {...text('anchor_on')} type="date" />}
            </Field>
            <Field label="Last day" optional hint="Empty: open" error={fault('ends_on')}>
              {(control) => <Input {...control} {...text('ends_on')} type="date" />}
            </Field>
            {choice('mode', 'Each invoice is', {
              draft: 'a draft, that a person issues',
              issue: 'issued at once',
              send: 'issued and mailed',
            })}
          </div>
        </Panel>
        <Panel title="Lines of a whole period" flush>
          <LineEditor rows={rows} onChange={setRows} clientId={values.client} currency={currency} />
        </Panel>
        <div className="flex justify-end">
          <Button
            kind="primary"
            type="submit"
            busy={create.isPending}
            disabled={values.client === '' || lines.length === 0 || rows.some((row) => unfinished(row, currency))}
          >
            Set it up
          </Button>
        </div>
      </form>
    </Page>
  );
}
