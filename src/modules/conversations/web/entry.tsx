import { Link } from '@tanstack/react-router';
import { Bot, Download, MessageSquareText, MoreHorizontal, Paperclip, StickyNote } from 'lucide-react';
import { useState } from 'react';
import { Avatar } from '#web/kit/avatar.tsx';
import { Status } from '#web/kit/badge.tsx';
import { cn } from '#web/kit/cn.ts';
import { useRead } from '#web/kit/query.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { When } from '#web/kit/time.tsx';
import { Tooltip } from '#web/kit/tooltip.tsx';
import { stateOf, type Message, type Note } from './words.ts';
import { VerdictMenu } from './verdict.tsx';

/** Names are shown; what a stranger wrote is text, never markup. */
export function MessageEntry({ message, personId, name, subject }: { message: Message; personId: string; name: string; subject: boolean }) {
  const [open, setOpen] = useState(false);
  const theirs = message.direction === 'inbound';
  const who = theirs ? message.from_name || name : (message.author_name ?? (message.workflow === null ? message.from_name : 'Steward'));
  const state = stateOf(message);
  return (
    <li className="flex gap-3" data-message={message.id}>
      {message.workflow !== null && message.author_name === null ? (
        <span aria-hidden className="flex size-7 shrink-0 items-center justify-center rounded-full bg-sunken text-ink-3">
          <Bot className="size-4" />
        </span>
      ) : (
        <Avatar name={who === '' ? '?' : who} />
      )}
      <article className="min-w-0 flex-1" aria-label={`${who}, ${theirs ? 'to us' : 'from us'}`}>
        <header className="flex flex-wrap items-center gap-x-2 gap-y-1 text-xs text-ink-3">
          <span className="text-sm font-medium text-ink">{who === '' ? message.from_address : who}</span>
          <span className="hidden min-w-0 truncate sm:inline">{theirs ? message.from_address : `to ${message.to_address}`}</span>
          {message.channel === 'sms' ? (
            <span className="inline-flex items-center gap-1">
              <MessageSquareText aria-hidden className="size-3.5" /> SMS
            </span>
          ) : null}
          {message.workflow === null || theirs ? null : <span className="truncate">by {message.workflow}</span>}
          <span className="ml-auto flex items-center gap-2">
            {theirs ? (
              <VerdictMenu message={message} />
            ) : (
              <Tooltip text={state.says === '' ? state.label : state.says}>
                <Link to="/outbox" search={{ message: message.id }} className="text-ink-2 hover:text-ink">
                  <Status tone={state.tone}>{state.label}</Status>
                </Link>
              </Tooltip>
            )}
            <When at={theirs ? message.created_at : (message.sent_at ?? message.created_at)} exact className="num whitespace-nowrap" />
          </span>
        </header>
        <div
          className={cn(
            'mt-1.5 rounded-xl border px-4 py-3 text-sm leading-relaxed',
            theirs ? 'bg-panel shadow-raise' : 'border-transparent bg-accent-soft',
            message.state === 'blocked' && 'border-dashed border-line-strong bg-transparent text-ink-2',
          )}
        >
          {subject && message.subject !== '' ? <p className="mb-1.5 font-medium">{message.subject}</p> : null}
          {open ? <Whole messageId={message.id} /> : <Text text={message.text} />}
          {message.folded ? (
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
          {message.files.length === 0 ? null : (
            <ul className="mt-3 flex flex-wrap gap-2">
              {message.files.map((file) => (
                <li key={file.id} className="min-w-0">
                  <a
                    href={`/api/people/${personId}/files/${file.id}/content`}
                    download={file.name}
                    className="flex h-8 min-w-0 items-center gap-2 rounded-md border bg-panel px-2.5 text-xs hover:border-line-strong"
                  >
                    <Paperclip aria-hidden className="size-3.5 shrink-0 text-ink-3" />
                    <span className="truncate">{file.name}</span>
                    <span className="num shrink-0 text-ink-3">{sizeOf(file.size_bytes)}</span>
                    <Download aria-hidden className="size-3.5 shrink-0 text-ink-3" />
                  </a>
                </li>
              ))}
            </ul>
          )}
        </div>
        {message.state === 'blocked' || message.state === 'refused' ? <p className="mt-1.5 text-xs text-warn">{state.says}</p> : null}
      </article>
    </li>
  );
}

/** The mail as it came, with what it quotes; read when it is asked for. */
function Whole({ messageId }: { messageId: string }) {
  const whole = useRead('messages.get', { message_id: messageId });
  if (whole.data === undefined)
    return whole.error === null ? <SkeletonLines lines={3} /> : <p className="text-bad">{whole.error.message}</p>;
  return <Text text={whole.data.text} />;
}

/** Plain text; quoted lines stand back. */
function Text({ text }: { text: string }) {
  if (text.trim() === '') return <p className="text-ink-3 italic">No text</p>;
  return (
    <div className="break-words whitespace-pre-wrap">
      {text
        .trim()
        .split('\n')
        .map((line, place) => (
          <span key={place} className={line.startsWith('>') ? 'text-ink-3' : undefined}>
            {line}
            {'\n'}
          </span>
        ))}
    </div>
  );
}

export function NoteEntry({ note }: { note: Note }) {
  return (
    <li className="flex gap-3">
      <span aria-hidden className="flex size-7 shrink-0 items-center justify-center rounded-full bg-warn-soft text-warn">
        <StickyNote className="size-4" />
      </span>
      <article
        className="min-w-0 flex-1 rounded-xl bg-warn-soft px-4 py-2.5 text-sm"
        aria-label={`Note by ${note.author_name ?? 'Steward'}`}
      >
        <header className="flex items-center gap-2 text-xs text-warn">
          <span className="font-medium">{note.author_name ?? 'Steward'}</span> internal note
          <When at={note.created_at} exact className="num ml-auto whitespace-nowrap" />
        </header>
        <p className="mt-1 break-words whitespace-pre-wrap">{note.text}</p>
      </article>
    </li>
  );
}

function sizeOf(bytes: number): string {
  return bytes < 1_000 ? `${bytes} B` : bytes < 1_000_000 ? `${Math.round(bytes / 1_000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
