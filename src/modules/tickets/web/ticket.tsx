import { Link } from '@tanstack/react-router';
import { ChevronLeft, Merge, MoreHorizontal, Star, Undo2 } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { AssignMenu } from '#web/kit/assign-menu.tsx';
import { Avatar } from '#web/kit/avatar.tsx';
import { Badge } from '#web/kit/badge.tsx';
import { Button } from '#web/kit/button.tsx';
import { useKeys } from '#web/kit/keyboard.ts';
import { Menu, MenuItem } from '#web/kit/menu.tsx';
import { useAct, useRead } from '#web/kit/query.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Failure, Note } from '#web/kit/states.tsx';
import { ago } from '#web/kit/time.tsx';
import { usePresence } from '#web/kit/use-presence.ts';
import { Composer } from './composer.tsx';
import { Due } from './due.tsx';
import { EntryOf } from './entries.tsx';
import { MergeDialog } from './merge.tsx';
import { TagsOf } from './tags.tsx';
import { priorities, PRIORITIES, STATES, states, type Priority, type State, type Whole } from './words.ts';

type Back = { view?: string; q?: string; sort?: string };

/** One ticket: what happened on it, which clocks run, and the answer below. */
export function TicketOf({ ticketId, back }: { ticketId: string; back: Back }) {
  const whole = useRead('tickets.get', { ticket_id: ticketId }, { everyMs: 30_000 });
  const title = whole.data?.ticket.subject;
  useEffect(() => {
    document.title = `${title ?? 'Ticket'} · Steward`;
  }, [title]);
  if (whole.data === undefined)
    return whole.error === null ? (
      <div className="space-y-8 p-6" aria-busy>
        <SkeletonLines lines={2} />
        <SkeletonLines lines={5} />
        <SkeletonLines lines={4} />
      </div>
    ) : (
      <Failure what="The ticket could not be loaded." error={whole.error} retry={() => void whole.refetch()} />
    );
  return <Loaded whole={whole.data} back={back} />;
}

