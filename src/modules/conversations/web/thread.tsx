import { Link, useSearch } from '@tanstack/react-router';
import { Check, ChevronLeft, Moon, RotateCcw } from 'lucide-react';
import { useContext, useEffect, useRef, useState } from 'react';
import { Avatar } from '#web/kit/avatar.tsx';
import { Badge } from '#web/kit/badge.tsx';
import { Button } from '#web/kit/button.tsx';
import { useKeys } from '#web/kit/keyboard.ts';
import { useAct, useList, useRead } from '#web/kit/query.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Failure } from '#web/kit/states.tsx';
import { ago, momentOf } from '#web/kit/time.tsx';
import { AdvanceContext } from './advance.ts';
import { AssignMenu } from '#web/kit/assign-menu.tsx';
import { Composer } from './composer.tsx';
import { MessageEntry, NoteEntry } from './entry.tsx';
import { SnoozeMenu } from './snooze-menu.tsx';
import { usePresence } from '#web/kit/use-presence.ts';
import { dayOf, type Message, type Note, type Thread } from './words.ts';

/** One conversation: everything that was said across mail and SMS, oldest first, and the answer below. */
export function ThreadOf({ personId }: { personId: string }) {
  const thread = useRead('conversations.get', { person_id: personId, limit: 50 }, { everyMs: 30_000 });
  useEffect(() => {
    document.title = `${thread.data?.conversation.name ?? 'Conversation'} · Steward`;
  }, [thread.data?.conversation.name]);
  if (thread.data === undefined)
    return thread.error === null ? (
      <div className="space-y-8 p-6" aria-busy>
        <SkeletonLines lines={2} />
        <SkeletonLines lines={5} />
        <SkeletonLines lines={4} />
      </div>
    ) : (
      <Failure what="The conversation could not be loaded." error={thread.error} retry={() => void thread.refetch()} />
    );
  return <Loaded thread={thread.data} />;
}

function Loaded({ thread }: { thread: Thread }) {
  const { conversation, onlookers } = thread;
  const { person_id: personId, name } = conversation;
  const search = useSearch({ strict: false });
  const advance = useContext(AdvanceContext);
  const [typing, setTyping] = useState(false);
  usePresence(personId, typing);
  const again = { refresh: ['conversations'] };
  const read = useAct('conversations.read', { ...again, quiet: true });
  const done = useAct('conversations.done', { ...again, onDone: () => advance() });
  const reopen = useAct('conversations.reopen', { ...again, done: 'Open again.' });
  const snooze = useAct('conversations.snooze', again);
  const assign = useAct('conversations.assign', again);
  const newest = thread.messages[0]?.id;
  const { unread } = conversation;
  const mark = read.mutate;
  useEffect(() => {
    if (unread && !document.hidden) mark({ person_id: personId });
  }, [unread, newest, personId, mark]);

  const press = (act: string) => document.querySelector<HTMLElement>(`[data-act="${act}"]`)?.focus();
  const open = (act: string) => {
    press(act);
    document
      .querySelector<HTMLElement>(`[data-act="${act}"]`)
      ?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }));
  };
  const finish = () => (conversation.state === 'done' ? reopen.mutate({ person_id: personId }) : done.mutate({ person_id: personId }));
  const sleep = (until: string | null) =>
    snooze.mutate({ person_id: personId, until }, { onSuccess: () => (until === null ? undefined : advance()) });
  useKeys({
    e: finish,
    s: () => open('snooze'),
    a: () => open('assign'),
    u: () => mark({ person_id: personId, unread: true }),
  });
  return (
    <div className="flex h-[calc(100dvh-var(--bar))] flex-col lg:h-full">
      <header className="flex flex-wrap items-center gap-x-3 gap-y-2 border-b px-4 py-3 sm:px-6">
        <Link
          to="/conversations"
          search={{ ...(search.view === undefined ? {} : { view: search.view }), ...(search.q === undefined ? {} : { q: search.q }) }}
          aria-label="Back to the list"
          className="-ml-1.5 rounded-md p-1 text-ink-2 hover:bg-hover lg:hidden"
        >
          <ChevronLeft className="size-5" />
        </Link>
        <Avatar name={name} />
        <div className="min-w-0 flex-1 basis-40">
          <h2 className="truncate text-base font-semibold">
            <Link to="/people/$personId" params={{ personId }} className="hover:underline">
              {name}
            </Link>
          </h2>
          <p className="truncate text-xs text-ink-3">
            {[conversation.email, conversation.phone].filter((way) => way !== null).join(' · ')}
            {conversation.waiting_since === null ? '' : ` · waiting since ${ago(conversation.waiting_since)}`}
          </p>
        </div>
        {conversation.snoozed_until === null ? null : (
          <Badge tone="neutral">
            <Moon className="size-3" /> until {momentOf(conversation.snoozed_until)}
          </Badge>
        )}
        <div className="flex items-center gap-1.5">
          <AssignMenu
            assigneeId={conversation.assignee_id}
            assigneeName={conversation.assignee_name}
            onAssign={(assigneeId) => assign.mutate({ person_id: personId, assignee_id: assigneeId })}
          />
          <SnoozeMenu snoozed={conversation.snoozed_until !== null} onSnooze={sleep} />
          <Button size="sm" aria-keyshortcuts="e" busy={done.isPending || reopen.isPending} onClick={finish}>
            {conversation.state === 'done' ? <RotateCcw /> : <Check />}
            {conversation.state === 'done' ? 'Reopen' : 'Done'}
          </Button>
        </div>
      </header>
      <Messages thread={thread} />
      <div aria-live="polite" className="px-4 sm:px-6">
        {onlookers.map((one) => (
          <p key={one.user_id} className="flex items-center gap-2 pb-2 text-xs text-warn">
            <span aria-hidden className="size-1.5 animate-breathe rounded-full bg-warn-dot" />
            {one.name} {one.typing ? 'is writing here now' : 'is looking at this, too'}
          </p>
        ))}
      </div>
      <Composer thread={thread} focus={search.write !== undefined} onTyping={setTyping} />
    </div>
  );
}

