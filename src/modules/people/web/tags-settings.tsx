import { Link } from '@tanstack/react-router';
import { GitMerge, Tags, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { toast } from '#web/kit/toast.ts';
import type { Item } from '#web/kit/api.ts';
import { Button } from '#web/kit/button.tsx';
import { Confirm } from '#web/kit/confirm.tsx';
import { Dialog } from '#web/kit/dialog.tsx';
import { Field, Select } from '#web/kit/field.tsx';
import { countOf } from '#web/kit/format.ts';
import { Menu, MenuItem } from '#web/kit/menu.tsx';
import { Panel } from '#web/kit/panel.tsx';
import { useAct, useRead } from '#web/kit/query.ts';
import { useMay } from '#web/kit/session.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Empty, Failure } from '#web/kit/states.tsx';
import { InPlace } from './in-place.tsx';
import { isTagColor, tagColors, TagDot } from './tag-chip.tsx';

type Tag = Item<'tags.list'>;
const refresh = ['tags', 'people', 'leads', 'segments'];

/** All tags: names, colours, how many carry each; two that mean the same are made one. */
export function TagsSettings() {
  const tags = useRead('tags.list', {});
  const manager = useMay('manager');
  const rows = tags.data?.items ?? [];
  const update = useAct('tags.update', { quiet: true, refresh, part: true });
  const remove = useAct('tags.delete', { refresh, done: 'Deleted.' });
  const [merging, setMerging] = useState<Tag | null>(null);
  return (
    <div className="max-w-3xl space-y-4">
      <p className="max-w-xl text-sm text-ink-2">Tags are made by use, on a person or in an import. Here they get order.</p>
      <Panel flush>
        {tags.isPending ? (
          <SkeletonLines lines={4} className="p-4" />
        ) : tags.error !== null ? (
          <Failure what="The tags could not be loaded." error={tags.error} retry={() => void tags.refetch()} />
        ) : rows.length === 0 ? (
          <Empty
            icon={<Tags />}
            title="No tags yet"
            action={
              <Button asChild kind="primary">
                <Link to="/people">Choose people to tag</Link>
              </Button>
            }
          >
            A tag marks people who belong together, such as “Fair 2026”. Tick people in the list and press “Tag”, or let an import do it.
          </Empty>
        ) : (
          <ul className="divide-y">
            {rows.map((tag) => (
              <li key={tag.id} className="flex items-center gap-3 px-4 py-2 text-sm">
                <Menu
                  align="start"
                  trigger={
                    <Button kind="quiet" size="icon" className="size-7" aria-label={`Colour of ${tag.name}: ${tag.color}`}>
                      <TagDot color={tag.color} className="size-3" />
                    </Button>
                  }
                >
                  {tagColors.filter(isTagColor).map((color) => (
                    <MenuItem
                      key={color}
                      icon={<TagDot color={color} className="size-3" />}
                      onSelect={() =>
                        update.mutate(
                          { tag_id: tag.id, color, if_match: tag.updated_at },
                          { onError: (error) => toast.error(error.message) },
                        )
                      }
                    >
                      {color}
                    </MenuItem>
                  ))}
                </Menu>
                <span className="min-w-0 flex-1">
                  <InPlace
                    label="Name"
                    value={tag.name}
                    onSave={(name) => update.mutateAsync({ tag_id: tag.id, name, if_match: tag.updated_at })}
                  />
                </span>
                <span className="num shrink-0 text-xs text-ink-3">{countOf(tag.people, 'person', 'people')}</span>
                {!manager ? null : (
                  <span className="flex shrink-0">
                    <Button
                      kind="quiet"
                      size="icon"
                      className="size-7"
                      disabled={rows.length < 2}
                      aria-label={`Merge ${tag.name} into another tag`}
                      onClick={() => setMerging(tag)}
                    >
                      <GitMerge />
                    </Button>
                    <Confirm
                      title={`Delete the tag ${tag.name}?`}
                      action="Delete"
                      danger
                      onConfirm={() => remove.mutate({ tag_id: tag.id })}
                      trigger={(ask) => (
                        <Button kind="quiet" size="icon" className="size-7" aria-label={`Delete ${tag.name}`} onClick={ask}>
                          <Trash2 />
                        </Button>
                      )}
                    >
                      <p>{countOf(tag.people, 'person loses', 'people lose')} it. The people stay.</p>
                    </Confirm>
                  </span>
                )}
              </li>
            ))}
          </ul>
        )}
      </Panel>
      {merging === null ? null : (
        <MergeDialog tag={merging} others={rows.filter((one) => one.id !== merging.id)} onClose={() => setMerging(null)} />
      )}
    </div>
  );
}

function MergeDialog({ tag, others, onClose }: { tag: Tag; others: readonly Tag[]; onClose: () => void }) {
  const [into, setInto] = useState(others[0]?.id ?? '');
  const merge = useAct('tags.merge', { refresh, done: (left) => `They are one now: ${left.name}.`, onDone: onClose });
  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={`Merge ${tag.name} into another tag`}
      description={`Whoever carries ${tag.name} carries the other one then, and ${tag.name} is gone.`}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" busy={merge.isPending} onClick={() => merge.mutate({ tag_id: into, tag_ids: [tag.id] })}>
            Merge
          </Button>
        </>
      }
    >
      <Field label="The tag that stays">
        {(control) => (
          <Select {...control} value={into} onChange={(event) => setInto(event.target.value)}>
            {others.map((one) => (
              <option key={one.id} value={one.id}>
                {one.name}
              </option>
            ))}
          </Select>
        )}
      </Field>
    </Dialog>
  );
}
