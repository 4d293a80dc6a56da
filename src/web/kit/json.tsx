/** Structured data, folded until asked for. */
export function Json({ label, value }: { label: string; value: unknown }) {
  return (
    <details className="group/json rounded-md border">
      <summary className="flex list-none items-center gap-1.5 px-2.5 py-1 text-xs text-ink-2 select-none hover:text-ink">
        <span aria-hidden className="transition-transform group-open/json:rotate-90">
          ›
        </span>
        {label}
      </summary>
      <pre
        tabIndex={0}
        className="max-h-72 overflow-auto border-t bg-sunken px-3 py-2 font-mono text-xs leading-relaxed break-words whitespace-pre-wrap"
      >
        {JSON.stringify(value, null, 2)}
      </pre>
    </details>
  );
}
