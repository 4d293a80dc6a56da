import { useNavigate, useSearch } from '@tanstack/react-router';
import { Plus, X } from 'lucide-react';
import { useEffect, useState, type FormEvent } from 'react';
import { Button } from '#web/kit/button.tsx';
import { Field, Input, Select } from '#web/kit/field.tsx';
import { useForm } from '#web/kit/form.ts';
import { Page } from '#web/kit/page.tsx';
import { Panel } from '#web/kit/panel.tsx';
import { useAct, useList, useRead } from '#web/kit/query.ts';
import { Note } from '#web/kit/states.tsx';
import { centsOf } from './money.ts';
import { Sums } from './sums.tsx';

interface Row {
  key: number;
  description: string;
  quantity: string;
  price: string;
}
const blank = (key: number): Row => ({ key, description: '', quantity: '1', price: '' });
const number = (text: string) => Number(text.trim().replace(',', '.'));

/** Writes a draft, line by line; Enter in the last field of the last line begins the next. The sums are the server's own. */
export function NewInvoicePage() {
  const { client: preset } = useSearch({ from: '/shell/invoices/new' });
  const navigate = useNavigate();
  const clients = useList('clients.list', { limit: 500 });
  const form = useForm({ title: '', client: preset ?? '' });
  const [rows, setRows] = useState<Row[]>([blank(0)]);
  const clientId = form.values.client;
  const settings = useRead('invoices.settings', {});
  const currency = clients.rows.find((one) => one.id === clientId)?.billing.currency ?? settings.data?.options.currency;
  const lines = rows.flatMap((row) => {
    const quantity = number(row.quantity);
    const price = currency === undefined ? null : centsOf(row.price, currency);
    if (price === null || !(quantity > 0)) return [];
    return [
      {
        description: row.description.trim() === '' ? 'Services' : row.description.trim(),
        quantity,
        unit_price_cents: price,
      },
    ];
  });
  const asked = useLater(JSON.stringify(lines), 250);
  const sums = useRead('invoices.calculate', { client_id: clientId, lines: JSON.parse(asked) as typeof lines /* of the line above */ }, { enabled: clientId !== '' && asked !== '[]', keep: true }); // prettier-ignore
  const create = useAct('invoices.create', {
    quiet: true,
    refresh: ['invoices'],
    done: 'The draft is there.',
    onDone: (made) => void navigate({ to: '/invoices/$invoiceId', params: { invoiceId: made.id } }),
  });
  const change = (key: number, changes: Partial<Row>) =>
    setRows((old) => old.map((row) => (row.key === key ? { ...row, ...changes } : row)));
  const add = () => setRows((old) => [...old, blank(Math.max(...old.map((row) => row.key)) + 1)]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate({ client_id: clientId, title: form.values.title.trim(), lines }, { onError: form.setError });
  };
  return (
    <Page
      title="New invoice"
      back={{ to: '/invoices', label: 'Invoices' }}
      lead="A draft has no number and can be changed; it gets one when you issue it."
    >
      <form onSubmit={submit} className="space-y-5">
        {form.general === undefined ? null : <Note tone="bad">{form.general}</Note>}
        <Panel>
          <div className="grid gap-4 sm:grid-cols-2">
            <Field label="Client" error={form.fault('client_id')}>
              {(control) => (
                <Select {...control} required value={clientId} onChange={(event) => form.set('client', event.target.value)}>
                  <option value="">Choose a client</option>
                  {clients.rows.map((one) => (
                    <option key={one.id} value={one.id}>
                      {one.name || (one.email ?? 'Unnamed')}
                    </option>
                  ))}
                </Select>
              )}
            </Field>
            <Field label="Title" optional hint="What it is about, one line" error={form.fault('title')}>
              {(control) => <Input {...control} {...form.text('title')} maxLength={200} />}
            </Field>
          </div>
        </Panel>
        <Panel title="Lines" flush>
          <ul className="divide-y">
            {rows.map((row, i) => (
              <li key={row.key} className="grid grid-cols-[1fr_5rem_7rem_2rem] items-center gap-2 px-4 py-2.5">
                <Input
                  aria-label={`Description of line ${i + 1}`}
                  className="col-span-4 sm:col-span-1"
                  placeholder="Services"
                  value={row.description}
                  onChange={(event) => change(row.key, { description: event.target.value })}
                />
                <Input
                  aria-label={`Quantity of line ${i + 1}`}
                  inputMode="decimal"
                  className="num text-right"
                  value={row.quantity}
                  onChange={(event) => change(row.key, { quantity: event.target.value })}
                />
                <Input
                  aria-label={`Price of line ${i + 1}`}
                  inputMode="decimal"
                  className="num text-right"
                  placeholder="0.00"
                  value={row.price}
                  onChange={(event) => change(row.key, { price: event.target.value })}
                  onKeyDown={(event) => {
                    if (event.key !== 'Enter' || i < rows.length - 1 || row.price.trim() === '') return;
                    event.preventDefault();
                    add();
                  }}
                />
                <Button
                  kind="quiet"
                  size="icon"
                  aria-label={`Remove line ${i + 1}`}
                  disabled={rows.length === 1}
                  onClick={() => setRows((old) => old.filter((one) => one.key !== row.key))}
                >
                  <X />
                </Button>
              </li>
            ))}
          </ul>
          <div className="border-t px-4 py-2">
            <Button kind="quiet" size="sm" onClick={add}>
              <Plus /> Line
            </Button>
          </div>
          {sums.data === undefined || lines.length === 0 ? null : <Sums sums={sums.data} currency={sums.data.currency} />}
          {sums.error === null ? null : <p className="px-4 pb-3 text-xs text-bad">{sums.error.message}</p>}
        </Panel>
        <div className="flex justify-end">
          <Button kind="primary" type="submit" busy={create.isPending} disabled={clientId === '' || lines.length === 0}>
            Save the draft
          </Button>
        </div>
      </form>
    </Page>
  );
}

/** The value, once it has stood still for so many milliseconds. */
function useLater(value: string, ms: number): string {
  const [later, setLater] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setLater(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return later;
}
