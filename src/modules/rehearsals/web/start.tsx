import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { Item } from '#web/kit/api.ts';
import { Button } from '#web/kit/button.tsx';
import { Dialog } from '#web/kit/dialog.tsx';
import { Field, Input, Select } from '#web/kit/field.tsx';
import { countOf } from '#web/kit/format.ts';
import { useAct, useList, useRead } from '#web/kit/query.ts';
import { Note } from '#web/kit/states.tsx';

/** Without a segment: those who came last. */
const NEWEST = 'newest';
/** A workflow about anything else can't be rehearsed with people. */
const OF_PEOPLE = new Set(['lead', 'person', 'client', 'invoice', 'payment', 'statement', 'ticket', 'onboarding', 'document', 'report']);
const MOST_NEWEST = 200;
/** Of no use to rehearse: it reads what comes in, and writes to nobody. */
const readsOnly = (workflow: Item<'workflows.list'>) => !JSON.stringify(workflow.actions).includes('"message"');

/** What, whom, how far, and what they do. */
export function StartRehearsal({
  workflowId,
  segmentId,
  open,
  onClose,
}: {
  workflowId: string | undefined;
  segmentId: string | undefined;
  open: boolean;
  onClose: () => void;
}) {
  const navigate = useNavigate();
  const [chosen, setChosen] = useState('');
  const [people, setPeople] = useState('');
  const [which, setWhich] = useState<'draft' | 'current' | null>(null);
  const [days, setDays] = useState('30');
  const [replies, setReplies] = useState<'none' | 'history'>('none');
  const workflows = useList('workflows.list', { limit: 100 }, { enabled: open });
  const segments = useList('segments.list', { limit: 200 }, { enabled: open });
  const leads = useList('leads.list', { limit: MOST_NEWEST }, { enabled: open });
  const clients = useList('clients.list', { limit: MOST_NEWEST }, { enabled: open });
  const start = useAct('rehearsals.start', {
    refresh: ['rehearsals'],
    quiet: true,
    onDone: ({ id }) => void navigate({ to: '/rehearsals/$rehearsalId', params: { rehearsalId: id } }),
  });
  const choices = workflows.rows
    .filter((row) => OF_PEOPLE.has(row.subject))
    .toSorted((a, b) => rank(a) - rank(b) || a.title.localeCompare(b.title));
  const workflow = chosen === '' ? (workflowId ?? choices[0]?.id ?? '') : chosen;
  // What is about clients, their tickets or invoices is rehearsed with clients.
  const about = choices.find((row) => row.id === workflow)?.subject;
  const ofClients = about !== undefined && about !== 'lead' && about !== 'person';
  const newest = ofClients ? clients : leads;
  const detail = useRead('workflows.get', { workflow_id: workflow }, { enabled: open && workflow !== '', fresh: true });
  const draft = detail.data?.draft ?? null;
  const isDraft = draft !== null && which !== 'current';
  const filled = segments.rows.filter((row) => row.member_count > 0);
  const who = people !== '' ? people : (segmentId ?? (newest.rows.length > 0 ? NEWEST : (filled[0]?.id ?? '')));
  const length = Number(days);
  const loaded = workflows.isSuccess && segments.isSuccess && newest.isSuccess && detail.isSuccess && !detail.isFetching;
  const good = loaded && workflow !== '' && who !== '' && Number.isInteger(length) && length >= 1 && length <= 180;
  const submit = () =>
    start.mutate({
      workflow_id: workflow,
      days: length,
      replies,
      ...(who === NEWEST
        ? ofClients
          ? { person_ids: clients.rows.map((client) => client.person_id) }
          : { lead_ids: leads.rows.map((lead) => lead.id) }
        : { segment_id: who }),
      ...(isDraft ? { definition: draft.definition } : {}),
    });
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => {
        if (!next) onClose();
      }}
      title="Rehearse"
      description="The sequence runs to its end on these people, on a clock of its own. Nothing leaves and nothing of theirs changes."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" disabled={!good} busy={start.isPending} onClick={submit}>
            Rehearse
          </Button>
        </>
      }
    >
      <div className="space-y-4">
        <Field label="Sequence">
          {(control) => (
            <Select {...control} value={workflow} onChange={(event) => setChosen(event.target.value)}>
              {choices.map((row) => (
                <option key={row.id} value={row.id}>
                  {row.title}
                </option>
              ))}
            </Select>
          )}
        </Field>
        {draft === null ? null : (
          <Field label="Version" hint="Nobody gets the draft before it is published.">
            {(control) => (
              <Select
                {...control}
                value={isDraft ? 'draft' : 'current'}
                onChange={(event) => setWhich(event.target.value === 'draft' ? 'draft' : 'current')}
              >
                <option value="draft">The draft</option>
                <option value="current">Version {detail.data?.version}, which new runs get now</option>
              </Select>
            )}
          </Field>
        )}
        <Field
          label="People"
          hint={`${who === NEWEST ? 'Those who came last.' : 'Whoever is in this segment now.'}${ofClients ? ` It is about the newest ${about} of each.` : ''}`}
        >
          {(control) => (
            <Select {...control} value={who} onChange={(event) => setPeople(event.target.value)}>
              {newest.rows.length === 0 ? null : (
                <option value={NEWEST}>The newest {countOf(newest.rows.length, ofClients ? 'client' : 'lead')}</option>
              )}
              {segments.rows.map((row) => (
                <option key={row.id} value={row.id}>
                  {row.name} ({countOf(row.member_count, 'person', 'people')})
                </option>
              ))}
            </Select>
          )}
        </Field>
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label="Days to look ahead" hint="1 to 180">
            {(control) => (
              <Input {...control} type="number" min={1} max={180} value={days} onChange={(event) => setDays(event.target.value)} />
            )}
          </Field>
          <Field
            label="Replies"
            hint={replies === 'none' ? 'The most mail there can be.' : 'As many and as late as in the last half year.'}
          >
            {(control) => (
              <Select {...control} value={replies} onChange={(event) => setReplies(event.target.value === 'history' ? 'history' : 'none')}>
                <option value="none">Nobody replies</option>
                <option value="history">As people did so far</option>
              </Select>
            )}
          </Field>
        </div>
        {loaded && who === '' ? <Note tone="warn">There is nobody yet to rehearse with. Add a lead or import a file first.</Note> : null}
        {start.error === null ? null : <Note tone="bad">{start.error.message}</Note>}
      </div>
    </Dialog>
  );
}

/** What somebody made and switched on comes first, what only reads last. */
function rank(workflow: Item<'workflows.list'>): number {
  return (readsOnly(workflow) ? 4 : 0) + (workflow.active ? 0 : 2) + (workflow.built_in ? 1 : 0);
}
