import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { Download, RefreshCw, Trash2, UserMinus, UserPlus, Users, Workflow } from 'lucide-react';
import { useState } from 'react';
import { ExportDialog } from '#web/kit/export-dialog.tsx';
import type { Item, Output } from '#web/kit/api.ts';
import { Avatar } from '#web/kit/avatar.tsx';
import { Badge } from '#web/kit/badge.tsx';
import { Button } from '#web/kit/button.tsx';
import { Confirm } from '#web/kit/confirm.tsx';
import { countOf } from '#web/kit/format.ts';
import { isLeadStatus, LeadStatus } from '#web/kit/lead-status.tsx';
import { Page } from '#web/kit/page.tsx';
import { Panel } from '#web/kit/panel.tsx';
import { useAct, useList, useRead } from '#web/kit/query.ts';
import { useMay } from '#web/kit/session.ts';
import { SkeletonRows } from '#web/kit/skeleton.tsx';
import { Empty, Failure, Note } from '#web/kit/states.tsx';
import { DataTable, type Column } from '#web/kit/table.tsx';
import { Tabs } from '#web/kit/tabs.tsx';
import { When } from '#web/kit/time.tsx';
import { AddPeople } from './add-people.tsx';
import { Days } from './days.tsx';
import { Editor } from './editor.tsx';
import { EnrolSegment } from './enrol.tsx';
import type { Condition } from '#web/kit/conditions/model.ts';

type Segment = Output<'segments.get'>;
type Member = Item<'segments.members'>;

export function SegmentPage() {
  const { segmentId } = useParams({ from: '/shell/segments/$segmentId' });
  const segment = useRead('segments.get', { segment_id: segmentId }, { everyMs: 5_000 });
  if (segment.data === undefined) {
    return (
      <Page title="Segment" back={{ to: '/segments', label: 'Segments' }}>
        {segment.error === null ? (
          <SkeletonRows rows={8} />
        ) : (
          <Failure what="This segment could not be loaded." error={segment.error} retry={() => void segment.refetch()} />
        )}
      </Page>
    );
  }
  return <Loaded key={segmentId} segment={segment.data} />;
}

function Loaded({ segment }: { segment: Segment }) {
  const navigate = useNavigate();
  const mayExport = useMay('manager');
  const [tab, setTab] = useState<'members' | 'condition'>('members');
  const [open, setOpen] = useState<'enrol' | 'export' | 'add' | null>(null);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const id = segment.id;
  const refresh = useAct('segments.refresh', { refresh: ['segments'], done: 'Up to date.' });
  const drop = useAct('segments.delete', { refresh: ['segments'], done: 'Deleted.', onDone: () => void navigate({ to: '/segments' }) });
  const take = useAct('segments.remove', {
    refresh: ['segments'],
    done: ({ removed }) => `${countOf(removed, 'person', 'people')} taken off the list.`,
    onDone: () => setChosen(new Set()),
  });
  const dynamic = segment.kind === 'dynamic';
  const fresh = dynamic ? (
    segment.evaluated_at === null ? (
      'Its people are being looked for.'
    ) : (
      <>
        Up to date as of <When at={segment.evaluated_at} />.
      </>
    )
  ) : (
    'A list kept by hand.'
  );
  return (
    <Page
      title={segment.name}
      back={{ to: '/segments', label: 'Segments' }}
      lead={
        <>
          {countOf(segment.member_count, 'person', 'people')}. {fresh}
        </>
      }
      actions={
        <>
          {dynamic ? (
            <Button busy={refresh.isPending} onClick={() => refresh.mutate({ segment_id: id })}>
              <RefreshCw /> Update now
            </Button>
          ) : (
            <Button onClick={() => setOpen('add')}>
              <UserPlus /> Add people
            </Button>
          )}
          {mayExport ? (
            <Button onClick={() => setOpen('export')}>
              <Download /> Export
            </Button>
          ) : null}
          <Button kind="primary" disabled={segment.member_count === 0} onClick={() => setOpen('enrol')}>
            <Workflow /> Enrol in a sequence
          </Button>
          <Confirm
            title="Delete this segment?"
            action="Delete"
            danger
            onConfirm={() => drop.mutate({ segment_id: id })}
            trigger={(ask) => (
              <Button kind="quiet" size="icon" aria-label="Delete this segment" busy={drop.isPending} onClick={ask}>
                <Trash2 />
              </Button>
            )}
          >
            <p>Its people stay; only the segment goes.</p>
          </Confirm>
        </>
      }
    >
      {segment.error === null ? null : (
        <Note tone="bad" className="mb-4">
          Its people could not be looked for: {segment.error}. Change the condition.
        </Note>
      )}
      {dynamic ? (
        <div className="mb-4">
          <Tabs
            label="View"
            value={tab}
            onChange={setTab}
            items={[
              { value: 'members' as const, label: 'Members', count: segment.member_count },
              { value: 'condition' as const, label: 'Condition' },
            ]}
          />
        </div>
      ) : null}
      {tab === 'condition' && dynamic ? (
        <ConditionTab segment={segment} onDone={() => setTab('members')} />
      ) : (
        <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_18rem]">
          <div className="min-w-0">
            {dynamic || chosen.size === 0 ? null : (
              <div className="mb-3 flex items-center gap-2 text-sm">
                {countOf(chosen.size, 'person', 'people')} chosen
                <Button size="sm" busy={take.isPending} onClick={() => take.mutate({ segment_id: id, person_ids: [...chosen] })}>
                  <UserMinus /> Take off the list
                </Button>
              </div>
            )}
            <Members segment={segment} {...(dynamic ? {} : { chosen, onChoose: setChosen, onAdd: () => setOpen('add') })} />
          </div>
          <div className="space-y-4">
            <Panel title="Over time">
              <Days days={segment.days} />
            </Panel>
            <Panel title="Used by">
              {segment.used_by.length === 0 ? (
                <p className="text-sm text-ink-2">
                  Nothing yet. A sequence can start when somebody enters, a list can show only its people.
                </p>
              ) : (
                <ul className="space-y-1.5 text-sm">
                  {segment.used_by.map((use) => (
                    <li key={use.id} className="flex items-center gap-2">
                      {use.kind === 'workflow' ? (
                        <Link
                          to="/sequences/$workflowId"
                          params={{ workflowId: use.id }}
                          className="min-w-0 flex-1 truncate hover:underline"
                        >
                          {use.title}
                        </Link>
                      ) : (
                        <span className="min-w-0 flex-1 truncate">View {use.title}</span>
                      )}
                      {use.kind === 'workflow' ? <Badge tone={use.active ? 'ok' : 'neutral'}>{use.active ? 'On' : 'Off'}</Badge> : null}
                    </li>
                  ))}
                </ul>
              )}
            </Panel>
          </div>
        </div>
      )}
      <EnrolSegment segmentId={id} open={open === 'enrol'} onClose={() => setOpen(null)} />
      <ExportDialog
        what="people"
        filter={{ segment_id: id }}
        rows={segment.member_count}
        open={open === 'export'}
        onClose={() => setOpen(null)}
      />
      {dynamic ? null : <AddPeople segmentId={id} open={open === 'add'} onClose={() => setOpen(null)} />}
    </Page>
  );
}

