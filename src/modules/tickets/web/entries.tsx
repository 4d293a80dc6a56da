import { Link } from '@tanstack/react-router';
import { Bot, History, MoreHorizontal, Paperclip, StickyNote } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { Avatar } from '#web/kit/avatar.tsx';
import { Status, type Tone } from '#web/kit/badge.tsx';
import { cn } from '#web/kit/cn.ts';
import { useRead } from '#web/kit/query.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { When } from '#web/kit/time.tsx';
import { Tooltip } from '#web/kit/tooltip.tsx';
import { priorities, states, type Entry, type Whole } from './words.ts';

/** What happened on a ticket, oldest first. What a stranger wrote is text, never markup. */
export function EntryOf({ entry, ticket }: { entry: Entry; ticket: Whole['ticket'] }) {
  if (entry.kind === 'change') return <ChangeLine entry={entry} />;
  if (entry.kind === 'note') return <NoteLine entry={entry} />;
  return <Words entry={entry} ticket={ticket} />;
}

const sent: Partial<Record<NonNullable<Entry['state']>, readonly [string, Tone]>> = {
  queued: ['Leaves in a moment', 'accent'],
  captured: ['Captured', 'neutral'],
  sent: ['Sent', 'ok'],
  blocked: ['Blocked', 'warn'],
  refused: ['Not delivered', 'bad'],
  in_doubt: ['In doubt', 'bad'],
};

function Words({ entry, ticket }: { entry: Entry; ticket: Whole['ticket'] }) {
  const [open, setOpen] = useState(false);
  const theirs = entry.inbound === true;
  const who = theirs ? (entry.from_name ?? '') || ticket.person_name : (entry.author_name ?? 'Steward');
  const state = theirs || entry.state === null ? undefined : sent[entry.state];
  return (
    <li className="flex gap-3">
      {entry.auto ? (
        <span aria-hidden className="flex size-7 shrink-0 items-center justify-center rounded-full bg-sunken text-ink-3">
          <Bot className="size-4" />
        </span>
      ) : (
        <Avatar name={who} />
      )}
      <article className="min-w-0 flex-1" aria-label={`${who}, ${theirs ? 'to us' : 'from us'}`}>
        <header className="flex flex-wrap items-center gap-x-2 gap-y-1 text-xs text-ink-3">
          <span className="text-sm font-medium text-ink">{who}</span>
          <span className="hidden min-w-0 truncate sm:inline">
            {entry.kind === 'web'
              ? entry.author_name === null
                ? 'on a page'
                : `noted by ${entry.author_name}`
              : theirs
                ? entry.from_address
                : `to ${entry.to_address ?? ''}`}
          </span>
          <span className="ml-auto flex items-center gap-2">
            {state === undefined ? null : (
              <Tooltip text={entry.state_reason ?? state[0]}>
                <Link to="/outbox" search={{ message: entry.message_id ?? '' }} className="text-ink-2 hover:text-ink">
                  <Status tone={state[1]}>{state[0]}</Status>
                </Link>
              </Tooltip>
            )}
            <When at={entry.created_at} exact className="num whitespace-nowrap" />
          </span>
        </header>
        <div
          className={cn(
            'mt-1.5 rounded-xl border px-4 py-3 text-sm leading-relaxed',
            theirs ? 'bg-panel shadow-raise' : 'border-transparent bg-accent-soft',
            entry.state === 'blocked' && 'border-dashed border-line-strong bg-transparent text-ink-2',
          )}
        >
          {open && entry.message_id !== null ? <Full messageId={entry.message_id} /> : <Text text={entry.text} />}
          {entry.folded ? (
            <button
              type="button"
              aria-expanded={open}
              aria-label={open ? 'Fold what is quoted' : 'Show what is quoted'}
              onClick={() => setOpen(!open)}
              className="mt-2 inline-flex h-5 items-center rounded bg-sunken px-1.5 text-ink-2 hover:text-ink"
            >
              <MoreHorizontal className="size-4" />
            </button>
          ) : null}
          {entry.files.length === 0 ? null : (
            <ul className="mt-3 flex flex-wrap gap-2">
              {entry.files.map((file) => (
                <li key={file.id} className="min-w-0">
                  <a
                    href={`/api/people/${ticket.person_id}/files/${file.id}/content`}
                    download={file.name}
                    className="flex h-8 min-w-0 items-center gap-2 rounded-md border bg-panel px-2.5 text-xs hover:border-line-strong"
                  >
                    <Paperclip aria-hidden className="size-3.5 shrink-0 text-ink-3" />
                    <span className="truncate">{file.name}</span>
                  </a>
                </li>
              ))}
            </ul>
          )}
        </div>
        {entry.state === 'blocked' || entry.state === 'refused' ? <p className="mt-1.5 text-xs text-warn">{entry.state_reason}</p> : null}
      </article>
    </li>
  );
}

