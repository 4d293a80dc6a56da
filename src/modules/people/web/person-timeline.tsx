import { Link } from '@tanstack/react-router';
import { ArrowDownLeft, ArrowUpRight, CalendarDays, Eye, FileText, MessageSquare, NotebookPen, Phone } from 'lucide-react';
import { useRef, useState, type FormEvent, type ReactNode } from 'react';
import type { Item } from '#web/kit/api.ts';
import { Badge, type Tone } from '#web/kit/badge.tsx';
import { Button } from '#web/kit/button.tsx';
import { Textarea } from '#web/kit/field.tsx';
import { words } from '#web/kit/format.ts';
import { useKeys } from '#web/kit/keyboard.ts';
import { Panel } from '#web/kit/panel.tsx';
import { useAct, useList } from '#web/kit/query.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Empty, Failure } from '#web/kit/states.tsx';
import { Tabs } from '#web/kit/tabs.tsx';
import { Timeline, TimelineItem } from '#web/kit/timeline.tsx';

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
      {content === '' ? null : (
        <div className={inbound ? 'rounded-lg bg-accent-soft/60 px-3 py-2 text-sm' : 'text-sm text-ink-2'}>
          <p className={long && !open ? 'line-clamp-5 break-words whitespace-pre-wrap' : 'break-words whitespace-pre-wrap'}>{content}</p>
        </div>
      )}
      {!long && touch.message_id === null ? null : (
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
        </div>
      )}
    </TimelineItem>
  );
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
      return 'Met';
    default:
      return 'Note';
  }
}

function NoteBox({ personId, leadId }: { personId: string; leadId: string | null }) {
  const [text, setText] = useState('');
  const [kind, setKind] = useState<'note' | 'call' | 'meeting'>('note');
  const box = useRef<HTMLTextAreaElement>(null);
  const after = { refresh: ['people', 'notes', 'interactions'], onDone: () => setText('') };
  const note = useAct('notes.create', after);
  const touch = useAct('interactions.create', after);
  useKeys({ n: () => box.current?.focus() });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const content = text.trim();
    if (content === '') return;
    if (kind === 'note' || leadId === null) note.mutate({ person_id: personId, content });
    else touch.mutate({ lead_id: leadId, type: kind, direction: 'outbound', content });
  };
  return (
    <form onSubmit={submit} className="rounded-xl border bg-panel p-2 shadow-raise focus-within:border-line-strong">
      <Textarea
        ref={box}
        aria-label="Write a note"
        placeholder="Write a note"
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit(event);
        }}
        className="min-h-10 resize-none border-0 bg-transparent px-2 shadow-none focus-visible:outline-none"
        rows={text === '' ? 1 : 3}
      />
      <div className="flex items-center justify-between gap-2 pt-1">
        <div className="flex gap-1" role="radiogroup" aria-label="Kind of note">
          {(leadId === null ? (['note'] as const) : (['note', 'call', 'meeting'] as const)).map((value) => (
            <button
              key={value}
              type="button"
              role="radio"
              aria-checked={kind === value}
              onClick={() => setKind(value)}
              className={
                kind === value
                  ? 'h-7 rounded-md bg-sunken px-2.5 text-xs font-medium'
                  : 'h-7 rounded-md px-2.5 text-xs text-ink-2 hover:bg-hover'
              }
            >
              {words(value)}
            </button>
          ))}
        </div>
        <Button
          type="submit"
          size="sm"
          kind={text.trim() === '' ? 'plain' : 'primary'}
          disabled={text.trim() === ''}
          busy={note.isPending || touch.isPending}
        >
          Save
        </Button>
      </div>
    </form>
  );
}