function ConditionTab({ segment, onDone }: { segment: Segment; onDone: () => void }) {
  const fields = useRead('segments.fields', {});
  if (fields.error !== null)
    return <Failure what="The fields could not be loaded." error={fields.error} retry={() => void fields.refetch()} />;
  if (fields.data === undefined) return <SkeletonRows rows={6} />;
  // The schema's conditions; the model writes their type down for the wire.
  const stored = { id: segment.id, name: segment.name, condition: segment.condition as Condition, updated_at: segment.updated_at };
  return <Editor fields={fields.data.items} stored={stored} onDone={onDone} />;
}

const columns: Column<Member>[] = [
  {
    key: 'name',
    header: 'Name',
    className: 'w-auto',
    cell: (member) => (
      <span className="flex items-center gap-3">
        <Avatar name={member.name || member.email || '?'} size="sm" />
        <span className="min-w-0">
          <Link to="/people/$personId" params={{ personId: member.person_id }} className="block truncate font-medium hover:underline">
            {member.name || member.email || 'Unnamed'}
          </Link>
          <span className="block truncate text-xs text-ink-3 sm:hidden">{member.email}</span>
        </span>
      </span>
    ),
  },
  { key: 'email', header: 'Email', className: 'hidden sm:table-cell w-[32%] text-ink-2', cell: (member) => member.email ?? '–' },
  {
    key: 'status',
    header: 'Lead',
    className: 'hidden md:table-cell w-32',
    cell: (member) => {
      const status = member.lead_status ?? undefined;
      return status !== undefined && isLeadStatus(status) ? <LeadStatus status={status} /> : '–';
    },
  },
  { key: 'entered', header: 'Entered', className: 'w-28', cell: (member) => <When at={member.entered_at} /> },
];

function Members({
  segment,
  chosen,
  onChoose,
  onAdd,
}: {
  segment: Segment;
  chosen?: ReadonlySet<string>;
  onChoose?: (chosen: ReadonlySet<string>) => void;
  onAdd?: () => void;
}) {
  const navigate = useNavigate();
  const members = useList('segments.members', { segment_id: segment.id, limit: 100 }, { everyMs: 5_000 });
  if (members.error !== null && members.rows.length === 0)
    return <Failure what="The members could not be loaded." error={members.error} retry={() => void members.refetch()} />;
  if (members.isPending || members.rows.length === 0)
    return (
      <div className="rounded-xl border bg-panel shadow-raise">
        {members.isPending ? (
          <SkeletonRows rows={8} />
        ) : (
          <Empty
            icon={<Users />}
            title={segment.kind === 'dynamic' && segment.evaluated_at === null ? 'Looking for its people' : 'Nobody yet'}
            action={onAdd === undefined ? undefined : <Button onClick={onAdd}>Add people</Button>}
          >
            {segment.kind === 'dynamic'
              ? 'Whoever comes to fit the condition enters by itself.'
              : 'Add people by name here, or tick them in the list of people.'}
          </Empty>
        )}
      </div>
    );
  return (
    <DataTable
      label="Members"
      list={members}
      columns={columns}
      rowKey={(member) => member.person_id}
      onOpen={(member) => void navigate({ to: '/people/$personId', params: { personId: member.person_id } })}
      {...(chosen === undefined || onChoose === undefined ? {} : { chosen, onChoose })}
    />
  );
}
