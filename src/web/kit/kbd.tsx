export function Kbd({ children }: { children: string }) {
  return (
    <kbd className="inline-flex h-5 min-w-5 items-center justify-center rounded-sm border bg-panel px-1 font-sans text-2xs font-medium text-ink-2">
      {children}
    </kbd>
  );
}
