import type { ReactNode } from 'react';
import type { Tone } from './badge.tsx';
import { cn } from './cn.ts';
import { When } from './time.tsx';

const ring: Record<Tone, string> = {
  neutral: 'text-ink-3',
  accent: 'text-accent-ink',
  ok: 'text-ok',
  warn: 'text-warn',
  bad: 'text-bad',
};

export function Timeline({ label, children }: { label: string; children: ReactNode }) {
  return (
    <ol aria-label={label} className="relative">
      {children}
    </ol>
  );
}

/** One thing that happened: what, when, and what it said. */
export function TimelineItem({
  icon,
  tone = 'neutral',
  title,
  at,
  exact,
  aside,
  children,
  here,
  id,
}: {
  icon: ReactNode;
  tone?: Tone;
  title: ReactNode;
  at?: string | undefined;
  exact?: boolean;
  aside?: ReactNode;
  children?: ReactNode;
  here?: boolean;
  id?: string;
}) {
  return (
    <li id={id} className={cn('group relative flex gap-3 rounded-lg pb-5 last:pb-0', here === true && 'bg-accent-soft/60')}>
      <span aria-hidden className="absolute top-7 bottom-0 left-[13px] w-px bg-line group-last:hidden" />
      <span
        aria-hidden
        className={cn('z-[1] flex size-7 shrink-0 items-center justify-center rounded-full border bg-panel [&_svg]:size-3.5', ring[tone])}
      >
        {icon}
      </span>
      <div className="min-w-0 flex-1 pt-0.5">
        <div className="flex flex-wrap items-baseline gap-x-3 gap-y-0.5">
          <div className="min-w-0 flex-1 basis-48 text-sm">{title}</div>
          {aside}
          {at === undefined ? null : <When at={at} exact={exact ?? false} className="num whitespace-nowrap text-xs text-ink-3" />}
        </div>
        {children === undefined ? null : <div className="mt-1.5">{children}</div>}
      </div>
    </li>
  );
}
