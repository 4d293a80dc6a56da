import { useState } from 'react';
import type { Input } from '#web/kit/api.ts';
import { Button } from '#web/kit/button.tsx';
import { ExportDialog } from '#web/kit/export-dialog.tsx';
import { countOf } from '#web/kit/format.ts';
import { useBulk } from '#web/kit/list/bulk.tsx';
import { EnrolChosen } from '#web/kit/list/enrol.tsx';
import { sayWhenCut } from '#web/kit/list/export-list.tsx';
import { Picker } from '#web/kit/list/picker.tsx';
import { Menu, MenuItem } from '#web/kit/menu.tsx';
import { useAct, useRead } from '#web/kit/query.ts';
import { useMay } from '#web/kit/session.ts';
import type { Person } from './people-columns.tsx';
import type { PeopleFilter } from './people-filters.ts';

type What = Omit<Input<'bulk.start'>, 'person_ids' | 'people_filter' | 'noun'>;
export type Asked = 'owner' | 'tag' | 'untag' | 'enrol' | 'list' | 'export';

/** Whom an action is about: people by id, or all that the filter finds. */
export type Target =
  | { ids: readonly string[]; name: string }
  | { filter: PeopleFilter; count: number; read: () => Promise<readonly Person[]> };

const about = (target: Target) => ('ids' in target ? target.name : countOf(target.count, 'person', 'people'));

/** Everything one can do to people of a list, however many: the pickers, the questions before, the undo after. */
export function usePeopleActions(onDone: () => void) {
  const [open, setOpen] = useState<{ asked: Exclude<Asked, 'enrol' | 'export'>; target: Target } | null>(null);
  const [taken, setTaken] = useState<{ asked: 'enrol' | 'export'; ids: readonly string[]; of: number } | null>(null);
  const users = useRead('users.list', { limit: 200 }, { enabled: open?.asked === 'owner' });
  const tags = useRead('tags.list', {}, { enabled: open?.asked === 'tag' || open?.asked === 'untag' });
  const lists = useRead('segments.list', { limit: 200 }, { enabled: open?.asked === 'list' });
  const add = useAct('segments.add', {
    refresh: ['segments'],
    done: ({ added }) => `${countOf(added, 'person', 'people')} added.`,
    onDone,
  });
  const bulk = useBulk(
    ['people', 'leads'],
    (change) =>
      `${countOf(change.changed, 'person', 'people')} changed${change.skipped === 0 ? '' : `, ${change.skipped} left as they are`}.`,
  );
  const change = (what: What, title: string) => {
    if (open === null) return;
    const { target } = open;
    setOpen(null);
    const whom = 'ids' in target ? { person_ids: [...target.ids] } : { people_filter: target.filter };
    void bulk.start({ ...what, noun: 'people', ...whom }, `${title} ${about(target)}`, { ask: !('ids' in target) });
    onDone();
  };
  /** Of very many the first ones. */
  const idsOf = async (target: Target) => ('ids' in target ? target.ids : (await target.read()).map((person) => person.id));

  const ask = (asked: Asked, target: Target) => {
    if ('ids' in target && target.ids.length === 0) return;
    if (asked !== 'enrol' && asked !== 'export') return setOpen({ asked, target });
    const of = 'ids' in target ? target.ids.length : target.count;
    void idsOf(target).then((ids) => {
      if (asked === 'export') sayWhenCut(ids.length, of, 'exported');
      setTaken({ asked, ids, of });
    });
  };
  const close = () => setOpen(null);
  const dialogs = (
    <>
      {bulk.dialogs}
      {taken === null ? null : taken.asked === 'export' ? (
        <ExportDialog open what="people" filter={{ person_ids: [...taken.ids] }} rows={taken.ids.length} onClose={() => setTaken(null)} />
      ) : (
        <EnrolChosen who={{ person_ids: [...taken.ids] }} of={taken.of} onClose={() => setTaken(null)} onDone={onDone} />
      )}
      {open === null ? null : open.asked === 'owner' ? (
        <Picker
          title={`Owner of ${about(open.target)}`}
          choices={[
            ...(users.data?.items ?? []).map((user) => ({ value: user.id, label: user.full_name || user.email })),
            { value: 'none', label: 'Nobody' },
          ]}
          onPick={(value) => change({ action: 'assign', owner_id: value === 'none' ? null : value }, 'Set the owner of')}
          onClose={close}
        />
      ) : open.asked === 'list' ? (
        <Picker
          title={`Add ${about(open.target)} to a list`}
          choices={(lists.data?.items ?? []).filter((list) => list.kind === 'static').map((list) => ({ value: list.id, label: list.name }))}
          empty="There is no list kept by hand yet. Make one under Segments."
          onPick={(segmentId) => {
            const { target } = open;
            close();
            void idsOf(target).then((ids) => {
              if (!('ids' in target)) sayWhenCut(ids.length, target.count, 'added');
              add.mutate({ segment_id: segmentId, person_ids: [...ids] });
            });
          }}
          onClose={close}
        />
      ) : (
        <Picker
          title={open.asked === 'tag' ? `Tag ${about(open.target)}` : `Take a tag from ${about(open.target)}`}
          choices={(tags.data?.items ?? []).map((tag) => ({ value: tag.name, label: tag.name }))}
          empty="No tag yet. Type a name to make one."
          onPick={(name) =>
            open.asked === 'tag'
              ? change({ action: 'add_tags', tags: [name] }, `Put “${name}” on`)
              : change({ action: 'remove_tags', tags: [name] }, `Take “${name}” from`)
          }
          {...(open.asked === 'tag'
            ? { onCreate: (name: string) => change({ action: 'add_tags', tags: [name] }, `Put “${name}” on`) }
            : {})}
          onClose={close}
        />
      )}
    </>
  );
  return { ask, dialogs };
}

/** The buttons over chosen people; what does not fit a thumb goes into the menu. */
export function ChosenPeople({ onAsk }: { onAsk: (asked: Asked) => void }) {
  const mayExport = useMay('manager');
  return (
    <>
      {(
        [
          ['owner', 'Owner'],
          ['tag', 'Tag'],
          ['enrol', 'Enrol'],
        ] as const
      ).map(([asked, label]) => (
        <Button key={asked} size="sm" onClick={() => onAsk(asked)}>
          {label}
        </Button>
      ))}
      <Menu trigger={<Button size="sm">More</Button>}>
        <MenuItem onSelect={() => onAsk('untag')}>Take a tag off…</MenuItem>
        <MenuItem onSelect={() => onAsk('list')}>Add to a list…</MenuItem>
        {mayExport ? <MenuItem onSelect={() => onAsk('export')}>Export…</MenuItem> : null}
      </Menu>
    </>
  );
}