type Entry = { readonly at: string } & ({ readonly message: Message } | { readonly note: Note });

/** Oldest first; older pages come on demand, the view begins at the newest. */
function Messages({ thread }: { thread: Thread }) {
  const { person_id: personId, name } = thread.conversation;
  const [more, setMore] = useState(false);
  const older = useList(
    'conversations.messages',
    { person_id: personId, limit: 50, ...(thread.next_cursor === null ? {} : { cursor: thread.next_cursor }) },
    { enabled: more },
  );
  const box = useRef<HTMLDivElement>(null);
  const newest = thread.messages[0]?.id;
  useEffect(() => {
    const element = box.current;
    if (element !== null) element.scrollTop = element.scrollHeight;
  }, [newest, thread.notes.length]);
  const entries = arranged([
    ...[...thread.messages, ...older.rows].map((message) => ({ at: message.created_at, message })),
    ...thread.notes.map((note) => ({ at: note.created_at, note })),
  ]);
  return (
    <div
      ref={box}
      className="min-h-0 flex-1 overflow-y-auto px-4 py-5 sm:px-6"
      tabIndex={0}
      aria-label={`Messages with ${name}`}
      role="region"
    >
      {thread.next_cursor === null || (more && !older.hasNextPage) ? null : (
        <div className="pb-5 text-center">
          <Button size="sm" busy={older.isFetching} onClick={() => (more ? void older.fetchNextPage() : setMore(true))}>
            Show older
          </Button>
        </div>
      )}
      {entries.length === 0 ? <p className="py-10 text-center text-sm text-ink-3">Nothing was said yet.</p> : null}
      <ol className="mx-auto max-w-3xl space-y-5">
        {entries.map(({ entry, day, subject }) => [
          day === null ? null : <Day key={`day ${entry.at}`}>{day}</Day>,
          'note' in entry ? (
            <NoteEntry key={entry.note.id} note={entry.note} />
          ) : (
            <MessageEntry key={entry.message.id} message={entry.message} personId={personId} name={name} subject={subject} />
          ),
        ])}
      </ol>
    </div>
  );
}

/** Oldest first; a day is named where it begins, a subject where it changes. */
function arranged(entries: readonly Entry[]) {
  const sorted = entries.toSorted((a, b) => a.at.localeCompare(b.at));
  const subjects = sorted.map((entry) => ('note' in entry ? null : entry.message.subject.replace(/^((re|aw|fwd?|wg)\s*:\s*)+/i, '')));
  return sorted.map((entry, place) => {
    const before = sorted[place - 1];
    const day = dayOf(entry.at);
    return {
      entry,
      day: before !== undefined && dayOf(before.at) === day ? null : day,
      subject: subjects[place] !== subjects.slice(0, place).findLast((one) => one !== null),
    };
  });
}

function Day({ children }: { children: string }) {
  return (
    <li className="flex items-center gap-3 text-xs text-ink-3">
      <span aria-hidden className="h-px flex-1 bg-line" />
      {children}
      <span aria-hidden className="h-px flex-1 bg-line" />
    </li>
  );
}
