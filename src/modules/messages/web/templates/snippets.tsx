import { Plus, Puzzle, Trash2 } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import type { Item } from '#web/kit/api.ts';
import { Badge } from '#web/kit/badge.tsx';
import { Button } from '#web/kit/button.tsx';
import { Confirm } from '#web/kit/confirm.tsx';
import { Dialog } from '#web/kit/dialog.tsx';
import { Field, Input, Select, Textarea } from '#web/kit/field.tsx';
import { useForm } from '#web/kit/form.ts';
import { useAct, useRead } from '#web/kit/query.ts';
import { useMay } from '#web/kit/session.ts';
import { SkeletonRows } from '#web/kit/skeleton.tsx';
import { Empty, Failure, Note } from '#web/kit/states.tsx';

type Snippet = Item<'snippets.list'>;

/** Pieces that templates share: a change goes into each that holds them. */
export function Snippets() {
  const may = useMay('manager');
  const snippets = useRead('snippets.list', {});
  const [open, setOpen] = useState<Snippet | 'new' | null>(null);
  if (snippets.data === undefined)
    return snippets.error === null ? (
      <SkeletonRows rows={3} />
    ) : (
      <Failure what="The snippets could not be loaded." error={snippets.error} retry={() => void snippets.refetch()} />
    );
  const { items } = snippets.data;
  const add = may ? (
    <Button kind="primary" onClick={() => setOpen('new')}>
      <Plus /> New snippet
    </Button>
  ) : null;
  return (
    <div className="space-y-4">
      {items.length === 0 ? (
        <div className="rounded-xl border bg-panel shadow-raise">
          <Empty icon={<Puzzle />} title="No snippets yet" action={add}>
            A signature, opening hours, a legal line: written once, held by as many templates as you like.
          </Empty>
        </div>
      ) : (
        <>
          <div className="flex flex-wrap items-center justify-between gap-3">
            <p className="max-w-xl text-sm text-ink-2">A change makes a new version of each template that holds it.</p>
            {add}
          </div>
          <ul className="divide-y rounded-xl border bg-panel shadow-raise" aria-label="Snippets">
            {items.map((one) => (
              <li key={one.key} className="relative flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-3 hover:bg-hover">
                <div className="min-w-0 flex-1 basis-48">
                  <button
                    type="button"
                    className="block max-w-full truncate text-left text-sm font-medium after:absolute after:inset-0"
                    onClick={() => setOpen(one)}
                  >
                    {one.title}
                  </button>
                  <div className="truncate text-xs text-ink-3">{one.body.replace(/\s+/g, ' ').slice(0, 140)}</div>
                </div>
                {one.mode === 'html' ? <Badge>HTML</Badge> : null}
                <span className="text-xs text-ink-3">
                  {one.used_by.length === 0 ? 'not used' : `in ${one.used_by.length} ${one.used_by.length === 1 ? 'place' : 'places'}`}
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
      {open === null ? null : <SnippetDialog snippet={open === 'new' ? null : open} may={may} onClose={() => setOpen(null)} />}
    </div>
  );
}

function SnippetDialog({ snippet, may, onClose }: { snippet: Snippet | null; may: boolean; onClose: () => void }) {
  const form = useForm({ key: snippet?.key ?? '', title: snippet?.title ?? '', mode: snippet?.mode ?? 'text', body: snippet?.body ?? '' });
  const save = useAct('snippets.save', {
    quiet: true,
    refresh: ['snippets', 'templates'],
    done: ({ republished }) =>
      republished.length === 0
        ? 'Saved.'
        : `Saved; ${republished.length} ${republished.length === 1 ? 'template has' : 'templates have'} a new version.`,
    onDone: onClose,
  });
  const remove = useAct('snippets.delete', { refresh: ['snippets'], done: 'Deleted.', onDone: onClose });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { key, title, mode, body } = form.values;
    save.mutate(
      {
        key: key.trim(),
        title: title.trim(),
        mode: mode === 'html' ? 'html' : 'text',
        body,
        ...(snippet === null ? {} : { if_match: snippet.updated_at }),
      },
      { onError: form.setError },
    );
  };
  return (
    <Dialog
      open
      wide
      onOpenChange={onClose}
      title={snippet === null ? 'New snippet' : snippet.title}
      description={
        snippet === null ? (
          'Templates hold it as a block, or anywhere as {% snippet "key" %}.'
        ) : (
          <span className="font-mono text-xs">{`{% snippet "${snippet.key}" %}`}</span>
        )
      }
      footer={
        may ? (
          <>
            {snippet === null ? null : (
              <Confirm
                title="Delete this snippet?"
                action="Delete"
                danger
                onConfirm={() => remove.mutate({ key: snippet.key })}
                trigger={(ask) => (
                  <Button className="mr-auto" disabled={snippet.used_by.length > 0} onClick={ask}>
                    <Trash2 /> Delete
                  </Button>
                )}
              >
                No template holds it.
              </Confirm>
            )}
            <Button onClick={onClose}>Cancel</Button>
            <Button kind="primary" type="submit" form="snippet" busy={save.isPending}>
              Save
            </Button>
          </>
        ) : undefined
      }
    >
      <form id="snippet" onSubmit={submit}>
        <fieldset disabled={!may} className="space-y-4">
          {form.general === undefined ? null : <Note tone="bad">{form.general}</Note>}
          <div className="grid gap-4 sm:grid-cols-[1fr_1fr_8rem]">
            <Field label="Title" error={form.fault('title')}>
              {(control) => <Input {...control} {...form.text('title')} required maxLength={200} />}
            </Field>
            <Field label="Key" error={form.fault('key')}>
              {(control) => (
                <Input
                  {...control}
                  {...form.text('key')}
                  required
                  disabled={snippet !== null}
                  placeholder="signature"
                  pattern="[a-z0-9][a-z0-9\-]{0,62}"
                />
              )}
            </Field>
            <Field label="Written in">
              {(control) => (
                <Select {...control} {...form.text('mode')}>
                  <option value="text">Text</option>
                  <option value="html">HTML</option>
                </Select>
              )}
            </Field>
          </div>
          <Field
            label="Text"
            error={form.fault('body')}
            hint={form.values.mode === 'html' ? undefined : '**bold**, *italic*, [label](https://…), lines with - make a list.'}
          >
            {(control) => (
              <Textarea
                {...control}
                {...form.text('body')}
                required
                rows={8}
                className={form.values.mode === 'html' ? 'font-mono sm:text-xs' : ''}
              />
            )}
          </Field>
          {snippet === null || snippet.used_by.length === 0 ? null : (
            <p className="text-sm text-ink-2">Held by {snippet.used_by.map((use) => use.title).join(', ')}.</p>
          )}
        </fieldset>
      </form>
    </Dialog>
  );
}
