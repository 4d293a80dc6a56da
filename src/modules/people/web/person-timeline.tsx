import { Link } from '@tanstack/react-router';
import { ArrowDownLeft, ArrowUpRight, CalendarDays, Eye, FileText, MessageSquare, NotebookPen, Phone } from 'lucide-react';
import { useState, type FormEvent, type ReactNode } from 'react';
import type { Item } from '#web/kit/api.ts';
import { Badge, type Tone } from '#web/kit/badge.tsx';
import { Button } from '#web/kit/button.tsx';
import { Confirm } from '#web/kit/confirm.tsx';
import { words } from '#web/kit/format.ts';
import { useKeys } from '#web/kit/keyboard.ts';
import { Panel } from '#web/kit/panel.tsx';
import { useAct, useList } from '#web/kit/query.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Empty, Failure } from '#web/kit/states.tsx';
import { Tabs } from '#web/kit/tabs.tsx';
import { useMay, useMe } from '#web/kit/session.ts';
import { momentOf } from '#web/kit/time.tsx';
import { Timeline, TimelineItem } from '#web/kit/timeline.tsx';
import { MentionText, mentionsIn, type Named } from '#web/kit/mention-text.tsx';
import { NoteBox } from './note-box.tsx';

const kinds = ['email', 'note', 'call', 'meeting', 'form', 'visit', 'sms'] as const;
type Kind = (typeof kinds)[number];
type Touch = Item<'people.timeline'>;

export function PersonTimeline({ personId, leadId }: { personId: string; leadId: string | null }) {
  const [kind, setKind] = useState<Kind | 'all'>('all');
  const [cursor, setCursor] = useState(-1);
  const touches = useList(
    'people.timeline',
    { person_id: personId, limit: 50, ...(kind === 'all' ? {} : { kind: [kind] }) },
    { everyMs: 20_000 },
  );
  const go = (to: number) => {
    const next = Math.max(0, Math.min(touches.rows.length - 1, to));
    setCursor(next);
    document.getElementById(`touch-${next}`)?.scrollIntoView({ block: 'nearest' });
  };
  useKeys({ j: () => go(cursor + 1), k: () => go(cursor - 1) });
  return (
    <div className="min-w-0 space-y-4">
      <NoteBox personId={personId} leadId={leadId} />
      <Panel flush>
        <div className="px-4">
          <Tabs
            label="Kind of touch"
            value={kind}
            onChange={setKind}
            items={[
              { value: 'all' as const, label: 'All' },
              ...kinds.map((value) => ({ value, label: value === 'sms' ? 'SMS' : value === 'email' ? 'Mail' : `${words(value)}s` })),
            ]}
          />
        </div>
        <div className="p-4">
          {touches.error !== null && touches.rows.length === 0 ? (
            <Failure what="The timeline could not be loaded." error={touches.error} retry={() => void touches.refetch()} />
          ) : touches.isPending ? (
            <SkeletonLines lines={6} />
          ) : touches.rows.length === 0 ? (
            <Empty title={kind === 'all' ? 'Nothing yet' : 'Nothing of this kind'}>
              {kind === 'all' ? 'Mails, replies, forms, calls and notes stand here, newest first. Write a note to begin.' : undefined}
            </Empty>
          ) : (
            <Timeline label="Everything that happened, newest first">
              {touches.rows.map((touch, index) => (
                <TouchItem key={touch.id} touch={touch} id={`touch-${index}`} here={index === cursor} />
              ))}
            </Timeline>
          )}
          {touches.hasNextPage ? (
            <Button className="mt-4" busy={touches.isFetchingNextPage} onClick={() => void touches.fetchNextPage()}>
              Show older
            </Button>
          ) : null}
        </div>
      </Panel>
    </div>
  );
}

const icons: Record<string, ReactNode> = {
  note: <NotebookPen />,
  call: <Phone />,
  meeting: <CalendarDays />,
  form: <FileText />,
  visit: <Eye />,
  sms: <MessageSquare />,
};
const tones: Record<string, Tone> = {
  blocked: 'bad',
  bounced: 'bad',
  refused: 'bad',
  in_doubt: 'warn',
  failed: 'bad',
  captured: 'neutral',
  sent: 'ok',
  received: 'accent',
};

