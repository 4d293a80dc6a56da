import { Link, useNavigate } from '@tanstack/react-router';
import { FlaskConical, Search, UserPlus } from 'lucide-react';
import { useDeferredValue, useState } from 'react';
import { toast } from '#web/kit/toast.ts';
import type { Item, Output } from '#web/kit/api.ts';
import { Avatar } from '#web/kit/avatar.tsx';
import { Badge } from '#web/kit/badge.tsx';
import { Button } from '#web/kit/button.tsx';
import { Dialog } from '#web/kit/dialog.tsx';
import { Checkbox } from '#web/kit/field.tsx';
import { countOf } from '#web/kit/format.ts';
import { LeadStatus } from '#web/kit/lead-status.tsx';
import { Listed } from '#web/kit/list/listed.tsx';
import { useAct, useList, useRead } from '#web/kit/query.ts';
import { ShowMore } from '#web/kit/show-more.tsx';
import { SkeletonRows } from '#web/kit/skeleton.tsx';
import { Empty, Failure } from '#web/kit/states.tsx';
import { Rehearsed } from './rehearsed.tsx';

type Lead = Item<'leads.list'>;
type Finding = Output<'workflows.enrol_check'>['findings'][number];

/** Choose leads, see what speaks against it, then start: with a way back in the toast. */
export function EnrolDialog({ workflow, open, onClose }: { workflow: Output<'workflows.get'>; open: boolean; onClose: () => void }) {
  const [chosen, setChosen] = useState<ReadonlyMap<string, Lead>>(new Map());
  const [leaveOut, setLeaveOut] = useState<ReadonlySet<string>>(new Set());
  const [looking, setLooking] = useState(false);
  const lead_ids = [...chosen.keys()];
  const leave_out = [...leaveOut].filter(isWarning);
  const check = useRead(
    'workflows.enrol_check',
    { workflow_id: workflow.id, lead_ids, leave_out },
    { enabled: open && looking, keep: true },
  );
  const back = useAct('workflows.remove', {
    refresh: ['workflows', 'runs', 'system'],
    done: ({ ended }) => `${countOf(ended, 'person', 'people')} taken out again.`,
  });
  const close = () => {
    setChosen(new Map());
    setLeaveOut(new Set());
    setLooking(false);
    onClose();
  };
  const navigate = useNavigate();
  const rehearse = useAct('rehearsals.start', {
    refresh: ['rehearsals'],
    onDone: ({ id }) => void navigate({ to: '/rehearsals/$rehearsalId', params: { rehearsalId: id } }),
  });
  const rehearsed = check.data?.rehearsed;
  const start = useAct('workflows.enrol', {
    refresh: ['workflows', 'runs', 'messages', 'system'],
    onDone: ({ started, enrolment_id: enrolmentId }) => {
      close();
      toast.success(`${countOf(started, 'person', 'people')} enrolled in ${workflow.title}.`, {
        duration: 15_000,
        ...(started === 0
          ? {}
          : { action: { label: 'Undo', onClick: () => back.mutate({ workflow_id: workflow.id, enrolment_id: enrolmentId }) } }),
      });
    },
  });
  return (
    <Dialog
      wide
      open={open}
      onOpenChange={(next) => {
        if (!next) close();
      }}
      title={`Enrol people in ${workflow.title}`}
      description={looking ? 'What to know before they start.' : 'Choose leads. What speaks against it is shown before anything starts.'}
      footer={
        looking ? (
          <>
            <Button onClick={() => setLooking(false)}>Back</Button>
            <Button
              kind="primary"
              busy={start.isPending}
              disabled={check.data === undefined || check.data.enter === 0 || (rehearsed?.needed === true && !rehearsed.holds)}
              onClick={() =>
                start.mutate({
                  workflow_id: workflow.id,
                  lead_ids,
                  leave_out,
                  ...(rehearsed?.holds === true && rehearsed.hash !== null ? { rehearsal_hash: rehearsed.hash } : {}),
                })
              }
            >
              <UserPlus /> Enrol {check.data === undefined ? '' : countOf(check.data.enter, 'person', 'people')}
            </Button>
          </>
        ) : (
          <>
            <Button onClick={close}>Cancel</Button>
            <Button kind="primary" disabled={chosen.size === 0} onClick={() => setLooking(true)}>
              Look at {chosen.size === 0 ? 'them' : countOf(chosen.size, 'lead')}
            </Button>
          </>
        )
      }
    >
      {looking ? (
        check.data === undefined ? (
          check.error === null ? (
            <SkeletonRows rows={4} />
          ) : (
            <Failure what="They could not be looked at." error={check.error} retry={() => void check.refetch()} />
          )
        ) : (
          <>
            <Rehearsed
              rehearsed={check.data.rehearsed}
              again={
                <Button busy={rehearse.isPending} onClick={() => rehearse.mutate({ workflow_id: workflow.id, lead_ids })}>
                  <FlaskConical /> Rehearse with them
                </Button>
              }
            />
            <Findings findings={check.data.findings} leaveOut={leaveOut} onLeaveOut={setLeaveOut} />
          </>
        )
      ) : (
        <PickLeads chosen={chosen} onChoose={setChosen} />
      )}
    </Dialog>
  );
}

