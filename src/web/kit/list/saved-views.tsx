import { Bookmark, Check, ChevronDown, Link2, Save, Star, Trash2 } from 'lucide-react';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import { toast } from '#web/kit/toast.ts';
import type { Item } from '../api.ts';
import { Button } from '../button.tsx';
import { Dialog } from '../dialog.tsx';
import { Checkbox, Field, Input } from '../field.tsx';
import { Menu, MenuItem, MenuLabel, MenuLine } from '../menu.tsx';
import { useAct, useRead } from '../query.ts';
import type { ColumnChoice } from './columns.tsx';

type SavedView = Item<'views.list'>;
export type ListQuery = Record<string, string>;

export interface SavedViewsProps {
  /** The list's name: `leads`. */
  list: string;
  /** What the unfiltered list is called: `All leads`. */
  all: string;
  viewId: string | undefined;
  /** Filters, sort and layout in force, as they stand in the address. */
  query: ListQuery;
  columns: readonly ColumnChoice[];
  onApply: (view: { id: string; query: ListQuery; columns: readonly ColumnChoice[] } | null) => void;
}

const same = (a: ListQuery, b: ListQuery) => [...new Set([...Object.keys(a), ...Object.keys(b)])].every((key) => a[key] === b[key]);

/** Which view of the list this is; saves, shares and chooses views. The address holds all of it, so a link shows the same. */
export function SavedViews({ list, all, viewId, query, columns, onApply }: SavedViewsProps) {
  const views = useRead('views.list', { list });
  const [saving, setSaving] = useState(false);
  const items = views.data?.items ?? [];
  const current = items.find((view) => view.id === viewId);
  const fallback = views.data?.default_view_id;
  const changed = current !== undefined && (!same(current.query, query) || JSON.stringify(current.columns) !== JSON.stringify(columns));
  const apply = (view: SavedView) => onApply({ id: view.id, query: view.query, columns: view.columns });

  // Once a page: the plain list opens as its reader wants it, and a link to a view brings that view's columns.
  const begun = useRef(false);
  useEffect(() => {
    if (begun.current || views.data === undefined) return;
    begun.current = true;
    const asked = views.data.items.find((view) => view.id === viewId);
    const own = views.data.items.find((view) => view.id === fallback);
    if (asked !== undefined)
      onApply({ id: asked.id, query: Object.keys(query).length === 0 ? asked.query : query, columns: asked.columns });
    else if (viewId === undefined && Object.keys(query).length === 0 && own !== undefined) apply(own);
  });

  const refresh = { refresh: ['views'] };
  const update = useAct('views.update', { ...refresh, done: 'View saved.' });
  const remove = useAct('views.delete', { ...refresh, done: 'View deleted. The list itself is untouched.', onDone: () => onApply(null) });
  const prefer = useAct('views.set_default', {
    ...refresh,
    done: ({ view_id: id }) => (id === null ? `Opens with ${all.toLowerCase()} again.` : 'Opens with this view from now on.'),
  });
  return (
    <>
      <Menu
        align="start"
        trigger={
          <Button aria-label={`View: ${current?.name ?? all}`} className="max-w-56">
            <Bookmark />
            <span className="truncate">{current?.name ?? all}</span>
            {changed ? <span className="text-xs font-normal text-ink-3">edited</span> : null}
            <ChevronDown />
          </Button>
        }
      >
        <MenuItem onSelect={() => onApply(null)}>
          <span className="flex-1">{all}</span>
          {current === undefined ? <Check aria-label="shown" /> : null}
        </MenuItem>
        {items.length > 0 ? <MenuLabel>Saved views</MenuLabel> : null}
        {items.map((view) => (
          <MenuItem key={view.id} onSelect={() => apply(view)}>
            <span className="min-w-0 max-w-64 flex-1 truncate">{view.name}</span>
            {view.shared ? <span className="text-xs text-ink-3">shared</span> : null}
            {view.id === fallback ? <Star aria-label="default" className="!size-3.5" /> : null}
            {view.id === current?.id ? <Check aria-label="shown" /> : null}
          </MenuItem>
        ))}
        <MenuLine />
        {changed && current.mine ? (
          <MenuItem
            icon={<Save />}
            onSelect={() => update.mutate({ view_id: current.id, query, columns: [...columns], if_match: current.updated_at })}
          >
            Save changes to “{current.name}”
          </MenuItem>
        ) : null}
        <MenuItem icon={<Save />} onSelect={() => setSaving(true)}>
          Save as a new view…
        </MenuItem>
        <MenuItem
          icon={<Link2 />}
          onSelect={() =>
            void navigator.clipboard
              .writeText(location.href)
              .then(() => toast.success('Link copied. Whoever opens it sees the same filters.'))
          }
        >
          Copy a link to this
        </MenuItem>
        {current === undefined ? (
          fallback === null || fallback === undefined ? null : (
            <MenuItem icon={<Star />} onSelect={() => prefer.mutate({ list, view_id: null })}>
              Open with {all.toLowerCase()}
            </MenuItem>
          )
        ) : (
          <>
            <MenuItem icon={<Star />} onSelect={() => prefer.mutate({ list, view_id: current.id === fallback ? null : current.id })}>
              {current.id === fallback ? 'No longer my default' : 'Make it my default'}
            </MenuItem>
            {current.mine ? (
              <MenuItem icon={<Trash2 />} danger onSelect={() => remove.mutate({ view_id: current.id })}>
                Delete “{current.name}”
              </MenuItem>
            ) : null}
          </>
        )}
      </Menu>
      {saving ? (
        <SaveView
          list={list}
          query={query}
          columns={columns}
          onClose={() => setSaving(false)}
          onSaved={(view) => onApply({ id: view.id, query, columns })}
        />
      ) : null}
    </>
  );
}

function SaveView({
  list,
  query,
  columns,
  onClose,
  onSaved,
}: Pick<SavedViewsProps, 'list' | 'query' | 'columns'> & { onClose: () => void; onSaved: (view: { id: string }) => void }) {
  const [name, setName] = useState('');
  const [shared, setShared] = useState(false);
  const save = useAct('views.create', {
    refresh: ['views'],
    done: (view) => `“${view.name}” saved.`,
    onDone: (view) => {
      onSaved(view);
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate({ list, name: name.trim(), shared, query, columns: [...columns] });
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title="Save this view"
      description="Filters, order, layout and columns, as they are now."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" form="save-view" busy={save.isPending} disabled={name.trim() === ''}>
            Save
          </Button>
        </>
      }
    >
      <form id="save-view" onSubmit={submit} className="space-y-4">
        <Field label="Name">
          {(control) => <Input {...control} maxLength={80} value={name} onChange={(event) => setName(event.target.value)} />}
        </Field>
        <Checkbox label="Share it with everybody in the company" checked={shared} onCheckedChange={(on) => setShared(on === true)} />
      </form>
    </Dialog>
  );
}
