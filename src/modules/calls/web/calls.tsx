import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { CalendarClock, Settings2 } from 'lucide-react';
import { useState } from 'react';
import type { Item } from '#web/kit/api.ts';
import { Avatar } from '#web/kit/avatar.tsx';
import { Badge } from '#web/kit/badge.tsx';
import { Button } from '#web/kit/button.tsx';
import { Listed } from '#web/kit/list/listed.tsx';
import { Page } from '#web/kit/page.tsx';
import { useList, useRead } from '#web/kit/query.ts';
import { Empty } from '#web/kit/states.tsx';
import { DataTable, type Column } from '#web/kit/table.tsx';
import { Tabs } from '#web/kit/tabs.tsx';
import { momentOf } from '#web/kit/time.tsx';
import { CallDialog } from './call-dialog.tsx';
import { minutesOf } from './words.ts';

type Call = Item<'calls.list'>;

const VIEWS = [
  { value: 'coming', label: 'To come' },
  { value: 'past', label: 'Past' },
] as const;

const columns: Column<Call>[] = [
  {
    key: 'who',
    header: 'With',
    cell: (call) => (
      <span className="flex items-center gap-3">
        <Avatar name={call.person_name} size="sm" />
        <span className="min-w-0">
          <span className="block truncate font-medium">{call.person_name}</span>
          <span className="block truncate text-xs text-ink-3 sm:hidden">{momentOf(call.starts_at)}</span>
          <span className="hidden truncate text-xs text-ink-3 sm:block">{call.title}</span>
        </span>
      </span>
    ),
  },
  {
    key: 'when',
    header: 'When',
    className: 'hidden sm:table-cell w-56',
    cell: (call) => (
      <>
        <span className="num block">{momentOf(call.starts_at)}</span>
        <span className="block text-xs text-ink-3">{minutesOf(call)} minutes</span>
      </>
    ),
  },
  { key: 'host', header: 'Who of us', className: 'hidden md:table-cell w-40', cell: (call) => call.host_name ?? '–' },
  { key: 'state', header: 'State', className: 'w-32 sm:w-40', cell: (call) => <State call={call} /> },
];

/** Planned, called off, and whether it stands in the calendar of whoever takes it. */
function State({ call }: { call: Pick<Call, 'state' | 'entry' | 'unread'> }) {
  if (call.state === 'cancelled') return <Badge>Called off</Badge>;
  if (call.entry === 'failed') return <Badge tone="bad">Not in the calendar</Badge>;
  return call.unread ? <Badge tone="warn">Look at your calendar</Badge> : <Badge tone="ok">Planned</Badge>;
}

/** All calls of the house, and what can be done with one. */
export function CallsPage() {
  const { view, call: named } = useSearch({ from: '/shell/calls' });
  const navigate = useNavigate({ from: '/calls' });
  const when = VIEWS.find(({ value }) => value === view)?.value ?? 'coming';
  const list = useList('calls.list', { when, limit: 100 });
  const [chosen, setChosen] = useState<Call | null>(null);
  const asked = useRead('calls.get', { call_id: named ?? '' }, { enabled: named !== undefined, fresh: true });
  const open = chosen ?? (named === undefined ? null : (asked.data ?? null));
  const close = () => {
    setChosen(null);
    if (named !== undefined) void navigate({ search: { view: when }, replace: true });
  };
  return (
    <Page
      title="Calls"
      lead="Booked by people at times you offer, or planned by you; entered in your calendar and in theirs."
      actions={
        <Button asChild>
          <Link to="/settings/calls">
            <Settings2 /> Hours and kinds
          </Link>
        </Button>
      }
    >
      <div className="mb-4">
        <Tabs label="Calls" items={VIEWS} value={when} onChange={(next) => void navigate({ search: { view: next }, replace: true })} />
      </div>
      <Listed
        list={list}
        failed="The calls could not be loaded."
        none={
          <div className="rounded-xl border bg-panel">
            <Empty
              icon={<CalendarClock />}
              title={when === 'coming' ? 'No call is planned' : 'There was no call yet'}
              action={
                <Button asChild kind="primary">
                  <Link to="/settings/calls">Offer a kind of call</Link>
                </Button>
              }
            >
              Say when you can be called; clients then book on their page, and everybody by a link in a mail.
            </Empty>
          </div>
        }
      >
        <DataTable label="Calls" list={list} columns={columns} rowKey={(call) => call.id} onOpen={setChosen} />
      </Listed>
      {open === null ? null : <CallDialog key={open.id} call={open} onClose={close} />}
    </Page>
  );
}
