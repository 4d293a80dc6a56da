import { Pencil, Plus, Trash2 } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import type { Item } from '#web/kit/api.ts';
import { Button } from '#web/kit/button.tsx';
import { Confirm } from '#web/kit/confirm.tsx';
import { Dialog } from '#web/kit/dialog.tsx';
import { Field, Input, Select, Textarea } from '#web/kit/field.tsx';
import { useForm } from '#web/kit/form.ts';
import { Panel } from '#web/kit/panel.tsx';
import { useAct, useRead } from '#web/kit/query.ts';
import { useMay } from '#web/kit/session.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Note } from '#web/kit/states.tsx';
import { priorities, PRIORITIES, STATES, states, type Priority, type State } from './words.ts';

type Macro = Item<'tickets.macros'>;

/** Answers that are given again and again, with what they change. */
export function MacrosPanel() {
  const may = useMay('manager');
  const list = useRead('tickets.macros', {});
  const [editing, setEditing] = useState<Macro | 'new' | null>(null);
  const remove = useAct('tickets.delete_macro', { refresh: ['tickets'], done: 'Deleted.' });
  return (
    <Panel
      title="Macros"
      aside={
        may ? (
          <Button size="sm" onClick={() => setEditing('new')}>
            <Plus /> New macro
          </Button>
        ) : undefined
      }
    >
      {list.data === undefined ? (
        <SkeletonLines lines={3} />
      ) : list.data.items.length === 0 ? (
        <p className="text-sm text-ink-3">An answer that you give again and again, and what it makes of the ticket, is a macro.</p>
      ) : (
        <ul className="divide-y">
          {list.data.items.map((one) => (
            <li key={one.id} className="flex items-center gap-3 py-2.5 text-sm">
              <span className="min-w-0 flex-1">
                <span className="block truncate font-medium">{one.title}</span>
                <span className="block truncate text-xs text-ink-3">{saysOf(one)}</span>
              </span>
              {may ? (
                <>
                  <Button size="sm" kind="quiet" aria-label={`Change ${one.title}`} onClick={() => setEditing(one)}>
                    <Pencil />
                  </Button>
                  <Confirm
                    title={`Delete “${one.title}”?`}
                    action="Delete"
                    danger
                    onConfirm={() => remove.mutate({ macro_id: one.id })}
                    trigger={(ask) => (
                      <Button size="sm" kind="quiet" aria-label={`Delete ${one.title}`} onClick={ask}>
                        <Trash2 />
                      </Button>
                    )}
                  >
                    What it did on tickets stays.
                  </Confirm>
                </>
              ) : null}
            </li>
          ))}
        </ul>
      )}
      {editing === null ? null : <Editor macro={editing === 'new' ? null : editing} onClose={() => setEditing(null)} />}
    </Panel>
  );
}

function saysOf({ text, changes }: Macro): string {
  const parts = [
    changes.state === undefined ? '' : states[changes.state][0],
    changes.priority === undefined ? '' : priorities[changes.priority][0],
    (changes.add_tags ?? []).map((tag) => `+${tag}`).join(' '),
    text.replace(/\s+/g, ' ').slice(0, 120),
  ];
  return parts.filter((part) => part !== '').join(' · ');
}

function Editor({ macro, onClose }: { macro: Macro | null; onClose: () => void }) {
  const form = useForm({
    title: macro?.title ?? '',
    text: macro?.text ?? '',
    state: macro?.changes.state ?? '',
    priority: macro?.changes.priority ?? '',
    tags: (macro?.changes.add_tags ?? []).join(', '),
  });
  const { values, set, fault } = form;
  const create = useAct('tickets.create_macro', { quiet: true, refresh: ['tickets'], done: 'Saved.' });
  const update = useAct('tickets.update_macro', { quiet: true, refresh: ['tickets'], done: 'Saved.' });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const tags = values.tags
      .split(',')
      .map((tag) => tag.trim())
      .filter((tag) => tag !== '');
    const { state: _state, priority: _priority, add_tags: _tags, ...kept } = macro?.changes ?? {};
    const body = {
      title: values.title.trim(),
      text: values.text,
      changes: {
        ...kept,
        ...(values.state === '' ? {} : { state: values.state as State /* the options below */ }),
        ...(values.priority === '' ? {} : { priority: values.priority as Priority /* the options below */ }),
        ...(tags.length === 0 ? {} : { add_tags: tags }),
      },
    };
    const then = { onError: form.setError, onSuccess: onClose };
    if (macro === null) create.mutate(body, then);
    else update.mutate({ macro_id: macro.id, if_match: macro.updated_at, ...body }, then);
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={macro === null ? 'New macro' : 'Change the macro'}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" form="macro" busy={create.isPending || update.isPending}>
            Save
          </Button>
        </>
      }
    >
      <form id="macro" onSubmit={submit} className="space-y-4">
        {form.general === undefined ? null : <Note tone="bad">{form.general}</Note>}
        <Field label="Title" error={fault('title')}>
          {(control) => (
            <Input {...control} required maxLength={120} value={values.title} onChange={(event) => set('title', event.target.value)} />
          )}
        </Field>
        <Field
          label="Answer"
          optional
          hint="Hello {{ person.first_name }} and the like is filled in; you read it before it is sent"
          error={fault('text')}
        >
          {(control) => <Textarea {...control} rows={6} value={values.text} onChange={(event) => set('text', event.target.value)} />}
        </Field>
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label="State afterwards" error={fault('changes.state')}>
            {(control) => (
              <Select
                {...control}
                value={values.state}
                onChange={(event) => set('state', event.target.value as State | '' /* the options below */)}
              >
                <option value="">As it is</option>
                {STATES.map((one) => (
                  <option key={one} value={one}>
                    {states[one][0]}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          <Field label="Priority" error={fault('changes.priority')}>
            {(control) => (
              <Select
                {...control}
                value={values.priority}
                onChange={(event) => set('priority', event.target.value as Priority | '' /* the options below */)}
              >
                <option value="">As it is</option>
                {PRIORITIES.map((one) => (
                  <option key={one} value={one}>
                    {priorities[one][0]}
                  </option>
                ))}
              </Select>
            )}
          </Field>
        </div>
        <Field label="Tags to give" optional hint="With commas between them" error={fault('changes.add_tags')}>
          {(control) => <Input {...control} value={values.tags} onChange={(event) => set('tags', event.target.value)} />}
        </Field>
      </form>
    </Dialog>
  );
}
