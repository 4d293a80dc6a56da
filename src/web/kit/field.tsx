import { Check, ChevronDown } from 'lucide-react';
import { Checkbox as Box, Switch as Toggle } from 'radix-ui';
import { useId, type ComponentProps, type ReactNode } from 'react';
import { cn } from './cn.ts';

const box =
  'w-full rounded-md border border-line-strong bg-panel px-2.5 text-base text-ink shadow-raise transition-colors hover:border-ink-3/50 focus-visible:border-accent focus-visible:outline-1 focus-visible:outline-offset-0 disabled:opacity-60 aria-invalid:border-bad-dot sm:text-sm';

export function Input({ className, ...props }: ComponentProps<'input'>) {
  return <input className={cn(box, 'h-8', className)} {...props} />;
}

export function Textarea({ className, ...props }: ComponentProps<'textarea'>) {
  return <textarea className={cn(box, 'min-h-20 py-1.5 leading-relaxed', className)} {...props} />;
}

/** The system's own list: fast, works with a thumb, a screen reader and type-ahead. */
export function Select({ className, children, ...props }: ComponentProps<'select'>) {
  return (
    <span className={cn('relative block', className)}>
      <select className={cn(box, 'h-8 appearance-none truncate pr-7')} {...props}>
        {children}
      </select>
      <ChevronDown aria-hidden className="pointer-events-none absolute right-2 top-2 size-4 text-ink-3" />
    </span>
  );
}

export interface FieldProps {
  label: string;
  /** What to type, or why we ask. */
  hint?: ReactNode;
  error?: string | undefined;
  optional?: boolean;
  className?: string;
  /** Gets the ids that tie label, hint and error to the control. */
  children: (control: { id: string; 'aria-describedby'?: string; 'aria-invalid'?: true }) => ReactNode;
}

export function Field({ label, hint, error, optional, className, children }: FieldProps) {
  const id = useId();
  const described = error !== undefined ? `${id}-error` : hint !== undefined ? `${id}-hint` : undefined;
  return (
    <div className={cn('space-y-1.5', className)}>
      <label htmlFor={id} className="flex items-baseline justify-between gap-2 text-sm font-medium">
        {label}
        {optional === true ? <span className="text-xs font-normal text-ink-3">optional</span> : null}
      </label>
      {children({
        id,
        ...(described === undefined ? {} : { 'aria-describedby': described }),
        ...(error === undefined ? {} : { 'aria-invalid': true as const }),
      })}
      {error !== undefined ? (
        <p id={`${id}-error`} className="text-xs text-bad">
          {error}
        </p>
      ) : hint !== undefined ? (
        <p id={`${id}-hint`} className="text-xs text-ink-3">
          {hint}
        </p>
      ) : null}
    </div>
  );
}

export function Checkbox({
  label,
  hint,
  className,
  ...props
}: Omit<ComponentProps<typeof Box.Root>, 'children'> & { label: ReactNode; hint?: ReactNode }) {
  const id = useId();
  return (
    <div className={cn('flex items-start gap-2.5', className)}>
      <Box.Root
        id={id}
        className="mt-0.5 flex size-4 shrink-0 items-center justify-center rounded-sm border border-line-strong bg-panel shadow-raise data-[state=checked]:border-accent data-[state=checked]:bg-accent disabled:opacity-50"
        {...props}
      >
        <Box.Indicator>
          <Check className="size-3 text-on-accent" strokeWidth={3} />
        </Box.Indicator>
      </Box.Root>
      <label htmlFor={id} className="text-sm">
        {label}
        {hint === undefined ? null : <span className="mt-0.5 block text-xs text-ink-3">{hint}</span>}
      </label>
    </div>
  );
}

export function Switch(props: ComponentProps<typeof Toggle.Root>) {
  return (
    <Toggle.Root
      {...props}
      className={cn(
        'inline-flex h-5 w-9 shrink-0 items-center rounded-full border border-transparent bg-line-strong p-0.5 transition-colors data-[state=checked]:bg-accent disabled:opacity-50',
        props.className,
      )}
    >
      <Toggle.Thumb className="block size-4 rounded-full bg-white shadow-raise transition-transform data-[state=checked]:translate-x-[15px]" />
    </Toggle.Root>
  );
}
