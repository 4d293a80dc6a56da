import { Search } from 'lucide-react';
import { useDeferredValue, useState } from 'react';
import { Avatar } from '#web/kit/avatar.tsx';
import { Button } from '#web/kit/button.tsx';
import { Dialog } from '#web/kit/dialog.tsx';
import { Checkbox } from '#web/kit/field.tsx';
import { countOf } from '#web/kit/format.ts';
import { useAct, useList } from '#web/kit/query.ts';
import { SkeletonRows } from '#web/kit/skeleton.tsx';
import { Empty, Failure } from '#web/kit/states.tsx';

/** Looks people up and puts the ticked ones on a list. */
export function AddPeople({ segmentId, open, onClose }: { segmentId: string; open: boolean; onClose: () => void }) {
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const q = useDeferredValue(text.trim());
  const people = useList('people.list', { limit: 20, ...(q === '' ? {} : { q }) }, { enabled: open });
  const close = () => {
    setText('');
    setChosen(new Set());
    onClose();
  };
  const add = useAct('segments.add', {
    refresh: ['segments'],
    done: ({ added }) => `${countOf(added, 'person', 'people')} added.`,
    onDone: close,
  });
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => {
        if (!next) close();
      }}
      title="Add people"
      footer={
        <>
          <Button onClick={close}>Cancel</Button>
          <Button
            kind="primary"
            disabled={chosen.size === 0}
            busy={add.isPending}
            onClick={() => add.mutate({ segment_id: segmentId, person_ids: [...chosen] })}
          >
            {chosen.size === 0 ? 'Add' : `Add ${countOf(chosen.size, 'person', 'people')}`}
          </Button>
        </>
      }
    >
      <label className="relative block">
        <Search aria-hidden className="pointer-events-none absolute top-2 left-2.5 size-4 text-ink-3" />
        <input
          type="search"
          aria-label="Search people by name, email or phone"
          placeholder="Name, email or phone"
          value={text}
          onChange={(event) => setText(event.target.value)}
          className="h-8 w-full rounded-md border border-line-strong bg-panel pr-2 pl-8 text-sm shadow-raise"
        />
      </label>
      <div className="mt-3 min-h-40">
        {people.error !== null ? (
          <Failure what="People could not be loaded." error={people.error} />
        ) : people.isPending ? (
          <SkeletonRows rows={4} />
        ) : people.rows.length === 0 ? (
          <Empty icon={<Search />} title="Nobody of that name" />
        ) : (
          <ul className="divide-y">
            {people.rows.map((person) => (
              <li key={person.id} className="py-2">
                <Checkbox
                  checked={chosen.has(person.id)}
                  onCheckedChange={(on) => {
                    const next = new Set(chosen);
                    if (on === true) next.add(person.id);
                    else next.delete(person.id);
                    setChosen(next);
                  }}
                  label={
                    <span className="flex items-center gap-2">
                      <Avatar name={person.full_name || person.email || '?'} size="sm" />
                      {person.full_name || person.email || 'Unnamed'}
                    </span>
                  }
                  {...(person.email === null ? {} : { hint: person.email })}
                />
              </li>
            ))}
          </ul>
        )}
      </div>
    </Dialog>
  );
}
