import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { ListChecks, Settings2 } from 'lucide-react';
import type { Item } from '#web/kit/api.ts';
import { Avatar } from '#web/kit/avatar.tsx';
import { Badge } from '#web/kit/badge.tsx';
import { Button } from '#web/kit/button.tsx';
import { Listed } from '#web/kit/list/listed.tsx';
import { Page } from '#web/kit/page.tsx';
import { useList } from '#web/kit/query.ts';
import { Empty } from '#web/kit/states.tsx';
import { DataTable, type Column } from '#web/kit/table.tsx';
import { Tabs } from '#web/kit/tabs.tsx';
import { dayOf, When } from '#web/kit/time.tsx';
import { ProgressBar } from './progress-bar.tsx';

type Onboarding = Item<'onboardings.list'>;

const VIEWS = [
  { value: 'running', label: 'Under way' },
  { value: 'blocked', label: 'Waiting for the client' },
  { value: 'done', label: 'Done' },
] as const;

const columns: Column<Onboarding>[] = [
  {
    key: 'client',
    header: 'Client',
    cell: (one) => (
      <span className="flex items-center gap-3">
        <Avatar name={one.client_name} size="sm" />
        <span className="min-w-0">
          <Link to="/clients/$clientId" params={{ clientId: one.client_id }} className="block truncate font-medium hover:underline">
            {one.client_name}
          </Link>
          <span className="block truncate text-xs text-ink-3">
            {one.overdue > 0 ? (
              <span className="text-bad sm:hidden">{one.overdue === 1 ? 'One overdue' : `${one.overdue} overdue`} · </span>
            ) : null}
            {one.name}
          </span>
        </span>
      </span>
    ),
  },
  { key: 'progress', header: 'Done', className: 'w-28 sm:w-40', cell: (one) => <ProgressBar done={one.done} total={one.total} /> },
  {
    key: 'next',
    header: 'Next',
    className: 'hidden md:table-cell',
    cell: (one) =>
      one.next === null ? (
        <span className="text-ink-3">{one.state === 'done' ? 'All done' : '–'}</span>
      ) : (
        <span className="block min-w-0">
          <span className="block truncate">{one.next.title}</span>
          <span className="block truncate text-xs text-ink-3">
            {one.next.owner === 'us' ? 'Us' : 'The client'}
            {one.next.due_on === null ? '' : `, until ${dayOf(one.next.due_on)}`}
          </span>
        </span>
      ),
  },
  { key: 'state', header: 'State', className: 'hidden sm:table-cell w-60', cell: (one) => <State onboarding={one} /> },
];

/** Overdue, waiting since when, or going well. */
function State({ onboarding: { state, overdue, waits_since: waits, ended_at: ended } }: { onboarding: Onboarding }) {
  if (state === 'done') return <span className="text-ink-2">{ended === null ? 'Done' : <When at={ended} />}</span>;
  return (
    <span className="flex items-center gap-2 whitespace-nowrap">
      {overdue > 0 ? <Badge tone="bad">{overdue === 1 ? 'One overdue' : `${overdue} overdue`}</Badge> : null}
      {waits === null ? (
        overdue > 0 ? null : (
          <Badge tone="ok">On its way</Badge>
        )
      ) : (
        <span className="truncate text-xs text-ink-2">
          {overdue > 0 ? '' : 'waits '}since <When at={waits} />
        </span>
      )}
    </span>
  );
}

/** How far new clients are, and who is waited for. */
export function OnboardingPage() {
  const { view } = useSearch({ from: '/shell/onboarding' });
  const navigate = useNavigate({ from: '/onboarding' });
  const chosen = VIEWS.find(({ value }) => value === view)?.value ?? 'running';
  const list = useList('onboardings.list', {
    limit: 100,
    ...(chosen === 'blocked' ? { blocked: true } : { state: chosen }),
  });
  return (
    <Page
      title="Onboarding"
      lead="What is done, what is next and who is waited for, client by client."
      actions={
        <Button asChild>
          <Link to="/onboarding/plans">
            <Settings2 /> Plans
          </Link>
        </Button>
      }
    >
      <div className="mb-4">
        <Tabs
          label="Onboardings"
          items={VIEWS}
          value={chosen}
          onChange={(next) => void navigate({ search: { view: next }, replace: true })}
        />
      </div>
      <Listed
        list={list}
        failed="The onboardings could not be loaded."
        none={
          <div className="rounded-xl border bg-panel">
            <Empty
              icon={<ListChecks />}
              title={
                { running: 'No client is being taken on', blocked: 'No client is waited for', done: 'Nothing is finished yet' }[chosen]
              }
            >
              {chosen === 'running'
                ? 'Make a plan once; then start it on the page of each new client.'
                : 'Look under “Under way” for what is going on.'}
            </Empty>
          </div>
        }
      >
        <DataTable
          label="Onboardings"
          list={list}
          columns={columns}
          rowKey={(one) => one.id}
          onOpen={(one) => void navigate({ to: '/clients/$clientId', params: { clientId: one.client_id } })}
        />
      </Listed>
    </Page>
  );
}
