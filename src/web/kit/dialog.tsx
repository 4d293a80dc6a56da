import { X } from 'lucide-react';
import { Dialog as D } from 'radix-ui';
import type { ReactNode } from 'react';
import { Button } from './button.tsx';
import { cn } from './cn.ts';

export interface DialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  description?: ReactNode;
  children?: ReactNode;
  /** Buttons, right-aligned; the one that acts comes last. */
  footer?: ReactNode;
  wide?: boolean;
  /** Takes the focus when it has closed; default: back to where it was. */
  onClosed?: () => void;
}

/** Into the first field, else onto the window itself: never onto the button that closes it. */
function focusInside(event: Event): void {
  const target = event.currentTarget;
  if (!(target instanceof HTMLElement)) return;
  event.preventDefault();
  (target.querySelector<HTMLElement>('input:not([type=hidden]),textarea,select') ?? target).focus();
}

const veil = 'fixed inset-0 z-40 bg-black/30 animate-appear dark:bg-black/60';

export function Dialog({ open, onOpenChange, title, description, children, footer, wide, onClosed }: DialogProps) {
  return (
    <D.Root open={open} onOpenChange={onOpenChange}>
      <D.Portal>
        <D.Overlay className={veil} />
        <div className="pointer-events-none fixed inset-0 z-50 flex items-end justify-center p-0 sm:items-start sm:p-6 sm:pt-[10vh]">
          <D.Content
            onOpenAutoFocus={focusInside}
            {...(onClosed === undefined
              ? {}
              : {
                  onCloseAutoFocus: (event: Event) => {
                    event.preventDefault();
                    onClosed();
                  },
                })}
            {...(description === undefined ? { 'aria-describedby': undefined } : {})}
            className={cn(
              'pointer-events-auto flex max-h-[90dvh] w-full flex-col rounded-t-xl bg-panel shadow-pop outline-none animate-appear sm:max-h-[80dvh] sm:rounded-xl',
              wide === true ? 'sm:max-w-3xl' : 'sm:max-w-lg',
            )}
          >
            <header className="flex items-start gap-4 px-5 pt-4 pb-3">
              <div className="min-w-0 flex-1 space-y-1">
                <D.Title className="text-lg font-semibold">{title}</D.Title>
                <Description>{description}</Description>
              </div>
              <Close />
            </header>
            <div className="min-h-0 flex-1 overflow-y-auto px-5 pt-1 pb-5">{children}</div>
            <Footer>{footer}</Footer>
          </D.Content>
        </div>
      </D.Portal>
    </D.Root>
  );
}

/** Slides in from the side: a closer look at one thing without leaving the list. */
export function Sheet({
  open,
  onOpenChange,
  title,
  description,
  children,
  footer,
  side = 'right',
}: Omit<DialogProps, 'wide' | 'onClosed'> & { side?: 'left' | 'right' }) {
  return (
    <D.Root open={open} onOpenChange={onOpenChange}>
      <D.Portal>
        <D.Overlay className={veil} />
        <D.Content
          onOpenAutoFocus={(event) => {
            if (side === 'right') focusInside(event);
          }}
          {...(description === undefined ? { 'aria-describedby': undefined } : {})}
          className={cn(
            'fixed inset-y-0 z-50 flex flex-col bg-panel shadow-pop outline-none',
            side === 'right' ? 'right-0 w-full max-w-2xl animate-slide' : 'left-0 w-72 max-w-[85vw] animate-slide-left',
          )}
        >
          {side === 'left' ? (
            <D.Title className="sr-only">{title}</D.Title>
          ) : (
            <header className="flex items-start gap-4 border-b px-5 py-3.5">
              <div className="min-w-0 flex-1">
                <D.Title className="truncate text-lg font-semibold">{title}</D.Title>
                <Description>{description}</Description>
              </div>
              <Close />
            </header>
          )}
          <div className="min-h-0 flex-1 overflow-y-auto">{children}</div>
          <Footer>{footer}</Footer>
        </D.Content>
      </D.Portal>
    </D.Root>
  );
}

function Description({ children }: { children: ReactNode }) {
  if (children === undefined) return null;
  return (
    <D.Description asChild>
      <div className="text-sm text-ink-2">{children}</div>
    </D.Description>
  );
}

function Close() {
  return (
    <D.Close asChild>
      <Button kind="quiet" size="icon" aria-label="Close" className="-mr-2">
        <X />
      </Button>
    </D.Close>
  );
}

function Footer({ children }: { children: ReactNode }) {
  return children === undefined ? null : <footer className="flex flex-wrap justify-end gap-2 border-t px-5 py-3">{children}</footer>;
}
