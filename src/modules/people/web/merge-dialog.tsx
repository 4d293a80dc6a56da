import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { toast } from '#web/kit/toast.ts';
import type { Output } from '#web/kit/api.ts';
import { Avatar } from '#web/kit/avatar.tsx';
import { Button } from '#web/kit/button.tsx';
import { cn } from '#web/kit/cn.ts';
import { Dialog } from '#web/kit/dialog.tsx';
import { Field, Input } from '#web/kit/field.tsx';
import { words } from '#web/kit/format.ts';
import { useAct, useList, useRead } from '#web/kit/query.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Failure, Note } from '#web/kit/states.tsx';
import { momentOf } from '#web/kit/time.tsx';

type Preview = Output<'people.merge_preview'>;
type Choices = Record<string, 'this' | 'other'>;

const refreshed = ['people', 'leads', 'duplicates', 'consent', 'runs', 'messages', 'interactions', 'search'] as const;
/** How long the way back stands in the corner; afterwards it is on the duplicates page. */
const UNDO_MS = 12_000;

/** Side by side, field by field; what is merged can be taken apart again. */
export function MergeDialog({
  personId,
  otherId,
  open,
  onOpenChange,
  onMerged,
}: {
  personId: string;
  otherId: string;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onMerged?: () => void;
}) {
  const [swapped, setSwapped] = useState(false);
  const [stays, goes] = swapped ? [otherId, personId] : [personId, otherId];
  const preview = useRead('people.merge_preview', { person_id: stays, other_id: goes }, { enabled: open });
  const [choices, setChoices] = useState<Choices>({});
  const undo = useAct('people.merge_undo', { refresh: refreshed, done: 'They are two people again.' });
  const merge = useAct('people.merge', {
    refresh: refreshed,
    onDone: (merged) => {
      onOpenChange(false);
      toast.success('Merged into one person.', {
        duration: UNDO_MS,
        action: { label: 'Undo', onClick: () => undo.mutate({ merge_id: merged.merge_id }) },
      });
      onMerged?.();
    },
  });
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      wide
      title="Merge two people"
      description="Choose what the one person keeps. Addresses, notes, mails and history of both stay. You can undo it."
      footer={
        <>
          <Button
            onClick={() => {
              setSwapped(!swapped);
              setChoices({});
            }}
          >
            Swap sides
          </Button>
          <Button
            kind="primary"
            busy={merge.isPending}
            disabled={preview.data === undefined}
            onClick={() => merge.mutate({ person_id: stays, other_id: goes, fields: choices })}
          >
            Merge
          </Button>
        </>
      }
    >
      {preview.error !== null ? (
        <Failure what="The two could not be compared." error={preview.error} retry={() => void preview.refetch()} />
      ) : preview.data === undefined ? (
        <SkeletonLines lines={6} />
      ) : (
        <Compare preview={preview.data} choices={choices} onChoose={(key, side) => setChoices({ ...choices, [key]: side })} />
      )}
    </Dialog>
  );
}

function Compare({
  preview,
  choices,
  onChoose,
}: {
  preview: Preview;
  choices: Choices;
  onChoose: (key: string, side: 'this' | 'other') => void;
}) {
  // Who has the same in both has nothing to choose; the name is shown in any case.
  const fields = preview.fields.filter((field) => field.key === 'name' || JSON.stringify(field.this) !== JSON.stringify(field.other));
  return (
    <div className="space-y-4">
      {preview.opted_out ? (
        <Note tone="warn">One of them wants no commercial mail. The strictest wins: the one person will be opted out.</Note>
      ) : null}
      <div className="overflow-hidden rounded-lg border">
        <div className="grid grid-cols-2 gap-px bg-line text-xs font-medium text-ink-2 sm:grid-cols-[8rem_1fr_1fr]">
          <span className="hidden bg-sunken px-3 py-2 sm:block">Field</span>
          <span className="bg-sunken px-3 py-2">Stays</span>
          <span className="bg-sunken px-3 py-2">Is absorbed</span>
        </div>
        {fields.map((field) => (
          <fieldset key={field.key} className="grid grid-cols-2 gap-x-px border-t sm:grid-cols-[8rem_1fr_1fr]">
            <legend className="sr-only">{label(field.key)}</legend>
            <span aria-hidden className="col-span-2 px-3 pt-2 text-xs text-ink-3 sm:col-span-1 sm:py-2.5">
              {label(field.key)}
            </span>
            {(['this', 'other'] as const).map((side) => (
              <Choice
                key={side}
                name={field.key}
                value={shown(field.key, field[side])}
                checked={(choices[field.key] ?? field.suggested) === side}
                onChoose={() => onChoose(field.key, side)}
              />
            ))}
          </fieldset>
        ))}
      </div>
      <ul className="space-y-1 text-sm text-ink-2">
        <li>
          Addresses afterwards: <span className="break-all">{preview.emails.join(', ') || 'none'}</span>
        </li>
        {preview.open_leads > 1 ? <li>Two open leads become one; notes of both stay.</li> : null}
        {preview.runs_stopped > 0 ? (
          <li>
            {preview.runs_stopped === 1 ? 'One sequence ends' : `${preview.runs_stopped} sequences end`}: a reply, an opt-out or the same
            sequence twice.
          </li>
        ) : null}
        {Object.keys(preview.moves).length > 0 ? <li>Moves along: {moves(preview.moves)}.</li> : null}
      </ul>
    </div>
  );
}

