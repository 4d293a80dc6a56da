import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { cn } from './cn.ts';
import type { Tone } from './badge.tsx';

const fills: Record<Tone, string> = { neutral: 'bg-ink-3', accent: 'bg-accent', ok: 'bg-ok-dot', warn: 'bg-warn-dot', bad: 'bg-bad-dot' };

export interface GaugeProps {
  label: string;
  /** `99.2 %`; `–` when there is nothing to measure yet. */
  value: string;
  /** What good looks like: `target above 99 %`. */
  target: string;
  tone: Tone;
  /** 0 to 1, how full the bar is; absent: no bar. */
  part?: number | undefined;
  to?: string;
  search?: Readonly<Record<string, string>>;
}

/** One figure with its target. Every number can be opened. */
export function Gauge({ label, value, target, tone, part, to, search }: GaugeProps) {
  const body = (
    <>
      <div className="flex items-baseline justify-between gap-2">
        <span className="text-xs text-ink-2">{label}</span>
      </div>
      <div className="num mt-1.5 text-xl font-semibold tracking-tight">{value}</div>
      <div aria-hidden className="mt-2.5 h-1 overflow-hidden rounded-full bg-sunken">
        <div
          className={cn('h-full rounded-full', fills[tone])}
          style={{ width: `${Math.round(Math.max(0, Math.min(1, part ?? 0)) * 100)}%` }}
        />
      </div>
      <div className="mt-2 text-xs text-ink-3">{target}</div>
    </>
  );
  const look = 'block rounded-xl border bg-panel p-4 shadow-raise';
  return to === undefined ? (
    <div className={look}>{body}</div>
  ) : (
    <Link to={to} {...(search === undefined ? {} : { search })} className={cn(look, 'transition-colors hover:border-line-strong')}>
      {body}
    </Link>
  );
}

export function Figure({ label, value, hint }: { label: string; value: ReactNode; hint?: ReactNode }) {
  return (
    <div>
      <div className="num text-xl font-semibold tracking-tight">{value}</div>
      <div className="text-xs text-ink-2">{label}</div>
      {hint === undefined ? null : <div className="text-xs text-ink-3">{hint}</div>}
    </div>
  );
}
