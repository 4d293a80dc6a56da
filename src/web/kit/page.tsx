import { Link } from '@tanstack/react-router';
import { useEffect, type ReactNode } from 'react';
import { cn } from './cn.ts';

export interface PageProps {
  title: string;
  /** One line under the title: what this page is for, or what it shows. */
  lead?: ReactNode;
  back?: { to: string; label: string };
  actions?: ReactNode;
  children: ReactNode;
  width?: 'text' | 'normal' | 'full';
  /** Replaces the plain title (a person with an avatar). */
  heading?: ReactNode;
}

/** Every page inside the shell: title, actions, content. Names the browser tab. */
export function Page({ title, lead, back, actions, children, width = 'normal', heading }: PageProps) {
  useEffect(() => {
    document.title = `${title} · Steward`;
  }, [title]);
  return (
    <div
      className={cn(
        'mx-auto w-full px-4 pt-6 pb-16 sm:px-6 lg:px-8',
        width === 'full' ? 'max-w-[1600px]' : 'max-w-6xl',
        // Narrow, and at the same left edge as every other page.
        width === 'text' && '[&>*]:max-w-3xl',
      )}
    >
      {back === undefined ? null : (
        <Link to={back.to} className="mb-2 inline-flex text-sm text-ink-3 hover:text-ink">
          ← {back.label}
        </Link>
      )}
      <div className="mb-6 flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="min-w-0">
          {heading ?? <h1 className="truncate text-xl font-semibold">{title}</h1>}
          {lead === undefined ? null : <p className="mt-1 max-w-2xl text-sm text-ink-2">{lead}</p>}
        </div>
        {actions === undefined ? null : <div className="flex flex-wrap items-center gap-2">{actions}</div>}
      </div>
      {children}
    </div>
  );
}