/** The mail as it came, with what it quotes; read when it is asked for. */
function Full({ messageId }: { messageId: string }) {
  const whole = useRead('messages.get', { message_id: messageId });
  if (whole.data === undefined)
    return whole.error === null ? <SkeletonLines lines={3} /> : <p className="text-bad">{whole.error.message}</p>;
  return <Text text={whole.data.text} />;
}

function Text({ text }: { text: string }) {
  return text.trim() === '' ? (
    <p className="text-ink-3 italic">No text</p>
  ) : (
    <div className="break-words whitespace-pre-wrap">{text.trim()}</div>
  );
}

function NoteLine({ entry }: { entry: Entry }) {
  return (
    <li className="flex gap-3">
      <span aria-hidden className="flex size-7 shrink-0 items-center justify-center rounded-full bg-warn-soft text-warn">
        <StickyNote className="size-4" />
      </span>
      <article
        className="min-w-0 flex-1 rounded-xl bg-warn-soft px-4 py-2.5 text-sm"
        aria-label={`Note by ${entry.author_name ?? 'Steward'}`}
      >
        <header className="flex items-center gap-2 text-xs text-warn">
          <span className="font-medium">{entry.author_name ?? 'Steward'}</span> internal note
          <When at={entry.created_at} exact className="num ml-auto whitespace-nowrap" />
        </header>
        <p className="mt-1 break-words whitespace-pre-wrap">{entry.text}</p>
      </article>
    </li>
  );
}

/** What was changed, on one quiet line. */
function ChangeLine({ entry }: { entry: Entry }) {
  const parts = partsOf(entry.change ?? {});
  if (parts.length === 0) return null;
  return (
    <li className="flex items-baseline gap-3 text-xs text-ink-3">
      <span aria-hidden className="flex w-7 shrink-0 justify-center">
        <History className="size-3.5 translate-y-0.5" />
      </span>
      <p className="min-w-0 flex-1">
        <span className="text-ink-2">{entry.author_name ?? 'Steward'}</span>{' '}
        {parts.map((part, place) => (
          <span key={place}>
            {place === 0 ? '' : ', '}
            {part}
          </span>
        ))}
      </p>
      <When at={entry.created_at} exact className="num whitespace-nowrap" />
    </li>
  );
}

const pair = (value: unknown): readonly [unknown, unknown] => (Array.isArray(value) ? [value[0], value[1]] : [null, null]);
const words = (value: unknown): string => (Array.isArray(value) ? value.join(', ') : String(value ?? ''));

/** What we have a name for by that name, all else as it is stored. */
const named = (names: Readonly<Record<string, readonly [string, unknown]>>, value: unknown): string =>
  names[words(value)]?.[0] ?? words(value);

function partsOf(change: Readonly<Record<string, unknown>>): ReactNode[] {
  const parts: ReactNode[] = [];
  const to = (field: string) => pair(change[field])[1];
  if ('state' in change) parts.push(<>set it to {named(states, to('state'))}</>);
  if ('priority' in change) parts.push(<>made it {named(priorities, to('priority')).toLowerCase()}</>);
  if ('assignee' in change)
    parts.push(to('assignee') === null ? <>took it from {words(pair(change['assignee'])[0])}</> : <>gave it to {words(to('assignee'))}</>);
  if ('subject' in change) parts.push(<>renamed it “{words(to('subject'))}”</>);
  if ('tags' in change) parts.push(words(to('tags')) === '' ? <>took its tags away</> : <>tagged it {words(to('tags'))}</>);
  if ('merged' in change) parts.push(<>merged #{words(pair(change['merged'])[0])} into it</>);
  if ('merged_into' in change) parts.push(<>merged it into #{words(to('merged_into'))}</>);
  if ('unmerged' in change) parts.push(<>took the merge with #{words(to('unmerged'))} back</>);
  return parts;
}
