import { cn } from './cn.ts';

/** A mail as it looks in a light inbox. No script, no form, no way out of the frame: it is shown, never run. */
export function MailFrame({ html, className }: { html: string; className?: string }) {
  return (
    <iframe
      title="The mail as it looks"
      sandbox=""
      srcDoc={html}
      className={cn('w-full rounded-lg border bg-white scheme-light', className)}
    />
  );
}