function Choice({ name, value, checked, onChoose }: { name: string; value: string; checked: boolean; onChoose: () => void }) {
  return (
    <label
      className={cn(
        'flex min-h-11 min-w-0 cursor-pointer items-center gap-2 px-3 py-1.5 text-sm has-focus-visible:outline-2 has-focus-visible:-outline-offset-2 has-focus-visible:outline-accent',
        checked ? 'bg-accent-soft' : 'text-ink-2',
      )}
    >
      <input type="radio" name={name} checked={checked} onChange={onChoose} className="shrink-0 accent-accent" />
      <span className="min-w-0 break-words">{value}</span>
    </label>
  );
}

const known: Readonly<Record<string, string>> = {
  name: 'Name',
  email: 'Main address',
  organisation_id: 'Company',
  owner_id: 'Owner',
};
function label(key: string): string {
  return known[key] ?? words(key.replace(/^custom\./, ''));
}

function shown(key: string, value: Preview['fields'][number]['this']): string {
  if (value === null || value === '') return '–';
  if (key === 'organisation_id' || key === 'owner_id') return 'Set';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

const nouns: Readonly<Record<string, [one: string, many: string]>> = {
  person_emails: ['address', 'addresses'],
  person_phones: ['number', 'numbers'],
  person_tags: ['tag', 'tags'],
  person_files: ['file', 'files'],
  interactions: ['touch', 'touches'],
  messages: ['mail', 'mails'],
  consent_log: ['consent entry', 'consent entries'],
  leads: ['lead', 'leads'],
  runs: ['run', 'runs'],
  tasks: ['task', 'tasks'],
};
function moves(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .flatMap(([table, n]) => {
      const noun = nouns[table];
      return noun === undefined ? [] : [`${n} ${n === 1 ? noun[0] : noun[1]}`];
    })
    .join(', ');
}

/** On the person page: look for the other one, then compare. */
export function MergeAction({ person }: { person: Output<'people.get'> }) {
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const [q, setQ] = useState('');
  const [other, setOther] = useState<string | null>(null);
  const found = useList('people.list', { q: q.trim(), limit: 8 }, { enabled: asking && q.trim().length > 1 });
  const rows = found.rows.filter((row) => row.id !== person.id);
  return (
    <>
      <Button onClick={() => setAsking(true)}>Merge…</Button>
      <Dialog open={asking} onOpenChange={setAsking} title="Merge with whom?" description="Find the other entry of the same person.">
        <Field label="Name, address or number">
          {(control) => <Input {...control} type="search" value={q} onChange={(event) => setQ(event.target.value)} />}
        </Field>
        <ul className="mt-3 divide-y">
          {q.trim().length > 1 && found.isSuccess && rows.length === 0 ? (
            <li className="py-3 text-sm text-ink-2">Nobody else is found by that.</li>
          ) : null}
          {rows.map((row) => (
            <li key={row.id}>
              <button
                type="button"
                className="flex min-h-11 w-full items-center gap-3 px-1 py-2 text-left text-sm hover:bg-sunken"
                onClick={() => {
                  setAsking(false);
                  setOther(row.id);
                }}
              >
                <Avatar name={row.full_name === '' ? (row.email ?? '?') : row.full_name} />
                <span className="min-w-0">
                  <span className="block truncate font-medium">
                    {row.full_name === '' ? (row.email ?? 'Unnamed person') : row.full_name}
                  </span>
                  <span className="block truncate text-xs text-ink-2">
                    {[row.email, row.phone].filter(Boolean).join(' · ')}, known since {momentOf(row.created_at)}
                  </span>
                </span>
              </button>
            </li>
          ))}
        </ul>
      </Dialog>
      {other === null ? null : (
        <MergeDialog
          personId={person.id}
          otherId={other}
          open
          onOpenChange={(open) => {
            if (!open) setOther(null);
          }}
          onMerged={() => void navigate({ to: '/people/$personId', params: { personId: person.id } })}
        />
      )}
    </>
  );
}
