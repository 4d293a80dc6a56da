import { UserRound, X } from 'lucide-react';
import { useDeferredValue, useState } from 'react';
import { Button } from '#web/kit/button.tsx';
import { Dialog } from '#web/kit/dialog.tsx';
import { Field, Input } from '#web/kit/field.tsx';
import { useList } from '#web/kit/query.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';

/** Whose eyes a template is looked at with. */
export interface Reader {
  readonly id: string;
  readonly name: string;
}

export function PersonPicker({ reader, onReader }: { reader: Reader | null; onReader: (reader: Reader | null) => void }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <span className="flex min-w-0 items-center">
        <Button kind="quiet" size="sm" className="min-w-0" onClick={() => setOpen(true)}>
          <UserRound />
          <span className="truncate">{reader === null ? 'As Ann Example, invented' : `As ${reader.name}`}</span>
        </Button>
        {reader === null ? null : (
          <Button kind="quiet" size="icon" className="size-7" aria-label="Back to the invented person" onClick={() => onReader(null)}>
            <X />
          </Button>
        )}
      </span>
      {open ? (
        <Choose
          onClose={() => setOpen(false)}
          onReader={(one) => {
            onReader(one);
            setOpen(false);
          }}
        />
      ) : null}
    </>
  );
}

function Choose({ onClose, onReader }: { onClose: () => void; onReader: (reader: Reader) => void }) {
  const [q, setQ] = useState('');
  const wanted = useDeferredValue(q.trim());
  const people = useList('people.list', { limit: 20, ...(wanted === '' ? {} : { q: wanted }) });
  return (
    <Dialog open onOpenChange={onClose} title="Look at it as" description="Nothing is sent.">
      <div className="space-y-3">
        <Field label="Person">
          {(control) => (
            <Input {...control} type="search" placeholder="Name or address" value={q} onChange={(event) => setQ(event.target.value)} />
          )}
        </Field>
        {people.isPending ? (
          <SkeletonLines lines={4} />
        ) : people.rows.length === 0 ? (
          <p className="text-sm text-ink-2">{wanted === '' ? 'There is nobody yet.' : 'Nobody of that name.'}</p>
        ) : (
          <ul className="-mx-2">
            {people.rows.map((person) => (
              <li key={person.id}>
                <button
                  type="button"
                  className="flex w-full flex-col rounded-md px-2 py-1.5 text-left hover:bg-hover"
                  onClick={() =>
                    onReader({ id: person.id, name: person.full_name === '' ? (person.email ?? 'somebody') : person.full_name })
                  }
                >
                  <span className="text-sm font-medium">{person.full_name === '' ? (person.email ?? 'No name') : person.full_name}</span>
                  <span className="text-xs text-ink-3">{person.email}</span>
                </button>
              </li>
            ))}
          </ul>
        )}
      </div>
    </Dialog>
  );
}