function Loaded({ whole, back }: { whole: Whole; back: Back }) {
  const { ticket, entries, rating } = whole;
  const [typing, setTyping] = useState(false);
  const [merging, setMerging] = useState(false);
  // Who answers the same person, on a ticket or in the inbox, is in each other's way.
  usePresence(ticket.person_id, typing);
  const talk = useRead('conversations.get', { person_id: ticket.person_id, limit: 1 }, { everyMs: 20_000 });
  const update = useAct('tickets.update', { refresh: ['tickets'] });
  const unmerge = useAct('tickets.unmerge', { refresh: ['tickets'], done: 'It stands by itself again.' });
  const change = (to: { state?: State; priority?: Priority; assignee_id?: string | null; tags?: string[] }) =>
    update.mutate({ ticket_id: ticket.id, if_match: ticket.updated_at, ...to });
  const box = useRef<HTMLDivElement>(null);
  const newest = entries.at(-1)?.id;
  useEffect(() => {
    const element = box.current;
    if (element !== null) element.scrollTop = element.scrollHeight;
  }, [newest]);
  useKeys({
    a: () => {
      const button = document.querySelector<HTMLElement>('[data-act="assign"]');
      button?.focus();
      button?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }));
    },
  });
  const ended = ticket.state === 'closed' || ticket.merged_into_id !== null;
  return (
    <div className="flex h-[calc(100dvh-var(--bar))] flex-col lg:h-full">
      <header className="border-b px-4 py-3 sm:px-6">
        <div className="flex items-start gap-3">
          <Link
            to="/tickets"
            search={back}
            aria-label="Back to the list"
            className="-ml-1.5 rounded-md p-1 text-ink-2 hover:bg-hover lg:hidden"
          >
            <ChevronLeft className="size-5" />
          </Link>
          <div className="min-w-0 flex-1">
            <h2 className="text-base leading-snug font-semibold break-words">{ticket.subject}</h2>
            <p className="mt-0.5 flex min-w-0 items-center gap-1.5 text-xs text-ink-3">
              <span className="num shrink-0">#{ticket.number}</span>
              <Avatar name={ticket.person_name} size="sm" />
              <Link to="/people/$personId" params={{ personId: ticket.person_id }} className="truncate text-ink-2 hover:underline">
                {ticket.person_name}
              </Link>
              <span className="hidden truncate sm:inline">
                {ticket.waiting_since === null ? '' : `waiting since ${ago(ticket.waiting_since)}`}
              </span>
            </p>
          </div>
          <Menu
            trigger={
              <Button size="sm" aria-label="More">
                <MoreHorizontal />
              </Button>
            }
          >
            <MenuItem icon={<Merge />} disabled={ended} onSelect={() => setMerging(true)}>
              Merge into another ticket…
            </MenuItem>
          </Menu>
        </div>
        <div className="mt-2.5 flex flex-wrap items-center gap-2">
          <Pick
            label="State"
            value={ticket.state}
            disabled={ended}
            options={STATES.map((one) => [one, states[one][0]])}
            onChange={(state) => change({ state })}
          />
          <Pick
            label="Priority"
            value={ticket.priority}
            disabled={ended}
            options={PRIORITIES.map((one) => [one, priorities[one][0]])}
            onChange={(priority) => change({ priority })}
          />
          <AssignMenu
            assigneeId={ticket.assignee_id}
            assigneeName={ticket.assignee_name}
            onAssign={(assigneeId) => change({ assignee_id: assigneeId })}
          />
          <Due ticket={ticket} />
          {ticket.response_broken || ticket.resolution_broken ? (
            <Badge tone="bad">{ticket.resolution_broken ? 'Solution was late' : 'An answer was late'}</Badge>
          ) : null}
          {rating === null ? null : (
            <Badge tone={rating.score >= 4 ? 'ok' : rating.score === 3 ? 'neutral' : 'bad'}>
              <Star aria-hidden className="size-3" /> {rating.score} of 5
            </Badge>
          )}
          <TagsOf tags={ticket.tags} onChange={(tags) => change({ tags })} />
        </div>
      </header>
      <div
        ref={box}
        className="min-h-0 flex-1 overflow-y-auto px-4 py-5 sm:px-6"
        tabIndex={0}
        role="region"
        aria-label={`What happened on #${ticket.number}`}
      >
        <ol className="mx-auto max-w-3xl space-y-5">
          {ticket.follows_id === null ? null : (
            <li className="text-xs text-ink-3">
              Goes on from{' '}
              <Link to="/tickets/$ticketId" params={{ ticketId: ticket.follows_id }} className="underline">
                a ticket that is closed
              </Link>
            </li>
          )}
          {entries.map((entry) => (
            <EntryOf key={entry.id} entry={entry} ticket={ticket} />
          ))}
          {rating === null || rating.comment === '' ? null : (
            <li className="rounded-xl border px-4 py-3 text-sm">
              <p className="mb-1 text-xs text-ink-3">How they found it: {rating.score} of 5</p>
              <p className="break-words whitespace-pre-wrap">{rating.comment}</p>
            </li>
          )}
        </ol>
      </div>
      <div aria-live="polite" className="px-4 sm:px-6">
        {(talk.data?.onlookers ?? []).map((one) => (
          <p key={one.user_id} className="flex items-center gap-2 pb-2 text-xs text-warn">
            <span aria-hidden className="size-1.5 animate-breathe rounded-full bg-warn-dot" />
            {one.name} {one.typing ? 'is writing to them now' : 'is looking at this, too'}
          </p>
        ))}
      </div>
      {ticket.merged_into_id !== null ? (
        <div className="border-t p-4 sm:px-6">
          <Note>
            This ticket is part of{' '}
            <Link to="/tickets/$ticketId" params={{ ticketId: ticket.merged_into_id }} className="underline">
              another one
            </Link>{' '}
            now.{' '}
            <Button size="sm" className="ml-2" busy={unmerge.isPending} onClick={() => unmerge.mutate({ ticket_id: ticket.id })}>
              <Undo2 /> Take the merge back
            </Button>
          </Note>
        </div>
      ) : ticket.state === 'closed' ? (
        <div className="border-t p-4 sm:px-6">
          <Note>This ticket is closed. A new message of theirs opens the next one.</Note>
        </div>
      ) : (
        <Composer whole={whole} onTyping={setTyping} />
      )}
      <MergeDialog ticket={ticket} open={merging} onOpenChange={setMerging} />
    </div>
  );
}

/** A small choice that is made at once. */
function Pick<Value extends string>({
  label,
  value,
  options,
  disabled,
  onChange,
}: {
  label: string;
  value: Value;
  options: readonly (readonly [Value, string])[];
  disabled: boolean;
  onChange: (value: Value) => void;
}) {
  return (
    <select
      aria-label={label}
      value={value}
      disabled={disabled}
      onChange={(event) => onChange(event.target.value as Value /* the options below */)}
      className="h-7 rounded-md border border-line-strong bg-panel px-2 text-xs text-ink shadow-raise hover:border-ink-3/50 disabled:opacity-60"
    >
      {options.map(([key, name]) => (
        <option key={key} value={key}>
          {name}
        </option>
      ))}
    </select>
  );
}
