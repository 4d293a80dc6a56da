import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Download, Plus, ReceiptText } from 'lucide-react';
import { useState } from 'react';
import type { Item } from '#web/kit/api.ts';
import { Status } from '#web/kit/badge.tsx';
import { Button } from '#web/kit/button.tsx';
import { ExportDialog } from '#web/kit/export-dialog.tsx';
import { countOf, words } from '#web/kit/format.ts';
import { useKeys } from '#web/kit/keyboard.ts';
import { SearchBox } from '#web/kit/list/search-box.tsx';
import { Listed } from '#web/kit/list/listed.tsx';
import { Menu, MenuItem } from '#web/kit/menu.tsx';
import { exactMoney as money } from '#web/kit/money.ts';
import { Page } from '#web/kit/page.tsx';
import { useList, useRead } from '#web/kit/query.ts';
import { useMay } from '#web/kit/session.ts';
import { Empty } from '#web/kit/states.tsx';
import { DataTable, type Column } from '#web/kit/table.tsx';
import { Tabs } from '#web/kit/tabs.tsx';
import { dayOf } from '#web/kit/time.tsx';
import { invoiceTones } from './tones.ts';

type Invoice = Item<'invoices.list'>;

const TABS = [
  { value: 'all', label: 'All' },
  { value: 'draft', label: 'Drafts' },
  { value: 'open', label: 'Open' },
  { value: 'overdue', label: 'Overdue' },
  { value: 'paid', label: 'Paid' },
  { value: 'quotes', label: 'Quotes' },
] as const;
const BUCKETS = [
  { key: 'not_due', label: 'Not due yet' },
  { key: '1_30', label: '1–30 days late' },
  { key: '31_60', label: '31–60 days' },
  { key: '61_90', label: '61–90 days' },
  { key: 'over_90', label: 'Over 90 days' },
] as const;

const columns: Column<Invoice>[] = [
  {
    key: 'number',
    header: 'Number',
    className: 'sm:w-40',
    cell: (one) => (
      <>
        <Link to="/invoices/$invoiceId" params={{ invoiceId: one.id }} className="num block font-medium whitespace-nowrap hover:underline">
          {one.number ?? 'Draft'}
        </Link>
        <span className="block truncate text-xs text-ink-2 sm:hidden">{one.client_name}</span>
      </>
    ),
  },
  { key: 'client', header: 'Client', className: 'hidden sm:table-cell', cell: (one) => one.client_name },
  {
    key: 'status',
    header: 'State',
    className: 'w-22 sm:w-28',
    cell: (one) => <Status tone={invoiceTones[one.status] ?? 'neutral'}>{words(one.status)}</Status>,
  },
  {
    key: 'due',
    header: 'Due',
    className: 'hidden md:table-cell w-28 num text-ink-2',
    cell: (one) => dayOf(one.due_on ?? one.valid_until ?? '–'),
  },
  { key: 'total', header: 'Total', className: 'w-26 sm:w-32 num text-right', cell: (one) => money(one.total_cents, one.currency) },
];

/** What was invoiced, what is owed and for how long. */
export function InvoicesPage() {
  const { q, status } = useSearch({ from: '/shell/invoices' });
  const navigate = useNavigate({ from: '/invoices' });
  useKeys({ c: () => void navigate({ to: '/invoices/new' }) });
  const may = useMay('manager');
  const tab = TABS.find((one) => one.value === status)?.value ?? 'all';
  const list = useList('invoices.list', {
    limit: 100,
    ...(q === undefined ? {} : { q }),
    ...(tab === 'all' ? {} : tab === 'quotes' ? { kind: 'quote' as const } : { status: tab }),
  });
  const add = (
    <Button kind="primary" asChild>
      <Link to="/invoices/new">
        <Plus /> New invoice
      </Link>
    </Button>
  );
  return (
    <Page
      title="Invoices"
      lead="Numbers without gaps, a PDF for each, and reminders that end with the payment."
      actions={
        <>
          <Button asChild>
            <Link to="/invoices/recurring">Recurring</Link>
          </Button>
          <Button asChild>
            <Link to="/invoices/bank">Bank</Link>
          </Button>
          {may ? <Export /> : null}
          {add}
        </>
      }
    >
      <Ageing />
      <div className="mb-3 flex">
        <SearchBox
          label="Search invoices"
          placeholder="Number, name or title"
          value={q ?? ''}
          onChange={(next) => void navigate({ search: (old) => ({ ...old, q: next }), replace: true })}
        />
      </div>
      <div className="mb-4">
        <Tabs
          label="Which invoices"
          items={TABS}
          value={tab}
          onChange={(next) => void navigate({ search: (old) => ({ ...old, status: next === 'all' ? undefined : next }), replace: true })}
        />
      </div>
      <Listed
        list={list}
        failed="The invoices could not be loaded."
        none={
          <div className="rounded-xl border bg-panel">
            <Empty
              icon={<ReceiptText />}
              title={tab === 'all' && q === undefined ? 'No invoice yet' : 'No invoice like that'}
              action={tab === 'all' && q === undefined ? add : undefined}
            >
              {tab === 'all' && q === undefined
                ? 'Choose a client and write the first line; the number comes when you issue it.'
                : 'Another tab or other words may find it.'}
            </Empty>
          </div>
        }
      >
        <DataTable
          label="Invoices"
          list={list}
          columns={columns}
          rowKey={(one) => one.id}
          onOpen={(one) => void navigate({ to: '/invoices/$invoiceId', params: { invoiceId: one.id } })}
        />
      </Listed>
    </Page>
  );
}

const TABLES = [
  ['invoices', 'Invoices'],
  ['invoice_lines', 'Their lines'],
  ['payments', 'Payments'],
] as const;

/** As a table: documents, lines or payments. */
function Export() {
  const [what, setWhat] = useState<(typeof TABLES)[number][0] | null>(null);
  return (
    <>
      <Menu
        trigger={
          <Button>
            <Download /> Export
          </Button>
        }
      >
        {TABLES.map(([key, label]) => (
          <MenuItem key={key} onSelect={() => setWhat(key)}>
            {label}
          </MenuItem>
        ))}
      </Menu>
      <ExportDialog what={what ?? 'invoices'} open={what !== null} onClose={() => setWhat(null)} />
    </>
  );
}

/** What is owed, by how late it is; one row a currency. */
function Ageing() {
  const read = useRead('invoices.ageing', {});
  const currencies = [...new Set((read.data?.items ?? []).map((one) => one.currency))];
  if (currencies.length === 0) return null;
  return (
    <section aria-label="What is owed" className="mb-5 space-y-3">
      {currencies.map((currency) => (
        <dl key={currency} className="grid grid-cols-2 gap-px overflow-hidden rounded-xl border bg-line sm:grid-cols-5">
          {BUCKETS.map(({ key, label }) => {
            const found = read.data?.items.find((one) => one.currency === currency && one.bucket === key);
            return (
              <div key={key} className="bg-panel px-4 py-3 last:col-span-2 sm:last:col-span-1">
                <dt className="text-xs text-ink-2">{label}</dt>
                <dd className={`num mt-1 text-base font-semibold ${found !== undefined && key !== 'not_due' ? 'text-bad' : ''}`}>
                  {money(found?.cents ?? 0, currency)}
                </dd>
                <dd className="text-xs text-ink-3">{countOf(found?.count ?? 0, 'invoice')}</dd>
              </div>
            );
          })}
        </dl>
      ))}
    </section>
  );
}
