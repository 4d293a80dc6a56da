import { useEffect, type ReactNode } from 'react';

/** Pages before the shell: one card in the middle, nothing else to look at. */
export function Entry({ title, lead, children, footer }: { title: string; lead?: ReactNode; children?: ReactNode; footer?: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · Steward`;
  }, [title]);
  return (
    <main className="flex min-h-dvh flex-col items-center px-4 py-10 sm:justify-center">
      <div className="w-full max-w-sm">
        <img src="/favicon.svg" alt="Steward" className="mb-6 size-9" />
        <h1 className="text-xl font-semibold">{title}</h1>
        {lead === undefined ? null : <p className="mt-1.5 text-sm text-ink-2">{lead}</p>}
        <div className="mt-6">{children}</div>
        {footer === undefined ? null : <div className="mt-6 text-sm text-ink-2">{footer}</div>}
      </div>
    </main>
  );
}
