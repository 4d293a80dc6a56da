import { Plus } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import type { Item } from '#web/kit/api.ts';
import { Button } from '#web/kit/button.tsx';
import { Checkbox, Field, Input, Select } from '#web/kit/field.tsx';
import { useForm } from '#web/kit/form.ts';
import { useKeys } from '#web/kit/keyboard.ts';
import { Kbd } from '#web/kit/kbd.tsx';
import { Panel } from '#web/kit/panel.tsx';
import { useAct, useRead } from '#web/kit/query.ts';
import { useMe } from '#web/kit/session.ts';
import { Note } from '#web/kit/states.tsx';
import { dateOf } from '#web/kit/time.tsx';
import { userName } from '#web/kit/user-name.ts';

type Task = Item<'tasks.list'>;
const refresh = ['tasks', 'system'];

/** What somebody owes this person. They stand on Today, too. */
export function TasksPanel({ personId }: { personId: string }) {
  const open = useRead('tasks.list', { person_id: personId, state: 'open', limit: 50 });
  const done = useRead('tasks.list', { person_id: personId, state: 'done', limit: 5 });
  const users = useRead('users.list', { limit: 200 });
  const [adding, setAdding] = useState(false);
  useKeys({ t: () => setAdding(true) });
  const names = new Map((users.data?.items ?? []).map((user) => [user.id, userName(user)]));
  const rows = (open.data?.items ?? []).toSorted((a, b) => (a.due_at ?? '9').localeCompare(b.due_at ?? '9'));
  const finished = done.data?.items ?? [];
  return (
    <Panel
      title="Tasks"
      aside={
        <Button kind="quiet" size="sm" onClick={() => setAdding(true)} aria-expanded={adding}>
          <Plus /> Add <Kbd>T</Kbd>
        </Button>
      }
    >
      {rows.length === 0 && !adding ? <p className="text-sm text-ink-2">Nothing to do. Tasks with a date remind you on Today.</p> : null}
      <ul className="space-y-2">
        {rows.map((task) => (
          <TaskLine key={task.id} task={task} assignee={task.assignee_id === null ? undefined : names.get(task.assignee_id)} />
        ))}
      </ul>
      {finished.length === 0 ? null : (
        <details className="mt-3">
          <summary className="text-xs text-ink-2 hover:text-ink">Done</summary>
          <ul className="mt-2 space-y-2">
            {finished.map((task) => (
              <TaskLine key={task.id} task={task} assignee={undefined} />
            ))}
          </ul>
        </details>
      )}
      {adding ? <AddTask personId={personId} users={[...names]} onDone={() => setAdding(false)} /> : null}
    </Panel>
  );
}

const isPast = (moment: Date) => moment < new Date();

function TaskLine({ task, assignee }: { task: Task; assignee: string | undefined }) {
  const settle = useAct('tasks.update', { refresh, part: true });
  const due = task.due_at === null ? null : new Date(task.due_at);
  const late = task.state === 'open' && due !== null && isPast(due);
  return (
    <li>
      <Checkbox
        checked={task.state !== 'open'}
        disabled={settle.isPending}
        onCheckedChange={(checked) =>
          settle.mutate({ task_id: task.id, state: checked === true ? 'done' : 'open', if_match: task.updated_at })
        }
        label={<span className={task.state === 'open' ? '' : 'text-ink-3 line-through'}>{task.title}</span>}
        hint={
          due === null && assignee === undefined && task.body === '' ? undefined : (
            <>
              {due === null ? null : (
                <span className={late ? 'font-medium text-bad' : ''}>
                  {late ? 'Overdue since ' : 'Due '}
                  {dateOf(due.toISOString())}
                </span>
              )}
              {due !== null && assignee !== undefined ? ' · ' : null}
              {assignee}
              {task.body === '' ? null : <span className="block whitespace-pre-wrap">{task.body}</span>}
            </>
          )
        }
      />
    </li>
  );
}

function AddTask({ personId, users, onDone }: { personId: string; users: readonly (readonly [string, string])[]; onDone: () => void }) {
  const me = useMe();
  const form = useForm({ title: '', due: '', assignee: me.id });
  const create = useAct('tasks.create', { quiet: true, refresh, done: 'Task added.', onDone });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { title, due, assignee } = form.values;
    create.mutate(
      {
        title: title.trim(),
        person_id: personId,
        // Due at the end of the working day where the browser is.
        ...(due === '' ? {} : { due_at: new Date(`${due}T17:00:00`).toISOString() }),
        ...(assignee === '' ? {} : { assignee_id: assignee }),
      },
      { onError: form.setError },
    );
  };
  return (
    <form
      onSubmit={submit}
      className="mt-3 space-y-3 border-t pt-3 first:mt-0 first:border-0 first:pt-0"
      onKeyDown={(event) => {
        if (event.key === 'Escape') onDone();
      }}
    >
      {form.general === undefined ? null : <Note tone="bad">{form.general}</Note>}
      <Field label="What is to be done" error={form.fault('title')}>
        {(control) => <Input {...control} {...form.text('title')} autoFocus required maxLength={300} placeholder="Send the offer" />}
      </Field>
      <div className="grid grid-cols-2 gap-3">
        <Field label="Due" optional error={form.fault('due_at')}>
          {(control) => <Input {...control} {...form.text('due')} type="date" />}
        </Field>
        <Field label="Who">
          {(control) => (
            <Select {...control} value={form.values.assignee} onChange={(event) => form.set('assignee', event.target.value)}>
              <option value="">Nobody yet</option>
              {(users.length === 0 ? [[me.id, userName(me)] as const] : users).map(([id, name]) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </Select>
          )}
        </Field>
      </div>
      <div className="flex justify-end gap-2">
        <Button onClick={onDone}>Cancel</Button>
        <Button kind="primary" type="submit" busy={create.isPending} disabled={form.values.title.trim() === ''}>
          Add
        </Button>
      </div>
    </form>
  );
}
