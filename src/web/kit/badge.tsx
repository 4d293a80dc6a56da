import type { ReactNode } from 'react';
import { cn } from './cn.ts';

export type Tone = 'neutral' | 'accent' | 'ok' | 'warn' | 'bad';

const soft: Record<Tone, string> = {
  neutral: 'bg-sunken text-ink-2',
  accent: 'bg-accent-soft text-accent-ink',
  ok: 'bg-ok-soft text-ok',
  warn: 'bg-warn-soft text-warn',
  bad: 'bg-bad-soft text-bad',
};
const dots: Record<Tone, string> = { neutral: 'bg-ink-3', accent: 'bg-accent', ok: 'bg-ok-dot', warn: 'bg-warn-dot', bad: 'bg-bad-dot' };

export function Badge({ tone = 'neutral', children, className }: { tone?: Tone; children: ReactNode; className?: string }) {
  return (
    <span
      className={cn(
        'inline-flex h-5 shrink-0 items-center gap-1 whitespace-nowrap rounded-full px-2 text-2xs font-medium',
        soft[tone],
        className,
      )}
    >
      {children}
    </span>
  );
}

/** A state in a table: a dot that catches the eye, a word that says it. */
export function Status({ tone, children, className }: { tone: Tone; children: ReactNode; className?: string }) {
  return (
    <span className={cn('inline-flex items-center gap-2 whitespace-nowrap', className)}>
      <Dot tone={tone} />
      {children}
    </span>
  );
}

export function Dot({ tone, className }: { tone: Tone; className?: string }) {
  return <span aria-hidden className={cn('size-1.5 shrink-0 rounded-full', dots[tone], className)} />;
}
