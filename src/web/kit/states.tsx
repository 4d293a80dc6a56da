import { CircleAlert, RotateCw } from 'lucide-react';
import type { ReactNode } from 'react';
import type { ApiError } from './api.ts';
import { Button } from './button.tsx';
import { cn } from './cn.ts';

/** Nothing here yet: one sentence and the next step. */
export function Empty({
  icon,
  title,
  children,
  action,
  className,
}: {
  icon?: ReactNode;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
  className?: string;
}) {
  return (
    <div className={cn('flex flex-col items-center px-6 py-14 text-center', className)}>
      {icon === undefined ? null : (
        <div className="mb-4 flex size-10 items-center justify-center rounded-lg border bg-panel text-ink-3 shadow-raise [&_svg]:size-5">
          {icon}
        </div>
      )}
      <h2 className="text-base font-semibold">{title}</h2>
      {children === undefined ? null : <div className="mt-1 max-w-md text-sm text-ink-2">{children}</div>}
      {action === undefined ? null : <div className="mt-5 flex flex-wrap justify-center gap-2">{action}</div>}
    </div>
  );
}

/** What failed, why, and the way on. */
export function Failure({
  what,
  error,
  retry,
  className,
}: {
  what: string;
  error: ApiError | Error;
  retry?: () => void;
  className?: string;
}) {
  return (
    <div role="alert" className={cn('flex flex-col items-center px-6 py-14 text-center', className)}>
      <CircleAlert aria-hidden className="mb-3 size-6 text-bad-dot" />
      <h2 className="text-base font-semibold">{what}</h2>
      <p className="mt-1 max-w-md text-sm text-ink-2">{error.message}</p>
      {retry === undefined ? null : (
        <Button className="mt-5" onClick={retry}>
          <RotateCw /> Try again
        </Button>
      )}
    </div>
  );
}

/** A note inside a page: something to know before going on. */
export function Note({
  tone = 'neutral',
  children,
  action,
  className,
}: {
  tone?: 'neutral' | 'warn' | 'bad' | 'ok';
  children: ReactNode;
  action?: ReactNode;
  className?: string;
}) {
  const tones = { neutral: 'bg-sunken text-ink-2', warn: 'bg-warn-soft text-warn', bad: 'bg-bad-soft text-bad', ok: 'bg-ok-soft text-ok' };
  return (
    <div className={cn('flex flex-wrap items-center gap-x-4 gap-y-2 rounded-lg px-3.5 py-2.5 text-sm', tones[tone], className)}>
      <div className="min-w-0 flex-1 basis-60">{children}</div>
      {action}
    </div>
  );
}
