import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { FlaskConical, Play } from 'lucide-react';
import type { Item } from '#web/kit/api.ts';
import { Status, type Tone } from '#web/kit/badge.tsx';
import { Button } from '#web/kit/button.tsx';
import { count } from '#web/kit/format.ts';
import { Page } from '#web/kit/page.tsx';
import { useList } from '#web/kit/query.ts';
import { SkeletonRows } from '#web/kit/skeleton.tsx';
import { Empty, Failure } from '#web/kit/states.tsx';
import { DataTable, type Column } from '#web/kit/table.tsx';
import { When } from '#web/kit/time.tsx';
import { StartRehearsal } from './start.tsx';

type Row = Item<'rehearsals.list'>;

const states: Record<Row['state'], readonly [Tone, string]> = {
  queued: ['neutral', 'Waiting'],
  running: ['accent', 'Running'],
  done: ['ok', 'Done'],
  failed: ['bad', 'Failed'],
  cancelled: ['neutral', 'Stopped'],
};

export function RehearsalsPage() {
  const search = useSearch({ from: '/shell/rehearsals' });
  const navigate = useNavigate({ from: '/rehearsals' });
  const list = useList(
    'rehearsals.list',
    { limit: 50, ...(search.workflow === undefined ? {} : { workflow_id: search.workflow }) },
    { everyMs: 5_000 },
  );
  const open = () => void navigate({ search: { ...search, start: '1' }, replace: true });
  const columns: Column<Row>[] = [
    {
      key: 'what',
      header: 'Sequence',
      cell: (row) => (
        <>
          <Link to="/rehearsals/$rehearsalId" params={{ rehearsalId: row.id }} className="font-medium hover:underline">
            {row.workflow_title}
          </Link>
          <span className="block truncate text-xs text-ink-3">
            {row.segment_name ?? 'Chosen people'} · {row.days} days{row.version === null ? ' · draft' : ` · version ${row.version}`}
          </span>
        </>
      ),
    },
    {
      key: 'state',
      header: 'State',
      className: 'w-28',
      cell: (row) => {
        const [tone, label] = states[row.state];
        return <Status tone={tone}>{row.state === 'running' ? `${row.progress} %` : label}</Status>;
      },
    },
    { key: 'people', header: 'People', className: 'hidden sm:table-cell w-24 num', cell: (row) => count(row.people) },
    {
      key: 'sent',
      header: 'Messages',
      className: 'hidden sm:table-cell w-24 num',
      cell: (row) => (row.sent === null ? '–' : count(row.sent)),
    },
    {
      key: 'blocked',
      header: 'Blocked',
      className: 'hidden md:table-cell w-24 num',
      cell: (row) => (row.blocked === null ? '–' : count(row.blocked)),
    },
    { key: 'at', header: 'When', className: 'hidden sm:table-cell w-28', cell: (row) => <When at={row.created_at} /> },
  ];
  return (
    <Page
      title="Rehearsals"
      lead="What a sequence would do to real people, day by day. Nothing leaves."
      back={
        search.workflow === undefined
          ? { to: '/sequences', label: 'Sequences' }
          : { to: `/sequences/${search.workflow}`, label: 'Sequence' }
      }
      actions={
        <Button kind="primary" onClick={open}>
          <Play /> Rehearse
        </Button>
      }
    >
      {list.error !== null && list.rows.length === 0 ? (
        <Failure what="The rehearsals could not be loaded." error={list.error} retry={() => void list.refetch()} />
      ) : list.isPending ? (
        <div className="rounded-xl border bg-panel">
          <SkeletonRows />
        </div>
      ) : list.rows.length === 0 ? (
        <div className="rounded-xl border bg-panel">
          <Empty
            icon={<FlaskConical />}
            title="Nothing has been rehearsed yet"
            action={
              <Button kind="primary" onClick={open}>
                Rehearse a sequence
              </Button>
            }
          >
            See every mail, who is kept from it and why, before anybody gets one.
          </Empty>
        </div>
      ) : (
        <DataTable
          label="Rehearsals"
          list={list}
          columns={columns}
          rowKey={(row) => row.id}
          onOpen={(row) => void navigate({ to: '/rehearsals/$rehearsalId', params: { rehearsalId: row.id } })}
        />
      )}
      <StartRehearsal
        workflowId={search.workflow}
        segmentId={search.segment}
        open={search.start !== undefined}
        onClose={() => void navigate({ search: { ...search, start: undefined }, replace: true })}
      />
    </Page>
  );
}
