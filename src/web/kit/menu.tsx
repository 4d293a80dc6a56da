import { DropdownMenu as M } from 'radix-ui';
import type { ComponentProps, ReactNode } from 'react';
import { cn } from './cn.ts';

export interface MenuProps {
  trigger: ReactNode;
  children: ReactNode;
  align?: 'start' | 'end';
  /** It stands open when it comes: for one whose code was fetched by the press that opens it. */
  defaultOpen?: boolean;
}

export function Menu({ trigger, children, align = 'end', defaultOpen = false }: MenuProps) {
  return (
    <M.Root modal={false} defaultOpen={defaultOpen}>
      <M.Trigger asChild>{trigger}</M.Trigger>
      <M.Portal>
        <M.Content
          align={align}
          sideOffset={6}
          collisionPadding={8}
          className="z-50 max-h-[70vh] min-w-48 overflow-y-auto rounded-lg bg-panel p-1 shadow-pop animate-appear"
        >
          {children}
        </M.Content>
      </M.Portal>
    </M.Root>
  );
}

export function MenuItem({
  className,
  danger,
  icon,
  children,
  ...props
}: ComponentProps<typeof M.Item> & { danger?: boolean; icon?: ReactNode }) {
  return (
    <M.Item
      className={cn(
        'flex h-8 cursor-default select-none items-center gap-2.5 rounded-md px-2 text-sm outline-none data-[disabled]:opacity-50 data-[highlighted]:bg-sunken [&_svg]:size-4 [&_svg]:text-ink-3',
        danger === true && 'text-bad [&_svg]:text-bad',
        className,
      )}
      {...props}
    >
      {icon}
      {children}
    </M.Item>
  );
}

export function MenuLabel({ children }: { children: ReactNode }) {
  return <M.Label className="px-2 pt-2 pb-1 text-xs text-ink-3">{children}</M.Label>;
}

export function MenuLine() {
  return <M.Separator className="-mx-1 my-1 h-px bg-line" />;
}
