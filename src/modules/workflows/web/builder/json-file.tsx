import type { Ref } from 'react';

/** Where the browser asks for a workflow as a JSON file: unseen, opened by a click on what `ref` is given to. */
export function JsonFile({ ref, onRead }: { ref: Ref<HTMLInputElement>; onRead: (text: string, name: string) => void }) {
  return (
    <input
      ref={ref}
      type="file"
      accept="application/json,.json"
      aria-label="A workflow as a JSON file"
      className="sr-only"
      onChange={(event) => {
        const input = event.currentTarget;
        const [chosen] = input.files ?? [];
        if (chosen === undefined) return;
        void chosen.text().then((text) => onRead(text, chosen.name));
        // The same file, mended meanwhile, may be chosen again.
        input.value = '';
      }}
    />
  );
}