const warnings = ['other_sequence', 'replied', 'colleague_replied', 'mailed_lately', 'been_before', 'other_owner'] as const;
const isWarning = (kind: string): kind is (typeof warnings)[number] => warnings.some((known) => known === kind);

function Findings({
  findings,
  leaveOut,
  onLeaveOut,
}: {
  findings: readonly Finding[];
  leaveOut: ReadonlySet<string>;
  onLeaveOut: (kinds: ReadonlySet<string>) => void;
}) {
  if (findings.length === 0) return <Empty className="py-8" title="Nothing speaks against it" />;
  return (
    <ul className="divide-y rounded-lg border">
      {findings.map((finding) => (
        <li key={finding.kind} className="px-3.5 py-3">
          <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
            <span className="min-w-0 flex-1 basis-48 text-sm font-medium">{finding.says}</span>
            {finding.barrier ? (
              <Badge tone="bad">stay out</Badge>
            ) : (
              <Checkbox
                label={`Leave ${finding.count === 1 ? 'this one' : `these ${finding.count}`} out`}
                checked={leaveOut.has(finding.kind)}
                onCheckedChange={(on) => {
                  const next = new Set(leaveOut);
                  if (on === true) next.add(finding.kind);
                  else next.delete(finding.kind);
                  onLeaveOut(next);
                }}
              />
            )}
          </div>
          <details className="mt-1 text-sm">
            <summary className="cursor-pointer text-xs text-ink-3">Who</summary>
            <ul className="mt-1.5 space-y-1">
              {finding.people.map((person) => (
                <li key={person.person_id} className="flex flex-wrap gap-x-2">
                  <Link to="/people/$personId" params={{ personId: person.person_id }} className="hover:underline">
                    {person.name}
                  </Link>
                  <span className="text-ink-3">{person.detail}</span>
                </li>
              ))}
              {finding.count > finding.people.length ? (
                <li className="text-ink-3">and {finding.count - finding.people.length} more</li>
              ) : null}
            </ul>
          </details>
        </li>
      ))}
    </ul>
  );
}

function PickLeads({ chosen, onChoose }: { chosen: ReadonlyMap<string, Lead>; onChoose: (chosen: ReadonlyMap<string, Lead>) => void }) {
  const [text, setText] = useState('');
  const q = useDeferredValue(text.trim());
  const leads = useList('leads.list', { limit: 100, ...(q === '' ? {} : { q }) });
  const all = leads.rows.length > 0 && leads.rows.every((lead) => chosen.has(lead.id));
  const toggle = (rows: readonly Lead[], on: boolean) => {
    const next = new Map(chosen);
    for (const lead of rows) {
      if (on) next.set(lead.id, lead);
      else next.delete(lead.id);
    }
    onChoose(next);
  };
  return (
    <div className="space-y-3">
      <label className="relative block">
        <Search aria-hidden className="pointer-events-none absolute top-2 left-2.5 size-4 text-ink-3" />
        <input
          type="search"
          aria-label="Search leads by name, email or phone"
          placeholder="Name, email or phone"
          value={text}
          onChange={(event) => setText(event.target.value)}
          className="h-8 w-full rounded-md border border-line-strong bg-panel pr-2 pl-8 text-base shadow-raise sm:text-sm"
        />
      </label>
      <Listed
        list={leads}
        failed="The leads could not be loaded."
        skeleton={5}
        none={
          <Empty className="py-8" title={q === '' ? 'No leads yet' : 'No lead fits'}>
            {q === '' ? 'Import a file or add one by hand first.' : undefined}
          </Empty>
        }
      >
        <>
          <Checkbox
            label={`All ${leads.rows.length} shown${leads.hasNextPage ? ' (search to narrow, or enrol from the list of leads)' : ''}`}
            checked={all}
            onCheckedChange={(on) => toggle(leads.rows, on === true)}
          />
          <ul className="divide-y rounded-lg border">
            {leads.rows.map((lead) => (
              <li key={lead.id}>
                <label className="flex cursor-pointer items-center gap-3 px-3 py-2 hover:bg-hover">
                  <input
                    type="checkbox"
                    className="size-4 accent-[var(--accent)]"
                    checked={chosen.has(lead.id)}
                    onChange={(event) => toggle([lead], event.target.checked)}
                  />
                  <Avatar name={lead.name || (lead.email ?? '')} size="sm" />
                  <span className="min-w-0 flex-1">
                    <span className="block truncate text-sm font-medium">{lead.name || lead.email}</span>
                    <span className="block truncate text-xs text-ink-3">{lead.email}</span>
                  </span>
                  <LeadStatus status={lead.status} />
                </label>
              </li>
            ))}
          </ul>
          <ShowMore list={leads} className="text-left" />
        </>
      </Listed>
    </div>
  );
}
