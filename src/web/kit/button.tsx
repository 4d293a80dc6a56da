import { cva, type VariantProps } from 'class-variance-authority';
import { Slot } from 'radix-ui';
import type { ComponentProps } from 'react';
import { cn } from './cn.ts';
import { Spinner } from './spinner.tsx';

const look = cva(
  'inline-flex shrink-0 select-none items-center justify-center gap-1.5 whitespace-nowrap rounded-md font-medium transition-colors disabled:pointer-events-none disabled:opacity-50 aria-disabled:pointer-events-none aria-disabled:opacity-50 [&_svg]:size-4 [&_svg]:shrink-0',
  {
    variants: {
      kind: {
        primary: 'bg-accent text-on-accent shadow-raise hover:bg-accent-hover',
        plain: 'border border-line-strong bg-panel text-ink shadow-raise hover:bg-sunken',
        quiet: 'text-ink-2 hover:bg-hover hover:text-ink',
        danger: 'bg-bad-fill text-on-accent shadow-raise hover:opacity-90',
      },
      size: { sm: 'h-7 px-2 text-xs', md: 'h-8 px-3 text-sm', lg: 'h-10 px-4 text-base', icon: 'size-8' },
    },
    defaultVariants: { kind: 'plain', size: 'md' },
  },
);

export interface ButtonProps extends ComponentProps<'button'>, VariantProps<typeof look> {
  /** Render the child (a link) with the button's look. */
  asChild?: boolean;
  /** Shows that it works and takes no second press. */
  busy?: boolean;
}

export function Button({ kind, size, asChild, busy, className, children, disabled, type, ...props }: ButtonProps) {
  const classes = cn(look({ kind, size }), className);
  if (asChild === true) {
    return (
      <Slot.Root className={classes} {...props}>
        {children}
      </Slot.Root>
    );
  }
  return (
    <button type={type ?? 'button'} className={classes} disabled={disabled === true || busy === true} {...props}>
      {busy === true ? <Spinner /> : null}
      {children}
    </button>
  );
}
