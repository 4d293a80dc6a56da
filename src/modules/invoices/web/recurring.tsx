import { Link, useNavigate } from '@tanstack/react-router';
import { CalendarSync, Plus } from 'lucide-react';
import type { Item } from '#web/kit/api.ts';
import { Status, type Tone } from '#web/kit/badge.tsx';
import { Button } from '#web/kit/button.tsx';
import { words } from '#web/kit/format.ts';
import { Listed } from '#web/kit/list/listed.tsx';
import { Page } from '#web/kit/page.tsx';
import { useList } from '#web/kit/query.ts';
import { Empty } from '#web/kit/states.tsx';
import { DataTable, type Column } from '#web/kit/table.tsx';
import { dayOf } from '#web/kit/time.tsx';

type Plan = Item<'invoice_plans.list'>;

export const planTones: Record<Plan['state'], Tone> = { active: 'ok', paused: 'warn', ended: 'neutral' };
const singular = { weeks: 'week', months: 'month', years: 'year' } as const;
export const rhythmOf = ({ unit, every }: Pick<Plan, 'unit' | 'every'>) =>
  every === 1 ? `each ${singular[unit]}` : `every ${every} ${unit}`;

const columns: Column<Plan>[] = [
  {
    key: 'title',
    header: 'What',
    cell: (one) => (
      <>
        <Link to="/invoices/recurring/$planId" params={{ planId: one.id }} className="block truncate font-medium hover:underline">
          {one.title}
        </Link>
        <span className="block truncate text-xs text-ink-2 sm:hidden">{one.client_name}</span>
      </>
    ),
  },
  { key: 'client', header: 'Client', className: 'hidden sm:table-cell', cell: (one) => one.client_name },
  { key: 'rhythm', header: 'Invoiced', className: 'hidden md:table-cell w-36 text-ink-2', cell: rhythmOf },
  { key: 'next', header: 'Next', className: 'w-28 num text-ink-2', cell: (one) => (one.bill_on === null ? '–' : dayOf(one.bill_on)) },
  { key: 'state', header: 'State', className: 'w-24', cell: (one) => <Status tone={planTones[one.state]}>{words(one.state)}</Status> },
];

/** What is invoiced again and again. */
export function RecurringPage() {
  const navigate = useNavigate();
  const list = useList('invoice_plans.list', { limit: 100 });
  const add = (
    <Button kind="primary" asChild>
      <Link to="/invoices/recurring/new">
        <Plus /> New recurring invoice
      </Link>
    </Button>
  );
  return (
    <Page
      title="Recurring invoices"
      back={{ to: '/invoices', label: 'Invoices' }}
      lead="Each period is invoiced once, also after days without Steward. Parts of a period are charged by their days."
      actions={add}
    >
      <Listed
        list={list}
        failed="The recurring invoices could not be loaded."
        none={
          <div className="rounded-xl border bg-panel">
            <Empty icon={<CalendarSync />} title="Nothing recurs yet" action={add}>
              Rent, hosting, a retainer: say once what it is and how often, and the invoices come by themselves.
            </Empty>
          </div>
        }
      >
        <DataTable
          label="Recurring invoices"
          list={list}
          columns={columns}
          rowKey={(one) => one.id}
          onOpen={(one) => void navigate({ to: '/invoices/recurring/$planId', params: { planId: one.id } })}
        />
      </Listed>
    </Page>
  );
}
