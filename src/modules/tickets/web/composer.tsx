import { useQueryClient } from '@tanstack/react-query';
import { BookOpen, Link2, Send, Sparkles, StickyNote, Zap } from 'lucide-react';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import { toast } from '#web/kit/toast.ts';
import { call } from '#web/kit/api.ts';
import { Button } from '#web/kit/button.tsx';
import { cn } from '#web/kit/cn.ts';
import { Dialog } from '#web/kit/dialog.tsx';
import { Textarea } from '#web/kit/field.tsx';
import { useKeys } from '#web/kit/keyboard.ts';
import { Menu, MenuItem, MenuLabel } from '#web/kit/menu.tsx';
import { refresh, useAct, useRead } from '#web/kit/query.ts';
import { Note as Box } from '#web/kit/states.tsx';
import { AttachButton, ChosenFiles, useFilesToSend } from './files.tsx';
import { states, type State, type Whole } from './words.ts';

/** What the answer leaves behind, in the order of the menu. */
const AFTER = ['pending', 'open', 'on_hold', 'solved'] as const satisfies readonly State[];

/** Kept on this device while it is written: a page that is closed by mistake loses nothing. */
function useKept(ticketId: string) {
  const key = `ticket-draft:${ticketId}`;
  const [draft, setDraft] = useState<{ id: string; text: string }>(() => {
    const kept = localStorage.getItem(key);
    return { id: crypto.randomUUID(), text: kept ?? '' };
  });
  useEffect(() => {
    if (draft.text === '') localStorage.removeItem(key);
    else localStorage.setItem(key, draft.text);
  }, [key, draft.text]);
  return {
    draft,
    write: (text: string) => setDraft((now) => ({ ...now, text })),
    renew: (text = '') => setDraft({ id: crypto.randomUUID(), text }),
  };
}

