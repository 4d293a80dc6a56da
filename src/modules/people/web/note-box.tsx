import { useRef, useState, type FormEvent } from 'react';
import { Button } from '#web/kit/button.tsx';
import { words } from '#web/kit/format.ts';
import { useKeys } from '#web/kit/keyboard.ts';
import { useAct } from '#web/kit/query.ts';
import { MentionText, mentionsIn, type Named } from '#web/kit/mention-text.tsx';

/** Writes a note, a call or a meeting on the timeline. `@` names a colleague, who is told. */
export function NoteBox({ personId, leadId }: { personId: string; leadId: string | null }) {
  const [text, setText] = useState('');
  const [named, setNamed] = useState<readonly Named[]>([]);
  const [kind, setKind] = useState<'note' | 'call' | 'meeting'>('note');
  const box = useRef<HTMLTextAreaElement>(null);
  const after = { refresh: ['people', 'notes', 'interactions'] };
  const note = useAct('notes.create', after);
  const touch = useAct('interactions.create', after);
  useKeys({ n: () => box.current?.focus() });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const content = text.trim();
    if (content === '') return;
    // What is typed from here on is the next note; what could not be saved comes back before it.
    setText('');
    const saving =
      kind === 'note' || leadId === null
        ? note.mutateAsync({ person_id: personId, content, mention_ids: mentionsIn(content, named) })
        : touch.mutateAsync({ lead_id: leadId, type: kind, direction: 'outbound', content });
    saving.catch(() => setText((typed) => (typed === '' ? content : `${content}\n${typed}`)));
  };
  return (
    <form onSubmit={submit} className="rounded-xl border bg-panel p-2 shadow-raise focus-within:border-line-strong">
      <MentionText
        ref={box}
        label="Write a note"
        placeholder="Write a note; @ names a colleague"
        value={text}
        onChange={setText}
        onMention={(user) => setNamed([...named, user])}
        onSubmit={submit}
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
