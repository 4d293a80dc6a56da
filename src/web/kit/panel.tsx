import type { ReactNode } from 'react';
import { cn } from './cn.ts';

/** A quiet box with a title and, at the right, what can be done with it. */
export function Panel({
  title,
  aside,
  children,
  className,
  flush,
}: {
  title?: ReactNode;
  aside?: ReactNode;
  children: ReactNode;
  className?: string;
  flush?: boolean;
}) {
  return (
    <section className={cn('rounded-xl border bg-panel shadow-raise', className)}>
      {title === undefined ? null : (
        <header className="flex min-h-11 flex-wrap items-center justify-between gap-2 border-b px-4 py-1.5">
          <h2 className="text-sm font-semibold">{title}</h2>
          {aside}
        </header>
      )}
      <div className={flush === true ? '' : 'p-4'}>{children}</div>
    </section>
  );
}

/** Name and value pairs. */
export function Facts({ rows, className }: { rows: readonly (readonly [label: string, value: ReactNode])[]; className?: string }) {
  return (
    <dl className={cn('grid grid-cols-[minmax(5.5rem,auto)_1fr] gap-x-4 gap-y-2 text-sm', className)}>
      {rows.map(([label, value]) => (
        <div key={label} className="contents">
          <dt className="text-ink-3">{label}</dt>
          <dd className="min-w-0 break-words">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