/** Writes the answer, or a note that stays in the house. */
export function Composer({ whole, onTyping }: { whole: Whole; onTyping: (typing: boolean) => void }) {
  const { ticket, entries } = whole;
  const client = useQueryClient();
  const { draft, write, renew } = useKept(ticket.id);
  const [noting, setNoting] = useState(false);
  const [note, setNote] = useState('');
  const [state, setState] = useState<State>('pending');
  const [macro, setMacro] = useState<{ id: string; title: string } | null>(null);
  const files = useFilesToSend(ticket.person_id);
  const [blocked, setBlocked] = useState<readonly string[]>([]);
  const [warned, setWarned] = useState<string | null>(null);
  const box = useRef<HTMLTextAreaElement>(null);
  const idle = useRef<ReturnType<typeof setTimeout> | null>(null);
  const macros = useRead('tickets.macros', {});
  const suggestions = useRead('tickets.suggest', { ticket_id: ticket.id });
  const prepared = useAct('tickets.draft_answer', { quiet: true });
  const [rests, setRests] = useState<readonly string[]>([]);
  const send = useAct('tickets.reply', { quiet: true });
  const addNote = useAct('tickets.note', { refresh: ['tickets'] });
  const apply = useAct('tickets.apply_macro', { refresh: ['tickets'], done: 'Done.' });
  const seen = entries.at(-1)?.id;
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
  const typed = () => {
    onTyping(true);
    if (idle.current !== null) clearTimeout(idle.current);
    idle.current = setTimeout(() => onTyping(false), 6_000);
  };
  const insert = (text: string) => {
    write(draft.text.trim() === '' ? text : `${draft.text.trimEnd()}\n\n${text}`);
    focusBox();
  };
  const takeMacro = (id: string, title: string) =>
    void call('tickets.draw_macro', { ticket_id: ticket.id, macro_id: id }).then(
      (drawn) => {
        if (drawn.text.trim() === '') return apply.mutate({ ticket_id: ticket.id, macro_id: id });
        setMacro({ id, title });
        if (drawn.changes.state !== undefined && drawn.changes.state !== 'closed') setState(drawn.changes.state);
        if (drawn.problem !== null) toast.warning(drawn.problem);
        return insert(drawn.text);
      },
      (error: unknown) => toast.error(error instanceof Error ? error.message : 'The macro could not be read'),
    );
  const prepare = () =>
    prepared.mutate(
      { ticket_id: ticket.id },
      {
        onSuccess: ({ text, sources, reason }) => {
          if (text === null) return toast.info(reason ?? 'There is no draft');
          setRests(sources.map(({ title }) => title));
          return insert(text);
        },
        onError: (error) => toast.error(error.message),
      },
    );
  const submit = (anyway = false) => {
    const text = draft.text.trim();
    if (text === '' || send.isPending || files.sending !== null) return;
    onTyping(false);
    setBlocked([]);
    send.mutate(
      {
        ticket_id: ticket.id,
        draft_id: draft.id,
        text,
        state,
        anyway,
        file_ids: files.chosen.map(({ id }) => id),
        ...(macro === null ? {} : { macro_id: macro.id }),
        ...(seen === undefined ? {} : { seen_id: seen }),
      },
      {
        onSuccess: (sent) => {
          void refresh(client, ['tickets', 'messages', 'conversations', 'people']);
          setWarned(null);
          if (sent.message_state === 'blocked') {
            setBlocked(sent.reasons);
            renew(draft.text);
            return;
          }
          renew();
          setRests([]);
          files.clear();
          setMacro(null);
          setState('pending');
        },
        onError: (error) => {
          if (error.code !== 'ticket_answered_meanwhile') return toast.error(error.message);
          void refresh(client, ['tickets']);
          setWarned(error.message);
        },
      },
    );
  };
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (!noting) return submit();
    const text = note.trim();
    if (text !== '') addNote.mutate({ ticket_id: ticket.id, text }, { onSuccess: () => setNote('') });
  };
  const found = suggestions.data?.items ?? [];
  return (
    <form onSubmit={onSubmit} className="border-t bg-canvas px-4 pt-3 pb-4 sm:px-6" aria-label={`Answer #${ticket.number}`}>
      {noting || found.length === 0 || draft.text !== '' ? null : (
        <div
          className="-mx-4 mb-2 flex items-center gap-1.5 overflow-x-auto px-4 py-0.5 text-xs sm:mx-0 sm:flex-wrap sm:px-0"
          aria-label="Suggested answers"
          role="group"
        >
          <span className="shrink-0 text-ink-3">May fit:</span>
          {found.slice(0, 3).map((one) => (
            <span key={one.source_id} className="inline-flex shrink-0 items-center gap-0.5">
              <button
                type="button"
                title={
                  one.source === 'article' ? 'From an article; read it before you send it' : 'From a macro; read it before you send it'
                }
                onClick={() => (one.source === 'macro' ? takeMacro(one.source_id, one.title) : insert(one.text))}
                className="inline-flex h-6 max-w-56 items-center gap-1 rounded-full border bg-panel px-2.5 text-ink-2 hover:border-line-strong hover:text-ink"
              >
                {one.source === 'article' ? <BookOpen aria-hidden className="size-3" /> : <Zap aria-hidden className="size-3" />}
                <span className="truncate">{one.title}</span>
              </button>
              {one.url === null ? null : (
                <button
                  type="button"
                  aria-label={`Insert the link to ${one.title}`}
                  title="Insert its link on the help page"
                  onClick={() => insert(one.url ?? '')}
                  className="flex size-6 items-center justify-center rounded-full text-ink-3 hover:bg-hover hover:text-ink"
                >
                  <Link2 aria-hidden className="size-3.5" />
                </button>
              )}
            </span>
          ))}
        </div>
      )}
      <div className={cn('group rounded-xl border bg-panel shadow-raise focus-within:border-line-strong', noting && 'bg-warn-soft')}>
        <div className="flex items-center gap-1 border-b px-2 py-1.5 text-xs" role="radiogroup" aria-label="What to write">
          <Way chosen={!noting} onChoose={() => setNoting(false)}>
            Answer
          </Way>
          <Way chosen={noting} onChoose={() => setNoting(true)}>
            <StickyNote className="size-3.5" /> Note
          </Way>
          <span className="ml-auto min-w-0 truncate px-1.5 text-ink-3">
            {noting ? 'Nobody outside sees it' : macro === null ? `To ${ticket.email ?? ticket.person_name}` : `With “${macro.title}”`}
          </span>
        </div>
        <Textarea
          ref={box}
          aria-label={noting ? 'Write a note' : `Answer to ${ticket.person_name}`}
          placeholder={noting ? 'A note for colleagues' : `Answer ${ticket.person_name}…`}
          rows={(noting ? note : draft.text) === '' ? 1 : Math.min(12, Math.max(4, (noting ? note : draft.text).split('\n').length + 1))}
          className="min-h-10 resize-none border-0 bg-transparent px-3 shadow-none focus-visible:outline-none sm:min-h-16"
          value={noting ? note : draft.text}
          onChange={(event) => {
            if (noting) setNote(event.target.value);
            else write(event.target.value);
            typed();
          }}
          onKeyDown={(event) => {
            if (event.key === 'Escape') event.currentTarget.blur();
            if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
            event.preventDefault();
            event.currentTarget.form?.requestSubmit();
          }}
        />
        {noting || rests.length === 0 || draft.text === '' ? null : (
          <p role="status" className="px-3 pb-2 text-xs text-ink-2">
            Drafted from: {rests.join(', ')}. Read it before you send it.
          </p>
        )}
        {noting ? null : <ChosenFiles files={files} />}
        <div className="flex flex-wrap items-center gap-2 px-2 pb-2">
          {noting ? null : <AttachButton files={files} />}
          {noting ? null : (
            <Button size="sm" kind="quiet" busy={prepared.isPending} onClick={prepare}>
              {prepared.isPending ? null : <Sparkles />} Draft
            </Button>
          )}
          {noting ? null : (
            <Menu
              align="start"
              trigger={
                <Button size="sm" kind="quiet">
                  <Zap /> Macro
                </Button>
              }
            >
              {(macros.data?.items ?? []).length === 0 ? <MenuLabel>No macros yet: write them under Settings → Tickets</MenuLabel> : null}
              {(macros.data?.items ?? []).map((one) => (
                <MenuItem key={one.id} onSelect={() => takeMacro(one.id, one.title)}>
                  {one.title}
                </MenuItem>
              ))}
            </Menu>
          )}
          <span className="flex-1" />
          {noting ? (
            <Button kind="primary" size="sm" type="submit" busy={addNote.isPending} disabled={note.trim() === ''}>
              Add note
            </Button>
          ) : (
            <>
              <select
                aria-label="After the answer"
                value={state}
                onChange={(event) => setState(event.target.value as State /* the options below */)}
                className="h-7 rounded-md border border-line-strong bg-panel px-2 text-xs text-ink"
              >
                {AFTER.map((one) => (
                  <option key={one} value={one}>
                    {states[one][0]}
                  </option>
                ))}
              </select>
              <Button
                kind="primary"
                size="sm"
                type="submit"
                busy={send.isPending}
                disabled={draft.text.trim() === '' || files.sending !== null}
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
        description={warned ?? undefined}
        footer={
          <>
            <Button onClick={() => setWarned(null)}>Look first</Button>
            <Button kind="primary" busy={send.isPending} onClick={() => submit(true)}>
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

function Way({ chosen, onChoose, children }: { chosen: boolean; onChoose: () => void; children: React.ReactNode }) {
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
