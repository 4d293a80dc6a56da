import { Command } from 'cmdk';
import { useState } from 'react';
import { Dialog } from '#web/kit/dialog.tsx';
import { icon } from './icons.tsx';
import type { StepType, Vocabulary } from './words.ts';

const GROUPS: readonly [StepType['category'], string][] = [
  ['messages', 'Messages'],
  ['writing', 'Writing'],
  ['flow', 'Flow'],
  ['people', 'People'],
  ['data', 'Data'],
  ['other', 'More'],
];

/** Which step comes here? Type to find, arrows and Enter to choose. */
export function Palette({
  vocabulary,
  subject,
  onPick,
  onClose,
  onClosed,
}: {
  vocabulary: Vocabulary;
  subject: string;
  onPick: (type: StepType) => void;
  onClose: () => void;
  /** It is gone, and the focus is free. */
  onClosed: () => void;
}) {
  const [search, setSearch] = useState('');
  // Where nothing may be set, no step sets it.
  const sets = vocabulary.subjects.find((one) => one.type === subject)?.updates != null;
  const offered = vocabulary.steps.filter((one) => sets || one.type !== 'update');
  const found = ranked(offered, search);
  return (
    <Dialog open onOpenChange={onClose} onClosed={onClosed} title="Add a step">
      <Command label="Step types" loop shouldFilter={false} className="-mx-2">
        <div className="px-2 pb-2">
          <Command.Input
            value={search}
            onValueChange={setSearch}
            placeholder="Wait, message, branch…"
            aria-label="Find a step"
            className="h-9 w-full rounded-md border border-line-strong bg-panel px-2.5 text-base shadow-raise focus-visible:border-accent focus-visible:outline-1 focus-visible:outline-offset-0 sm:text-sm"
          />
        </div>
        <Command.List className="max-h-[52dvh] overflow-y-auto px-2">
          <Command.Empty className="py-6 text-center text-sm text-ink-3">No step of that name.</Command.Empty>
          {search.trim() !== ''
            ? found.map((type) => <Item key={type.type} type={type} onPick={onPick} />)
            : GROUPS.map(([category, title]) => {
                const types = offered.filter((one) => one.category === category);
                if (types.length === 0) return null;
                return (
                  <Command.Group
                    key={category}
                    heading={title}
                    className="[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:pt-3 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:text-ink-3"
                  >
                    {types.map((type) => (
                      <Item key={type.type} type={type} onPick={onPick} />
                    ))}
                  </Command.Group>
                );
              })}
        </Command.List>
      </Command>
    </Dialog>
  );
}

/** Those that fit what was typed, the best first: by the beginning of the title, of a word in it, by any part, then by what it does. */
function ranked(types: readonly StepType[], search: string): StepType[] {
  const wanted = search.trim().toLowerCase();
  const rank = ({ title, type, description }: StepType): number => {
    const name = title.toLowerCase();
    if (name.startsWith(wanted) || type === wanted) return 0;
    if (name.split(' ').some((word) => word.startsWith(wanted))) return 1;
    if (name.includes(wanted) || type.includes(wanted)) return 2;
    return description.toLowerCase().includes(wanted) ? 3 : 4;
  };
  return types
    .map((type) => ({ type, at: rank(type) }))
    .filter(({ at }) => at < 4)
    .toSorted((a, b) => a.at - b.at)
    .map(({ type }) => type);
}

function Item({ type, onPick }: { type: StepType; onPick: (type: StepType) => void }) {
  return (
    <Command.Item
      value={type.type}
      onSelect={() => onPick(type)}
      className="flex cursor-pointer items-center gap-3 rounded-lg px-2 py-2 text-sm data-[selected=true]:bg-sunken"
    >
      <span aria-hidden className="flex size-8 shrink-0 items-center justify-center rounded-lg border bg-panel text-ink-2 [&_svg]:size-4">
        {icon(type.icon)}
      </span>
      <span className="min-w-0">
        <span className="block font-medium">{type.title}</span>
        <span className="block truncate text-xs text-ink-3">{type.description}</span>
      </span>
    </Command.Item>
  );
}
