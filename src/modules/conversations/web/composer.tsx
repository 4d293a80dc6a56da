import { useQueryClient } from '@tanstack/react-query';
import { Send, StickyNote } from 'lucide-react';
import { useContext, useRef, useState, type FormEvent } from 'react';
import { toast } from '#web/kit/toast.ts';
import { Button } from '#web/kit/button.tsx';
import { cn } from '#web/kit/cn.ts';
import { Dialog } from '#web/kit/dialog.tsx';
import { Input, Select, Textarea } from '#web/kit/field.tsx';
import { InsertTemplate } from '#web/kit/insert-template.tsx';
import { Kbd } from '#web/kit/kbd.tsx';
import { useKeys } from '#web/kit/keyboard.ts';
import { MentionText, mentionsIn, type Named } from '#web/kit/mention-text.tsx';
import { refresh, useAct } from '#web/kit/query.ts';
import { Note as Box } from '#web/kit/states.tsx';
import { dateOf } from '#web/kit/time.tsx';
import { AdvanceContext } from './advance.ts';
import { useDraft } from './use-draft.ts';
import type { Thread } from './words.ts';

type Way = 'email' | 'sms' | 'note';

/** Writes the answer, a message of its own, or a note that stays in the house. */
export function Composer({ thread, focus, onTyping }: { thread: Thread; focus: boolean; onTyping: (typing: boolean) => void }) {
  const { conversation, ways } = thread;
  const { person_id: personId, name } = conversation;
  const client = useQueryClient();
  const advance = useContext(AdvanceContext);
  const { draft, change, rest, renew } = useDraft(thread);
  const [noting, setNoting] = useState(false);
  const [note, setNote] = useState('');
  const [named, setNamed] = useState<readonly Named[]>([]);
  const [kind, setKind] = useState<'commercial' | 'transactional'>('transactional');
  const [blocked, setBlocked] = useState<readonly string[]>([]);
  const [warned, setWarned] = useState<{ says: string; done: boolean } | null>(null);
  const box = useRef<HTMLTextAreaElement>(null);
  const idle = useRef<ReturnType<typeof setTimeout> | null>(null);
  const way: Way = noting ? 'note' : draft.channel;
  const { to, answers } = ways[draft.channel];
  const own = answers === null;
  const seen = thread.messages[0]?.id;

  const send = useAct('conversations.send', { quiet: true });
  const addNote = useAct('notes.create', { refresh: ['conversations', 'people', 'interactions'] });
  const typed = () => {
    onTyping(true);
    if (idle.current !== null) clearTimeout(idle.current);
    idle.current = setTimeout(() => onTyping(false), 6_000);
  };
  const focusBox = () => setTimeout(() => box.current?.focus(), 0);
  useKeys({
    r: () => {
      setNoting(false);
      focusBox();
    },
    n: () => {
      setNoting(true);
      focusBox();
    },
  });

  const submit = (done: boolean, anyway = false) => {
    const text = draft.text.trim();
    if (text === '' || send.isPending || (own && draft.channel === 'email' && draft.subject.trim() === '')) return;
    rest();
    onTyping(false);
    setBlocked([]);
    send.mutate(
      {
        person_id: personId,
        draft_id: draft.id,
        channel: draft.channel,
        text,
        ...(draft.channel === 'email' && draft.subject.trim() !== '' ? { subject: draft.subject.trim() } : {}),
        ...(own ? { class: kind } : {}),
        ...(seen === undefined ? {} : { seen_id: seen }),
        anyway,
        done,
      },
      {
        onSuccess: (sent) => {
          void refresh(client, ['conversations', 'messages', 'people', 'system']);
          setWarned(null);
          if (sent.state === 'blocked') {
            setBlocked(sent.reasons);
            renew(draft.text);
            return;
          }
          renew();
          // The message stands in the thread with its state: a toast would only lie over the button.
          if (done) advance();
        },
        onError: (error) => {
          if (error.code !== 'answered_meanwhile') return toast.error(error.message);
          void refresh(client, ['conversations']);
          setWarned({ says: error.message, done });
        },
      },
    );
  };
  const submitNote = () => {
    const content = note.trim();
    if (content === '') return;
    addNote.mutate(
      { person_id: personId, content, mention_ids: mentionsIn(content, named) },
      {
        onSuccess: () => {
          setNote('');
          setNamed([]);
        },
      },
    );
  };
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (noting) submitNote();
    else submit(false);
  };

  const channels = (['email', 'sms'] as const).filter((channel) => ways[channel].to !== null);
  return (
    <form onSubmit={onSubmit} className="border-t bg-canvas px-4 pt-3 pb-4 sm:px-6" aria-label={`Write to ${name}`}>
      <div className={cn('group rounded-xl border bg-panel shadow-raise focus-within:border-line-strong', noting && 'bg-warn-soft')}>
        <div className="flex flex-wrap items-center gap-1 border-b px-2 py-1.5 text-xs" role="radiogroup" aria-label="What to write">
          {channels.map((channel) => (
            <Choice
              key={channel}
              chosen={way === channel}
              onChoose={() => {
                setNoting(false);
                if (draft.channel !== channel) change({ channel });
              }}
            >
              {ways[channel].answers === null
                ? channel === 'email'
                  ? 'New email'
                  : 'New SMS'
                : channel === 'email'
                  ? 'Answer'
                  : 'Answer by SMS'}
            </Choice>
          ))}
          <Choice chosen={noting} onChoose={() => setNoting(true)}>
            <StickyNote className="size-3.5" /> Note
          </Choice>
          <span className="ml-auto min-w-0 truncate px-1.5 text-ink-3">
            {noting
              ? 'Nobody outside sees it'
              : to === null
                ? ''
                : own
                  ? `To ${to}`
                  : `Answers their ${draft.channel === 'email' ? 'mail' : 'SMS'} of ${dateOf(answers.at)}`}
          </span>
        </div>
        {noting ? (
          <MentionText
            ref={box}
            label="Write a note"
            placeholder="A note for colleagues; @ names one"
            value={note}
            onChange={(text) => {
              setNote(text);
              typed();
            }}
            onMention={(user) => setNamed([...named, user])}
            onSubmit={onSubmit}
            className="min-h-16 resize-none border-0 bg-transparent px-3 shadow-none focus-visible:outline-none"
            rows={3}
          />
        ) : to === null ? (
          <p className="px-3 py-4 text-sm text-ink-2">There is no address or number to write to. Add one on their page.</p>
        ) : (
          <>
            {own && draft.channel === 'email' ? (
              <Input
                aria-label="Subject"
                placeholder="Subject"
                maxLength={500}
                className="h-9 rounded-none border-0 border-b bg-transparent px-3 shadow-none focus-visible:outline-none"
                value={draft.subject}
                onChange={(event) => change({ subject: event.target.value })}
              />
            ) : null}
            <Textarea
              ref={box}
              aria-label={own ? `Message to ${name}` : `Answer to ${name}`}
              placeholder={own ? 'Write…' : `Answer ${name}…`}
              autoFocus={focus}
              rows={draft.text === '' ? 1 : Math.min(12, Math.max(4, draft.text.split('\n').length + 1))}
              className="min-h-10 sm:min-h-16 resize-none border-0 bg-transparent px-3 shadow-none focus-visible:outline-none"
              value={draft.text}
              onChange={(event) => {
                change({ text: event.target.value });
                typed();
              }}
              onKeyDown={(event) => {
                if (event.key === 'Escape') event.currentTarget.blur();
                if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
                event.preventDefault();
                submit(event.shiftKey);
              }}
            />
          </>
        )}
        <div
          className={cn(
            'flex flex-wrap items-center gap-2 px-2 pb-2',
            // on a phone the messages have the room until somebody writes
            !noting && draft.text === '' && 'max-sm:hidden max-sm:group-focus-within:flex',
          )}
        >
          {noting || to === null ? null : (
            <InsertTemplate
              personId={personId}
              onInsert={({ subject, text }) => {
                change({
                  text: draft.text.trim() === '' ? text : `${draft.text.trimEnd()}\n\n${text}`,
                  ...(own && draft.channel === 'email' && draft.subject.trim() === '' ? { subject } : {}),
                });
                focusBox();
              }}
            />
          )}
          {own && !noting && to !== null ? (
            <label className="flex items-center gap-2 text-xs text-ink-2">
              <span className="sr-only sm:not-sr-only">It is</span>
              <Select
                className="h-7 text-xs"
                value={kind}
                onChange={(event) => setKind(event.target.value === 'commercial' ? 'commercial' : 'transactional')}
              >
                <option value="transactional">about what they have with us</option>
                <option value="commercial">an offer: consent, hours and caps hold</option>
              </Select>
            </label>
          ) : null}
          <span className="ml-auto hidden items-center gap-1 text-xs text-ink-3 sm:flex" aria-hidden>
            <Kbd>Ctrl ↵</Kbd>
          </span>
          {noting ? (
            <Button
              kind="primary"
              size="sm"
              type="submit"
              className="ml-auto sm:ml-0"
              busy={addNote.isPending}
              disabled={note.trim() === ''}
            >
              Add note
            </Button>
          ) : to === null ? null : (
            <>
              <Button
                size="sm"
                className="ml-auto sm:ml-0"
                disabled={draft.text.trim() === '' || send.isPending}
                onClick={() => submit(true)}
              >
                Send and done
              </Button>
              <Button
                kind="primary"
                size="sm"
                type="submit"
                busy={send.isPending}
                disabled={draft.text.trim() === '' || (own && draft.channel === 'email' && draft.subject.trim() === '')}
              >
                <Send /> Send
              </Button>
            </>
          )}
        </div>
      </div>
      {blocked.length === 0 ? null : (
        <Box tone="warn" className="mt-3">
          It did not leave. {blocked.join(' ')}
        </Box>
      )}
      <Dialog
        open={warned !== null}
        onOpenChange={(open) => {
          if (!open) setWarned(null);
        }}
        title="Somebody was faster"
        description={warned?.says}
        footer={
          <>
            <Button onClick={() => setWarned(null)}>Look first</Button>
            <Button kind="primary" busy={send.isPending} onClick={() => submit(warned?.done ?? false, true)}>
              Send anyway
            </Button>
          </>
        }
      >
        <p className="text-sm text-ink-2">Nothing was sent. Your text is kept.</p>
      </Dialog>
    </form>
  );
}

function Choice({ chosen, onChoose, children }: { chosen: boolean; onChoose: () => void; children: React.ReactNode }) {
  return (
    <button
      type="button"
      role="radio"
      aria-checked={chosen}
      onClick={onChoose}
      className={cn(
        'inline-flex h-7 items-center gap-1.5 rounded-md px-2.5',
        chosen ? 'bg-sunken font-medium text-ink' : 'text-ink-2 hover:bg-hover hover:text-ink',
      )}
    >
      {children}
    </button>
  );
}
