import { useState, type FormEvent } from 'react';
import { Button } from '#web/kit/button.tsx';
import { Field, Input, Select, Textarea } from '#web/kit/field.tsx';
import { Kbd } from '#web/kit/kbd.tsx';
import { useAct } from '#web/kit/query.ts';
import { useMe } from '#web/kit/session.ts';
import { Note } from '#web/kit/states.tsx';

const sends = (submit: () => void) => (event: { key: string; ctrlKey: boolean; metaKey: boolean; preventDefault: () => void }) => {
  if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  submit();
};

/** A note on a person, without leaving the page. */
export function WriteNote({ person, onClose }: { person: { id: string; name: string }; onClose: () => void }) {
  const [content, setContent] = useState('');
  const create = useAct('notes.create', {
    refresh: ['notes', 'people', 'activity'],
    quiet: true,
    done: `Noted on ${person.name}.`,
    onDone: onClose,
  });
  const submit = () => {
    if (content.trim() !== '') create.mutate({ person_id: person.id, content });
  };
  return (
    <form
      className="space-y-3 p-4"
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        submit();
      }}
    >
      <Field label={`Note on ${person.name}`}>
        {(control) => (
          // The menu was opened to type: the field takes over from the search box.
          <Textarea
            {...control}
            autoFocus
            rows={5}
            value={content}
            onChange={(event) => setContent(event.target.value)}
            onKeyDown={sends(submit)}
          />
        )}
      </Field>
      {create.error === null ? null : <Note tone="bad">{create.error.message}</Note>}
      <Foot busy={create.isPending} disabled={content.trim() === ''} label="Save the note" onClose={onClose} />
    </form>
  );
}

const DAY_MS = 86_400_000;

/** Nine in the morning, so many days from today. */
function morning(days: number): string {
  const date = new Date(Date.now() + days * DAY_MS);
  date.setHours(9, 0, 0, 0);
  return date.toISOString();
}

/** Something to do, for oneself. */
export function WriteTask({ onClose }: { onClose: () => void }) {
  const me = useMe();
  const [title, setTitle] = useState('');
  const [days, setDays] = useState('1');
  const create = useAct('tasks.create', { refresh: ['tasks', 'system'], quiet: true, done: 'On your list.', onDone: onClose });
  const submit = () => {
    if (title.trim() !== '') create.mutate({ title, assignee_id: me.id, ...(days === '' ? {} : { due_at: morning(Number(days)) }) });
  };
  return (
    <form
      className="space-y-3 p-4"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Field label="What is to be done">
        {(control) => (
          // For the same reason.
          <Input
            {...control}
            autoFocus
            maxLength={300}
            value={title}
            onChange={(event) => setTitle(event.target.value)}
            onKeyDown={sends(submit)}
          />
        )}
      </Field>
      <Field label="Due">
        {(control) => (
          <Select {...control} value={days} onChange={(event) => setDays(event.target.value)}>
            <option value="0">Today</option>
            <option value="1">Tomorrow, 9:00</option>
            <option value="7">In a week</option>
            <option value="">No date</option>
          </Select>
        )}
      </Field>
      {create.error === null ? null : <Note tone="bad">{create.error.message}</Note>}
      <Foot busy={create.isPending} disabled={title.trim() === ''} label="Add the task" onClose={onClose} />
    </form>
  );
}

function Foot({ busy, disabled, label, onClose }: { busy: boolean; disabled: boolean; label: string; onClose: () => void }) {
  return (
    <div className="flex items-center justify-end gap-2">
      <span className="mr-auto hidden items-center gap-1 text-xs text-ink-3 sm:flex">
        <Kbd>Ctrl</Kbd>
        <Kbd>Enter</Kbd> saves
      </span>
      <Button onClick={onClose}>Cancel</Button>
      <Button kind="primary" type="submit" busy={busy} disabled={disabled}>
        {label}
      </Button>
    </div>
  );
}
