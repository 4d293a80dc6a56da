import type { ReactNode } from 'react';
import { useCentred } from './centred.ts';
import { cn } from './cn.ts';

export interface TabItem<Value extends string> {
  value: Value;
  label: string;
  count?: number | undefined;
}

/** A row of filters or views over one list. Arrow keys move, as in every tab list. */
export function Tabs<Value extends string>({
  label,
  items,
  value,
  onChange,
  aside,
}: {
  label: string;
  items: readonly TabItem<Value>[];
  value: Value;
  onChange: (value: Value) => void;
  aside?: ReactNode;
}) {
  const row = useCentred<HTMLDivElement>('[aria-selected=true]', value);
  return (
    <div className="flex items-center gap-3 border-b">
      <div
        ref={row}
        role="tablist"
        aria-label={label}
        className="-mb-px flex min-w-0 flex-1 gap-5 overflow-x-auto [scrollbar-width:none]"
        onKeyDown={(event) => {
          const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
          if (step === 0) return;
          const at = items.findIndex((item) => item.value === value);
          const next = items[(at + step + items.length) % items.length];
          if (next === undefined) return;
          onChange(next.value);
          event.currentTarget.querySelectorAll<HTMLElement>('[role=tab]')[(at + step + items.length) % items.length]?.focus();
        }}
      >
        {items.map((item) => (
          <button
            key={item.value}
            role="tab"
            type="button"
            aria-selected={item.value === value}
            tabIndex={item.value === value ? 0 : -1}
            onClick={() => onChange(item.value)}
            className={cn(
              'flex h-10 items-center gap-1.5 whitespace-nowrap border-b-2 text-sm transition-colors focus-visible:-outline-offset-2',
              item.value === value ? 'border-ink font-medium text-ink' : 'border-transparent text-ink-2 hover:text-ink',
            )}
          >
            {item.label}
            {item.count === undefined ? null : (
              <span className="num rounded-full bg-sunken px-1.5 text-2xs font-medium text-ink-2">{item.count.toLocaleString('en')}</span>
            )}
          </button>
        ))}
      </div>
      {aside}
    </div>
  );
}
