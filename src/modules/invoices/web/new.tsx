import { useNavigate, useSearch } from '@tanstack/react-router';
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

/** Writes a draft, line by line. */
export function NewInvoicePage() {
  const { client: preset } = useSearch({ from: '/shell/invoices/new' });
  const navigate = useNavigate();
  const form = useForm<{ title: string; client: string; kind: 'invoice' | 'quote' }>({ title: '', client: preset ?? '', kind: 'invoice' });
  const [rows, setRows] = useState<Row[]>([blankRow(0)]);
  const clientId = form.values.client;
  const { clients, currency } = useClients(clientId);
  const lines = linesOf(rows, currency);
  const create = useAct('invoices.create', {
    quiet: true,
    refresh: ['invoices'],
    done: 'The draft is there.',
    onDone: (made) => void navigate({ to: '/invoices/$invoiceId', params: { invoiceId: made.id } }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate({ client_id: clientId, kind: form.values.kind, title: form.values.title.trim(), lines }, { onError: form.setError });
  };
  return (
    <Page
      title={form.values.kind === 'quote' ? 'New quote' : 'New invoice'}
      back={{ to: '/invoices', label: 'Invoices' }}
      lead="A draft has no number and can be changed; it gets one when you issue it."
    >
      <form onSubmit={submit} className="space-y-5">
        {form.general === undefined ? null : <Note tone="bad">{form.general}</Note>}
        <Panel>
          <div className="grid gap-4 sm:grid-cols-[1fr_9rem_1fr]">
            <ClientField clients={clients} value={clientId} error={form.fault('client_id')} onChange={(next) => form.set('client', next)} />
            <Field label="Kind" error={form.fault('kind')}>
              {(control) => (
                <Select
                  {...control}
                  value={form.values.kind}
                  onChange={(event) => form.set('kind', event.target.value === 'quote' ? 'quote' : 'invoice')}
                >
                  <option value="invoice">Invoice</option>
                  <option value="quote">Quote</option>
                </Select>
              )}
            </Field>
            <Field label="Title" optional hint="What it is about, one line" error={form.fault('title')}>
              {(control) => <Input {...control} {...form.text('title')} maxLength={200} />}
            </Field>
          </div>
        </Panel>
        <Panel title="Lines" flush>
          <LineEditor rows={rows} onChange={setRows} clientId={clientId} currency={currency} />
        </Panel>
        <div className="flex justify-end">
          <Button
            kind="primary"
            type="submit"
            busy={create.isPending}
            disabled={clientId === '' || lines.length === 0 || rows.some((row) => unfinished(row, currency))}
          >
            Save the draft
          </Button>
        </div>
      </form>
    </Page>
  );
}