function TouchItem({ touch, id, here }: { touch: Touch; id: string; here: boolean }) {
  const [open, setOpen] = useState(false);
  const [editing, setEditing] = useState(false);
  const me = useMe();
  const manager = useMay('manager');
  const mine = touch.type === 'note' && (manager || touch.created_by === me.id);
  const remove = useAct('notes.delete', { refresh: ['people', 'notes', 'interactions'], done: 'Deleted.' });
  const inbound = touch.direction === 'inbound';
  const subject = typeof touch.metadata['subject'] === 'string' ? touch.metadata['subject'] : null;
  // Mail is stored with its subject as the first line; the title says it already.
  const content = (subject !== null && touch.content.startsWith(subject) ? touch.content.slice(subject.length) : touch.content).trim();
  const long = content.length > 420 || content.split('\n').length > 6;
  return (
    <TimelineItem
      id={id}
      here={here}
      icon={icons[touch.type] ?? (inbound ? <ArrowDownLeft /> : <ArrowUpRight />)}
      tone={inbound ? 'accent' : 'neutral'}
      title={
        <>
          <span className="font-medium">{titleOf(touch)}</span>
          {subject === null ? null : <span className="text-ink-2"> · {subject}</span>}
        </>
      }
      at={touch.created_at}
      aside={<>{touch.status === null ? null : <Badge tone={tones[touch.status] ?? 'neutral'}>{words(touch.status)}</Badge>}</>}
    >
      {editing ? (
        <EditNote touch={touch} onDone={() => setEditing(false)} />
      ) : content === '' ? null : (
        <div className={inbound ? 'rounded-lg bg-accent-soft/60 px-3 py-2 text-sm' : 'text-sm text-ink-2'}>
          <p className={long && !open ? 'line-clamp-5 break-words whitespace-pre-wrap' : 'break-words whitespace-pre-wrap'}>
            <WithMentions text={content} names={mentionsOf(touch).map(({ name }) => name)} />
            {touch.edited_at === null ? null : <span className="text-xs text-ink-3"> (changed)</span>}
          </p>
        </div>
      )}
      <Reading metadata={touch.metadata} />
      {editing || (!long && touch.message_id === null && !mine) ? null : (
        <div className="mt-1.5 flex flex-wrap gap-x-4 text-xs font-medium text-accent-ink">
          {long ? (
            <button type="button" aria-expanded={open} onClick={() => setOpen(!open)} className="rounded-sm hover:underline">
              {open ? 'Show less' : 'Show all'}
            </button>
          ) : null}
          {touch.message_id === null ? null : (
            <Link to="/outbox" search={{ message: touch.message_id }} className="hover:underline">
              Open the message
            </Link>
          )}
          {mine ? (
            <>
              <button type="button" onClick={() => setEditing(true)} className="rounded-sm hover:underline">
                Edit
              </button>
              <Confirm
                title="Delete this note?"
                action="Delete"
                danger
                onConfirm={() => remove.mutate({ person_id: touch.person_id, note_id: touch.id })}
                trigger={(ask) => (
                  <button type="button" onClick={ask} className="rounded-sm hover:underline">
                    Delete
                  </button>
                )}
              >
                <p>It is gone from the timeline for everybody, and can’t be brought back.</p>
              </Confirm>
            </>
          ) : null}
        </div>
      )}
    </TimelineItem>
  );
}

/** What was counted of a mail: by a person, or probably by a machine. */
function Reading({ metadata }: { metadata: Touch['metadata'] }) {
  const at = (name: string) => (typeof metadata[name] === 'string' ? metadata[name] : null);
  const [opened, clicked, machine] = [at('opened_at'), at('clicked_at'), at('machine_at')];
  const said = [
    opened === null ? null : `Opened ${momentOf(opened)}`,
    clicked === null ? null : `Followed a link ${momentOf(clicked)}`,
    machine === null ? null : `Opened or followed ${momentOf(machine)}, probably by a machine`,
  ].filter((one) => one !== null);
  return said.length === 0 ? null : <p className="mt-1 text-xs text-ink-3">{said.join(' · ')}</p>;
}

function titleOf(touch: Touch): string {
  const inbound = touch.direction === 'inbound';
  switch (touch.type) {
    case 'email':
      return inbound ? 'Wrote to us' : 'We wrote';
    case 'sms':
      return inbound ? 'Texted us' : 'We texted';
    case 'call':
      return inbound ? 'Called us' : 'We called';
    case 'form':
      return 'Sent a form';
    case 'visit':
      return 'Visited';
    case 'meeting':
      return touch.channel === 'calendar' ? 'Call' : 'Met';
    default:
      return 'Note';
  }
}

/** Colleagues that a note names. */
function mentionsOf(touch: Touch): Named[] {
  const list: unknown = touch.metadata['mentions'];
  if (!Array.isArray(list)) return [];
  return list.flatMap((one: unknown) =>
    typeof one === 'object' &&
    one !== null &&
    'user_id' in one &&
    'name' in one &&
    typeof one.user_id === 'string' &&
    typeof one.name === 'string'
      ? [{ id: one.user_id, name: one.name }]
      : [],
  );
}

function WithMentions({ text, names }: { text: string; names: readonly string[] }) {
  if (names.length === 0) return text;
  const parts = text.split(new RegExp(`(${names.map((name) => `@${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`).join('|')})`));
  return parts.map((part, index) =>
    index % 2 === 1 ? (
      // The parts of one text never change places.
      <span key={index} className="rounded-sm bg-accent-soft px-0.5 font-medium text-accent-ink">
        {part}
      </span>
    ) : (
      part
    ),
  );
}

function EditNote({ touch, onDone }: { touch: Touch; onDone: () => void }) {
  const [text, setText] = useState(touch.content);
  const [named, setNamed] = useState<readonly Named[]>(mentionsOf(touch));
  const save = useAct('notes.update', { refresh: ['people', 'notes', 'interactions'], done: 'Saved.', onDone });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const content = text.trim();
    if (content === '') return;
    const version = touch.edited_at ?? touch.created_at;
    save.mutate({ person_id: touch.person_id, note_id: touch.id, content, mention_ids: mentionsIn(content, named), if_match: version });
  };
  return (
    <form onSubmit={submit} className="space-y-2">
      <MentionText
        label="Change the note"
        autoFocus
        rows={4}
        value={text}
        onChange={setText}
        onMention={(user) => setNamed([...named, user])}
        onSubmit={submit}
        onCancel={onDone}
      />
      <div className="flex justify-end gap-2">
        <Button size="sm" onClick={onDone}>
          Cancel
        </Button>
        <Button size="sm" kind="primary" type="submit" busy={save.isPending} disabled={text.trim() === ''}>
          Save
        </Button>
      </div>
    </form>
  );
}
