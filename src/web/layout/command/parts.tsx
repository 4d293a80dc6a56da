import { Command } from 'cmdk';
import type { ReactNode } from 'react';

export function Group({ heading, children }: { heading: string; children: ReactNode }) {
  return (
    <Command.Group
      heading={heading}
      className="[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:text-ink-3"
    >
      {children}
    </Command.Group>
  );
}

interface ItemProps {
  /** What the typed words are looked for in, and what makes it one. */
  value: string;
  icon: ReactNode;
  /** Key that does the same. */
  keys?: string;
  detail?: string | null;
  children: ReactNode;
  onSelect: () => void;
}

export function Item({ value, icon, keys, detail, children, onSelect }: ItemProps) {
  return (
    <Command.Item
      value={value}
      onSelect={onSelect}
      className="flex min-h-10 cursor-default items-center gap-3 rounded-md px-2.5 py-1.5 text-sm data-[selected=true]:bg-sunken [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-ink-3"
    >
      {icon}
      <span className="flex min-w-0 flex-1 flex-col sm:flex-row sm:items-baseline sm:gap-2">
        <span className="truncate">{children}</span>
        {detail == null || detail === '' ? null : <span className="truncate text-xs text-ink-3">{detail}</span>}
      </span>
      {keys === undefined ? null : <span className="hidden text-xs whitespace-nowrap text-ink-3 sm:inline">{keys}</span>}
    </Command.Item>
  );
}
